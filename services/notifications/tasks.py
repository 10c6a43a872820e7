"""The doors of the worker: each calls one action. What a broker loses, the sweeps of `schedule.py` find."""

from __future__ import annotations

import os
import secrets
import socket
from typing import Any

from services.notifications.actions import catch_up as catching_up
from services.notifications.actions import keeping, plan_messages, receive_events, send_messages
from services.notifications.actions.sessions import keys
from services.notifications.worker import celery
from shared.celery_app import Nudge
from shared.clock import now
from shared.db import DATABASE_AWAY
from shared.errors import Unavailable
from shared.logs import get_logger

log = get_logger("tasks")
ASK_PLANNING = Nudge(celery, "notifications.plan_messages", "notifications")
ASK_SENDING = Nudge(celery, "notifications.send_due", "notifications")
# Far below the broker's visibility timeout, so that no other worker takes it meanwhile.
RETRY_SECONDS, MOST_RETRY_SECONDS = 2, 30


@celery.task(
    name="notifications.receive_events",
    autoretry_for=DATABASE_AWAY,
    max_retries=None,
    retry_backoff=RETRY_SECONDS,
    retry_backoff_max=MOST_RETRY_SECONDS,
)
def receive(events: list[dict[str, Any]]) -> None:
    """Take CloudEvents; with the database away, try again until it is back."""
    received = receive_events.receive_events(events, now())
    for refused in received.refused:
        log.error("event_refused", place=refused.place, fields=[each.pointer for each in refused.errors])
    if received.new:
        ASK_PLANNING()


@celery.task(name="notifications.plan_messages")
def plan() -> None:
    """Plan what waits; then have it sent."""
    planned = plan_messages.plan_messages(now())
    if planned.made:
        ASK_SENDING()
    if planned.more:
        ASK_PLANNING()


@celery.task(name="notifications.send_due")
def send() -> None:
    """Send what is due."""
    if send_messages.send_due(now(), worker_name()) == send_messages.AT_ONCE:
        ASK_SENDING()


@celery.task(name="notifications.take_back_leases")
def take_back_leases() -> None:
    """Queue again what a dead worker held."""
    if send_messages.take_back_leases(now()):
        ASK_SENDING()


@celery.task(name="notifications.catch_up")
def catch_up() -> None:
    """Find events that never came by task."""
    if catching_up.catch_up(now()):
        ASK_PLANNING()


@celery.task(name="notifications.check_mail_server")
def check_mail_server() -> None:
    """See whether the mail server answers."""
    send_messages.check_mail_server(now())


@celery.task(name="notifications.seal_access_log")
def seal_access_log() -> None:
    """Chain the access log."""
    keeping.seal_access_log()


@celery.task(name="notifications.refresh_keys")
def refresh_keys() -> None:
    """Ask the directory for its keys; with it away those we have serve on."""
    try:
        keys.refresh()
    except Unavailable:
        log.warning("keys_not_refreshed")


@celery.task(name="notifications.clear_old")
def clear_old() -> None:
    """Forget what is over."""
    log.info("cleared", **keeping.clear_old(now()))


def worker_name() -> str:
    """Who holds a lease: one run of this process on this machine.

    Containers bear one host name and number their processes alike, so a part is drawn anew for each run.
    """
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(8)}"
