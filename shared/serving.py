"""How gunicorn serves each service: `gunicorn --config python:shared.serving` and the service's app.

Threads, so that somebody who sends half a request holds one of many hands and not one of two; and a limit on
how long one may be kept waiting for the next piece. Why, and what it does not do: docs/decisions.
"""

from __future__ import annotations

import gc
import os
import shutil
import socket
import struct
import tempfile
from typing import Any

from shared import settings

worker_class = "gthread"
workers = settings.number("WEB_WORKERS", 2)
# Each thread needs a connection of the pool (DB_POOL and five more), and one is for reading the keys.
threads = settings.number("WEB_THREADS", 8)
# Loaded once, then forked: half the work at the start. Connections are opened after the fork.
preload_app = True
timeout = 60
graceful_timeout = settings.WEB_FINISHES_WITHIN
keepalive = 5
control_socket_disable = True
loglevel = "warning"

# Where each process keeps its numbers for /metrics. prometheus-client looks for it when it is first imported,
# which the app does after this.
_numbers = os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="linkwork-metrics-")

# Seconds until the next piece of a request, or until the other side takes the next piece of an answer.
_wait_seconds = settings.number("WEB_WAIT_SECONDS", 10)


def pre_fork(_server: Any, _worker: Any) -> None:
    """Python leaves alone what was loaded before the fork: at a stop it took seconds to take that apart."""
    gc.freeze()


def post_worker_init(worker: Any) -> None:
    """Connections inherit their limits of waiting from the socket that accepts them."""
    limit = struct.pack("@ll", _wait_seconds, 0)
    for listener in worker.sockets:
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)


def on_exit(_server: Any) -> None:
    """The numbers end with the run: Prometheus knows that counters begin again."""
    shutil.rmtree(_numbers, ignore_errors=True)
