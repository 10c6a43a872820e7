"""Who may write down what the person agreed to after a referral was sent, and who reads it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.referrals.domain.recording import (
    MAY_RECORD,
    may_record,
    opens,
    read_by,
    refused_to_another,
    why_not_record,
)
from services.referrals.domain.sight import Sight
from services.referrals.domain.sight_facts import HELPERS, AgreementFacts, Purpose
from services.referrals.domain.views import COARSE_FIELDS, SENDER_FIELDS, Part, View
from tests.builders.referral_life import an_id

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
POLICE, SCHEME, OTHER = an_id("police"), an_id("scheme"), an_id("other")


def said(recipient, purpose, agreed=True, told_to=None, at=NOON):
    return AgreementFacts(str(recipient), purpose.value, agreed, at, told_to=told_to)


RIGHT = {
    Purpose.SHARE_REFERRAL: HELPERS,
    Purpose.KNOW_OF_EACH_OTHER: HELPERS,
    Purpose.FEEDBACK_TO_SENDER: POLICE,
    Purpose.FEEDBACK_TO_GP: OTHER,
}


def test_helpers_and_safeguarding_leads_write_nothing_down():
    assert set(Part) - set(MAY_RECORD) == {Part.HELPER, Part.SAFEGUARDING}
    assert not may_record({Part.HELPER, Part.SAFEGUARDING})
    assert may_record({Part.HELPER, Part.DUTY_DESK})


@pytest.mark.parametrize("part", list(MAY_RECORD))
@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_no_may_be_written_down_by_every_part_for_every_purpose(part, purpose):
    assert why_not_record(said(RIGHT[purpose], purpose, agreed=False), {part}, POLICE) is None


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_desk_writes_down_a_yes_only_to_who_may_see_the_referral(purpose):
    refused = why_not_record(said(RIGHT[purpose], purpose), {Part.DUTY_DESK}, POLICE)
    assert (refused is None) == (purpose is Purpose.SHARE_REFERRAL)
    for part in (Part.SENDER, Part.HOLDER):
        assert why_not_record(said(RIGHT[purpose], purpose), {part}, POLICE) is None


@pytest.mark.parametrize("agreed", [True, False])
@pytest.mark.parametrize(
    ("recipient", "purpose", "sender"),
    [
        (HELPERS, Purpose.FEEDBACK_TO_SENDER, POLICE),
        (SCHEME, Purpose.FEEDBACK_TO_SENDER, POLICE),
        (SCHEME, Purpose.FEEDBACK_TO_SENDER, None),
        (SCHEME, Purpose.KNOW_OF_EACH_OTHER, POLICE),
    ],
)
def test_an_answer_for_a_recipient_nobody_looks_at_is_refused(recipient, purpose, sender, agreed):
    refused = why_not_record(said(recipient, purpose, agreed), {Part.HOLDER}, sender)
    assert refused is not None
    assert refused[0] == "recipient"


def test_an_answer_opens_something_only_where_fields_are_added():
    coarse, full = Sight(View.COARSE, fields=COARSE_FIELDS), Sight(View.FULL, fields=SENDER_FIELDS)
    assert opens(coarse, full)
    assert not opens(full, coarse)
    assert not opens(full, full)


def test_a_no_given_to_somebody_else_is_not_outweighed_by_its_beneficiary():
    yes = said(POLICE, Purpose.FEEDBACK_TO_SENDER, told_to=POLICE, at=NOON + timedelta(hours=1))
    told_scheme = said(POLICE, Purpose.FEEDBACK_TO_SENDER, agreed=False, told_to=SCHEME)
    assert refused_to_another(yes, [told_scheme], POLICE)
    assert not refused_to_another(yes, [replace(told_scheme, told_to=POLICE)], POLICE)
    assert not refused_to_another(yes, [replace(told_scheme, told_to=None)], POLICE)
    assert not refused_to_another(yes, [replace(told_scheme, agreed=True)], POLICE)
    assert not refused_to_another(yes, [], POLICE)


def test_a_no_to_everybody_stands_against_a_yes_to_oneself_alone():
    mine = said(SCHEME, Purpose.SHARE_REFERRAL, told_to=SCHEME)
    to_all = said(HELPERS, Purpose.SHARE_REFERRAL, agreed=False)
    assert refused_to_another(mine, [to_all], POLICE)
    assert not refused_to_another(mine, [to_all, said(SCHEME, Purpose.SHARE_REFERRAL)], POLICE)


def test_a_sender_reads_what_it_wrote_and_in_the_full_view_what_is_about_itself():
    theirs = said(SCHEME, Purpose.SHARE_REFERRAL, told_to=SCHEME)
    about = said(POLICE, Purpose.FEEDBACK_TO_SENDER, agreed=False, told_to=SCHEME)
    own = [said(HELPERS, Purpose.SHARE_REFERRAL, told_to=told) for told in (None, POLICE)]
    assert all(read_by(one, view, POLICE) for one in own for view in (View.COARSE, View.FULL, View.HOLDER))
    assert [read_by(theirs, view, POLICE) for view in (View.COARSE, View.FULL, View.HOLDER)] == [
        False, False, True,
    ]  # fmt: skip
    assert [read_by(about, view, POLICE) for view in (View.COARSE, View.FULL, View.HOLDER)] == [
        False, True, True,
    ]  # fmt: skip
