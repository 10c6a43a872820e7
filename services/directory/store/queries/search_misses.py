"""Where nothing was found: which filter to leave out, how many there would be, and how far the nearest is."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.directory.domain.search import Miss
from services.directory.store.queries.search_terms import LISTED, Terms, found_by

# Nobody is sent to a service that does not take them: what cannot be left out is whom it is for.
_KEPT = frozenset({"age", LISTED})


def nearest_misses(session: Session, terms: Terms) -> tuple[Miss, ...]:
    """The filters that alone stand in the way, those that would give most first. One query.

    Private places are in no distance here either.
    """
    filters = dict(terms.filters)
    if terms.all_words is not None:
        filters["q"] = terms.all_words
    tried = [name for name in filters if name not in _KEPT]
    if len(filters.keys() - {LISTED}) < 2 or not tried:
        return ()
    columns: list[str] = []
    for name in tried:
        found = found_by(condition for other, condition in filters.items() if other != name)
        # What lies beyond a distance is told with how far it is.
        columns += [f"(select count(*) from {found})", f"(select min({terms.metres}) from {found})"]  # noqa: S608
    row = session.execute(text("select " + ", ".join(columns)), terms.given).one()
    misses = [
        Miss(name, row[2 * n], None if row[2 * n + 1] is None else round(row[2 * n + 1]))
        for n, name in enumerate(tried)
        if row[2 * n]
    ]
    return tuple(sorted(misses, key=lambda miss: (miss.without != "within", -miss.count)))
