"""Who sees what; the default is nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.referrals.domain.sight import Sight, may_break_glass, what_may_see
from services.referrals.domain.sight_facts import (
    HELPERS,
    AgreementFacts,
    CallerFacts,
    Joined,
    MemberOf,
    Purpose,
    ReferralFacts,
    Sharing,
    SharingFacts,
    agreed,
    may_exchange,
)
from services.referrals.domain.states import State, Who
from services.referrals.domain.views import Part, View, shown_status
from tests.builders.referral_life import NOON, SAM, TEAM, an_id

TODAY = date(2026, 11, 23)
PRACTICE, SCHEME, POLICE, CHARITY, PLACE = (
    an_id(n) for n in ("practice", "scheme", "police", "charity", "place")
)
DESK_TEAM, CHARITY_TEAM, AUTHOR = an_id("desk team"), an_id("charity team"), an_id("author")
SIGNED = SharingFacts(PRACTICE, SCHEME, date(2026, 1, 1), date(2026, 12, 31))
POLICE_SIGNED = SharingFacts(POLICE, SCHEME, date(2026, 1, 1))
CHARITY_SIGNED = SharingFacts(SCHEME, CHARITY, date(2026, 1, 1))

REFERRAL = ReferralFacts(
    state=State.RECEIVED,
    sender_org=PRACTICE,
    owner_org=SCHEME,
    owner_team=TEAM,
    author_id=AUTHOR,
    sender_sector="health",
    place_id=PLACE,
)
FROM_POLICE = replace(REFERRAL, sender_org=POLICE, sender_sector="police", state=State.IN_PROGRESS)
RESTRICTED = replace(REFERRAL, restricted=True, assignee_id=SAM)


def a_member(org, role, team=None, account="somebody", **more) -> CallerFacts:
    return CallerFacts(an_id(account), (MemberOf(org, team, role),), **more)


RECEPTIONIST = a_member(PRACTICE, "sender")
WORKER = a_member(SCHEME, "worker", TEAM)
LEAD = a_member(SCHEME, "lead", TEAM)


def an_answer(recipient, purpose, yes=True, at=NOON, withdrawn_at=None) -> AgreementFacts:
    return AgreementFacts(str(recipient), purpose, yes, at, withdrawn_at)


def sight(caller, referral=REFERRAL, agreements=(), sharing=(SIGNED, POLICE_SIGNED), on=TODAY) -> Sight:
    return what_may_see(caller, referral, agreements, sharing, on)


@pytest.mark.parametrize(
    "role",
    ["forum_admin", "forum_chair", "commissioner", "org_admin", "records_steward", "safeguarding_lead", ""],
)
def test_roles_that_are_no_part_of_the_work_see_nothing_of_another_organisation(role: str) -> None:
    assert sight(a_member(CHARITY, role)).nothing


@pytest.mark.parametrize(
    "role", ["forum_admin", "forum_chair", "commissioner", "org_admin", "records_steward"]
)
@pytest.mark.parametrize("org", [PRACTICE, SCHEME])
def test_administrators_see_no_case_data_even_of_their_own_organisation(role: str, org) -> None:
    assert sight(a_member(org, role, TEAM)).nothing


def test_somebody_with_no_membership_sees_nothing() -> None:
    assert sight(CallerFacts(AUTHOR)).nothing


def test_the_team_that_holds_it_sees_what_the_work_needs() -> None:
    seen = sight(WORKER)
    assert (seen.view, seen.parts) == (View.HOLDER, {Part.HOLDER})
    assert {"person", "contacts", "notes", "sensitive_needs"} <= seen.fields
    assert seen.standing.who == {Who.WORKER}
    assert seen.standing.may_know_names


def test_another_team_of_the_same_organisation_sees_nothing() -> None:
    assert sight(a_member(SCHEME, "worker", an_id("another team"))).nothing


def test_a_role_for_the_whole_organisation_covers_its_teams() -> None:
    assert sight(a_member(SCHEME, "lead")).standing.who == {Who.LEAD, Who.WORKER}


def test_a_sender_sees_state_and_answers_and_no_notes() -> None:
    seen = sight(RECEPTIONIST)
    assert (seen.view, seen.standing.coarse) == (View.FULL, False)
    assert "outside_wording" in seen.fields
    assert not {"notes", "reasons_inside", "person", "contacts_made", "people"} & seen.fields
    assert not seen.standing.may_know_names


@pytest.mark.parametrize("sector", ["police", "housing", "employer"])
def test_police_housing_and_employers_are_told_received_or_closed(sector: str) -> None:
    referral = replace(FROM_POLICE, sender_sector=sector)
    seen = sight(a_member(POLICE, "sender"), referral)
    assert (seen.view, seen.standing.coarse) == (View.COARSE, True)
    assert not {"moves", "owner", "routing", "outcomes"} & seen.fields


def test_every_open_state_reads_received_and_every_closed_one_closed_in_the_coarse_view() -> None:
    told = {state: shown_status(state, View.COARSE) for state in State}
    assert told.pop(State.DRAFT) == "draft"
    assert {told[s] for s in (State.REQUESTED, State.RECEIVED, State.ON_HOLD, State.IN_PROGRESS)} == {
        "received"
    }
    assert {told[s] for s in (State.REJECTED, State.FAILED, State.COMPLETED, State.CANCELLED)} == {"closed"}
    assert shown_status(State.IN_PROGRESS, View.FULL) == "in-progress"


def test_the_person_may_agree_that_the_police_hear_more_and_take_it_back() -> None:
    officer = a_member(POLICE, "sender")
    yes = an_answer(POLICE, Purpose.FEEDBACK_TO_SENDER)
    assert sight(officer, FROM_POLICE, [yes]).view is View.FULL
    taken_back = replace(yes, withdrawn_at=NOON + timedelta(hours=1))
    assert sight(officer, FROM_POLICE, [taken_back]).view is View.COARSE


def test_agreement_for_another_recipient_or_purpose_does_not_help() -> None:
    officer = a_member(POLICE, "sender")
    others = [an_answer(PRACTICE, Purpose.FEEDBACK_TO_SENDER), an_answer(POLICE, Purpose.SHARE_REFERRAL)]
    assert sight(officer, FROM_POLICE, others).view is View.COARSE


def test_a_police_connector_who_holds_a_referral_sees_what_any_holder_sees() -> None:
    held = replace(REFERRAL, owner_org=POLICE, owner_team=TEAM)
    signed = SharingFacts(PRACTICE, POLICE, date(2026, 1, 1))
    assert sight(a_member(POLICE, "worker", TEAM), held, sharing=[signed]).view is View.HOLDER


def test_a_sender_whose_feedback_was_refused_by_the_person_is_told_no_more_than_received() -> None:
    refused = an_answer(PRACTICE, Purpose.FEEDBACK_TO_SENDER, yes=False)
    assert sight(RECEPTIONIST, agreements=[refused]).view is View.COARSE


def test_a_restricted_referral_is_for_its_author_named_staff_the_assignee_and_the_lead() -> None:
    assert sight(RECEPTIONIST, RESTRICTED).nothing
    assert sight(WORKER, RESTRICTED).nothing
    assert sight(CallerFacts(AUTHOR, RECEPTIONIST.memberships), RESTRICTED).view is View.FULL
    named = replace(RESTRICTED, restricted_to=frozenset({an_id("somebody")}))
    assert sight(RECEPTIONIST, named).view is View.FULL
    assert sight(WORKER, named).view is View.HOLDER
    assert sight(CallerFacts(SAM, WORKER.memberships), RESTRICTED).view is View.HOLDER
    assert sight(LEAD, RESTRICTED).view is View.HOLDER


def test_an_author_who_has_left_the_organisation_sees_nothing() -> None:
    assert sight(CallerFacts(AUTHOR, (MemberOf(CHARITY, None, "sender"),)), RESTRICTED).nothing


def test_nothing_crosses_without_a_signed_agreement_valid_on_the_day() -> None:
    for sharing in (
        [],
        [replace(SIGNED, valid_from=date(2026, 11, 24))],
        [replace(SIGNED, valid_until=date(2026, 11, 22))],
    ):
        assert sight(WORKER, sharing=sharing).nothing
        assert sight(RECEPTIONIST, sharing=sharing).view is View.COARSE
    for edge in (replace(SIGNED, valid_from=TODAY), replace(SIGNED, valid_until=TODAY)):
        assert sight(WORKER, sharing=[edge]).view is View.HOLDER


def test_an_agreement_covers_only_the_purposes_it_names() -> None:
    referring = replace(SIGNED, purposes=("share_referral",))
    assert sight(WORKER, sharing=[referring]).view is View.HOLDER
    assert sight(RECEPTIONIST, sharing=[referring]).view is View.COARSE
    assert sight(WORKER, sharing=[replace(SIGNED, purposes=("feedback_to_sender",))]).nothing
    narrow = replace(CHARITY_SIGNED, purposes=("share_referral", "feedback_to_sender"))
    assert sight(HELPER, JOINED, [KNOW], [narrow]).nothing


def test_several_agreements_between_two_organisations_add_up() -> None:
    past = replace(SIGNED, valid_until=date(2026, 2, 1))
    assert sight(WORKER, sharing=Sharing([past, SIGNED])).view is View.HOLDER
    assert sight(WORKER, sharing=Sharing([past])).nothing


def test_an_agreement_between_others_does_not_help() -> None:
    assert sight(WORKER, sharing=[CHARITY_SIGNED, POLICE_SIGNED]).nothing


def test_withdrawn_agreement_takes_it_from_a_team_that_has_not_taken_it_up_on_the_next_read() -> None:
    withdrawn = an_answer(SCHEME, Purpose.SHARE_REFERRAL, withdrawn_at=NOON + timedelta(minutes=1))
    assert sight(WORKER, agreements=[withdrawn]).nothing
    assert sight(WORKER, replace(REFERRAL, taken_up=True), [withdrawn]).view is View.HOLDER


def test_agreement_given_again_counts_because_the_newest_answer_does() -> None:
    no = an_answer(SCHEME, Purpose.SHARE_REFERRAL, yes=False)
    yes = an_answer(SCHEME, Purpose.SHARE_REFERRAL, at=NOON + timedelta(days=1))
    assert sight(WORKER, agreements=[no]).nothing
    assert sight(WORKER, agreements=[yes, no]).view is View.HOLDER
    assert agreed([yes, no], SCHEME, Purpose.SHARE_REFERRAL) is True
    assert agreed([], SCHEME, Purpose.SHARE_REFERRAL) is None


def test_where_agreement_is_the_lawful_basis_it_has_to_be_on_file() -> None:
    explicit = replace(REFERRAL, lawful_basis="explicit_consent")
    assert sight(WORKER, explicit).nothing
    assert sight(WORKER, explicit, [an_answer(HELPERS, Purpose.SHARE_REFERRAL)]).view is View.HOLDER


def test_a_self_referral_needs_no_agreement_between_organisations() -> None:
    assert (
        sight(WORKER, replace(REFERRAL, sender_org=None, sender_sector=None), sharing=[]).view is View.HOLDER
    )
    assert may_exchange(None, SCHEME, [], TODAY)
    assert may_exchange(SCHEME, SCHEME, [], TODAY)


JOINED = replace(REFERRAL, joined=(Joined(CHARITY, CHARITY_TEAM),))
HELPER = a_member(CHARITY, "worker", CHARITY_TEAM)
KNOW = an_answer(HELPERS, Purpose.KNOW_OF_EACH_OTHER)


def test_a_joined_helper_learns_that_they_help_and_who_does_what() -> None:
    seen = sight(HELPER, JOINED, [KNOW], [CHARITY_SIGNED])
    assert seen.parts == {Part.HELPER}
    assert not {"person", "contacts", "needs", "notes", "what_matters", "status"} & seen.fields
    assert seen.standing.who == set()


@pytest.mark.parametrize(
    ("referral", "agreements", "sharing"),
    [
        (JOINED, [], [CHARITY_SIGNED]),
        (JOINED, [replace(KNOW, withdrawn_at=NOON)], [CHARITY_SIGNED]),
        (JOINED, [KNOW], []),
        (replace(JOINED, discreet=True), [KNOW], [CHARITY_SIGNED]),
        (replace(JOINED, restricted=True), [KNOW], [CHARITY_SIGNED]),
        (replace(JOINED, joined=(Joined(CHARITY, CHARITY_TEAM, discreet=True),)), [KNOW], [CHARITY_SIGNED]),
        (REFERRAL, [KNOW], [CHARITY_SIGNED]),
    ],
)
def test_a_helper_learns_nothing_without_agreement_and_nothing_of_discreet_help(
    referral, agreements, sharing
) -> None:
    assert sight(HELPER, referral, agreements, sharing).nothing


UNROUTED = replace(REFERRAL, routed=False, owner_org=CHARITY, owner_team=DESK_TEAM)


def test_the_duty_desk_sees_the_unrouted_queue_of_its_place_without_names() -> None:
    desk = a_member(an_id("council"), "duty_desk", an_id("a desk"), desk_places=frozenset({PLACE}))
    seen = sight(desk, UNROUTED, sharing=[])
    assert (seen.parts, seen.standing.who) == ({Part.DUTY_DESK}, {Who.DUTY_DESK})
    assert not {"person", "contacts", "what_matters", "notes"} & seen.fields
    assert sight(replace(desk, desk_places=frozenset({an_id("elsewhere")})), UNROUTED, sharing=[]).nothing
    assert sight(desk, REFERRAL, sharing=[]).nothing
    assert not sight(desk, replace(REFERRAL, escalated=True), sharing=[]).nothing


def test_the_desk_that_owns_it_sees_all_where_an_agreement_allows_it() -> None:
    desk = a_member(CHARITY, "duty_desk", DESK_TEAM, desk_places=frozenset({PLACE}))
    signed = SharingFacts(PRACTICE, CHARITY, date(2026, 1, 1))
    seen = sight(desk, UNROUTED, sharing=[signed])
    assert "person" in seen.fields
    assert {Who.DUTY_DESK, Who.WORKER} <= seen.standing.who


def test_a_restricted_referral_can_be_routed_but_not_read_by_the_desk() -> None:
    desk = a_member(CHARITY, "duty_desk", DESK_TEAM, desk_places=frozenset({PLACE}))
    signed = SharingFacts(PRACTICE, CHARITY, date(2026, 1, 1))
    seen = sight(desk, replace(UNROUTED, restricted=True), sharing=[signed])
    assert not seen.nothing
    assert not {"person", "contacts", "what_matters"} & seen.fields


def test_a_sender_is_told_the_state_while_the_desk_chooses_a_team() -> None:
    assert sight(RECEPTIONIST, UNROUTED, sharing=[]).view is View.FULL


def test_safeguarding_leads_see_restricted_records_of_their_own_organisation() -> None:
    assert sight(a_member(SCHEME, "safeguarding_lead"), RESTRICTED).view is View.HOLDER
    assert sight(a_member(PRACTICE, "safeguarding_lead"), RESTRICTED).view is View.FULL
    assert sight(a_member(POLICE, "safeguarding_lead"), FROM_POLICE).view is View.COARSE
    assert sight(a_member(SCHEME, "safeguarding_lead"), RESTRICTED).standing.who == set()


def test_break_glass_is_for_the_holding_organisation_and_never_for_a_sender_or_a_system() -> None:
    assert may_break_glass(a_member(SCHEME, "worker", an_id("another team")), REFERRAL)
    assert may_break_glass(a_member(SCHEME, "safeguarding_lead"), REFERRAL)
    assert not may_break_glass(a_member(POLICE, "sender"), FROM_POLICE)
    assert not may_break_glass(a_member(SCHEME, "forum_admin"), REFERRAL)
    assert not may_break_glass(a_member(SCHEME, "worker", is_client=True), REFERRAL)


def test_several_parts_add_up_and_the_widest_view_wins() -> None:
    both = CallerFacts(SAM, (*RECEPTIONIST.memberships, *WORKER.memberships))
    seen = sight(both)
    assert (seen.view, seen.parts) == (View.HOLDER, {Part.HOLDER, Part.SENDER})
    assert seen.standing.who == {Who.SENDER, Who.WORKER}


orgs = st.sampled_from([PRACTICE, SCHEME, POLICE, CHARITY])
roles = st.sampled_from(
    ["sender", "worker", "lead", "duty_desk", "org_admin", "forum_admin", "safeguarding_lead"]
)
callers = st.builds(
    CallerFacts,
    st.sampled_from([SAM, AUTHOR, an_id("somebody"), None]),
    st.lists(
        st.builds(MemberOf, orgs, st.sampled_from([TEAM, DESK_TEAM, CHARITY_TEAM, None]), roles), max_size=3
    ).map(tuple),
    st.sampled_from([frozenset({PLACE}), frozenset()]),
)
referrals = st.builds(
    ReferralFacts,
    state=st.sampled_from(list(State)),
    sender_org=orgs,
    owner_org=orgs,
    owner_team=st.sampled_from([TEAM, DESK_TEAM, None]),
    author_id=st.just(AUTHOR),
    sender_sector=st.sampled_from(["health", "police"]),
    place_id=st.just(PLACE),
    restricted=st.booleans(),
    routed=st.booleans(),
    discreet=st.booleans(),
    joined=st.sampled_from([(), (Joined(CHARITY, CHARITY_TEAM),)]),
)
answers = st.lists(
    st.builds(
        AgreementFacts,
        st.sampled_from([str(SCHEME), str(PRACTICE), HELPERS]),
        st.sampled_from([p.value for p in Purpose]),
        st.booleans(),
        st.sampled_from([NOON, NOON + timedelta(days=1)]),
        st.sampled_from([None, datetime(2026, 11, 30, tzinfo=UTC)]),
    ),
    max_size=3,
)


@given(callers, referrals, answers)
def test_nobody_outside_the_organisations_and_the_desk_sees_anything(caller, referral, agreements) -> None:
    seen = sight(caller, referral, agreements, [SIGNED, POLICE_SIGNED, CHARITY_SIGNED])
    parties = {referral.sender_org, referral.owner_org, *(joined.org for joined in referral.joined)}
    member_of = {member.org for member in caller.memberships}
    desk = any(member.role == "duty_desk" for member in caller.memberships)
    if not member_of & parties and not desk:
        assert seen.nothing
    assert seen.nothing == (not seen.fields)


@given(callers, referrals, answers)
def test_taking_back_every_agreement_never_shows_more(caller, referral, agreements) -> None:
    sharing = [SIGNED, POLICE_SIGNED, CHARITY_SIGNED]
    taken_back = [replace(a, agreed=False) for a in agreements]
    more = sight(caller, referral, [replace(a, agreed=True, withdrawn_at=None) for a in agreements], sharing)
    assert sight(caller, referral, taken_back, sharing).fields <= more.fields


@given(callers, referrals, answers)
def test_restricting_a_referral_never_shows_more(caller, referral, agreements) -> None:
    sharing = [SIGNED, POLICE_SIGNED, CHARITY_SIGNED]
    open_to_all = sight(caller, replace(referral, restricted=False), agreements, sharing)
    assert sight(caller, replace(referral, restricted=True), agreements, sharing).fields <= open_to_all.fields


@given(callers, referrals, answers)
def test_names_and_stories_are_read_only_inside_the_holding_organisation(
    caller, referral, agreements
) -> None:
    seen = sight(caller, referral, agreements, [SIGNED, POLICE_SIGNED, CHARITY_SIGNED])
    if {"person", "contacts", "notes"} & seen.fields:
        assert referral.owner_org in {member.org for member in caller.memberships}


def test_whoever_holds_a_private_link_sees_that_one_referral_and_acts_as_the_person() -> None:
    own, other = replace(REFERRAL, id=an_id("own")), replace(REFERRAL, id=an_id("other"))
    holder = CallerFacts(None, person_in=an_id("own"))
    seen = sight(holder, own)
    assert (seen.view, seen.parts, seen.standing.who) == (View.COARSE, {Part.PERSON}, {Who.PERSON})
    assert not {"person", "contacts", "notes", "owner", "reasons_inside", "moves", "questions"} & seen.fields
    assert sight(holder, other).nothing
    assert sight(holder, REFERRAL).nothing


def test_a_private_link_adds_nothing_to_any_other_part() -> None:
    own = replace(REFERRAL, id=an_id("own"))
    assert sight(replace(LEAD, person_in=an_id("own")), own).parts == {Part.PERSON}
    assert sight(replace(LEAD, person_in=an_id("other")), own).nothing
