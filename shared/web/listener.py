"""A listener inside a process that does other work, too: served from a thread, ended in order."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import waitress

END_WITHIN = 2.0  # seconds that requests under way have at an orderly end


def listen(app: Callable[..., Any], host: str, port: int, threads: int) -> Callable[[], None]:
    """Serve a WSGI application with `threads` requests at a time; call the answer to end it.

    Raises OSError when the port cannot be had.
    """
    server = waitress.create_server(app, host=host, port=port, threads=threads, ident=None, asyncore_use_poll=True)
    thread = threading.Thread(target=server.run, name=f"listener-{port}", daemon=True)
    thread.start()

    def close() -> None:
        """In the server's own thread, for its loop may be looking at the sockets; without sockets it ends."""
        server.asyncore.close_all(server._map, ignore_all=True)

    def end() -> None:
        server.task_dispatcher.shutdown(cancel_pending=True, timeout=END_WITHIN)
        with suppress(OSError):  # the loop, woken by a request that ended just now, may have closed the trigger already
            server.trigger.pull_trigger(close)
        thread.join(END_WITHIN)

    return end
