"""What stands behind the gateway in its own tests: a server that answers with what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Echo(ThreadingHTTPServer):
    """Listens at `address`:8000 and notes each request in `heard`; `limit` as the services have it."""

    daemon_threads = True

    def __init__(self, address: str, limit: int) -> None:
        self.heard: list[dict[str, Any]] = []
        self.limit = limit
        super().__init__((address, 8000), _Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Echo

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        heard = {
            "method": self.command,
            "path": self.path,
            "headers": [list(pair) for pair in self.headers.items()],
            "length": len(body),
        }
        self.server.heard.append(heard)
        text = json.dumps(heard).encode()
        status = 413 if length > self.server.limit else 200
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.send_header("X-Request-Id", "made-by-the-service")
        self.send_header("X-Said-By", "service")
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815 - the names http.server looks for

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


@contextmanager
def echoing(address: str, limit: int) -> Iterator[Echo]:
    """An echo that runs for the while."""
    with Echo(address, limit) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
