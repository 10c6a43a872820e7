"""A file of JSON in which numbers beyond counting stand in quotes, as text; all else is as it was."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

from shared.json_numbers import is_countable

_AT_A_TIME = 64 * 1024
_OUTSIDE = re.compile(rb'[^"0-9-]*')
_INSIDE = re.compile(rb'[^"\\]*(?:\\.[^"\\]*)*', re.DOTALL)
_LIKE_A_NUMBER = re.compile(rb"[-+.0-9eE]*")
_NUMBER = re.compile(rb"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")


class InQuotes:
    """Reads such a file from where it stands."""

    def __init__(self, file: IO[bytes]) -> None:
        self._pieces = _pieces(file)

    def read(self, size: int = -1) -> bytes:
        """The next piece, of any length; empty at the end, and where 0 is asked for."""
        return next(self._pieces, b"") if size else b""


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    held, in_text, more = b"", False, True
    while more:
        # What is held over is read again: by twice as much each time, a number of any length costs no more.
        read = file.read(max(_AT_A_TIME, len(held)))
        data, more = held + read, bool(read)
        found: list[bytes] = []
        at = 0
        while at < len(data):
            end = _end(_INSIDE if in_text else _OUTSIDE, data, at)
            found.append(data[at:end])
            at = end
            if data[at : at + 1] == b'"':
                in_text = not in_text
                found.append(b'"')
                at += 1
            elif at < len(data):
                end = len(data) if in_text else _end(_LIKE_A_NUMBER, data, at)
                if end == len(data) and more:
                    break
                found.append(_as_text(data[at:end]))
                at = end
        held = data[at:]
        if piece := b"".join(found):
            yield piece


def _end(pattern: re.Pattern[bytes], data: bytes, at: int) -> int:
    match = pattern.match(data, at)
    return match.end() if match else at


def _as_text(number: bytes) -> bytes:
    if not _NUMBER.fullmatch(number) or is_countable(number.decode("ascii")):
        return number
    return b'"' + number + b'"'
