"""A web app that tells how many objects this process leaves out of Python's collection of garbage."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable
from typing import Any


def app(
    _environ: dict[str, Any], start_response: Callable[[str, list[tuple[str, str]]], Any]
) -> Iterable[bytes]:
    """The number, as text."""
    body = str(gc.get_freeze_count()).encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
