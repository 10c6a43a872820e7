"""Requests over real connections: how long each takes, and how many a second come through."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any


@dataclass(frozen=True)
class Request:
    """One request; `status` is the answer that counts as right."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any = None
    status: int = 200


@dataclass(frozen=True)
class Figures:
    """What was measured. Times in milliseconds; `rate` is requests a second."""

    count: int
    p50: float
    p95: float
    rate: float

    @classmethod
    def of(cls, times: Sequence[float], seconds: float) -> Figures:
        """From times in seconds, taken within `seconds` altogether."""
        in_ms = [each * 1000 for each in times]
        # One alone has no other quantile than itself.
        p95 = quantiles(in_ms, n=20)[-1] if len(in_ms) > 1 else in_ms[0]
        return cls(len(times), median(in_ms), p95, len(times) / seconds)


def measure(port: int, make: Callable[[], Request], *, connections: int, seconds: float) -> Figures:
    """Send what `make` makes, one after another on each of some connections, for some seconds."""
    begun = time.perf_counter()
    with ThreadPoolExecutor(connections) as pool:
        each = [pool.submit(_one_connection, port, make, begun + seconds) for _ in range(connections)]
        times = [taken for one in each for taken in one.result()]
    return Figures.of(times, time.perf_counter() - begun)


def _one_connection(port: int, make: Callable[[], Request], until: float) -> list[float]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    times = []
    while time.perf_counter() < until:
        wanted = make()
        body = None if wanted.body is None else json.dumps(wanted.body)
        begun = time.perf_counter()
        connection.request(wanted.method, wanted.path, body, wanted.headers)
        answer = connection.getresponse()
        said = answer.read()
        times.append(time.perf_counter() - begun)
        if answer.status != wanted.status:
            raise RuntimeError(f"{wanted.method} {wanted.path}: {answer.status} {said[:500]!r}")
    connection.close()
    return times


def timed(act: Callable[[], object], times: int) -> Figures:
    """Do something so many times in this process."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        act()
        taken.append(time.perf_counter() - begun)
    return Figures.of(taken, sum(taken))
