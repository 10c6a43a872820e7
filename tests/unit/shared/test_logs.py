"""Logs are JSON, carry the request id, and never repeat what an error quoted."""

import io
import json
import logging
import sys
import threading

import pytest

from shared import logs


@pytest.fixture
def written(monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    before = logging.getLogger().handlers[:]
    logs.configure("directory")
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.getLogger().handlers[:] = before


def test_every_line_carries_the_service_and_the_request_id(written):
    logs.start_request_id("req-1")
    logs.get_logger("x").info("happened", referral="r1")
    line = written()[-1]
    assert line["event"] == "happened"
    assert line["request_id"] == "req-1"
    assert line["service"] == "directory"
    assert line["level"] == "info"


def test_a_line_of_another_thread_carries_the_service_too(written):
    thread = threading.Thread(target=lambda: logs.get_logger("x").info("happened"))
    thread.start()
    thread.join()
    assert written()[-1]["service"] == "directory"


def test_an_exception_is_logged_by_kind_and_place_without_its_words(written):
    try:
        raise ValueError("Ada MARKER 999 000 0000")
    except ValueError:
        logs.get_logger("x").exception("failed")
        logging.getLogger("library").exception("failed too")
    text = json.dumps(written())
    assert "MARKER" not in text
    assert text.count("builtins.ValueError at test_logs.py") == 2
