"""What fits a field of the standard: addresses on the web, e-mail addresses, instants; and nothing empty.

Stricter than the standard's own grammar where readers differ: what is told must be taken by all of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

_PART = r"(?:[A-Za-z0-9._~:@!$&'()*+,;=/-]|%[0-9A-Fa-f]{2})*"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_WEB = re.compile(
    rf"https?://{_LABEL}(?:\.{_LABEL})*(?::[0-9]{{1,5}})?(?:/{_PART})?(?:\?(?:{_PART}|\?)*)?(?:#{_PART})?",
    re.IGNORECASE,
)
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
# Two hyphens there mean letters in another writing (IDNA), which not every reader takes.
_MAIL_LABEL = rf"(?!..--){_LABEL}"
_EMAIL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_MAIL_LABEL}(?:\.{_MAIL_LABEL})+")
_LEFT_ALONE = ":/?#[]@!$&'()*+,;=%"
_LONGEST_EMAIL, _LONGEST_LOCAL = 254, 64


def web_address(text: str | None) -> str | None:
    """The address as a URI (RFC 3986), blanks and other letters quoted; None where it is none."""
    quoted = quote((text or "").strip(), safe=_LEFT_ALONE)
    return quoted if _WEB.fullmatch(quoted) else None


def email_address(text: str | None) -> str | None:
    """The address (RFC 5321) without the blanks around it; None where it is none."""
    plain = (text or "").strip()
    local = plain.partition("@")[0]
    fits = len(plain) <= _LONGEST_EMAIL and len(local) <= _LONGEST_LOCAL
    return plain if fits and _EMAIL.fullmatch(plain) else None


def instant(at: datetime) -> str:
    """RFC 3339 in UTC, to the millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def filled(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Those fields that say something: the standard leaves the others out, and has neither null nor ""."""
    return {name: value for name, value in fields.items() if not _is_empty(value)}


def _is_empty(value: Any) -> bool:
    if isinstance(value, str):
        return not value.strip()
    return value is None or (isinstance(value, (list, tuple, dict)) and not value)
