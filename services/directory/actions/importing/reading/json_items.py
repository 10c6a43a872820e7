"""JSON of any length, item by item: a list, a page of a feed (`content`, `contents` …), or lines of JSON."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import IO, Any

import ijson  # type: ignore[import-untyped]

from services.directory.actions.importing.limits import DEEPEST, MIB, MOST_EVENTS
from services.directory.actions.importing.reading.items import Item, refuse
from services.directory.actions.importing.reading.long_numbers import InQuotes
from shared.json_numbers import json_of_others

# Where pages of feeds keep their list; the standards say `content` (1) and `contents` (3).
LISTS = ("content", "contents", "services", "items", "results", "data")
_STARTS = ("start_map", "start_array")
_ENDS = ("end_map", "end_array")
_BROKEN = (ijson.JSONError, UnicodeDecodeError, ValueError, OverflowError)


def json_items(file: IO[bytes]) -> Iterator[Item]:
    """The items of a file. Raises Invalid where it is no JSON, or holds no list of services."""
    if _is_lines(file):
        yield from _lines(file)
        return
    number = 0
    for number, (said, trouble) in enumerate(_values(file), start=1):
        yield Item(f"item {number}", said, unreadable=trouble)
    if number == 0:
        raise refuse(
            "No list of services was found in it. It should be a list, or have one called contents, content "
            "or services."
        )


def _is_lines(file: IO[bytes]) -> bool:
    """Whether its first line is one whole object that is no page of a feed."""
    first = file.readline(MIB)
    file.seek(0)
    try:
        found = json_of_others(first)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and not any(isinstance(found.get(name), list) for name in LISTS)


def _lines(file: IO[bytes]) -> Iterator[Item]:
    number = 0
    while line := file.readline(MIB):
        number += 1
        if not line.strip():
            continue
        try:
            yield Item(f"line {number}", json_of_others(line))
        except (ValueError, RecursionError):
            yield Item(f"line {number}", None, unreadable="This line is not JSON: mend it at the source.")


def _values(file: IO[bytes]) -> Iterator[tuple[Any, str]]:
    """Each item with what is wrong with it. Raises Invalid where the file is no JSON."""
    told = 0
    try:
        for one in _parsed(file):
            told += 1
            yield one
    except _BROKEN:
        # It may have stopped at a number that is longer than it counts: read again, those as text.
        file.seek(0)
        try:
            yield from islice(_parsed(InQuotes(file)), told, None)
        except _BROKEN as wrong:
            raise refuse(
                "It cannot be read as JSON to its end: it breaks off, or a character is wrong. Get it anew "
                "from its source."
            ) from wrong


def _parsed(file: IO[bytes] | InQuotes) -> Iterator[tuple[Any, str]]:
    """Each item with what is wrong with it; one that is too large or too deep is passed over, not held."""
    build: ijson.ObjectBuilder | None = None
    items = _Items()
    depth = events = 0
    for event, value in ijson.basic_parse(file, multiple_values=True, use_float=True):
        if build is None:
            if not items.stands_in_list(event, value):
                continue
            if event == "start_map":
                build, depth, events = ijson.ObjectBuilder(), 1, 1
                build.event(event, value)
            else:
                yield ([] if event == "start_array" else value), ""
            continue
        events += 1
        depth += (event in _STARTS) - (event in _ENDS)
        if events <= MOST_EVENTS and depth <= DEEPEST:
            build.event(event, value)
        else:
            events = MOST_EVENTS + 1
        if depth == 0:
            if events > MOST_EVENTS:
                yield None, "It has more parts, or is nested deeper, than any service: it was passed over."
            else:
                yield build.value, ""
            build = None


class _Items:
    """Where in a file its list of services is: at the top, or under one of `LISTS`.

    It counts brackets and keeps no path: one of a hundred thousand brackets would fill all memory.
    """

    def __init__(self) -> None:
        self._depth = 0
        self._inside: int | None = None
        self._key = ""

    def stands_in_list(self, event: str, value: Any) -> bool:
        """Whether an item begins here. What is within an object that is an item is not asked about."""
        if event == "map_key":
            self._key = value if self._depth == 1 else self._key
            return False
        if event in _ENDS:
            self._depth -= 1
            if self._inside is not None and self._depth < self._inside:
                self._inside = None
            return False
        begins = self._depth == self._inside
        if event in _STARTS and not (begins and event == "start_map"):
            if event == "start_array" and self._inside is None and self._is_list():
                self._inside = self._depth + 1
            self._depth += 1
        return begins

    def _is_list(self) -> bool:
        return self._depth == 0 or (self._depth == 1 and self._key in LISTS)
