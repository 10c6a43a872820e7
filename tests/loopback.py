"""Tests talk to this machine only: any other address is refused, loudly."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

_connect = socket.socket.connect
_connect_ex = socket.socket.connect_ex
_getaddrinfo = socket.getaddrinfo


class OutsideThisMachine(RuntimeError):
    """A test reached for another machine. Not an OSError, so that no retry or fall-back swallows it."""


def refuse_other_addresses() -> None:
    """From now on, in this process, Python's sockets connect and look up names on loopback only."""
    socket.socket.connect = _guarded(_connect)  # type: ignore[method-assign]
    socket.socket.connect_ex = _guarded(_connect_ex)  # type: ignore[method-assign]
    socket.getaddrinfo = _guarded_lookup


def _guarded(original: Any) -> Any:
    def connect(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            _check(address[0])
        return original(self, address)

    return connect


def _guarded_lookup(host: Any, *arguments: Any, **named: Any) -> Any:
    _check(host)
    return _getaddrinfo(host, *arguments, **named)


def _check(host: Any) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost", "0.0.0.0", "::"):  # noqa: S104 - names of this machine
        return
    try:
        inside = ipaddress.ip_address(name).is_loopback
    except ValueError:
        inside = name == socket.gethostname()
    if not inside:
        raise OutsideThisMachine(f"A test tried to reach {name}. Stub it (`responses`), or use 127.0.0.1.")
