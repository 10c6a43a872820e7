"""Fifty identical posts at once, through the web processes of the running product."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.builders.bodies import referral_body

pytestmark = pytest.mark.deep


def test_fifty_identical_posts_at_once_are_one_referral(stack):
    body = referral_body()
    stack.token("demo-practice")
    assert len(stack.pids("referrals", "web")) >= 3, "a parent and two web processes"

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: stack.call("demo-practice", "POST", "/referrals", body), range(50)))

    assert Counter(a.status_code for a in answers) == {201: 1, 409: 49}
    first = next(a.json() for a in answers if a.status_code == 201)
    for refused in (a.json() for a in answers if a.status_code == 409):
        assert refused["type"].endswith("/already-open")
        assert refused["existing"]["reference"] == first["reference"]
    family = body["person"]["family_name"]
    rows = stack.rows(
        "referrals",
        "select count(*) from referral r join person_record p on p.id = r.person_id where p.family_name = %s",
        family,
    )
    assert rows == [(1,)]


def test_another_organisations_identical_post_is_answered_as_for_a_stranger(stack):
    known, stranger = referral_body(), referral_body()
    assert stack.call("demo-practice", "POST", "/referrals", known).status_code == 201

    of_known = stack.call("demo-vcse", "POST", "/referrals", known)
    of_stranger = stack.call("demo-vcse", "POST", "/referrals", stranger)

    assert of_known.status_code == of_stranger.status_code == 201
    assert _shown(of_known.json()) == _shown(of_stranger.json())
    assert list(of_known.json()) == list(of_stranger.json()), "also in the same order"


def _shown(answer):
    """What the answer says besides who it is about, its number and its moment."""
    own = {"id", "reference", "next_action_at", "submitted_at"}
    sent = {key: value for key, value in answer["sent"].items() if key != "person"}
    return {key: value for key, value in answer.items() if key not in own} | {"sent": sent}


def test_a_repeated_idempotency_key_is_answered_with_the_first_answer(stack):
    body = referral_body()
    key = {"Idempotency-Key": f'"{body["person"]["family_name"]}"'}
    first = stack.call("demo-practice", "POST", "/referrals", body, headers=key)
    again = stack.call("demo-practice", "POST", "/referrals", body, headers=key)
    other = stack.call("demo-practice", "POST", "/referrals", referral_body(), headers=key)

    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json()["id"] == first.json()["id"]
