"""Addresses that people name: the public network alone, no redirects, no more than asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from shared.errors import TooLarge, Unavailable
from shared.public_http import fetch, is_public, public_session


class _Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path.startswith("/away"):
            self.send_response(302)
            self.send_header("Location", "/")
        elif self.path.startswith("/none"):
            self.send_response(404)
        else:
            self.send_response(200)
        self.end_headers()
        self.wfile.write(b"x" * 2000)

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def port() -> Iterator[int]:
    server = HTTPServer(("127.0.0.1", 0), _Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def get(url: str, most: int = 10_000) -> bytes:
    with public_session() as session:
        return fetch(session, url, {}, most=most, until=time.monotonic() + 10)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_an_address_of_this_machine_is_refused(port: int, host: str) -> None:
    with pytest.raises(Unavailable):
        get(f"http://{host}:{port}/")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("127.0.0.1", False), ("10.0.0.1", False), ("192.168.1.1", False), ("169.254.169.254", False),
        ("100.64.0.1", False), ("224.0.0.1", False), ("::1", False), ("fe80::1%eth0", False),
        ("fd00::1", False), ("::ffff:10.0.0.1", False), ("64:ff9b::7f00:1", False), ("2002:a00:1::", False),
        ("::10.0.0.1", False), ("::ffff:0:10.0.0.1", False), ("64:ff9b:1::a00:1", False),
        ("64:ff9b::808:808", True), ("8.8.8.8", True), ("2606:4700::1111", True),
    ],
)  # fmt: skip
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://listings.example", "http://", "https://[", "x"])
def test_what_is_no_address_of_the_web_is_refused(url: str) -> None:
    with pytest.raises(Unavailable):
        get(url)


def test_a_host_the_operator_trusts_is_read_but_not_further(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUTBOUND_ALLOWED", f"127.0.0.1:{port}")
    here = f"http://127.0.0.1:{port}"
    assert get(f"{here}/") == b"x" * 2000
    with pytest.raises(TooLarge):
        get(f"{here}/", most=100)
    for path, words in (("away", "sends on"), ("none", "404")):
        with pytest.raises(Unavailable) as refused:
            get(f"{here}/{path}")
        assert words in refused.value.detail
