"""The background work of a service, seen from its broker: what is queued, and when a task last ended."""

from __future__ import annotations

import json
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

from shared import settings
from shared.observing.facts import Fact, Measure, Report, age, waits, works

PUBLISHED_AT = "published_at"
# Beat gives every service something to do each few seconds.
QUIET_TOO_LONG = timedelta(minutes=2)
NOTED_EVERY = 5.0
_noted: dict[str, float] = {}


@dataclass(frozen=True)
class Work:
    """`answers`: the broker does. `waiting`: tasks queued. `oldest`: since when the first of them waits."""

    answers: bool
    waiting: int = 0
    oldest: datetime | None = None
    last_ended: datetime | None = None


def look_at_work(service: str) -> Work:
    """Three short questions to the broker; one that is away says so."""
    try:
        with closing(_connect()) as client:
            pipe = client.pipeline(transaction=False)
            pipe.llen(service)
            pipe.lindex(service, -1)
            pipe.get(_key(service))
            waiting, first, ended = pipe.execute()
    except RedisError:
        return Work(answers=False)
    return Work(True, int(waiting), _published_at(first), _moment(ended))


def report_work(service: str, at: datetime) -> Report:
    """The broker and the background work of `service`."""
    work = look_at_work(service)
    broker = Measure("broker_up", "1 where the broker (Redis or Valkey) answers.", float(work.answers))
    if not work.answers:
        away = waits(
            "Broker",
            "Background work waits: the broker (Redis) does not answer. Nothing is lost; what waits is kept"
            " in the database and is done when the broker answers.",
            "Start the broker, or see what its address in REDIS_URL leads to.",
        )
        return Report((broker,), (away,))
    measures = [
        broker,
        Measure("queue_tasks", "Tasks waiting in the service's Celery queue.", float(work.waiting)),
        Measure("queue_oldest_seconds", "Age of the task that waits longest.", age(work.oldest, at)),
    ]
    if work.last_ended is not None:
        name, words = "task_last_ended_seconds", "Seconds since a worker of the service last ended a task."
        measures.append(Measure(name, words, age(work.last_ended, at)))
    return Report(tuple(measures), (works("Broker", "The broker answers."), _of_work(work, at)))


def _of_work(work: Work, at: datetime) -> Fact:
    if work.last_ended is not None and at - work.last_ended <= QUIET_TOO_LONG:
        return works("Background work", "The worker and the clock (beat) run.")
    return waits(
        "Background work",
        "Nothing is done in the background. What people send is kept and is done when it runs again.",
        "See whether this service’s worker and beat run; start them and look at their logs.",
        work.last_ended,
    )


def say_when(headers: dict[str, Any]) -> None:
    """Write into a task's headers when it was put into the queue."""
    headers[PUBLISHED_AT] = time.time()


def note_end(service: str) -> None:
    """Say that work is done here, at most each few seconds; a broker that is away is none of a task's."""
    if time.monotonic() - _noted.get(service, -NOTED_EVERY) < NOTED_EVERY:
        return
    _noted[service] = time.monotonic()
    with suppress(RedisError), closing(_connect()) as client:
        client.set(_key(service), time.time())


def _connect() -> Redis:
    return Redis.from_url(settings.redis_url(), socket_connect_timeout=1, socket_timeout=1)


def _key(service: str) -> str:
    return f"linkwork:last-task:{service}"


def _published_at(message: Any) -> datetime | None:
    if message is None:
        return None
    try:
        return _moment(json.loads(message)["headers"].get(PUBLISHED_AT))
    except (ValueError, KeyError, TypeError, AttributeError):
        # Not one of ours: it is counted, and its age is not known.
        return None


def _moment(seconds: Any) -> datetime | None:
    return datetime.fromtimestamp(float(seconds), UTC) if seconds is not None else None
