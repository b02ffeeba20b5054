"""gunicorn as the platform runs it: processes with threads, nothing but code shared before the fork."""

import os

from shared.settings import load

settings = load()
numbers = settings.data_dir / "metrics"
# Before prometheus_client is imported anywhere: it looks once, and the workers inherit what it found.
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(numbers)

from shared import assembly  # noqa: E402
from shared.ops import web  # noqa: E402

# The master reads the code of the services once; its workers have it when they are forked, the successor of a dead one at once.
assembly.installed()

wsgi_app = "shared.ops.web:application()"
bind = f"[{settings.bind}]:{settings.port}" if ":" in settings.bind else f"{settings.bind}:{settings.port}"
worker_class = "gthread"
workers = settings.web_workers
threads = settings.web_threads
preload_app = False
timeout = 30  # seconds without a sign of life after which a worker is replaced
graceful_timeout = 6  # less than the supervisor's patience, and than that of container engines
keepalive = 5
# A socket under $HOME that lets the application's user stop and reload the server is nothing that we want.
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
logger_class = web.GunicornLog

post_fork = lambda server, worker: web.after_fork(worker)  # noqa: E731
post_worker_init = web.begin
worker_exit = lambda server, worker: web.end(worker)  # noqa: E731


def on_starting(server):
    """Once per master, before its first worker."""
    web.fresh_folder(numbers)


def child_exit(server, worker):
    """In the master, after a worker has ended."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)
