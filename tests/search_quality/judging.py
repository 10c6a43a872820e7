"""How good the search is on the labelled queries: nDCG@10, and how it becomes so idea by idea."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from statistics import mean
from uuid import UUID

from services.directory.domain.search import DAYS, RANKING, Moment, Ranking, Wanted
from services.directory.store.queries.search import search_services
from tests.search_quality.corpus import service_id

TOP = 10
# What the ranking was tuned on, and what it never was.
TUNED, HELD_OUT = "queries", "held_out"
# A Tuesday; what was checked how long ago counts from it.
AT = datetime(2026, 11, 24, 10, tzinfo=UTC)
ON = Moment(AT.date(), 10 * 60)
# From plain full text to all of it: each line adds one idea to those above.
PLAIN = Ranking(
    weights=(1.0, 1.0, 1.0, 1.0), wider=0, mend=False, fewer=False, rarity=False,
    stale=1, unchecked=1, full=1, broad=1, ask=1, near=None,
)  # fmt: skip
IDEAS: tuple[tuple[str, dict[str, object]], ...] = (
    ("weights: name, needs, text, the rest", {"weights": RANKING.weights}),
    ("fewer words where nothing says all", {"fewer": True}),
    ("misspelt words mended", {"mend": True}),
    ("thesaurus", {"wider": RANKING.wider}),
    ("rare words count more", {"rarity": True}),
    ("for nearly every need counts less", {"broad": RANKING.broad}),
    ("near counts more", {"near": RANKING.near}),
    ("checked lately counts more", {"stale": RANKING.stale, "unchecked": RANKING.unchecked}),
    ("room counts more", {"full": RANKING.full}),
    ("certain practices only counts less", {"ask": RANKING.ask}),
)


@dataclass(frozen=True)
class Query:
    """One labelled query: `grades` by service, 3 just what was meant to 1 could do."""

    wanted: Wanted
    grades: dict[UUID, int]
    name: str


@dataclass(frozen=True)
class Judged:
    """What one way of ranking is worth: the mean, and each query's own."""

    name: str
    mean: float
    each: dict[str, float]


@cache
def queries(name: str = TUNED) -> tuple[Query, ...]:
    """The labelled queries: those the ranking was tuned on, or those that were held out."""
    lines = (Path(__file__).parent / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return tuple(_query(line) for line in lines if line and not line.startswith(";"))


def judge(name: str, ranking: Ranking, of: str = TUNED) -> Judged:
    """nDCG@10 of every query."""
    each = {one.name: ndcg([_id(hit) for hit in _hits(one, ranking)], one.grades) for one in queries(of)}
    return Judged(name, mean(each.values()), each)


def idea_by_idea(of: str = TUNED) -> Iterable[Judged]:
    """Plain full text, then one idea after the other, as the search has them."""
    ranking = PLAIN
    yield judge("plain full text, all words", ranking, of)
    for name, change in IDEAS:
        ranking = replace(ranking, **change)  # type: ignore[arg-type]
        yield judge(f"+ {name}", ranking, of)


def ndcg(found: Sequence[UUID], grades: dict[UUID, int]) -> float:
    """Normalised discounted cumulative gain of the first ten, with gains of 2^grade - 1 (Burges 2005)."""
    best = _dcg(sorted(grades.values(), reverse=True))
    return _dcg([grades.get(one, 0) for one in found]) / best


def _dcg(grades: Sequence[int]) -> float:
    return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades[:TOP]))


def _hits(query: Query, ranking: Ranking) -> Sequence[object]:
    return search_services(query.wanted, ON, ranking=ranking).hits


def _id(hit: object) -> UUID:
    found: UUID = hit.view.service.id  # type: ignore[attr-defined]
    return found


def _query(line: str) -> Query:
    q, chosen, grades = (part.strip() for part in line.split("|"))
    wanted = Wanted(q=q, limit=TOP)
    for one in filter(None, chosen.split(",")):
        name, _, value = one.partition("=")
        wanted = replace(wanted, **_filter(name, value))  # type: ignore[arg-type]
    return Query(
        wanted,
        {service_id(slug): int(grade) for slug, _, grade in (one.rpartition(":") for one in grades.split())},
        " ".join([q, chosen]).strip(),
    )


def _filter(name: str, value: str) -> dict[str, object]:
    if name == "open":
        day, _, part = value.partition("-")
        return {"open_day": DAYS.index(day), "open_part": part or None}
    if name in ("age", "within"):
        return {name: int(value)}
    if name in ("free", "room"):
        return {"free" if name == "free" else "has_capacity": True}
    return {name: value}
