"""The three services behind a real gunicorn: bodies in pieces, requests that are only half sent."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from shared.request_body import LARGEST_BODY
from shared.settings import SERVICES
from tests.builders.raw_http import Answer, ask, connect, head, pieces, read_answer
from tests.engines import free_ports

ROOT = Path(__file__).resolve().parents[3]
CHUNKED = "Transfer-Encoding: chunked"
JSON = "Content-Type: application/json"
FORM = "Content-Type: application/x-www-form-urlencoded"
POSTS = {
    "directory": ("/oauth/token", FORM),
    "referrals": ("/api/v1/referrals", JSON),
    "notifications": ("/notices", FORM),
}
WAIT = 2


@pytest.fixture(scope="module")
def ports(databases: dict[str, str], valkey: str) -> Iterator[dict[str, int]]:
    found = dict(zip(SERVICES, free_ports(len(SERVICES)), strict=True))
    running = []
    for service, port in found.items():
        command = [sys.executable, "-m", "gunicorn", "--config", "python:shared.serving"]
        command += ["--bind", f"127.0.0.1:{port}", f"services.{service}.app:create_app()"]
        environment = os.environ | {"WEB_WAIT_SECONDS": str(WAIT), "LINKWORK_SERVICE": service}
        running.append(subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL))
    for port in found.values():
        until_it_answers(port)
    yield found
    for process in running:
        process.terminate()
    for process in running:
        process.wait(20)


def until_it_answers(port: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with suppress(OSError, EOFError):
            if healthy(port).status == 200:
                return
        time.sleep(0.1)
    raise AssertionError("gunicorn did not start")


def healthy(port: int, wait: float = 5) -> Answer:
    return ask(port, [head("GET", "/healthz")], wait=wait)


def post(port: int, service: str, body: bytes) -> Answer:
    path, kind = POSTS[service]
    return ask(port, [head("POST", path, kind, CHUNKED), *pieces(body)])


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("beyond", [1, 3 * LARGEST_BODY])
def test_a_body_in_pieces_over_the_limit_is_too_large(
    ports: dict[str, int], service: str, beyond: int
) -> None:
    answer = post(ports[service], service, b"x" * (LARGEST_BODY + beyond))
    assert answer.status == 413, answer.text
    if service != "notifications":
        assert answer.json["type"].endswith("/problems/too-large")
        assert "256 KiB" in answer.json["detail"]
    assert healthy(ports[service]).status == 200


@pytest.mark.parametrize("service", SERVICES)
def test_a_body_in_pieces_within_the_limit_is_read_whole(ports: dict[str, int], service: str) -> None:
    body = b"x" * LARGEST_BODY
    path, kind = POSTS[service]
    whole = [head("POST", path, kind, f"Content-Length: {len(body)}"), body]
    answer = post(ports[service], service, body)
    assert answer.status < 500
    assert answer.status == ask(ports[service], whole).status
    assert answer.status != 413


def test_pieces_say_the_same_as_one_body(ports: dict[str, int]) -> None:
    form = b"grant_type=client_credentials&client_id=nobody&client_secret=nothing"
    answer = ask(ports["directory"], [head("POST", "/oauth/token", FORM, CHUNKED), *pieces(form, 7)])
    assert (answer.status, answer.json["error"]) == (401, "invalid_client")


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(
    "parts",
    [
        [b"zz\r\nx\r\n"],
        [b"5\r\nabcdefgh\r\n0\r\n\r\n"],
        [b"ffff\r\nabc"],
        [b"5;\x00=\x01\r\nabcde\r\n0\r\n\r\n"],
    ],
    ids=["no number", "longer than it says", "breaks off", "odd extension"],
)
def test_pieces_that_cannot_be_read_are_refused(
    ports: dict[str, int], service: str, parts: list[bytes]
) -> None:
    path, kind = POSTS[service]
    answer = ask(ports[service], [head("POST", path, kind, CHUNKED), *parts], break_off=True)
    assert answer.status == 400, answer.text


@pytest.mark.parametrize("service", SERVICES)
def test_requests_that_are_half_sent_keep_nobody_waiting(ports: dict[str, int], service: str) -> None:
    path, kind = POSTS[service]
    halves = [
        b"POST / HTTP/1.1\r\nHost: loc",
        head("POST", path, kind, "Content-Length: 100") + b"half",
        head("POST", path, kind, CHUNKED) + b"ff\r\nhalf",
    ]
    with ExitStack() as opened:
        waiting = []
        for half in halves * 2:
            there = opened.enter_context(connect(ports[service], WAIT + 8))
            there.sendall(half)
            waiting.append(there)
        time.sleep(0.2)
        for _ in range(4):
            assert healthy(ports[service], wait=1.5).status == 200
        # They are let go after the time one may be kept waiting.
        for there in waiting:
            with suppress(EOFError, ConnectionResetError):
                assert read_answer(there).status in (400, 401, 405)
    assert healthy(ports[service]).status == 200


@pytest.mark.parametrize("service", SERVICES)
def test_the_requests_of_all_processes_are_told_as_one(ports: dict[str, int], service: str) -> None:
    token = f"Authorization: Bearer {os.environ['METRICS_TOKEN']}"
    for _ in range(20):
        assert ask(ports[service], [head("GET", "/accessibility")]).status == 200
    for _ in range(6):
        told = ask(ports[service], [head("GET", "/metrics", token)]).text
        (line,) = [
            each
            for each in told.splitlines()
            if each.startswith("linkwork_http_request_seconds_count") and 'route="/accessibility"' in each
        ]
        assert line.endswith(" 20.0")


def test_what_was_loaded_before_the_fork_is_not_taken_apart_at_a_stop() -> None:
    """It took each process one or two seconds of a processor, and nine of them stop at once."""
    (port,) = free_ports(1)
    command = [sys.executable, "-m", "gunicorn", "--config", "python:shared.serving"]
    command += ["--bind", f"127.0.0.1:{port}", "tests.builders.what_is_frozen:app"]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        until_it_answers(port)
        assert int(healthy(port).text) > 10_000
    finally:
        process.terminate()
        assert process.wait(20) == 0
