"""The one search of the services: behind the page, the API and the feed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.directory.domain.search import RANKING, Facets, Miss, Moment, Ranking, Reason, Sort, Wanted
from services.directory.domain.taxonomies import NEEDS
from services.directory.store.database import database
from services.directory.store.queries.finding import cursor_id
from services.directory.store.queries.search_facets import count_facets
from services.directory.store.queries.search_misses import nearest_misses
from services.directory.store.queries.search_reasons import Said, reasons
from services.directory.store.queries.search_terms import Terms, found_by
from services.directory.store.queries.services import ServiceView, views_by_id
from services.directory.store.queries.spots import Spot, find_spot
from services.directory.store.queries.understanding import Understood, understand
from shared import paging

_NO_POINT = 100_000_000
# Where fewer say all the words, those that say some of them come after.
_FEW = 5
_NEEDS_NAMED = text("""
select code, name from taxonomy_term where taxonomy = :needs and code = any(cast(:wanted as text[]))
order by position
""")
# In a cursor: its page holds what says all the words, or some.
_ALL, _SOME = 0, 1


@dataclass(frozen=True)
class Hit:
    """A service that was found: how far (metres, None where that is not told), and why."""

    view: ServiceView
    metres: int | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Found:
    """One page of what was found. `some_words`: few or none say all the words, so those that say
    some of them follow."""

    hits: tuple[Hit, ...]
    total: int
    next_cursor: str | None
    understood: Understood
    spot: Spot | None
    some_words: bool = False
    facets: Facets | None = None
    misses: tuple[Miss, ...] = ()


def search_services(
    wanted: Wanted, moment: Moment, *, facets: bool = False, ranking: Ranking = RANKING
) -> Found:
    """One page of the services that answer `wanted`, the best first, with why.

    Costs at most: one query for the words (three where one is misspelt), one for where, one to find, two for
    what is found and one for the names of needs; one more for the facets; where few say all the words one
    more, where nothing is found at all one for the misses. Raises Invalid for a postcode nobody knows,
    Malformed for a cursor that is not ours.
    """
    with database.transaction() as session:
        understood = understand(session, wanted.q, ranking, as_typed=wanted.as_typed)
        terms = Terms(wanted, moment, understood, find_spot(session, wanted), ranking)
        if understood.nothing:
            return Found((), 0, None, understood, terms.spot)
        filters = list(terms.filters.values())
        conditions = [*filters, terms.all_words] if terms.all_words is not None else filters
        after = paging.decode(wanted.cursor, (int, int, str, str))
        some_words = after is not None and after[0] == _SOME
        rows = [] if some_words else _page(session, terms, conditions, after)
        if after is None and len(rows) < _FEW and ranking.fewer and len(understood.pieces) > 1:
            some_words = True
        if some_words:
            conditions = [*filters, terms.any_word]
            rows = _page(session, terms, conditions, after, least=len(understood.pieces) - 1)
            some_words = bool(rows)
            if rows:
                conditions = [*conditions, f"{terms.words_said} >= {rows[0].least}"]
        return Found(
            hits=_hits(session, terms, rows[: wanted.limit]),
            total=rows[0].total if rows else 0,
            next_cursor=_cursor(rows, wanted, _SOME if some_words else _ALL),
            understood=understood,
            spot=terms.spot,
            some_words=some_words,
            facets=count_facets(session, terms, conditions[len(filters) :]) if facets else None,
            misses=() if rows or wanted.cursor else nearest_misses(session, terms),
        )


def _page(
    session: Session,
    terms: Terms,
    conditions: Sequence[str],
    after: list[Any] | None,
    least: int | None = None,
) -> Sequence[Any]:
    """A page and one more. With `least` those that say so many pieces of the words, or as many as any."""
    given = terms.given | {
        "pieces": max(len(terms.understood.pieces), 1),
        "least": least,
        "more": terms.wanted.limit + 1,
        "asked": [query for _, query in _asked(terms)],
    }
    first = "-score"
    if terms.wanted.sort == Sort.NEAREST:
        first = f"coalesce(round(metres)::int, {_NO_POINT})"
    here = ""
    if after is not None:
        _, given["place"], given["after_name"], last_id = after
        given["after_id"] = cursor_id(last_id)
        here = f"where ({first}, name, id) > (:place, :after_name, :after_id)"
    some = least is not None
    needed = "(select least(max(said_pieces), :least) from hit)" if some else ":pieces"
    enough = f"where said_pieces >= {needed}" if some else ""
    said = terms.words_said if some else ":pieces"
    score = terms.score("merit * said_pieces / :pieces" if some else "merit", "metres", "serves")
    statement = f"""
with hit as materialized (select r.service_id as id, r.name, {terms.metres} as metres,
    {terms.serves} as serves, cast({said} as integer) as said_pieces, {terms.merit} as merit
    from {found_by(conditions)}),
scored as (select id, name, metres, serves, {score} as score from hit {enough}),
page as (select *, {first} as first from scored {here} order by first, name, id limit :more)
select page.*, cast({needed} as integer) as least, (select count(*) from hit {enough}) as total,
    array(select n from unnest(cast(:asked as text[])) with ordinality as asked(query, n)
        where r.vector @@ cast(query as tsquery)) as said
from page join service_search r on r.service_id = page.id order by first, page.name, page.id
"""  # noqa: S608 - put together of the pieces of Terms; what was asked for is among its parameters
    return session.execute(text(statement), given).all()


def _asked(terms: Terms) -> list[tuple[Said, str]]:
    """Every phrase that was looked for, with its tsquery."""
    return [
        (Said(piece.phrase, said), query)
        for piece in terms.understood.pieces
        for said, query in [(None, piece.query), *((one.phrase, one.query) for one in piece.wider)]
    ]


def _hits(session: Session, terms: Terms, rows: Sequence[Any]) -> tuple[Hit, ...]:
    if not rows:
        return ()
    asked = [said for said, _ in _asked(terms)]
    needs = _names_of_needs(session, terms)
    views = views_by_id(session, [row.id for row in rows])
    return tuple(
        Hit(
            views[row.id],
            None if row.metres is None else round(row.metres),
            reasons(terms, views[row.id], [asked[n - 1] for n in row.said], row.serves, needs),
        )
        for row in rows
    )


def _names_of_needs(session: Session, terms: Terms) -> dict[str, str]:
    """The needs the search speaks of: the one chosen, those its words mean. One query where there are any."""
    wanted = [need for need in (terms.wanted.need, *terms.understood.needs) if need]
    if not wanted:
        return {}
    return dict(session.execute(_NEEDS_NAMED, {"needs": NEEDS, "wanted": wanted}).all())


def _cursor(rows: Sequence[Any], wanted: Wanted, words: int) -> str | None:
    if len(rows) <= wanted.limit:
        return None
    last = rows[wanted.limit - 1]
    return paging.encode(words, last.first, last.name, str(last.id))
