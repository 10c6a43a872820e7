"""A search as SQL: what a service has to say to be found, and how well it answers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, any_, case, cast, func, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, REAL, TEXT, TSQUERY
from sqlalchemy.types import Float, Integer

from services.directory.domain.search import Moment, Ranking, Wanted
from services.directory.store.listing_parts import ServicePostcode
from services.directory.store.queries.open_now import open_at
from services.directory.store.queries.spots import Spot
from services.directory.store.queries.understanding import Piece, Understood
from services.directory.store.search import ANYWHERE, ASK, SearchPoint, ServiceSearch

Condition = ColumnElement[bool]
Number = ColumnElement[Any]
_EARTH_METRES = 6_371_008.8
_METRES_PER_DEGREE = 111_195.0
# Scores are whole numbers, so that a cursor says exactly where a page ended.
_FINE = 1_000_000
_MANY_NEEDS = 10
# The name of the filter that nobody chooses and nobody can leave out.
LISTED = "listed"


@dataclass(frozen=True)
class Terms:
    """One search, ready to be asked: its filters by their names, and what its words look for."""

    wanted: Wanted
    moment: Moment
    understood: Understood
    spot: Spot | None
    ranking: Ranking

    def filters(self) -> dict[str, Condition]:
        """What was chosen, each by the name of its filter; and that it is not closed for a time."""
        wanted, row = self.wanted, ServiceSearch
        found: dict[str, Condition] = {LISTED: ~row.closed}
        found |= {name: row.labels.contains([label]) for name, label in wanted.label_filters.items()}
        if wanted.place:
            found["place"] = row.labels.overlap([f"place:{wanted.place}", "place:*"])
        if wanted.age is not None:
            found["age"] = func.coalesce(row.minimum_age, 0) <= wanted.age
            found["age"] &= func.coalesce(row.maximum_age, 999) >= wanted.age
        if self.spot is not None:
            found["area"] = or_(row.areas.overlap([*self.spot.codes, ANYWHERE, ASK]), self._drawn())
        if wanted.within is not None and self._has_point:
            found["within"] = or_(row.service_id.in_(self._near()), func.cardinality(row.spots) == 0)
        if wanted.open_now:
            found["open_now"] = open_at(row.service_id, self.moment.day, self.moment.minute)
        if wanted.open_day is not None and wanted.open_minute is not None:
            found["open_day"] = open_at(row.service_id, self.open_date(wanted.open_day), wanted.open_minute)
        if wanted.has_capacity:
            found["has_capacity"] = ~row.full & ~self._paused()
        return found

    def open_date(self, weekday: int) -> date:
        """The next such day, today where it is one."""
        return self.moment.day + timedelta(days=(weekday - self.moment.day.weekday()) % 7)

    def words(self) -> list[Condition]:
        """One condition for each piece of the search's words."""
        return [says(piece.whole_query) for piece in self.understood.pieces]

    def all_words(self) -> Condition | None:
        """Every piece, as one condition."""
        if not self.understood.pieces:
            return None
        return says(self.understood.all_query)

    def any_word(self) -> Condition:
        """One piece at least."""
        return says(self.understood.any_query)

    def metres(self) -> Number:
        """How far the nearest venue is, null where none has a point that may be told."""
        row = ServiceSearch
        if not self._has_point:
            return cast(literal(None), Float)
        every = (
            select(func.min(self._distance(SearchPoint.lat, SearchPoint.lon)))
            .where(SearchPoint.service_id == row.service_id)
            .correlate(row)
            .scalar_subquery()
        )
        return case(
            (func.cardinality(row.spots) == 2, self._distance(row.spots[1], row.spots[2])),
            (func.cardinality(row.spots) > 2, every),
        )

    def serves(self) -> Number:
        """`serves` the area by name, takes people from `anywhere`, or one has to `ask`; null without one."""
        if self.spot is None:
            return cast(literal(None), TEXT)
        row = ServiceSearch
        return case(
            (or_(row.areas.overlap(list(self.spot.codes)), self._drawn()), "serves"),
            (row.areas.contains([ANYWHERE]), ANYWHERE),
            else_=ASK,
        )

    def score(self, metres: Number) -> Number:
        """How well a service answers, from 0 to a million."""
        rank, row = self.ranking, ServiceSearch
        parts: list[Number] = [self._text_score()]
        current = row.fresh_until >= self.moment.day
        parts.append(case((row.fresh_until.is_(None), rank.unchecked), (current, 1.0), else_=rank.stale))
        parts.append(case((row.full | self._paused(), rank.full), else_=1.0))
        if self.wanted.need or self.understood.pieces:
            beside = func.least(func.greatest(row.needs - 1, 0), _MANY_NEEDS)
            parts.append(1.0 - beside * ((1 - rank.broad) / _MANY_NEEDS))
        if self.spot is not None:
            parts.append(case((self.serves() == ASK, rank.ask), else_=1.0))
        if self._has_point and rank.near is not None:
            # A place nobody may be told of is neither near nor far.
            parts.append(func.coalesce(0.5 + 0.5 * func.exp(-math.log(2) * metres / rank.near), 0.8))
        product = parts[0]
        for part in parts[1:]:
            product = product * part
        return cast(func.round(cast(product * _FINE, Float)), Integer)

    def _text_score(self) -> Number:
        pieces = self.understood.pieces
        if not pieces:
            return cast(literal(1.0), Float)
        whole = sum(piece.rarity for piece in pieces)
        scores = [self._piece_score(piece) * (piece.rarity / whole) for piece in pieces]
        total = scores[0]
        for score in scores[1:]:
            total = total + score
        return total

    def _piece_score(self, piece: Piece) -> Number:
        weights = cast(list(self.ranking.weights), ARRAY(REAL))
        typed = func.ts_rank(weights, ServiceSearch.vector, _query(piece.query))
        wider = [
            func.ts_rank(weights, ServiceSearch.vector, _query(query)) * counts
            for query, counts in (
                (piece.same_query, self.ranking.wider),
                (piece.also_query, self.ranking.also),
            )
            if query
        ]
        return func.greatest(typed, *wider) if wider else typed

    @property
    def _has_point(self) -> bool:
        return self.spot is not None and self.spot.lat is not None

    def _paused(self) -> Condition:
        row = ServiceSearch
        return row.paused | func.coalesce(row.paused_until >= self.moment.day, False)

    def _drawn(self) -> Condition:
        postcode = self.spot.postcode if self.spot is not None else None
        drawn = select(ServicePostcode.service_id).where(ServicePostcode.postcode == postcode)
        return ServiceSearch.service_id == any_(func.array(drawn.scalar_subquery()))

    def _near(self) -> Any:
        assert self.spot is not None  # noqa: S101 - asked for only where there is a point
        lat, lon, within = self.spot.lat or 0.0, self.spot.lon or 0.0, self.wanted.within or 0
        up = within / _METRES_PER_DEGREE
        across = up / max(math.cos(math.radians(lat)), 0.01)
        return select(SearchPoint.service_id).where(
            SearchPoint.lat.between(lat - up, lat + up),
            SearchPoint.lon.between(lon - across, lon + across),
            self._distance(SearchPoint.lat, SearchPoint.lon) <= within,
        )

    def _distance(self, lat: Any, lon: Any) -> Number:
        """Metres over the ground (haversine)."""
        here_lat = math.radians(self.spot.lat or 0.0) if self.spot else 0.0
        here_lon = math.radians(self.spot.lon or 0.0) if self.spot else 0.0
        up = func.sin((func.radians(lat) - here_lat) * 0.5)
        across = func.sin((func.radians(lon) - here_lon) * 0.5)
        inside = up * up + math.cos(here_lat) * func.cos(func.radians(lat)) * across * across
        return 2 * _EARTH_METRES * func.asin(func.sqrt(func.least(inside, 1.0)))


def said_by(queries: Sequence[str]) -> Number:
    """Which of these tsqueries a service says, as their numbers from 1."""
    asked = (
        func.unnest(cast(list(queries), ARRAY(TEXT)))
        .table_valued("query", with_ordinality="n")
        .render_derived(name="asked")
    )
    said = select(asked.c.n).where(ServiceSearch.vector.op("@@")(cast(asked.c.query, TSQUERY)))
    return func.array(said.scalar_subquery())


def says(query: str) -> Condition:
    """Whether what a row of the search says answers this tsquery."""
    return ServiceSearch.vector.op("@@", is_comparison=True)(_query(query))


def _query(query: str) -> ColumnElement[Any]:
    return cast(literal(query), TSQUERY)
