"""How many of what is found say each value, and how many would say it instead of what was chosen."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.directory.domain.search import Facets
from services.directory.store.queries.search_terms import Terms, found_by

# The filters that a facet is chosen by, where they are not called as it is.
_CHOSEN_BY = {
    "lang": frozenset({"language"}),
    "cost": frozenset({"free"}),
    "open": frozenset({"open_day", "open_now"}),
}
_NAMES = ("need", "kind", "place", "sector", "route", "lang", "access", "open", "cost")


def count_facets(session: Session, terms: Terms, words: Sequence[str]) -> Facets:
    """The counts of what answers the filters and `words`. One query.

    Of a facet somebody chose a value of, each value's count is of what would be found with it instead.
    """
    filters = terms.filters
    chosen = {name: _CHOSEN_BY.get(name, frozenset({name})) & filters.keys() for name in _NAMES}
    queries = [_counted("", [*filters.values(), *words])]
    for name, own in chosen.items():
        if own:
            others = [condition for other, condition in filters.items() if other not in own]
            queries.append(_counted(name, [*others, *words]))
    found: dict[str, dict[str, int]] = {}
    for facet, label, count in session.execute(text(" union all ".join(queries)), terms.given):
        name, _, value = label.partition(":")
        if facet == (name if chosen.get(name) else ""):
            found.setdefault(name, {})[value] = count
    return Facets(found)


def _counted(facet: str, conditions: Sequence[str]) -> str:
    """The labels of what meets the conditions; of one facet where it is named."""
    only = f"where label like '{facet}:%'" if facet else ""
    return (
        f"select '{facet}' as facet, label, count(*)"  # noqa: S608 - of names written above
        f" from (select unnest(r.labels) as label from {found_by(conditions)}) as said {only} group by label"
    )
