"""The referrals' background work: each task is a door to one action."""

from __future__ import annotations

from typing import Any

from kombu.exceptions import OperationalError

from services.referrals.actions import (
    chase_late,
    check_access_log,
    measure_waits,
    public_drafts,
    receive_events,
    refresh_directory,
    rescue_lost,
    route_waiting,
    signing_in,
)
from services.referrals.actions import clear_old as clearing
from services.referrals.store.outbox import outbox
from services.referrals.worker import celery
from shared.clock import now
from shared.errors import Unavailable
from shared.logs import get_logger

log = get_logger("referrals.tasks")


@celery.task(name="referrals.relay_outbox")
def relay_outbox() -> None:
    """Send what waits in the outbox; what cannot be sent now the next sweep sends."""
    try:
        while outbox.relay(celery, now()):
            pass
    except OperationalError:
        log.warning("broker_away", task="referrals.relay_outbox")


@celery.task(name="referrals.receive_events")
def receive(events: list[dict[str, Any]]) -> None:
    """Take the directory's events in, each once; pull the snapshot where it has changed."""
    if receive_events.receive_events(events, at=now()):
        refresh_snapshot()


@celery.task(name="referrals.catch_up")
def catch_up() -> None:
    """Find the directory's events that never came by task."""
    if receive_events.catch_up(at=now()):
        refresh_snapshot()


@celery.task(name="referrals.refresh_snapshot")
def refresh_snapshot() -> None:
    """Pull what changed in the directory; with it away the copy grows old, and says so."""
    try:
        refresh_directory.refresh_directory(at=now())
    except Unavailable:
        log.warning("directory_away", task="referrals.refresh_snapshot")


@celery.task(name="referrals.route_unrouted")
def route_unrouted() -> None:
    """Find teams for what the duty desks hold, once the directory is fresh."""
    routed = route_waiting.route_waiting(at=now())
    if routed:
        log.info("routed_late", count=routed)


@celery.task(name="referrals.rescue_lost")
def rescue() -> None:
    """Give to the desks what nobody could look after any more."""
    looked = rescue_lost.rescue_lost(at=now())
    if looked.rescued:
        log.info("rescued", count=looked.rescued)


@celery.task(name="referrals.chase_late")
def chase() -> None:
    """Tell of what is late."""
    risen = chase_late.chase_late(at=now())
    if risen:
        log.info("chased", count=risen)


@celery.task(name="referrals.measure_waits")
def measure() -> None:
    """Measure waits and tell the directory."""
    measure_waits.measure_waits(at=now())


@celery.task(name="referrals.seal_access_log")
def seal_access_log() -> None:
    """Chain the access log's new rows."""
    check_access_log.seal_access_log()


@celery.task(name="referrals.refresh_keys")
def refresh_keys() -> None:
    """Take the directory's keys; with it away we keep those we have."""
    try:
        signing_in.refresh_keys()
    except Unavailable:
        log.warning("directory_away", task="referrals.refresh_keys")


@celery.task(name="referrals.clear_public_drafts")
def clear_public_drafts() -> None:
    """Forget what somebody began on the public pages and left."""
    gone = public_drafts.clear_public_drafts(at=now())
    if gone:
        log.info("public_drafts_cleared", count=gone)


@celery.task(name="referrals.clear_old")
def clear_old() -> None:
    """Forget what is over."""
    log.info("cleared", **clearing.clear_old(at=now()))
