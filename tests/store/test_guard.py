"""Facts are never changed: triggers refuse it, times never run back, and the hash covers what a fact says."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.store import Recorded
from shared.store.recorded import content_hash
from tests.oracles import check_log, everything
from tests.store.accounts import PutIn

CHANGES = [
    "UPDATE events SET data = '{}'",
    "UPDATE events SET recorded_at = recorded_at WHERE position = 1",
    "DELETE FROM events WHERE position = 2",
    "DELETE FROM events",
]
REPLACE = (
    "INSERT {how} INTO events (position, id, stream, version, type, visibility, data, recorded_at, hash, command_id,"
    " correlation_id, actor, incarnation) SELECT {position}, {id}, stream, {version}, type, visibility, '{{}}', recorded_at,"
    " hash, command_id, correlation_id, actor, incarnation FROM events WHERE position = 1"
)


@pytest.mark.parametrize("statement", CHANGES)
def test_changes_of_facts_are_refused(bank, statement):
    bank.do(PutIn(rupiah=1), bank.open())
    before = everything(bank.store)
    with pytest.raises(Exception, match="facts are never changed"), bank.store.db.writing() as session:
        session.run(statement)
    assert everything(bank.store) == before


@pytest.mark.parametrize(
    ("position", "id", "version"), [("1", "'new'", "9"), ("9", "id", "9"), ("9", "'new'", "1"), ("1", "id", "version")]
)
def test_replacing_a_fact_is_refused_too(bank, position, id, version):
    """SQLite's REPLACE deletes without firing a DELETE trigger; PostgreSQL's upsert is an UPDATE."""
    bank.open()
    before = everything(bank.store)
    statement = REPLACE.format(how="OR REPLACE", position=position, id=id, version=version)
    refused = "facts are never changed"
    if bank.store.db.kind == "postgresql":
        statement = REPLACE.format(how="", position="1", id="id", version="version")
        statement += " ON CONFLICT (position) DO UPDATE SET data = excluded.data"
    with pytest.raises(Exception, match=refused), bank.store.db.writing() as session:
        session.run(statement)
    assert everything(bank.store) == before


def test_truncating_is_refused(bank):
    bank.open()
    statement = "TRUNCATE events" if bank.store.db.kind == "postgresql" else "DELETE FROM events WHERE 1 = 1"
    with pytest.raises(Exception, match="facts are never changed"), bank.store.db.writing() as session:
        session.run(statement)
    assert bank.store.head() == 2


def test_times_never_run_back(bank, clock):
    clock.at = datetime(2025, 6, 10, 5, 0, tzinfo=UTC)
    id = bank.open()
    for step in (timedelta(seconds=1), timedelta(days=-400), timedelta(microseconds=1), timedelta(days=401)):
        clock.at += step
        bank.do(PutIn(rupiah=1), id)
    log = everything(bank.store)
    check_log(log)
    times = [one.recorded_at for one in log]
    assert times[2:5] == ["2025-06-10T05:00:01.000000Z"] * 3
    assert times[5] == "2025-06-11T05:00:01.000001Z"


def test_the_hash_covers_what_a_fact_says(bank):
    bank.open()
    one = everything(bank.store)[0]

    def hashed(fact: Recorded) -> str:
        return content_hash(fact.id, fact.type, fact.stream, fact.version, fact.recorded_at, fact.data)

    assert hashed(one) == one.hash
    changed = {
        "id": "other",
        "type": one.type[:-1] + "2",
        "stream": one.stream.replace("32/", "33/"),
        "version": 2,
        "recorded_at": one.recorded_at.replace("T", " "),
        "data": one.data + " ",
    }
    for name, value in changed.items():
        assert hashed(one._replace(**{name: value})) != one.hash, name
        with pytest.raises(AssertionError):
            check_log([one._replace(**{name: value})])
    shifted = one._replace(id=one.id + "\n" + one.type, type="")
    assert hashed(shifted) != one.hash
