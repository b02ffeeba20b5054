"""Facts of another version of the service: older ones are read as the present ones, unknown ones stop whoever needs them."""

import msgspec
import pytest

from shared.errors import Unreadable
from shared.registers.rebuild import rebuild
from shared.store.tables import events
from tests.oracles import everything
from tests.store.accounts import MoneyMoved, PutIn
from tests.store.service import accounts


def _plant(bank, type, data):
    """A fact as another version of this service would have written it, as the next of its stream."""
    last = everything(bank.store)[-1]
    row = last._asdict() | {"position": last.position + 1, "version": last.version + 1, "type": type, "data": data, "id": type}
    with bank.store.db.exclusive() as session:
        session.insert(events, [row])


def test_facts_of_an_older_major_are_read_as_the_present_one(bank):
    id = bank.open()
    _plant(bank, "id.pkp.bank.money-moved.v1", '{"cents":500}')
    bank.do(PutIn(rupiah=2), id)
    rebuild(bank.store, accounts)
    row = bank.store.registers().row(accounts, str(id))
    assert (row.balance, row.moves) == (7, 2)
    decoded = [bank.runtime.service.types.decode(one.type, one.data) for one in everything(bank.store)[2:]]
    assert decoded == [MoneyMoved(rupiah=5), MoneyMoved(rupiah=2)]


@pytest.mark.parametrize(
    ("type", "data"),
    [
        ("id.pkp.bank.money-moved.v3", '{"rupiah":1}'),
        ("id.pkp.bank.money-burnt.v1", "{}"),
        ("id.pkp.bank.money-moved.v2", '{"rupiah":"much"}'),
        ("id.pkp.bank.money-moved.v1", "{}"),
        ("id.pkp.bank.money-moved.v2", "{"),
    ],
)
def test_facts_that_cannot_be_read_stop_whoever_needs_them(bank, type, data):
    id = bank.open()
    _plant(bank, type, data)
    with pytest.raises(Unreadable):
        bank.do(PutIn(rupiah=1), id)
    with pytest.raises(Unreadable):
        rebuild(bank.store, accounts)
    assert bank.store.head() == 3
    assert bank.open()  # other streams go on


def test_fields_that_are_not_known_are_ignored(bank):
    id = bank.open()
    _plant(bank, "id.pkp.bank.money-moved.v2", '{"rupiah":4,"colour":"blue"}')
    rebuild(bank.store, accounts)
    assert bank.store.registers().row(accounts, str(id)).balance == 4
    assert msgspec.json.decode(bank.store.log(2)[0].data)["colour"] == "blue"
