"""What comes from the other services is taken apart with care."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.actions.receive_events import check
from services.notifications.domain.audience import STATE_WORDS, read_audience
from services.notifications.domain.events import facts, moment, problems
from services.notifications.domain.rules import Channel, Template
from shared.errors import FieldProblem, Invalid

AT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
REFERRAL = UUID(int=7)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def recipient(**changes):
    return {
        "kind": "account",
        "id": str(uuid4()),
        "organization_id": str(uuid4()),
        "channels": ["email", "inbox"],
        "template": "referral_news",
        "words": "Passed back",
        "path": "/referrals/1",
    } | changes


def read(*recipients, **more):
    return read_audience({"reference": "LW-7K2F-9D4", "recipients": list(recipients)} | more, REFERRAL)


@given(
    st.fixed_dictionaries(
        {
            "specversion": st.just("1.0"),
            "id": ANYTHING,
            "source": ANYTHING,
            "type": st.just("referral.asked.v1"),
        },
        optional={"subject": ANYTHING, "time": ANYTHING, "data": ANYTHING},
    )
)
def test_whatever_comes_is_taken_or_refused_by_field(event):
    refused: Sequence[FieldProblem] = ()
    try:
        check(event)
    except Invalid as wrong:
        refused = wrong.errors
    assert all(each.pointer.startswith("/") for each in refused)
    assert refused or facts(event).referral_id is not None
    assert refused or moment(event, AT) <= AT


def test_an_event_from_a_clock_that_runs_fast_happened_now():
    assert moment({"time": (AT + timedelta(hours=1)).isoformat()}, AT) == AT


def test_a_hold_is_a_number_of_seconds_within_a_day():
    base = {
        "specversion": "1.0",
        "id": "1",
        "source": "/r",
        "type": "referral.asked.v1",
        "subject": str(REFERRAL),
    }
    for wrong in (-1, 90_000, True, "60"):
        assert [p.pointer for p in problems(base | {"data": {"hold_seconds": wrong}})] == [
            "/data/hold_seconds"
        ]
    assert facts(base | {"data": {"hold_seconds": 2.5}}).hold == timedelta(seconds=2.5)


def test_an_audience_is_read_by_its_known_fields():
    audience = read(recipient(surprise="x"), surprise={"a": 1})
    (found,) = audience.recipients.values()
    assert (found.words, found.template, found.channels) == (
        "passed back",
        Template.REFERRAL_NEWS,
        (Channel.EMAIL, Channel.INBOX),
    )
    assert audience.may_be_told(found.key, Channel.EMAIL) is found
    assert audience.may_be_told("account:" + str(uuid4()), Channel.EMAIL) is None


def test_nobody_may_be_told_of_what_was_cancelled():
    audience = read(recipient(), cancelled=True)
    assert audience.may_be_told(next(iter(audience.recipients)), Channel.EMAIL) is None


def test_words_that_are_no_state_are_left_out():
    (found,) = read(recipient(words="passed back because of debts")).recipients.values()
    assert found.words == ""


@pytest.mark.parametrize(
    "path", ["//evil.example/x", "https://evil.example", "/referrals/1?name=x", "/a\n/b", "", None]
)
def test_a_path_that_is_not_a_plain_one_becomes_the_referrals(path):
    (found,) = read(recipient(path=path)).recipients.values()
    assert found.path in (f"/referrals/{REFERRAL}",)


@pytest.mark.parametrize("reference", ["winifred", "x" * 40, "", None, "LW<script>"])
def test_a_reference_that_is_none_is_not_shown(reference):
    assert read(recipient(), reference=reference).reference == ""


def test_an_address_is_one_recipient_however_it_is_written():
    one = recipient(kind="address", email="Dr@Practice.example")
    two = recipient(kind="address", email="dr@practice.example ")
    assert list(read(one, two).recipients) == ["address:dr@practice.example"]


@pytest.mark.parametrize("wrong", [{"id": "x"}, {"kind": "ghost"}, {"organization_id": None}])
def test_an_answer_that_cannot_be_read_raises(wrong):
    with pytest.raises((ValueError, TypeError, AttributeError)):
        read(recipient(**wrong))


def test_state_words_are_lower_case_and_short():
    assert all(words == words.lower() and len(words) <= 60 for words in STATE_WORDS)
