"""Text in JSON that no database takes: NUL, which PostgreSQL refuses, and half of a character pair.

PostgreSQL would write the whole document into its log when it refuses one; so it never gets there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from shared.errors import FieldProblem

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
WORDS = "Take out the characters that cannot be stored as text (NUL, or half of a character pair)."


def unstorable_text(body: Any) -> list[FieldProblem]:
    """Where in `body` such text stands, keys included, in the order of the document."""
    found = []
    waiting: list[tuple[str, Any]] = [("", body)]
    while waiting:
        pointer, value = waiting.pop()
        if isinstance(value, str):
            if _UNSTORABLE.search(value):
                found.append(FieldProblem(pointer, WORDS))
        elif isinstance(value, Mapping):
            inner = [(f"{pointer}/{pointer_step(key)}", key, value[key]) for key in value]
            found += [FieldProblem(place, WORDS) for place, key, _ in inner if _UNSTORABLE.search(str(key))]
            waiting += [(place, one) for place, _, one in reversed(inner)]
        elif isinstance(value, list):
            waiting += [(f"{pointer}/{place}", one) for place, one in reversed(list(enumerate(value)))]
    return found


def pointer_step(key: object) -> str:
    """One step of a JSON Pointer (RFC 6901 §3)."""
    return str(key).replace("~", "~0").replace("/", "~1")
