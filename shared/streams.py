"""Answers sent piece by piece as they are read, so that however much there is, little of it is in memory."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from threading import BoundedSemaphore

from flask import Response, stream_with_context

from shared.errors import Unavailable

# A stream holds a hand and a connection for as long as its reader takes: so many at once in each process,
# and none for longer than this. One that is cut off is seen by its reader to be unfinished.
SLOTS = BoundedSemaphore(2)
_LONGEST_SECONDS = 600
_ASK_AGAIN_SECONDS = 30
_LETTERS_AT_ONCE = 64_000


class ReaderTooSlow(RuntimeError):
    """A stream that its reader did not take in time."""


def stream(pieces: Iterable[str], content_type: str) -> Response:
    """An answer of these pieces. Raises Unavailable while others are reading as much."""
    if not SLOTS.acquire(blocking=False):
        raise Unavailable(
            "Others are reading everything just now. Ask again in half a minute.",
            headers={"Retry-After": str(_ASK_AGAIN_SECONDS)},
        )
    held = [SLOTS]

    def give_back() -> None:
        # Read to its end, or given up before: once, whichever comes first.
        if held:
            held.pop().release()

    response = Response(stream_with_context(_in_time(pieces, give_back)), content_type=content_type)
    response.call_on_close(give_back)
    return response


def _in_time(pieces: Iterable[str], at_end: Callable[[], None]) -> Iterator[str]:
    began, waiting, letters = time.monotonic(), list[str](), 0
    for piece in pieces:
        waiting.append(piece)
        letters += len(piece)
        if letters >= _LETTERS_AT_ONCE:
            if time.monotonic() - began > _LONGEST_SECONDS:
                raise ReaderTooSlow
            yield "".join(waiting)
            waiting, letters = [], 0
    yield "".join(waiting)
    at_end()
