"""The assembly: settings become services at work, with their stores, keys, clock and accounts."""

from __future__ import annotations

import hashlib

from shared.clock import Clock, SystemClock
from shared.contracts.generate import installed
from shared.execute import Runtime
from shared.identity.accounts import Accounts
from shared.identity.demo_clock import DemoClock
from shared.ops import highwater
from shared.privacy import KeyStore, erasures
from shared.service import Service
from shared.settings import Settings
from shared.store import open_database, open_store
from shared.workdays import default_calendar

__all__ = ["accounts", "clock", "installed", "keys", "runtime", "runtimes", "services"]


def services(settings: Settings) -> dict[str, Service]:
    """The services that this process runs, by name; raises KeyError for one that is not installed."""
    found = installed()
    return {name: found[name] for name in settings.services or found}


def clock(settings: Settings) -> Clock:
    """The clock: in a demo it can be moved forward, for all services at once."""
    if settings.demo:
        return DemoClock(settings.zone, open_database(settings.database_url("identity")))
    return SystemClock(settings.zone)


def accounts(settings: Settings) -> Accounts:
    """The accounts of the platform."""
    return Accounts(open_database(settings.database_url("identity")), demo=settings.demo)


def keys(service: Service, settings: Settings) -> KeyStore:
    """A service's key store, a database beside its log; a master key is named after its own hash."""
    masters = {hashlib.sha256(one).hexdigest()[:12]: one for one in settings.master_keys}
    return KeyStore(open_database(settings.database_url(f"{service.name}_keys")), masters, next(iter(masters)))


def runtime(service: Service, settings: Settings) -> Runtime:
    """A service at work; connects to nothing before its first use."""
    store = open_store(settings.database_url(service.name), service, settings.province)
    secret, *older = (one.encode() for one in settings.secret_keys)
    return Runtime(service, store, keys(service, settings), clock(settings), default_calendar(), secret, older)


def runtimes(settings: Settings) -> dict[str, Runtime]:
    """The services of this process at work, by name. Raises UnsafeStore when one of their stores must not be served."""
    made = {name: runtime(service, settings) for name, service in services(settings).items()}
    for one in made.values():
        highwater.check(one.store, settings)
        one.keys.check()
        erasures.apply(one.keys, highwater.ledger_of(settings, one.service.name))
    return made
