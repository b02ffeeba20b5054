"""Personal fields are ciphertext wherever the store writes, bound to their place, and unreadable once a key is gone."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import msgspec
import psycopg
import pytest

from shared.errors import BrokenRule, KeyReused, Unreadable, UnsafeStore
from shared.privacy import reveal, seal
from shared.registers.rebuild import rebuild
from tests.oracles import check_store, everything
from tests.store.accounts import HolderNamed, NameHolder, PutIn
from tests.store.place import MASTER
from tests.store.service import accounts

CANARY = "kanarie-0812-3456-7890"
DEPUTY = "wakil-0813-9999-0000"
CONTACT = ("contact",)


def _named(bank, person=None, contact=CANARY, deputy=DEPUTY):
    id, person = bank.open(), person or uuid4()
    bank.do(NameHolder(person=person, contact=contact, deputy=deputy), id, key=f"holder of {id}")
    return id, person, bank.store.stream(f"32/account/{id}")[-1]


def _data(recorded):
    return msgspec.json.decode(recorded.data)


def _everything_written(place) -> bytes:
    """Every byte of the SQLite files; of PostgreSQL every row of every table, as text."""
    if place.kind == "sqlite":
        folder = Path(place.url.removeprefix("sqlite:///")).parent
        return b"".join(path.read_bytes() for path in folder.iterdir())
    said = b""
    for url in (place.url, place.keys_url):
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
            for (name,) in tables:
                said += str(connection.execute(f"SELECT * FROM {name}").fetchall()).encode()
    return said


def test_no_byte_of_a_personal_text_is_written(bank, place):
    id, _, _ = _named(bank)
    bank.do(PutIn(rupiah=1), id)
    rebuild(bank.store, accounts)
    written = _everything_written(place)
    assert str(id).encode() in written  # so what was searched is what was written
    for secret in (CANARY, DEPUTY):
        assert secret.encode() not in written
        assert secret.encode("utf-16-le") not in written


def test_a_command_whose_key_was_used_makes_no_key_of_a_subject(bank):
    id, _, _ = _named(bank)
    before = bank.runtime.keys.known()
    with pytest.raises(KeyReused):
        bank.do(NameHolder(person=uuid4(), contact=CANARY, deputy=DEPUTY), id, key=f"holder of {id}")
    assert bank.runtime.keys.known() == before


def test_a_command_that_takes_what_another_holds_makes_no_key_of_a_subject(bank):
    first, second = bank.open(), bank.open()
    bank.do(NameHolder(person=uuid4(), contact=CANARY, card="one"), first)
    before, stored = bank.runtime.keys.known(), everything(bank.store)
    with pytest.raises(BrokenRule, match="card-taken"):
        bank.do(NameHolder(person=uuid4(), contact=CANARY, card="one"), second)
    assert (bank.runtime.keys.known(), everything(bank.store)) == (before, stored)
    bank.do(NameHolder(person=uuid4(), contact=CANARY, card="two"), first)
    bank.do(NameHolder(person=uuid4(), contact=CANARY, card="one"), second)


def test_a_register_holds_the_ciphertext_and_it_can_be_revealed(bank):
    id, person, fact = _named(bank)
    row = bank.store.registers().row(accounts, str(id))
    assert row.contact == _data(fact)["contact"]
    assert re.fullmatch(rf"pkp1:{person}:3:[\w=-]+", row.contact)
    assert reveal(bank.runtime.keys, row.contact, fact.stream, CONTACT) == CANARY
    assert reveal(bank.runtime.keys, _data(fact)["deputy"], fact.stream, ("deputy",), fact.version) == DEPUTY
    check_store(bank.runtime)


def test_the_same_text_never_gives_the_same_ciphertext(bank):
    person = uuid4()
    _, _, one = _named(bank, person)
    _, _, other = _named(bank, person)
    assert len({_data(one)["contact"], _data(other)["contact"], _data(one)["deputy"]}) == 3


def test_an_empty_personal_field_needs_no_subject_and_stays_empty(bank):
    _, _, fact = _named(bank, deputy=None)
    assert _data(fact)["deputy"] is None


def test_ciphertext_cannot_be_moved_or_changed(bank):
    person = uuid4()
    id, _, fact = _named(bank, person)
    _, _, elsewhere = _named(bank, person)
    bank.do(NameHolder(person=person, contact=CANARY, deputy=DEPUTY), id)
    later = bank.store.stream(fact.stream)[-1]
    keys, sealed = bank.runtime.keys, _data(fact)["contact"]

    def refused(text, stream=fact.stream, path=CONTACT, version=None):
        with pytest.raises(Unreadable):
            reveal(keys, text, stream, path, version)

    refused(sealed, stream=elsewhere.stream)
    refused(sealed, path=("deputy",))
    refused(sealed, version=later.version)
    refused(sealed.replace(":3:", ":4:"))
    flipped = "A" if sealed[-6] != "A" else "B"
    refused(sealed[:-6] + flipped + sealed[-5:])
    refused(sealed.replace("pkp1", "pkp2"))
    refused("plain text")
    other = uuid4()
    bank.do(NameHolder(person=other, contact="x"), id)
    refused(sealed.replace(str(person), str(other)))


def test_another_master_key_is_told_clearly(bank, place):
    _, _, fact = _named(bank)
    wrong = place.runtime(master=MASTER[::-1])
    with pytest.raises(UnsafeStore, match="master key"):
        wrong.keys.check()
    with pytest.raises(UnsafeStore, match="master key"):
        reveal(wrong.keys, _data(fact)["contact"], fact.stream, CONTACT)
    with pytest.raises(UnsafeStore, match="master key"):
        wrong.keys.for_writing([_data(fact)["person"]])
    bank.runtime.keys.check()
    wrong.keys.database.close()


def test_an_erased_subject_reads_as_nothing_and_takes_no_new_facts(bank):
    id, person, fact = _named(bank)
    _, other, others = _named(bank)
    before = everything(bank.store)
    with bank.runtime.keys.database.writing() as session:
        session.run("UPDATE subject_keys SET wrapped = NULL WHERE subject = :subject", subject=str(person))
    assert reveal(bank.runtime.keys, _data(fact)["contact"], fact.stream, CONTACT) is None
    assert reveal(bank.runtime.keys, _data(others)["contact"], others.stream, CONTACT) == CANARY
    with pytest.raises(BrokenRule, match="subject-erased"):
        bank.do(NameHolder(person=person, contact="again"), id)
    with pytest.raises(BrokenRule, match="subject-erased"):
        bank.runtime.keys.for_writing([str(person), str(other), str(uuid4())])
    assert bank.runtime.keys.known() == {str(person), str(other)}
    assert everything(bank.store) == before
    bank.do(PutIn(rupiah=1), id)
    check_store(bank.runtime)  # the rows and hashes stay what they were


def test_a_key_is_made_once_however_many_ask(bank, place):
    person = str(uuid4())
    others = [place.runtime() for _ in range(3)]
    with ThreadPoolExecutor(6) as pool:
        made = list(pool.map(lambda n: others[n % 3].keys.for_writing([person])[person], range(12)))
    assert len(set(made)) == 1
    for one in others:
        one.keys.database.close()


def test_sealing_leaves_the_rest_of_a_fact_readable():
    person = uuid4()
    fact = HolderNamed(person=person, contact=CANARY)
    sealed = msgspec.json.decode(seal(fact, "32/account/x", 1, {str(person): bytes(32)}))
    assert sealed["person"] == str(person)
    assert sealed["deputy"] is None
    assert CANARY not in sealed["contact"]
