"""`/metrics` for Prometheus and `/status` for admins, of one service."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from flask import Flask, Response, render_template
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from shared import settings
from shared.auth.caller import Role
from shared.auth.guard import needs, needs_token
from shared.clock import now
from shared.db import DATABASE_AWAY
from shared.observing.facts import Fact, Measure, Report, Stand, waits
from shared.observing.requests import count_requests, requests_registry
from shared.observing.traces import trace_requests
from shared.observing.work import report_work

Read = Callable[[datetime], Report]


def init_observing(app: Flask, service: str, read: Read) -> None:
    """Give `app` both addresses. `read` answers what the service's own database says at a moment.

    Call it after `frame` and before `init_auth`.
    """
    trace_requests(app)
    count_requests(app, service)

    @app.get("/metrics", endpoint="linkwork_metrics")
    @needs_token("METRICS_TOKEN")
    def metrics() -> Response:
        registry = requests_registry()
        registry.register(_Now(service, look(service, read, now()).measures))
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    @app.get("/status", endpoint="linkwork_status")
    @needs(Role.ORG_ADMIN, Role.FORUM_ADMIN)
    def status() -> str:
        at = now()
        facts = look(service, read, at).facts
        return render_template(
            "linkwork/status.html",
            service=service,
            facts=sorted(facts, key=lambda fact: fact.stand is Stand.WORKS),
            waiting=any(fact.stand is Stand.WAITS for fact in facts),
            others=[(name, settings.public_url(name)) for name in settings.SERVICES if name != service],
            at=at,
        )


def look(service: str, read: Read, at: datetime) -> Report:
    """How everything stands; with the database away the rest is still told."""
    up = Measure("database_up", "1 where the database answers.", 1.0)
    report = report_work(service, at)
    try:
        return report + Report((up,)) + read(at)
    except DATABASE_AWAY:
        return report + Report((Measure(up.name, up.help, 0.0),), (_database_away(),))


def _database_away() -> Fact:
    return waits(
        "Database",
        "The database does not answer. Pages cannot be shown until it does.",
        "Start the database, or see what this service’s DATABASE_URL leads to.",
    )


class _Now(Collector):
    """Measures as gauges, each with the label `service`."""

    def __init__(self, service: str, measures: tuple[Measure, ...]) -> None:
        self.service = service
        self.measures = measures

    def collect(self) -> Iterator[Metric]:
        """One family for each name."""
        families: dict[str, GaugeMetricFamily] = {}
        for measure in self.measures:
            labels = ["service", *measure.labels]
            family = families.setdefault(
                measure.name,
                GaugeMetricFamily(f"linkwork_{measure.name}", measure.help, labels=labels),
            )
            family.add_metric([self.service, *measure.labels.values()], measure.value)
        yield from families.values()
