"""What every view of one service needs at hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from shared.decider import Actor
from shared.execute import Runtime
from shared.identity import policy
from shared.identity.accounts import Accounts
from shared.registers.past import Past
from shared.registers.register import Register
from shared.service import Aggregate, Service
from shared.settings import Settings
from shared.states import States
from shared.waiting import WaitingList
from shared.web.texts import Texts


@dataclass(frozen=True)
class Site:
    """One service's web side: the service at work, who may enter, its words, and an example of each fact and command."""

    runtime: Runtime
    settings: Settings
    accounts: Accounts
    texts: Texts
    examples: Mapping[type, Any]

    @property
    def service(self) -> Service:
        """The service."""
        return self.runtime.service

    @cached_property
    def waiting(self) -> WaitingList:
        """What waits for whom in this service."""
        return WaitingList(self.runtime)

    @cached_property
    def states(self) -> States:
        """The states of its aggregates, for lists."""
        return States(self.runtime)

    @cached_property
    def past(self) -> Past:
        """The service's own registers as they stood."""
        return Past(self.runtime.store, self.settings.zone)

    def close(self) -> None:
        """Close every connection of this process to the databases of this service and of identity."""
        if "past" in vars(self):
            self.past.close()
        self.runtime.close()
        self.accounts.close()

    def acting(self, actor: Actor) -> Actor:
        """The actor with the rights that this service's own directory leaves and lends it today."""
        return policy.acting(actor, self.service.directory, self.runtime.store.registers(), self.runtime.clock.today())

    @property
    def listings(self) -> Iterator[tuple[str, Register[Any], Aggregate | None]]:
        """(path, register, aggregate) of everything that can be listed: aggregates first, then the other registers."""
        seen = set()
        for aggregate in self.service.aggregates:
            seen.add(aggregate.register.name)
            yield aggregate.path, aggregate.register, aggregate
        for register in (*self.service.own_registers, *self.service.foreign_registers):
            if register.name not in seen:
                seen.add(register.name)
                yield register.name.replace("_", "-"), register, None

    def api(self, path: str) -> str:
        """The path of the API under this origin."""
        return f"/{self.service.name}/api/v1/{path}"
