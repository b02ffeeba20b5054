"""The worker: one process that carries the facts of its services, out and in, reacts, and fires what is due."""

from __future__ import annotations

import random
import signal
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from types import FrameType

import structlog

from shared.bus.broker import Broker, broker, has_broker
from shared.bus.feed import FeedReader
from shared.bus.kafka import topic_name
from shared.delivery.attempts import Hand, is_connection_error
from shared.delivery.inbox import Inbox
from shared.delivery.intake import FeedIntake, KafkaIntake
from shared.delivery.lease import Lease
from shared.delivery.reactions import PAGE, Reactions
from shared.delivery.rebuilding import bring_up_to_date
from shared.delivery.relay import Relay
from shared.delivery.sibling import Sibling, siblings
from shared.delivery.timers import Timers, set_going
from shared.delivery.trouble import Trouble
from shared.execute import Runtime
from shared.identity.accounts import machine_token
from shared.ops.health import Heartbeats, heartbeats
from shared.settings import Settings
from shared.web.feed import internal_app
from shared.web.listener import listen

END_WITHIN = 4.0  # seconds that loops have to end after the wish to stop
SHORTEST_PAUSE, LONGEST_PAUSE = 0.1, 5.0  # seconds after something could not be reached
LOOK = 0.5  # seconds between looks for what no hint tells

log = structlog.get_logger()


class WorkerFailed(Exception):
    """A loop met something that no pause mends: the process must end with a code that is not zero."""


def run_worker(runtimes: Sequence[Runtime], settings: Settings, beats: Heartbeats = heartbeats) -> None:
    """Work for these services until SIGTERM or SIGINT. Raises WorkerFailed; connects to nothing before."""
    worker = Worker(runtimes, settings, beats)
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, worker.signalled)
    worker.run()


class Worker:
    """The loops of one process. Threads and clients are made by `run`, after any fork."""

    def __init__(self, runtimes: Sequence[Runtime], settings: Settings, beats: Heartbeats) -> None:
        self.runtimes = {one.service.name: one for one in runtimes}
        self.settings = settings
        self._beats = beats
        self._stop = threading.Event()
        self._failure: tuple[str, BaseException] | None = None
        self._threads: list[threading.Thread] = []
        self._troubles: dict[str, Trouble] = {}
        self.hand = Hand()

    def signalled(self, number: int, frame: FrameType | None) -> None:
        """Someone asks to stop."""
        self._stop.set()

    def stop(self) -> None:
        """Ask to stop."""
        self._stop.set()

    def run(self) -> None:
        """Until asked to stop. Raises WorkerFailed."""
        most = 4 + 4 * len(self.runtimes)
        app = internal_app(self.runtimes, self.settings, most - 2, self._stop.is_set)
        end_listener = listen(app, self.settings.bind, self.settings.internal_port, most)
        for name, runtime in self.runtimes.items():
            self.start(name, ServiceWork(self, runtime).lead)
        log.info("working", services=sorted(self.runtimes), carrier=self.settings.bus_url.partition(":")[0])
        while not self._stop.wait(LOOK):
            pass
        self._end()
        end_listener()
        if self._failure:
            name, error = self._failure
            raise WorkerFailed(f"{name}: {type(error).__name__}") from error

    def _end(self) -> None:
        deadline = time.monotonic() + END_WITHIN
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        left = [thread.name for thread in self._threads if thread.is_alive()]
        log.info("stopped", left=left)

    def start(self, name: str, work: Callable[[], None]) -> threading.Thread:
        """Start one loop."""
        thread = threading.Thread(target=self.keep_going, args=(name, work), name=name, daemon=True)
        self._threads.append(thread)
        thread.start()
        return thread

    def keep_going(self, name: str, work: Callable[[], None]) -> None:
        """Run one loop until the stop; what cannot be reached is tried again, anything else ends the process."""
        pause, trouble = SHORTEST_PAUSE, self._troubles.setdefault(name, Trouble(name))
        while not self._stop.is_set():
            began = time.monotonic()
            try:
                work()
            except BaseException as error:
                if not is_connection_error(error):
                    self._fail(name, error)
                    return
                pause = SHORTEST_PAUSE if time.monotonic() - began > LONGEST_PAUSE else min(LONGEST_PAUSE, pause * 2)
                trouble.met(str(error)[:300])
                self._beats.beat(name)
                self._stop.wait(pause * random.uniform(0.5, 1.0))
        self._beats.end(name)

    def _fail(self, name: str, error: BaseException) -> None:
        """What is logged is where it broke, not the message: that may quote a fact."""
        frames = "".join(traceback.format_tb(error.__traceback__))
        log.error("loop-died", loop=name, error=type(error).__name__, frames=frames)
        self._failure = self._failure or (name, error)
        self._stop.set()

    def stopping(self, name: str) -> Callable[[], bool]:
        """The question of a loop whether to stop; asking it is a sign of life."""

        trouble = self._troubles.setdefault(name, Trouble(name))

        def asked() -> bool:
            self._beats.beat(name)
            trouble.still_going()
            return self._stop.is_set()

        return asked

    def wait(self, seconds: float) -> None:
        """A pause that ends with the wish to stop."""
        self._stop.wait(seconds)


