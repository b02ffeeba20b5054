"""Register numbers, timers and reservations: written in the facts' transaction, without holes, whoever fails."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from shared.errors import BrokenRule, Busy
from shared.facts import numbered, placeholders
from tests.oracles import check_numbers, check_reservations, check_store
from tests.store.accounts import REVIEWED_AFTER, Close, PutIn, Rename
from tests.store.service import POISON, accounts
from tests.workload import Faults, disturb


def _numbers(bank):
    return [(row.number, row.name) for _, row in bank.store.registers().rows(accounts)]


def test_numbers_count_up_in_each_series_and_year(bank):
    for name, year in (("a", 2025), ("b", 2026), ("c", 2025), ("d", 2026), ("e", 2027)):
        bank.open(name, number_year=year)
    assert _numbers(bank) == [
        ("ACC/32/2025/0001", "a"),
        ("ACC/32/2026/0001", "b"),
        ("ACC/32/2025/0002", "c"),
        ("ACC/32/2026/0002", "d"),
        ("ACC/32/2027/0001", "e"),
    ]


def test_the_same_placeholder_in_one_command_is_one_number(bank):
    bank.open("a")
    bank.open("b")
    opened, welcomed = (msgspec.json.decode(one.data) for one in bank.store.log(2))
    assert opened["number"] == welcomed["account_number"] == "ACC/32/2025/0002"
    assert welcomed["letter_number"] == "LET/32/2025/0002"


def test_refused_and_rolled_back_commands_burn_no_number(bank):
    bank.open("first")
    with pytest.raises(BrokenRule):
        bank.open("FIRST")
    with pytest.raises(ValueError, match="poison"):
        bank.open(POISON)
    appending = bank.store.db.appending
    disturb(bank.runtime, Faults(rolled_back=1))
    with pytest.raises(Busy):
        bank.open("never")
    bank.store.db.appending = appending
    bank.open("second")
    assert _numbers(bank) == [("ACC/32/2025/0001", "first"), ("ACC/32/2025/0002", "second")]
    check_store(bank.runtime)


def test_numbers_have_no_holes_when_many_open_at_once(bank):
    """Every third name is taken: its command is refused, also in the middle of a batch."""
    names = [f"name {n if n % 3 else 0}" for n in range(60)]

    def open_one(name):
        try:
            bank.open(name)
        except BrokenRule as refused:
            return refused.slug
        return "opened"

    with ThreadPoolExecutor(12) as pool:
        told = list(pool.map(open_one, names))
    assert told.count("account-name-taken") == 19
    assert told.count("opened") == 41
    check_numbers(bank.runtime)
    assert max(number for number, _ in _numbers(bank)) == "ACC/32/2025/0041"


@pytest.mark.parametrize(
    "text",
    [
        "\x1aACC:2025\x1a",
        r"\u001aACC:2025\u001a",
        '"\\u001aACC:2025\\u001a"',
        '","number":"\x1aACC:2025\x1a',
        "ACC:2025",
        "ACC/32/2025/0001",
    ],
)
def test_no_text_can_ask_for_a_number(bank, text):
    """Whatever control characters a text carries: texts of siblings' facts come through no form."""
    bank.open(text)
    data = msgspec.json.decode(bank.store.log(0)[0].data)
    assert data["name"] == text
    assert data["number"] == "ACC/32/2025/0001"
    with bank.store.db.reading() as session:
        assert session.rows("SELECT last FROM numbers WHERE series = 'ACC'") == [(1,)]


def test_a_number_inside_a_longer_text_is_a_mistake_of_the_rule(bank):
    with pytest.raises(ValueError, match="whole text"):
        placeholders(msgspec.json.encode({"title": "No. " + numbered("ACC", 2025)}).decode())


def test_the_mark_of_a_placeholder_is_never_stored(bank):
    mark = numbered("ACC", 2025).split("ACC")[0]
    bank.open("a")
    with bank.store.db.reading() as session:
        for table in ("events", "commands", "timers", "reg_accounts"):
            assert mark not in str(session.rows(f"SELECT * FROM {table}"))


# --- timers ----------------------------------------------------------------------------------------------------------


def _timers(bank):
    with bank.store.db.reading() as session:
        return session.rows("SELECT stream, name, due, command, data, causation_id FROM timers")


def test_a_timer_starts_moves_and_ends_with_its_facts(bank, clock):
    clock.at = datetime(2025, 6, 10, 5, 0, tzinfo=UTC)
    id = bank.open()
    (stream, name, due, command, data, cause) = _timers(bank)[0]
    assert (stream, name, due) == (f"32/account/{id}", "review", "2025-07-10T05:00:00.000000Z")
    assert (command, msgspec.json.decode(data)) == ("Review", {"reason": "unused"})
    assert cause in {one.id for one in bank.store.log(0)}
    clock.at += timedelta(days=1, microseconds=7)
    bank.do(PutIn(rupiah=1), id)
    assert [row[2] for row in _timers(bank)] == ["2025-07-11T05:00:00.000007Z"]
    bank.do(Rename(name="other"), id)
    assert [row[2] for row in _timers(bank)] == ["2025-07-11T05:00:00.000007Z"]
    bank.do(Close(), id)
    assert _timers(bank) == []


def test_a_timer_is_rolled_back_with_its_facts(bank, clock):
    clock.at = datetime(2025, 6, 10, 5, 0, tzinfo=UTC)
    id = bank.open()
    appending = bank.store.db.appending
    disturb(bank.runtime, Faults(rolled_back=1))
    clock.at += REVIEWED_AFTER
    for wish in (PutIn(rupiah=1), Close()):
        with pytest.raises(Busy):
            bank.do(wish, id)
    assert [row[2] for row in _timers(bank)] == ["2025-07-10T05:00:00.000000Z"]
    bank.store.db.appending = appending
    bank.do(Close(), id)
    assert _timers(bank) == []


def test_one_of_many_who_want_a_name_gets_it(bank):
    def open_one(_):
        try:
            bank.open("wanted by all")
        except BrokenRule as refused:
            return refused.slug
        return "won"

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(open_one, range(24)))
    assert sorted(told) == ["account-name-taken"] * 23 + ["won"]
    check_reservations(bank.runtime)
