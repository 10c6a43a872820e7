"""The search finds the right one: the labelled queries, and what each idea of the ranking is worth."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from services.directory.domain.search import RANKING
from services.directory.store.database import database
from services.directory.store.services import Service
from tests.search_quality.corpus import load_corpus
from tests.search_quality.judging import AT, HELD_OUT, PLAIN, TUNED, Judged, judge, ndcg, queries, service_id

# What it was when this was written, less a little.
FLOOR = 0.79
HELD_OUT_FLOOR = 0.78


@pytest.fixture(scope="module")
def judged(app: Flask) -> Judged:
    load_corpus(AT)
    return judge("as it is", RANKING)


def test_the_mean_of_the_labelled_queries_is_no_worse_than_it_was(judged: Judged) -> None:
    weakest = sorted(judged.each.items(), key=lambda pair: pair[1])[:12]
    assert judged.mean >= FLOOR, weakest


def test_queries_that_nothing_was_tuned_on_are_answered_no_worse_than_they_were(judged: Judged) -> None:
    held_out = judge("as it is", RANKING, HELD_OUT)
    assert held_out.mean >= HELD_OUT_FLOOR, sorted(held_out.each.items(), key=lambda pair: pair[1])[:12]
    assert held_out.mean - judge("plain", PLAIN, HELD_OUT).mean > 0.2


def test_the_ideas_together_are_worth_a_good_deal(judged: Judged) -> None:
    assert judged.mean - judge("plain", PLAIN).mean > 0.3


def test_there_are_labels_enough_and_all_of_listings_there_are(judged: Judged) -> None:
    for name in (TUNED, HELD_OUT):
        assert len(queries(name)) == len({query.name for query in queries(name)}) >= 60
        assert all(max(query.grades.values()) >= 1 for query in queries(name))
        with database.transaction() as session:
            there = set(session.scalars(select(Service.id)))
        assert not {one for query in queries(name) for one in query.grades} - there
    assert not {query.name for query in queries()} & {query.name for query in queries(HELD_OUT)}


def test_the_measure_is_one_for_the_best_order_and_less_for_others() -> None:
    first, second, other = (service_id(slug) for slug in ("acomb-pantry", "mens-talk", "pain-cafe"))
    grades = {first: 3, second: 1}
    assert ndcg([first, second], grades) == 1
    assert ndcg([second, first], grades) < ndcg([first, other, second], grades) < 1
    assert ndcg([other], grades) == 0
