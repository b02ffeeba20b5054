"""Throttling of tries by name and by address: each try counts before it is looked at, and the pauses grow."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from datetime import UTC, datetime, timedelta

from shared.identity.tables import now
from shared.identity.tables import throttle as throttle_table
from shared.store.session import Database, Session

FREE = {"name": 5, "address": 30, "public": 10}  # tries without a pause
LONGEST = 900  # seconds of a pause at most
FORGOTTEN = timedelta(hours=24)  # after the last try
MOST_ROWS, SPARE = 20_000, 2_000  # the table never grows beyond; so many of the oldest make room


class Throttle:
    """The tries of one identity database; names and addresses stand there as keyed hashes."""

    def __init__(self, database: Database, secret_key: str) -> None:
        self._database = database
        self._secret = secret_key.encode()

    def hashed(self, kind: str, text: str) -> str:
        """What is kept of a name or an address."""
        return f"{kind}:{hmac.new(self._secret, f'{kind}:{text}'.encode(), hashlib.sha256).hexdigest()}"

    def begin(self, name: str, address: str) -> int:
        """Count a try of a name from an address; 0 when it may be looked at, else the seconds to wait."""
        return self._count({"name": self.hashed("name", name), "address": self.hashed("address", network(address))})

    def begin_from(self, address: str) -> int:
        """Count a try from an address that names nobody yet; 0 when it may be looked at, else the seconds to wait."""
        return self._count({"address": self.hashed("address", network(address))})

    def begin_public(self, address: str) -> int:
        """Count something that a stranger sends from an address; 0 when it may be taken, else the seconds to wait."""
        return self._count({"public": self.hashed("public", network(address))})

    def _count(self, keys: dict[str, str]) -> int:
        """A try that must wait is not counted."""
        with self._database.exclusive() as session:
            sql = f"SELECT key, tries, last_at, until FROM throttle WHERE {session.among('key', 'keys')}"
            found = {row[0]: row for row in session.rows(sql, keys=list(keys.values()))}
            at = now()
            wait = max((_seconds(row[3], at) for row in found.values()), default=0)
            if wait > 0:
                return wait
            rows = [_counted(kind, key, found.get(key), at) for kind, key in keys.items()]
            session.insert(throttle_table, rows, upsert=True)
            _bound(session)
        return 0

    def right(self, name: str, address: str) -> None:
        """The try was right: the name begins anew, and the address is not charged with it."""
        with self._database.exclusive() as session:
            session.run("DELETE FROM throttle WHERE key = :key", key=self.hashed("name", name))
            key = self.hashed("address", network(address))
            session.run("UPDATE throttle SET tries = tries - 1, until = last_at WHERE key = :key AND tries > 0", key=key)


def network(address: str) -> str:
    """What counts as one address: an IPv4 address, or the /64 that one IPv6 subscriber has."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def pause(kind: str, tries: int) -> int:
    """Seconds to wait after so many tries."""
    return 0 if tries < FREE[kind] else min(LONGEST, 2 ** min(tries - FREE[kind], 20))


def _counted(kind: str, key: str, row: tuple[object, ...] | None, at: str) -> dict[str, object]:
    stale = row is None or str(row[2]) < now(-FORGOTTEN)
    tries = 1 if stale or row is None else int(str(row[1])) + 1
    return {"key": key, "tries": tries, "last_at": at, "until": now(timedelta(seconds=pause(kind, tries)))}


def _seconds(until: str, at: str) -> int:
    if until <= at:
        return 0
    left = datetime.fromisoformat(until) - datetime.now(UTC)
    return max(1, int(left.total_seconds()) + 1)


def _bound(session: Session) -> None:
    row = session.one("SELECT count(*) FROM throttle")
    if row and row[0] > MOST_ROWS:
        session.run(
            "DELETE FROM throttle WHERE key IN (SELECT key FROM throttle ORDER BY last_at, key LIMIT :spare)", spare=SPARE
        )
