"""The search finds the right one: the labelled queries, and what each idea of the ranking is worth."""

from __future__ import annotations

import pytest
from flask import Flask

from services.directory.domain.search import RANKING
from tests.search_quality.corpus import load_corpus
from tests.search_quality.judging import AT, PLAIN, Judged, judge, ndcg, queries, service_id

# What it was when this was written, less a little.
FLOOR = 0.79


@pytest.fixture(scope="module")
def judged(app: Flask) -> Judged:
    load_corpus(AT)
    return judge("as it is", RANKING)


def test_the_mean_of_the_labelled_queries_is_no_worse_than_it_was(judged: Judged) -> None:
    weakest = sorted(judged.each.items(), key=lambda pair: pair[1])[:12]
    assert judged.mean >= FLOOR, weakest


def test_the_ideas_together_are_worth_a_good_deal(judged: Judged) -> None:
    assert judged.mean - judge("plain", PLAIN).mean > 0.3


def test_there_are_labels_enough_and_all_of_listings_there_are(judged: Judged) -> None:
    assert len(queries()) == len({query.name for query in queries()}) >= 60
    assert all(max(query.grades.values()) >= 1 for query in queries())


def test_the_measure_is_one_for_the_best_order_and_less_for_others() -> None:
    first, second, other = (service_id(slug) for slug in ("acomb-pantry", "mens-talk", "pain-cafe"))
    grades = {first: 3, second: 1}
    assert ndcg([first, second], grades) == 1
    assert ndcg([second, first], grades) < ndcg([first, other, second], grades) < 1
    assert ndcg([other], grades) == 0