class ServiceWork:
    """The work for one service, begun when its lease is ours."""

    def __init__(self, worker: Worker, runtime: Runtime) -> None:
        self.worker = worker
        self.runtime = runtime
        self.name = runtime.service.name
        self._lease = Lease(runtime.store.db)
        self._news = threading.Event()
        self._threads: list[threading.Thread] = []
        self._died = False

    def lead(self) -> None:
        """Wait for the lease, start the loops, watch the lease until the stop, give it back when all loops have ended.

        Raises Busy, to be begun again, only before the first loop has started.
        """
        stopping = self.worker.stopping(self.name)
        while not self._lease.try_take():
            if stopping():
                return
            self.worker.wait(LOOK)
        inboxes = self._prepare()
        self._start_loops(inboxes)
        while not stopping():
            self._lease.check()
            self.worker.wait(1.0)
        deadline = time.monotonic() + END_WITHIN - 0.5
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        if not any(thread.is_alive() for thread in self._threads):
            for inbox in inboxes:
                inbox.close()
            self._lease.release()

    def _prepare(self) -> list[Inbox]:
        """Whatever needs the database before the first loop."""
        store = self.runtime.store
        store.check()
        set_going(self.runtime)
        inboxes = []
        for sibling in siblings(self.runtime.service, store.province):
            bring_up_to_date(store, sibling)
            inboxes.append(Inbox(store, sibling, self.worker.hand, self._news.set))
        died = [inbox.open() for inbox in inboxes]
        self._died = any(died)
        return inboxes

    def _start_loops(self, inboxes: list[Inbox]) -> None:
        if self._kafka:
            stopping = self.worker.stopping(f"{self.name} relay")
            self._loop("relay", Relay(self.runtime.store, self._broker, self._lease, stopping).run)
        for inbox in inboxes:
            self._loop(f"inbox {inbox.sibling.name}", self._intake(inbox))
        if self.runtime.service.reacts:
            heard = [inbox.sibling for inbox in inboxes]
            reactions = Reactions(self.runtime, heard, self.worker.hand, PAGE if self._died else 0)
            self._loop("reactions", lambda: self._react(reactions))
        timers = Timers(self.runtime, self.worker.hand)
        self._loop("timers", lambda: self._fire(timers))

    def _loop(self, name: str, work: Callable[[], None]) -> None:
        self._threads.append(self.worker.start(f"{self.name} {name}", work))

    @property
    def _kafka(self) -> bool:
        return has_broker(self.worker.settings)

    @property
    def _broker(self) -> Broker:
        return broker(self.worker.settings, self.name)

    def _intake(self, inbox: Inbox) -> Callable[[], None]:
        """One sibling's carrier into its inbox; after a trouble, what is held is read again first."""
        settings, sibling = self.worker.settings, inbox.sibling
        stopping = self.worker.stopping(f"{self.name} inbox {sibling.name}")

        def run() -> None:
            inbox.reload()
            reader = FeedReader(settings.feed_url(sibling.name), machine_token(settings.secret_key, self.name))
            try:
                feed = FeedIntake(inbox, reader, stopping)
                (self._from_topic(inbox, feed, sibling) if self._kafka else feed).run()
            finally:
                reader.close()

        return run

    def _from_topic(self, inbox: Inbox, feed: FeedIntake, sibling: Sibling) -> KafkaIntake:
        topic = topic_name(self.runtime.store.province, sibling.name, "interagency")
        return KafkaIntake(inbox, feed, self._broker, topic, feed.stopping)

    def _react(self, reactions: Reactions) -> None:
        stopping = self.worker.stopping(f"{self.name} reactions")
        while not stopping():
            if not reactions.step():
                self._news.wait(LOOK)
                self._news.clear()

    def _fire(self, timers: Timers) -> None:
        stopping = self.worker.stopping(f"{self.name} timers")
        while not stopping():
            if not timers.step():
                self.worker.wait(LOOK)
