"""`python -m tests.realparts kafka|postgres|keycloak`: start one, print its address, stop on Ctrl-C."""

import signal
import sys
import threading
import time
from collections.abc import Callable

from tests.realparts import parts
from tests.realparts.kafka import start_kafka
from tests.realparts.keycloak import start_keycloak
from tests.realparts.postgres import start_postgres


def _started(name: str) -> tuple[Callable[[], None], str]:
    if name == "kafka":
        broker = start_kafka()
        return broker.stop, broker.bootstrap
    if name == "keycloak":
        provider = start_keycloak()
        return provider.stop, provider.issuer
    server = start_postgres()
    return server.stop, server.url("pkp")


def main() -> int:
    if sys.argv[1:] not in (["kafka"], ["postgres"], ["keycloak"]):
        print("usage: python -m tests.realparts kafka|postgres|keycloak", file=sys.stderr)
        return 2
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    began = time.monotonic()
    try:
        stop, address = _started(sys.argv[1])
    except (parts.PartMissing, parts.PartFailed) as reason:
        print(reason, file=sys.stderr)
        return 1
    print(address, flush=True)
    print(f"ready after {time.monotonic() - began:.1f} s; Ctrl-C stops it", file=sys.stderr, flush=True)
    ended.wait()
    stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
