"""Traces for OpenTelemetry, where `OTEL_EXPORTER_OTLP_ENDPOINT` says to whom (the extra `linkwork[tracing]`).

The libraries' own instrumentation makes the spans: a request, what it asked of the database and of the other
services, and the tasks it led to, under one trace id. What they note down was not made with us in mind (whole
addresses, a link's secret, SQL, the message of an error), so nothing leaves but what `KEPT` names.
Names: OpenTelemetry semantic conventions, HTTP (stable), database and messaging.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from flask import Flask

from shared import settings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter

NOT_TRACED = "/healthz$,/readyz$,/metrics$"
KEPT = frozenset(
    {
        "http.request.method",
        "http.route",
        "http.response.status_code",
        "db.system",
        "db.name",
        "celery.action",
        "celery.state",
        "celery.task_name",
        "error.type",
        "exception.type",
    }
)


def traced() -> bool:
    """Whether traces are wanted."""
    return bool(settings.optional("OTEL_EXPORTER_OTLP_ENDPOINT", ""))


def trace_process(service: str) -> None:
    """Send traces of this process as `linkwork-<service>`, where they are wanted. Once for each process.

    Raises MissingSetting where they are wanted and the extra is not installed.
    """
    if not traced():
        return
    try:
        from opentelemetry import propagate, trace
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
    except ImportError as missing:
        raise settings.MissingSetting(
            "OTEL_EXPORTER_OTLP_ENDPOINT asks for traces, and the packages for them are not installed:"
            " pip install --require-hashes -r requirements-tracing.txt"
        ) from missing
    if isinstance(trace.get_tracer_provider(), TracerProvider):
        return
    # What is kept is kept by these names.
    os.environ.update(OTEL_SEMCONV_STABILITY_OPT_IN="http")
    provider = TracerProvider(resource=Resource.create({"service.name": f"linkwork-{service}"}))
    provider.add_span_processor(BatchSpanProcessor(bare(OTLPSpanExporter())))
    trace.set_tracer_provider(provider)
    # Baggage from outside would be carried on to other services and partners as it came.
    propagate.set_global_textmap(TraceContextTextMapPropagator())
    _instrument()


def trace_requests(app: Flask) -> None:
    """Make a span of every request to `app` but those of the machines that watch it."""
    if traced():
        from opentelemetry.instrumentation.flask import FlaskInstrumentor

        instrumentor = FlaskInstrumentor()
        instrumentor.instrument_app(app, excluded_urls=NOT_TRACED)  # type: ignore[no-untyped-call]


def _instrument() -> None:
    from opentelemetry.instrumentation.celery import CeleryInstrumentor
    from opentelemetry.instrumentation.psycopg import PsycopgInstrumentor
    from opentelemetry.instrumentation.requests import RequestsInstrumentor

    CeleryInstrumentor().instrument()  # type: ignore[no-untyped-call]
    # SQLAlchemy's own instrumentation does not know SQLAlchemy 2.1; the driver's sees the same statements.
    PsycopgInstrumentor().instrument()
    RequestsInstrumentor().instrument()


def bare(way_out: SpanExporter) -> SpanExporter:
    """An exporter that gives `way_out` spans with nothing in them but names, times and what `KEPT` names."""
    from opentelemetry.sdk.trace import Event, ReadableSpan
    from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
    from opentelemetry.trace import Link, SpanContext, SpanKind, Status
    from opentelemetry.util.types import Attributes

    def only_kept(told: Attributes) -> Attributes:
        return {key: value for key, value in (told or {}).items() if key in KEPT}

    def only_ids(context: SpanContext | None) -> SpanContext | None:
        # Without its state, which is whatever the first caller wrote.
        if context is None:
            return None
        return SpanContext(context.trace_id, context.span_id, context.is_remote, context.trace_flags)

    def stripped(span: ReadableSpan) -> ReadableSpan:
        told = span.attributes or {}
        # Without a rule, the library names a request after its path, which may hold anything.
        named = span.kind is not SpanKind.SERVER or "http.route" in told
        return ReadableSpan(
            name=span.name if named else str(told.get("http.request.method", "HTTP")),
            context=only_ids(span.context),
            parent=only_ids(span.parent),
            resource=span.resource,
            attributes=only_kept(told),
            events=[Event(one.name, only_kept(one.attributes), one.timestamp) for one in span.events],
            links=[Link(ids) for one in span.links if (ids := only_ids(one.context))],
            kind=span.kind,
            status=Status(span.status.status_code),
            start_time=span.start_time,
            end_time=span.end_time,
            instrumentation_scope=span.instrumentation_scope,
        )

    class Bare(SpanExporter):
        def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
            return way_out.export([stripped(span) for span in spans])

        def shutdown(self) -> None:
            way_out.shutdown()

        def force_flush(self, timeout_millis: int = 30000) -> bool:
            return way_out.force_flush(timeout_millis)

    return Bare()
