"""A sibling as one service hears it: its source, the facts that can be read, the registers that they fold into."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shared.envelope import source_of
from shared.facts import FactTypes
from shared.registers.register import Register
from shared.service import Reacts, Service


@dataclass(frozen=True)
class Sibling:
    """One service that another listens to. `source` is its CloudEvents source, `name` the service's name."""

    name: str
    source: str
    types: FactTypes
    registers: tuple[Register[Any], ...]
    reacts: tuple[Reacts, ...]


def siblings(service: Service, province: str) -> list[Sibling]:
    """Every sibling that a service listens or reacts to, in the order of its front door."""
    names = dict.fromkeys([one.source for one in service.listens] + [one.source for one in service.reacts])
    return [_sibling(service, province, name) for name in names]


def _sibling(service: Service, province: str, name: str) -> Sibling:
    listens = [one for one in service.listens if one.source == name]
    reacts = tuple(one for one in service.reacts if one.source == name)
    facts = dict.fromkeys([cls for one in listens for cls in one.facts] + [one.fact for one in reacts])
    registers = tuple(register for one in listens for register in one.registers)
    return Sibling(name, source_of(province, name), FactTypes(name, facts), registers, reacts)
