"""Where nothing was found: which filter to leave out, how many there would be, and how far the nearest is."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.directory.domain.search import Miss
from services.directory.store.queries.search_terms import LISTED, Terms
from services.directory.store.search import ServiceSearch

# Nobody is sent to a service that does not take them: what cannot be left out is whom it is for.
_KEPT = frozenset({"age", LISTED})


def nearest_misses(session: Session, terms: Terms) -> tuple[Miss, ...]:
    """The filters that alone stand in the way, those that would give most first. One query.

    Private places are in no distance here either.
    """
    filters = terms.filters()
    text = terms.all_words()
    if text is not None:
        filters["q"] = text
    tried = [name for name in filters if name not in _KEPT]
    if len(filters.keys() - {LISTED}) < 2 or not tried:
        return ()
    columns: list[Any] = []
    for name in tried:
        others = [condition for other, condition in filters.items() if other != name]
        found = select(ServiceSearch.service_id).where(*others)
        columns.append(select(func.count()).select_from(found.subquery()).scalar_subquery())
        # What lies beyond a distance is told with how far it is.
        nearest = select(func.min(terms.metres())).select_from(ServiceSearch).where(*others)
        columns.append(nearest.scalar_subquery())
    row = session.execute(select(*columns)).one()
    misses = [
        Miss(name, row[2 * n], None if row[2 * n + 1] is None else round(row[2 * n + 1]))
        for n, name in enumerate(tried)
        if row[2 * n]
    ]
    return tuple(sorted(misses, key=lambda miss: (miss.without != "within", -miss.count)))
