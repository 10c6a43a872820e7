"""What a reader gives: one item at a time, or a row that could not be read; or it refuses the whole file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.errors import Invalid


@dataclass(frozen=True)
class Item:
    """One thing of a file, in the shape of a feed. `raw` is the row it was made of, where that differs.

    With `unreadable` it could not be read, and that says why.
    """

    where: str
    said: Any
    raw: Mapping[str, Any] | None = None
    unreadable: str = ""


def refuse(words: str) -> Invalid:
    """The error that refuses a file whole, in words that say how to mend it."""
    return Invalid.field("/file", words)
