"""The web pages and the background worker of the stand-ins."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from celery import Celery

celery = Celery("apples", broker=os.environ["REDIS_URL"])


def web(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Is always ready, on every path; its copy of the orchard is old while the file OLD_ORCHARD is there."""
    if environ["PATH_INFO"] == "/readyz":
        old = Path(os.environ.get("OLD_ORCHARD", "/nowhere")).exists()
        hindered = [{"what": "shop", "why": "It is closed."}]
        hindered += [{"what": "orchard", "why": "The copy of the orchard is old."}] if old else []
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps({"ready": True, "missing": [], "hindered": hindered}).encode()]
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["PATH_INFO"].encode()]
