"""One thin Celery for each service: late acknowledgement, JSON only, the request id carried along.

All work that matters starts from a row in a database, so the broker may be wiped and loses nothing; a
task is a door: ids in, one action called, and which named errors are worth another try.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from celery import Celery
from celery.signals import before_task_publish, setup_logging, task_postrun, task_prerun
from kombu.exceptions import OperationalError

from shared import settings
from shared.logs import bound_request_id, configure, get_logger, start_request_id
from shared.observing.traces import trace_process
from shared.observing.work import note_end, say_when

SOFT_LIMIT = 60
HARD_LIMIT = 90
VISIBILITY = 300
PAUSE_AFTER_FAILURE = 5.0
log = get_logger("celery")


@dataclass(frozen=True)
class Every:
    """What beat runs: the task `name` on the service's own queue, each `seconds`."""

    name: str
    seconds: float


class ServiceCelery(Celery):
    """A Celery whose tasks are its own: by default every Celery object of a process gets every task."""

    def task(self, *args: Any, **options: Any) -> Any:
        """As Celery's, registered here alone."""
        return super().task(*args, **({"shared": False} | options))


def make_celery(service: str, *tasks: str) -> Celery:
    """The Celery object of `service`; `tasks` are the modules with its tasks (beat has none)."""
    trace_process(service)
    celery = ServiceCelery(service, include=list(tasks), set_as_current=False)
    celery.conf.update(
        broker_url=settings.optional("REDIS_URL", "redis://127.0.0.1:6379/0"),
        broker_connection_retry_on_startup=True,
        broker_connection_timeout=2,
        broker_transport_options={
            "visibility_timeout": VISIBILITY,
            "unacked_restore_interval": 5,
            "unacked_restore_throttle": 1,
            "socket_connect_timeout": 2,
            "retry_on_timeout": False,
            "max_retries": 1,
        },
        task_default_queue=service,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_ignore_result=True,
        task_serializer="json",
        accept_content=["json"],
        task_soft_time_limit=SOFT_LIMIT,
        task_time_limit=HARD_LIMIT,
        task_publish_retry=False,
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        worker_cancel_long_running_tasks_on_connection_loss=True,
        worker_send_task_events=False,
        timezone="UTC",
        enable_utc=True,
    )
    return celery


class Nudge:
    """Wakes a service's relay after a commit; with the broker down it gives up at once.

    After a failure it keeps quiet for five seconds, so that a dead broker costs one short time-out and
    not one for every request. What it missed the beat's sweep sends.
    """

    def __init__(self, celery: Celery, task: str, queue: str) -> None:
        self.celery = celery
        self.task = task
        self.queue = queue
        self._quiet_until = 0.0

    def __call__(self) -> None:
        """Ask for one relay run; never raises for a broker that is away."""
        if time.monotonic() < self._quiet_until:
            return
        try:
            self.celery.send_task(self.task, queue=self.queue, retry=False)
        except OperationalError:
            self._quiet_until = time.monotonic() + PAUSE_AFTER_FAILURE
            log.warning("broker_away", task=self.task)


@before_task_publish.connect(weak=False)
def _carry_request_id(headers: dict[str, Any] | None = None, **_: Any) -> None:
    if headers is not None:
        # Beat publishes outside any request: each of its tasks begins an id of its own.
        headers.setdefault("request_id", bound_request_id() or str(uuid4()))
        say_when(headers)


@task_prerun.connect(weak=False)
def _take_request_id(task: Any = None, **_: Any) -> None:
    start_request_id(getattr(task.request, "request_id", None))


@task_postrun.connect(weak=False)
def _say_that_work_is_done(task: Any = None, **_: Any) -> None:
    note_end(str(task.app.main))


@setup_logging.connect(weak=False)
def _our_logs(**_: Any) -> None:
    configure(settings.optional("LINKWORK_SERVICE", "worker"))
