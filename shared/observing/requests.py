"""Requests counted by method, route, class of status and how long they took.

gunicorn runs several processes: `shared.serving` names a folder in which each keeps its numbers, and
whoever is asked adds them up (prometheus-client's multiprocess mode). One process alone keeps them in memory.
"""

from __future__ import annotations

import os
import time

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.multiprocess import MultiProcessCollector

# prometheus-client looks once, when it is first imported, and so does this.
_OF_MANY_PROCESSES = bool(os.environ.get("PROMETHEUS_MULTIPROC_DIR"))
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
NOT_COUNTED = ("/healthz", "/readyz", "/metrics")
_kept = CollectorRegistry()
_requests = Histogram(
    "linkwork_http_request_seconds",
    "Requests: how many, and how long they took.",
    ("service", "method", "route", "status"),
    buckets=BUCKETS,
    registry=_kept,
)


def count_requests(app: Flask, service: str) -> None:
    """Count what `app` answers. The route is the rule (`/referrals/<uuid:id>`), never the path or query."""

    @app.after_request
    def _count(response: Response) -> Response:
        started = g.get("started")
        if started is not None and request.path not in NOT_COUNTED:
            # Both come from the caller, who must not be able to make up as many series as they like.
            method = request.method if request.method in METHODS else "other"
            route = str(request.url_rule) if request.url_rule else "none"
            status = f"{response.status_code // 100}xx"
            _requests.labels(service, method, route, status).observe(time.perf_counter() - started)
        return response


def requests_registry() -> CollectorRegistry:
    """A registry for one answer, with the numbers of every process of this service."""
    registry = CollectorRegistry()
    if _OF_MANY_PROCESSES:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(_kept)
    return registry
