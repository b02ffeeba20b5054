"""What every view of one service needs at hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from shared.execute import Runtime
from shared.identity.accounts import Accounts
from shared.registers.register import Register
from shared.service import Aggregate, Service
from shared.settings import Settings
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
