"""HTTP written by hand, for what no client sends: too many pieces, half a request, one that breaks off."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Answer:
    """The status, and the body as text."""

    status: int
    text: str

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.text)


def head(method: str, path: str, *headers: str) -> bytes:
    """The first lines of a request, with the empty one."""
    return "\r\n".join((f"{method} {path} HTTP/1.1", "Host: localhost", *headers, "", "")).encode()


def pieces(body: bytes, size: int = 8192) -> Iterable[bytes]:
    """A body as chunks, with the last one."""
    for start in range(0, len(body), size):
        piece = body[start : start + size]
        yield b"%x\r\n%s\r\n" % (len(piece), piece)
    yield b"0\r\n\r\n"


def connect(port: int, wait: float = 10) -> socket.socket:
    """A connection to a server here."""
    return socket.create_connection(("127.0.0.1", port), timeout=wait)


def ask(port: int, parts: Iterable[bytes], *, wait: float = 10, break_off: bool = False) -> Answer:
    """Send the parts and read the answer; one that comes before all is sent is an answer too."""
    with connect(port, wait) as there:
        with suppress(BrokenPipeError, ConnectionResetError):
            for part in parts:
                there.sendall(part)
            if break_off:
                there.shutdown(socket.SHUT_WR)
        return read_answer(there)


def read_answer(there: socket.socket) -> Answer:
    """The answer on a connection. Raises TimeoutError where none comes, EOFError where it is closed first."""
    got = b""
    while b"\r\n\r\n" not in got:
        got += _more(there)
    first, _, rest = got.partition(b"\r\n\r\n")
    lines = first.decode("latin-1").split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines[1:])
    while len(rest) < int(headers.get("content-length", 0)):
        rest += _more(there)
    return Answer(int(lines[0].split()[1]), rest.decode())


def _more(there: socket.socket) -> bytes:
    piece = there.recv(65536)
    if not piece:
        raise EOFError("closed without an answer")
    return piece
