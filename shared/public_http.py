"""HTTP to addresses that people name: only to the public network, without redirects, never more than asked.

Whoever may name an address could otherwise make this server read what only it can reach (SSRF). The address
that was connected to is looked at, not the name, so that a name that changes its mind gains nothing.
OUTBOUND_ALLOWED names hosts (`host:port`, comma-separated) an operator trusts although they are private.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Mapping
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError
from urllib3.util.retry import Retry

from shared import settings
from shared.errors import TooLarge, Unavailable

CONNECT_SECONDS = 5.0
READ_SECONDS = 30.0
_PIECE = 64 * 1024
# Of version 6 what is given out to networks (RFC 4291), and what translators lead to version 4 (RFC 6052).
_GIVEN_OUT = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def is_public(text: str) -> bool:
    """Whether an IP address is one of the public network, also the one of version 4 that stands in it."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or _translated(address)
        if inner is None and address not in _GIVEN_OUT:
            return False
        address = inner or address
    return address.is_global and not address.is_multicast


def _translated(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    return ipaddress.IPv4Address(address.packed[-4:]) if address in _NAT64 else None


class _Refusing:
    """What both kinds of connection do after they connected and before they say anything."""

    def _check(self, found: socket.socket, host: str, port: int) -> socket.socket:
        if not is_public(found.getpeername()[0]):
            allowed = {one.strip() for one in settings.optional("OUTBOUND_ALLOWED", "").split(",")}
            if f"{host}:{port}" not in allowed:
                found.close()
                raise NewConnectionError(self, "the address is not on the public network")  # type: ignore[arg-type]
        return found


# A server that is only busy is asked again after a second, and after two more. How long it would like itself
# is not heeded: that may be hours.
_AGAIN = Retry(
    total=None, connect=0, read=1, status=2, redirect=False, other=0, backoff_factor=1,
    status_forcelist=(429, 502, 503, 504), respect_retry_after_header=False, raise_on_status=False,
)  # fmt: skip


class _Plain(_Refusing, HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return self._check(super()._new_conn(), self.host, int(self.port or 80))


class _Secure(_Refusing, HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return self._check(super()._new_conn(), self.host, int(self.port or 443))


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}


def public_session() -> requests.Session:
    """A session that reaches the public network alone, and takes no proxy of the machine."""
    session = requests.Session()
    session.trust_env = False
    for scheme in ("http://", "https://"):
        session.mount(scheme, _Adapter(max_retries=_AGAIN))
    return session


def fetch(
    session: requests.Session, url: str, params: Mapping[str, str], *, most: int, until: float
) -> bytes:
    """The body of an answer, at most `most` bytes, by the monotonic second `until`.

    Raises TooLarge for a longer one, and Unavailable, in words for whoever named the address, for anything
    but a plain answer.
    """
    if not url.lower().startswith(("https://", "http://")):
        raise Unavailable("An address begins with https:// or http://.")
    try:
        with session.get(
            url,
            params=dict(params),
            timeout=(CONNECT_SECONDS, READ_SECONDS),
            allow_redirects=False,
            stream=True,
            headers={"Accept": "application/json, text/csv;q=0.5, */*;q=0.1"},
        ) as answer:
            if 300 <= answer.status_code < 400:
                raise Unavailable("The address sends on to another one. Give that one instead.")
            if answer.status_code != requests.codes.ok:
                raise Unavailable(f"The address answered {answer.status_code}.")
            return _body(answer, most, until)
    except (requests.RequestException, ValueError, UnicodeError) as wrong:
        raise Unavailable(
            "The address does not answer, or is not on the public network. Look at it in a browser."
        ) from wrong


def _body(answer: requests.Response, most: int, until: float) -> bytes:
    pieces, size = [], 0
    for piece in answer.iter_content(_PIECE):
        size += len(piece)
        if size > most:
            raise TooLarge(f"The answer is over {most // (1024 * 1024)} MiB.")
        if time.monotonic() > until:
            raise Unavailable("It took too long to be read.")
        pieces.append(piece)
    return b"".join(pieces)
