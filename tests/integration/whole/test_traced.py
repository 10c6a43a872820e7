"""Traces for OpenTelemetry: what a collector is sent, and that nothing personal is in it."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from shared.observing.traces import KEPT

MARKERS = ("Winifred", "9997751698", "winifred@", "01632960201", "so-secret-a-link")

# A process of its own: what the instrumentation changes stays changed.
TRACED = """
from opentelemetry import trace
import requests
from services.referrals.app import create_app
from services.referrals.store.database import database
from services.referrals.worker import celery
from shared.auth.guard import public
from sqlalchemy import text
app = create_app()

@app.get("/trying/<name>")
@public
def trying(name):
    with database.transaction() as session:
        session.execute(text("SELECT 'Winifred' WHERE 'x' <> :it"), {"it": "9997751698"})
    celery.send_task("referrals.relay_outbox", args=["Winifred"], kwargs={"to": "winifred@home.example"})
    try:
        requests.get("http://127.0.0.1:1/Winifred?number=9997751698", timeout=1)
    except requests.ConnectionError:
        pass
    raise RuntimeError("Winifred, 9997751698")

app.config["PROPAGATE_EXCEPTIONS"] = False
client = app.test_client()
said = {
    "baggage": "name=Winifred",
    "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "tracestate": "name=Winifred",
    "User-Agent": "Winifred",
}
client.get("/trying/Winifred?phone=01632960201", headers=said)
client.get("/your-request/so-secret-a-link")
client.get("/nothing/here/Winifred")
client.get("/healthz")
trace.get_tracer_provider().force_flush()
"""


class Collector(BaseHTTPRequestHandler):
    """An OTLP collector that keeps what it is sent."""

    sent: list[bytes] = []  # noqa: RUF012 - one list for one run

    def do_POST(self) -> None:
        said = self.rfile.read(int(self.headers["Content-Length"]))
        self.sent.append(gzip.decompress(said) if self.headers.get("Content-Encoding") == "gzip" else said)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep the test's output quiet."""


@pytest.fixture(scope="module")
def collected(referrals_database: str, valkey: str) -> Iterator[bytes]:
    server = HTTPServer(("127.0.0.1", 0), Collector)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    known = {**os.environ, "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{server.server_port}"}
    known["OTEL_SEMCONV_STABILITY_OPT_IN"] = "database"
    try:
        done = subprocess.run(
            [sys.executable, "-c", TRACED], env=known, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
        yield b"".join(Collector.sent)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def spans(collected: bytes) -> list[Span]:
    # Messages of one kind written after one another are one message.
    told = ExportTraceServiceRequest.FromString(collected)
    return [span for of in told.resource_spans for scope in of.scope_spans for span in scope.spans]


def test_a_request_and_all_it_led_to_are_one_trace(spans: list[Span]):
    (request,) = [span for span in spans if span.name == "GET /trying/<name>"]
    led_to = [span for span in spans if span.trace_id == request.trace_id and span is not request]
    assert {span.name for span in led_to} >= {"SELECT", "apply_async/referrals.relay_outbox", "GET"}
    assert all(span.parent_span_id for span in led_to)


def test_a_request_tells_its_rule_and_how_it_ended(spans: list[Span]):
    (request,) = [span for span in spans if span.name == "GET /trying/<name>"]
    told = {one.key: one.value for one in request.attributes}
    assert told["http.route"].string_value == "/trying/<name>"
    assert told["http.response.status_code"].int_value == 500


def test_the_service_is_named(collected: bytes):
    (resource, *_) = ExportTraceServiceRequest.FromString(collected).resource_spans
    told = {one.key: one.value.string_value for one in resource.resource.attributes}
    assert told["service.name"] == "linkwork-referrals"


def test_an_address_that_is_not_there_is_not_told(spans: list[Span]):
    lost = [span for span in spans if {"http.response.status_code"} & {one.key for one in span.attributes}]
    assert {span.name for span in lost} == {"GET /trying/<name>", "GET /your-request/<token>", "GET"}


def test_whoever_watches_is_not_traced(collected: bytes):
    assert b"healthz" not in collected


@pytest.mark.parametrize("marker", MARKERS)
def test_nothing_personal_and_no_secret_is_sent(collected: bytes, marker: str):
    assert len(collected) > 500
    assert marker.encode() not in collected


def test_only_what_is_kept_by_name_is_sent(spans: list[Span]):
    told = {one.key for span in spans for one in span.attributes}
    told |= {one.key for span in spans for event in span.events for one in event.attributes}
    assert told <= KEPT
    assert {"http.route", "db.system", "celery.task_name", "exception.type"} <= told


def test_without_the_setting_nothing_is_traced():
    asked = "import services.referrals.worker, sys; print('opentelemetry.instrumentation' in sys.modules)"
    known = {key: value for key, value in os.environ.items() if not key.startswith("OTEL_")}
    done = subprocess.run(
        [sys.executable, "-c", asked], env=known, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "False"


def test_where_traces_are_wanted_and_cannot_be_made_the_start_says_what_to_install():
    asked = (
        "import sys; sys.modules['opentelemetry'] = None\n"
        "from shared.settings import MissingSetting\n"
        "try:\n    import services.referrals.worker\n"
        "except MissingSetting as said:\n    print(said)"
    )
    known = {**os.environ, "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"}
    done = subprocess.run(
        [sys.executable, "-c", asked], env=known, capture_output=True, text=True, timeout=60, check=True
    )
    assert "pip install --require-hashes -r requirements-tracing.txt" in done.stdout
