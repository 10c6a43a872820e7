"""The one search of the services: behind the page, the API and the feed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, cast, func, literal, select, tuple_
from sqlalchemy.orm import Session
from sqlalchemy.types import Float, Integer

from services.directory.domain.search import RANKING, Facets, Miss, Moment, Ranking, Reason, Sort, Wanted
from services.directory.domain.taxonomies import NEEDS
from services.directory.store.database import database
from services.directory.store.queries.finding import cursor_id
from services.directory.store.queries.search_facets import count_facets
from services.directory.store.queries.search_misses import nearest_misses
from services.directory.store.queries.search_reasons import Said, reasons
from services.directory.store.queries.search_terms import Condition, Terms, said_by
from services.directory.store.queries.services import WHOLE, ServiceView, views_of, with_owners
from services.directory.store.queries.spots import Spot, find_spot
from services.directory.store.queries.understanding import Understood, understand
from services.directory.store.search import ServiceSearch
from services.directory.store.services import Service
from services.directory.store.taxonomy import TaxonomyTerm
from shared import paging

_NO_POINT = 100_000_000
# Where fewer say all the words, those that say some of them come after.
_FEW = 5
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

    Costs at most: one query for the words (three where one is misspelt), one for where, one to find, one for
    what is found and one for the names of needs; one more for the facets; where few say all the words one
    more, where nothing is found at all one for the misses. Raises Invalid for a postcode nobody knows,
    Malformed for a cursor that is not ours.
    """
    with database.transaction() as session:
        understood = understand(session, wanted.q, ranking, as_typed=wanted.as_typed)
        terms = Terms(wanted, moment, understood, find_spot(session, wanted), ranking)
        if understood.nothing:
            return Found((), 0, None, understood, terms.spot)
        filters = list(terms.filters().values())
        text = terms.all_words()
        conditions = [*filters, text] if text is not None else filters
        after = paging.decode(wanted.cursor, (int, int, str, str))
        some_words = after is not None and after[0] == _SOME
        rows = [] if some_words else _page(session, terms, conditions, after)
        if after is None and len(rows) < _FEW and ranking.fewer and len(understood.pieces) > 1:
            some_words = True
        if some_words:
            conditions = [*filters, terms.any_word()]
            rows = _page(session, terms, conditions, after, least=len(understood.pieces) - 1)
            some_words = bool(rows)
            if rows:
                conditions = [*conditions, _words_said(terms) >= rows[0].least]
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
    conditions: Sequence[Condition],
    after: list[Any] | None,
    least: int | None = None,
) -> Sequence[Any]:
    """A page and one more. With `least` those that say so many pieces of the words, or as many as any."""
    wanted = terms.wanted
    metres = terms.metres()
    row = ServiceSearch
    pieces = max(len(terms.understood.pieces), 1)
    score = terms.score(metres)
    said = literal(pieces) if least is None else _words_said(terms)
    hit = select(
        row.service_id.label("id"),
        row.name.label("name"),
        metres.label("metres"),
        (score if least is None else score * said / pieces).label("score"),
        said.label("said_pieces"),
    ).where(*conditions).cte("hit")  # fmt: skip
    if least is None:
        counted = select(hit, literal(pieces).label("least"), func.count().over().label("total"))
    else:
        needed = select(func.least(func.max(hit.c.said_pieces), least)).scalar_subquery()
        counted = select(hit, needed.label("least"), func.count().over().label("total"))
        counted = counted.where(hit.c.said_pieces >= needed)
    all_hits = counted.cte("counted")
    first: Any = cast(-all_hits.c.score, Integer)
    if wanted.sort == Sort.NEAREST:
        first = cast(func.coalesce(func.round(all_hits.c.metres), _NO_POINT), Integer)
    query = select(all_hits, first.label("first"))
    if after is not None:
        _, place, name, last_id = after
        here = tuple_(literal(place), literal(name), literal(cursor_id(last_id)))
        query = query.where(tuple_(first, all_hits.c.name, all_hits.c.id) > here)
    page = query.order_by(first, all_hits.c.name, all_hits.c.id).limit(wanted.limit + 1).cte("page")
    return session.execute(_whole(terms, page)).all()


def _whole(terms: Terms, page: Any) -> Select[*tuple[Any, ...]]:
    """The rows of a page with all that is shown of them."""
    queries = [query for _, query in _asked(terms)]
    of_page = (page.c.total, page.c.first, page.c.name.label("key"), page.c.least)
    return (
        with_owners(
            select(
                *WHOLE,
                *of_page,
                cast(page.c.metres, Float).label("metres"),
                terms.serves().label("serves"),
                said_by(queries).label("said"),
            )
        )
        .join(page, page.c.id == Service.id)
        .join(ServiceSearch, ServiceSearch.service_id == Service.id)
        .order_by(page.c.first, page.c.name, page.c.id)
    )


def _words_said(terms: Terms) -> Any:
    total: Any = literal(0)
    for words in terms.words():
        total = total + cast(words, Integer)
    return total


def _asked(terms: Terms) -> list[tuple[Said, str]]:
    """Every phrase that was looked for, with its tsquery."""
    return [
        (Said(piece.phrase, said), query)
        for piece in terms.understood.pieces
        for said, query in [(None, piece.query), *((one.phrase, one.query) for one in piece.wider)]
    ]


def _hits(session: Session, terms: Terms, rows: Sequence[Any]) -> tuple[Hit, ...]:
    asked = [said for said, _ in _asked(terms)]
    needs = _names_of_needs(session, terms) if rows else {}
    return tuple(
        Hit(
            view,
            None if row.metres is None else round(row.metres),
            reasons(terms, view, [asked[n - 1] for n in row.said], row.serves, needs),
        )
        for view, row in zip(views_of(session, rows), rows, strict=True)
    )


def _names_of_needs(session: Session, terms: Terms) -> dict[str, str]:
    """The needs the search speaks of: the one chosen, those its words mean. One query where there are any."""
    wanted = [need for need in (terms.wanted.need, *terms.understood.needs) if need]
    if not wanted:
        return {}
    rows = session.execute(
        select(TaxonomyTerm.code, TaxonomyTerm.name)
        .where(TaxonomyTerm.taxonomy == NEEDS, TaxonomyTerm.code.in_(wanted))
        .order_by(TaxonomyTerm.position)
    )
    return dict(rows.all())


def _cursor(rows: Sequence[Any], wanted: Wanted, words: int) -> str | None:
    if len(rows) <= wanted.limit:
        return None
    last = rows[wanted.limit - 1]
    return paging.encode(words, last.first, last.key, str(last[0].id))
