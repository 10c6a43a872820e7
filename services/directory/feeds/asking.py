"""A query read: what was asked of a feed, or a clear refusal of the parameter that was wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from services.directory.feeds.parameters import (
    DEFAULT_PER_PAGE,
    MOST_MINIMAL,
    MOST_WITH_SERVICES,
    PARAMETERS,
    too_long,
)
from services.directory.store.queries.feed_pages import find_point
from services.directory.store.queries.feed_selection import Asked
from shared.errors import Malformed

_OF_THE_ANSWER = ("page", "per_page", "format", "minimal", "full", "full_service", "postcode", "proximity")


@dataclass(frozen=True)
class Query:
    """What is asked for, and how it is to be told."""

    asked: Asked
    page: int = 1
    per_page: int = DEFAULT_PER_PAGE
    ndjson: bool = False
    minimal: bool = False
    full: bool = False
    full_service: bool = False


def read_query(sent: MultiDict[str, str], taken: Iterable[str]) -> Query:
    """The query, of the parameters that are `taken` here. Raises Malformed naming the one that is wrong.

    A parameter that is not taken is refused, for a filter that silently does not filter is worse than none.
    """
    values = read_values(sent, taken)
    minimal, full_service = bool(values.get("minimal")), bool(values.get("full_service"))
    per_page = values.get("per_page", MOST_MINIMAL if minimal else DEFAULT_PER_PAGE)
    return Query(
        asked=_asked(values),
        page=values.get("page", 1),
        per_page=min(per_page, MOST_WITH_SERVICES) if full_service else per_page,
        ndjson=values.get("format") == "ndjson",
        minimal=minimal,
        full=bool(values.get("full")),
        full_service=full_service,
    )


def read_values(sent: MultiDict[str, str], taken: Iterable[str]) -> dict[str, Any]:
    """The parameters by name, those left empty left out."""
    known = tuple(taken)
    return {
        name: _value(name, given)
        for name in sent
        if (given := _only_one(name, sent.getlist(name), known)) != ""
    }


def _only_one(name: str, given: list[str], known: tuple[str, ...]) -> str:
    if name not in known:
        listed = ", ".join(known) if known else "none"
        raise _refused(name[:40], f"This address does not take it. It takes: {listed}.")
    if len(given) > 1:
        raise _refused(name, "Give it once.")
    return given[0]


def _value(name: str, given: str) -> Any:
    parameter = PARAMETERS[name]
    if too_long(given):
        raise _refused(name, parameter.mend)
    try:
        return parameter.read(given)
    except (ValueError, KeyError, OverflowError) as wrong:
        raise _refused(name, parameter.mend) from wrong


def _asked(values: dict[str, Any]) -> Asked:
    near = None
    if "postcode" in values:
        near = find_point(values["postcode"])
        if near is None:
            raise _refused("postcode", "This postcode is not known here.")
    elif "proximity" in values:
        raise _refused("proximity", "Give the postcode to measure from, too.")
    own = {name: value for name, value in values.items() if name not in _OF_THE_ANSWER}
    return Asked(near=near, metres=values.get("proximity"), **own)


def _refused(name: str, mend: str) -> Malformed:
    return Malformed(f"The parameter {name}: {mend}", errors=[{"pointer": f"/{name}", "detail": mend}])
