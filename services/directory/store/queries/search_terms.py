"""A search as SQL: what a service has to say to be found, and how well it answers.

Every condition is a piece of SQL over `service_search r`, written here once; what was asked for goes beside
it as parameters. Statements so put together are the same text from search to search, which neither SQLAlchemy
nor the database then has to read anew.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from services.directory.domain.search import Moment, Ranking, Wanted
from services.directory.store.queries.open_now import OPEN_AT, open_given
from services.directory.store.queries.spots import Spot
from services.directory.store.queries.understanding import Understood
from services.directory.store.search import ANYWHERE, ASK

# The name of the filter that nobody chooses and nobody can leave out.
LISTED = "listed"
PAUSED = "(r.paused or coalesce(r.paused_until >= :day, false))"
_EARTH_METRES = 6_371_008.8
_METRES_PER_DEGREE = 111_195.0
# Scores are whole numbers, so that a cursor says exactly where a page ended.
_FINE = 1_000_000
_MANY_NEEDS = 10


def _float(value: float) -> str:
    """A number as the database is quick with; one without a type it takes for an exact decimal."""
    return f"{float(value)!r}::float"


def _distance(lat: str, lon: str) -> str:
    """Metres over the ground from where the search is (haversine)."""
    up, across = f"sin((radians({lat}) - :lat) / 2)", f"sin((radians({lon}) - :lon) / 2)"
    inside = f"{up} ^ 2 + :cos_lat * cos(radians({lat})) * {across} ^ 2"
    return f"{_float(2 * _EARTH_METRES)} * asin(sqrt(least({inside}, {_float(1)})))"


_METRES = f"""case when cardinality(r.spots) = 2 then {_distance("r.spots[1]", "r.spots[2]")}
    when cardinality(r.spots) > 2 then (select min({_distance("p.lat", "p.lon")})
        from search_point p where p.service_id = r.service_id) end"""  # noqa: S608 - of the pieces above
_NEAR = f"""(r.service_id in (select p.service_id from search_point p
    where p.lat between :south and :north and p.lon between :west and :east
        and {_distance("p.lat", "p.lon")} <= :within) or cardinality(r.spots) = 0)"""  # noqa: S608
_DRAWN = "r.service_id = any(array(select service_id from service_postcode where postcode = :postcode))"
_SERVES = f"(r.areas && cast(:codes as text[]) or {_DRAWN})"
_AREA = f"(r.areas && cast(:codes_or_any as text[]) or {_DRAWN})"
_AGE = "coalesce(r.minimum_age, 0) <= :age and coalesce(r.maximum_age, 999) >= :age"


@dataclass(frozen=True)
class Terms:
    """One search, ready to be asked: its filters by their names, and what its words look for."""

    wanted: Wanted
    moment: Moment
    understood: Understood
    spot: Spot | None
    ranking: Ranking

    @cached_property
    def filters(self) -> dict[str, str]:
        """What was chosen, each by the name of its filter; and that it is not closed for a time."""
        wanted = self.wanted
        found = {LISTED: "not r.closed"}
        found |= {name: f"r.labels @> cast(:{name}_label as text[])" for name in wanted.label_filters}
        if wanted.place:
            found["place"] = "r.labels && cast(:place_labels as text[])"
        if wanted.age is not None:
            found["age"] = _AGE
        if self.spot is not None:
            found["area"] = _AREA
        if wanted.within is not None and self.has_point:
            found["within"] = _NEAR
        if wanted.open_now:
            found["open_now"] = OPEN_AT.format("now")
        if wanted.open_day is not None and wanted.open_minute is not None:
            found["open_day"] = OPEN_AT.format("then")
        if wanted.has_capacity:
            found["has_capacity"] = f'not r."full" and not {PAUSED}'
        return found

    @cached_property
    def given(self) -> dict[str, Any]:
        """The parameters of all its pieces, by their names."""
        wanted, pieces = self.wanted, self.understood.pieces
        found: dict[str, Any] = {
            "day": self.moment.day,
            **{f"{name}_label": [label] for name, label in wanted.label_filters.items()},
            "place_labels": [f"place:{wanted.place}", "place:*"],
            "age": wanted.age,
            **self._of_spot(),
            "weights": list(self.ranking.weights),
            "all_words": self.understood.all_query,
            "any_word": self.understood.any_query,
        }
        if wanted.open_now:
            found |= open_given("now", self.moment.day, self.moment.minute)
        if wanted.open_day is not None and wanted.open_minute is not None:
            found |= open_given("then", self._open_date(wanted.open_day), wanted.open_minute)
        for n, piece in enumerate(pieces):
            found |= {f"typed{n}": piece.query, f"same{n}": piece.same_query, f"also{n}": piece.also_query}
            found[f"piece{n}"] = piece.whole_query
            found[f"share{n}"] = piece.rarity / sum(one.rarity for one in pieces)
        return found

    @property
    def has_point(self) -> bool:
        """Whether it is from somewhere that distances can be measured from."""
        return self.spot is not None and self.spot.lat is not None

    @property
    def all_words(self) -> str | None:
        """Every piece of its words, as one condition; None where it has none."""
        return "r.vector @@ cast(:all_words as tsquery)" if self.understood.pieces else None

    @property
    def any_word(self) -> str:
        """One piece at least."""
        return "r.vector @@ cast(:any_word as tsquery)"

    @property
    def words_said(self) -> str:
        """How many pieces of its words a service says."""
        return " + ".join(
            f"cast(r.vector @@ cast(:piece{n} as tsquery) as integer)"
            for n in range(len(self.understood.pieces))
        )

    @property
    def metres(self) -> str:
        """How far the nearest venue is, null where none has a point that may be told."""
        return _METRES if self.has_point else "cast(null as float)"

    @property
    def serves(self) -> str:
        """`serves` the area by name, takes people from `anywhere`, or one has to `ask`; null without one."""
        if self.spot is None:
            return "cast(null as text)"
        return (
            f"case when {_SERVES} then 'serves'"
            f" when r.areas @> array['{ANYWHERE}'] then '{ANYWHERE}' else '{ASK}' end"
        )

    @property
    def merit(self) -> str:
        """How well a service answers, from 0 to 1, without how far it is."""
        rank = self.ranking
        parts = [
            self._text_score(),
            f"case when r.fresh_until is null then {_float(rank.unchecked)}"
            f" when r.fresh_until >= :day then {_float(1)} else {_float(rank.stale)} end",
            f'case when r."full" or {PAUSED} then {_float(rank.full)} else {_float(1)} end',
        ]
        if self.wanted.need or self.understood.pieces:
            each = _float((1 - rank.broad) / _MANY_NEEDS)
            parts.append(f"({_float(1)} - least(greatest(r.needs - 1, 0), {_MANY_NEEDS}) * {each})")
        return " * ".join(parts)

    def score(self, merit: str, metres: str, serves: str) -> str:
        """How well it answers altogether, from 0 to a million: of these columns."""
        parts = [merit]
        if self.spot is not None:
            ask = _float(self.ranking.ask)
            parts.append(f"case when {serves} = '{ASK}' then {ask} else {_float(1)} end")
        if self.has_point and self.ranking.near is not None:
            # A place nobody may be told of is neither near nor far.
            half = f"exp({_float(-math.log(2) / self.ranking.near)} * {metres}) / 2"
            parts.append(f"coalesce({_float(0.5)} + {half}, {_float(0.8)})")
        return f"cast(round({' * '.join(parts)} * {_FINE}) as integer)"

    def _text_score(self) -> str:
        pieces = self.understood.pieces
        if not pieces:
            return _float(1)
        each = []
        for n, piece in enumerate(pieces):
            scores = [_rank(f"typed{n}")]
            if piece.same_query:
                scores.append(f"{_rank(f'same{n}')} * {_float(self.ranking.wider)}")
            if piece.also_query:
                scores.append(f"{_rank(f'also{n}')} * {_float(self.ranking.also)}")
            each.append(f"greatest({', '.join(scores)}) * :share{n}")
        return f"({' + '.join(each)})"

    def _of_spot(self) -> dict[str, Any]:
        spot = self.spot
        if spot is None:
            return {}
        codes = list(spot.codes)
        found = {"codes": codes, "codes_or_any": [*codes, ANYWHERE, ASK], "postcode": spot.postcode}
        if spot.lat is None or spot.lon is None:
            return found
        within = self.wanted.within or 0
        up = within / _METRES_PER_DEGREE
        across = up / max(math.cos(math.radians(spot.lat)), 0.01)
        return found | {
            "lat": math.radians(spot.lat),
            "lon": math.radians(spot.lon),
            "cos_lat": math.cos(math.radians(spot.lat)),
            "within": within,
            "south": spot.lat - up,
            "north": spot.lat + up,
            "west": spot.lon - across,
            "east": spot.lon + across,
        }

    def _open_date(self, weekday: int) -> date:
        """The next such day, today where it is one."""
        return self.moment.day + timedelta(days=(weekday - self.moment.day.weekday()) % 7)


def found_by(conditions: Iterable[str]) -> str:
    """The rows that meet them all, as what stands after `from`."""
    return "service_search r where " + " and ".join(conditions)


def _rank(query: str) -> str:
    return f"ts_rank(cast(:weights as real[]), r.vector, cast(:{query} as tsquery))"
