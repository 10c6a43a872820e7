"""How many of what is found say each value, and how many would say it instead of what was chosen."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.orm import Session

from services.directory.domain.search import Facets
from services.directory.store.queries.search_terms import Condition, Terms
from services.directory.store.search import ServiceSearch

# The filters that a facet is chosen by, where they are not called as it is.
_CHOSEN_BY = {
    "lang": frozenset({"language"}),
    "cost": frozenset({"free"}),
    "open": frozenset({"open_day", "open_now"}),
}
_NAMES = ("need", "kind", "place", "sector", "route", "lang", "access", "open", "cost")


def count_facets(session: Session, terms: Terms, text: Sequence[Condition]) -> Facets:
    """The counts of what answers the filters and `text`. One query.

    Of a facet somebody chose a value of, each value's count is of what would be found with it instead.
    """
    filters = terms.filters()
    chosen = {name: _CHOSEN_BY.get(name, frozenset({name})) & filters.keys() for name in _NAMES}
    label = func.unnest(ServiceSearch.labels).label("label")
    said = select(literal("").label("facet"), label).where(*filters.values(), *text).subquery()
    queries = [select(said.c.facet, said.c.label, func.count()).group_by(said.c.facet, said.c.label)]
    for name, own in chosen.items():
        if own:
            others = [condition for other, condition in filters.items() if other not in own]
            one = select(literal(name).label("facet"), label).where(*others, *text).subquery()
            queries.append(
                select(one.c.facet, one.c.label, func.count())
                .where(one.c.label.like(f"{name}:%"))
                .group_by(one.c.facet, one.c.label)
            )
    found: dict[str, dict[str, int]] = {}
    for facet, text_of, count in session.execute(union_all(*queries)):
        name, _, value = text_of.partition(":")
        if facet == (name if chosen.get(name) else ""):
            found.setdefault(name, {})[value] = count
    return Facets(found)
