"""The directory's background work: each task is a door to one action."""

from __future__ import annotations

from typing import Any

from kombu.exceptions import OperationalError

from services.directory.actions import keeping
from services.directory.actions.importing.work import work_on_all
from services.directory.store.outbox import outbox
from services.directory.worker import celery
from shared.clock import now
from shared.logs import get_logger

log = get_logger("directory.tasks")
# A hundred thousand services on a slow machine; a step cut short is undone whole and done anew.
IMPORT_SECONDS = 12 * 3600


@celery.task(name="directory.relay_outbox")
def relay_outbox() -> None:
    """Send what waits in the outbox; what cannot be sent now the next sweep sends."""
    try:
        while outbox.relay(celery, now()):
            pass
    except OperationalError:
        log.warning("broker_away", task="directory.relay_outbox")


@celery.task(name="directory.receive_events")
def receive_events(events: list[dict[str, Any]]) -> None:
    """Take events of the other services in, each once."""
    keeping.receive_events(events, now())


@celery.task(name="directory.work_on_imports", soft_time_limit=IMPORT_SECONDS, time_limit=IMPORT_SECONDS + 60)
def work_on_imports() -> None:
    """Go on with imports that were asked for; what another process works on is left to it."""
    work_on_all(now())


@celery.task(name="directory.clear_old")
def clear_old() -> None:
    """Forget what is over."""
    log.info("cleared", **keeping.clear_old(now()))


@celery.task(name="directory.seal_access_log")
def seal_access_log() -> None:
    """Chain the access log's new rows."""
    keeping.seal_access_log(now())
