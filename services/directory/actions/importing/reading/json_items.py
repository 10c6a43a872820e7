"""JSON of any length, item by item: a list, a page of a feed (`content`, `contents` …), or lines of JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO, Any

import ijson  # type: ignore[import-untyped]

from services.directory.actions.importing.limits import DEEPEST, MIB, MOST_EVENTS
from services.directory.actions.importing.reading.items import Item, refuse

# Where pages of feeds keep their list; the standards say `content` (1) and `contents` (3).
LISTS = ("content", "contents", "services", "items", "results", "data")
_STARTS = ("start_map", "start_array")
_ENDS = ("end_map", "end_array")


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
        found = json.loads(first)
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
            yield Item(f"line {number}", json.loads(line))
        except (ValueError, RecursionError):
            yield Item(f"line {number}", None, unreadable="This line is not JSON: mend it at the source.")


def _values(file: IO[bytes]) -> Iterator[tuple[Any, str]]:
    """Each item with what is wrong with it; one that is too large or too deep is passed over, not held."""
    inside: str | None = None
    build: ijson.ObjectBuilder | None = None
    depth = events = 0
    for prefix, event, value in _events(file):
        if build is None:
            if inside is None:
                inside = _list_begun(prefix, event)
            elif prefix == inside.removesuffix(".item") and event == "end_array":
                inside = None
            elif prefix == inside and event == "start_map":
                build, depth, events = ijson.ObjectBuilder(), 1, 1
                build.event(event, value)
            elif prefix == inside and event not in (*_STARTS, *_ENDS):
                yield value, ""
            elif prefix == inside and event == "start_array":
                yield [], ""
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


def _list_begun(prefix: str, event: str) -> str | None:
    if event != "start_array":
        return None
    if prefix == "":
        return "item"
    return f"{prefix}.item" if prefix in LISTS else None


def _events(file: IO[bytes]) -> Iterator[tuple[str, str, Any]]:
    try:
        yield from ijson.parse(file, multiple_values=True, use_float=True)
    except (ijson.JSONError, UnicodeDecodeError, ValueError, OverflowError) as wrong:
        raise refuse(
            "It cannot be read as JSON to its end: it breaks off, or a character is wrong. Get it anew from "
            "its source."
        ) from wrong
