"""The one clock of the background work: `celery --app services.beat:celery beat`.

It puts each service's tasks on that service's queue when they are due, and knows nothing else of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from celery import Celery

from services.directory.schedule import SCHEDULE as DIRECTORY
from services.notifications.schedule import SCHEDULE as NOTIFICATIONS
from services.referrals.schedule import SCHEDULE as REFERRALS
from shared.celery_app import Every, make_celery

SCHEDULES: Mapping[str, tuple[Every, ...]] = {
    "directory": DIRECTORY,
    "referrals": REFERRALS,
    "notifications": NOTIFICATIONS,
}
# Longest sleep between two looks, in seconds: the shortest interval must not be late by more.
LONGEST_SLEEP = 1


def beat_schedule(schedules: Mapping[str, tuple[Every, ...]]) -> dict[str, dict[str, Any]]:
    """Celery's `beat_schedule`: each task on the queue of its service, every so many seconds.

    A task that no worker took within its interval lapses, so that nothing piles up while a worker is down.
    """
    return {
        every.name: {
            "task": every.name,
            "schedule": every.seconds,
            "options": {"queue": service, "expires": every.seconds},
        }
        for service, entries in schedules.items()
        for every in entries
    }


def make_beat() -> Celery:
    """A Celery object with the schedule and no tasks of its own."""
    beat = make_celery("beat")
    beat.conf.update(beat_schedule=beat_schedule(SCHEDULES), beat_max_loop_interval=LONGEST_SLEEP)
    return beat


celery = make_beat()
