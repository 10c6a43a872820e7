"""Learning more about a person never makes the answer less certain."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from services.referrals.domain.life import RouteIn
from services.referrals.domain.routing.eligibility import eligibility
from services.referrals.domain.routing.person import ESTIMATE_WITHIN, PersonFacts, Sender
from services.referrals.domain.routing.route import route
from services.referrals.domain.routing.verdicts import Eligible, NotEligible, Unknown
from services.referrals.domain.scenarios import places

SNAPSHOT = places()
ON = date(2026, 11, 23)
AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
CIRCUMSTANCES = ("carer", "veteran", "leaving_prison", "no_fixed_abode")

senders = st.sampled_from(
    [Sender(), *(Sender(o.id, o.sector, o.place_id) for o in SNAPSHOT.organizations.values())]
)
homes = st.sampled_from(list(SNAPSHOT.postcodes.values()))
known_people = st.builds(
    PersonFacts,
    needs=st.frozensets(st.sampled_from(list(SNAPSHOT.needs)), max_size=3),
    route_in=st.sampled_from(list(RouteIn)),
    sender=senders,
    date_of_birth=st.dates(date(1930, 1, 1), date(2016, 1, 1)),
    residence=homes,
    practice_ods=st.sampled_from(["Z90001", "Z90003", "Z90011", "Z90099"]),
    language=st.sampled_from([None, "en", "pl", "ar"]),
    circumstances=st.fixed_dictionaries({code: st.booleans() for code in CIRCUMSTANCES}),
    wanted_from=st.dates(date(2026, 11, 1), date(2027, 3, 1)),
)
hidden = st.frozensets(
    st.sampled_from(["date_of_birth", "residence", "practice_ods", "language", "wanted_from", *CIRCUMSTANCES])
)
services = st.sampled_from(list(SNAPSHOT.services.values()))


def forgetting(person: PersonFacts, facts: frozenset[str]) -> PersonFacts:
    """The same person before these facts were asked."""
    circumstances = {code: known for code, known in person.circumstances.items() if code not in facts}
    gone = {name: None for name in facts if name not in CIRCUMSTANCES}
    return replace(person, circumstances=circumstances, **gone)


@settings(deadline=None)
@given(known_people, services)
def test_when_everything_is_known_nothing_is_unknown(person: PersonFacts, service) -> None:
    assert not isinstance(eligibility(service, person, SNAPSHOT, ON), Unknown)


@settings(deadline=None)
@given(known_people, hidden, hidden, services)
def test_learning_a_fact_never_turns_eligible_into_unknown(person, missing, still_missing, service) -> None:
    # When help is wanted may bring a birthday into play, so it is not a fact that was merely unknown.
    early = forgetting(person, missing - {"wanted_from"})
    later = forgetting(person, (missing & still_missing) - {"wanted_from"})
    if isinstance(eligibility(service, early, SNAPSHOT, ON), Eligible):
        assert isinstance(eligibility(service, later, SNAPSHOT, ON), Eligible)


@settings(deadline=None)
@given(known_people, hidden, services)
def test_what_is_refused_while_facts_are_missing_stays_refused(person, missing, service) -> None:
    early = forgetting(person, missing - {"wanted_from"})
    if isinstance(eligibility(service, early, SNAPSHOT, ON), NotEligible):
        assert isinstance(eligibility(service, person, SNAPSHOT, ON), NotEligible)


@settings(deadline=None)
@given(known_people, hidden, services)
def test_whatever_is_unknown_says_what_to_ask_and_only_what_is_missing(person, missing, service) -> None:
    found = eligibility(service, forgetting(person, missing), SNAPSHOT, ON)
    if isinstance(found, Unknown):
        fields = {"residence": "postcode", "practice_ods": "gp_practice_ods"}
        askable = {
            fields.get(name, f"circumstances.{name}" if name in CIRCUMSTANCES else name) for name in missing
        }
        assert found.asks
        assert {ask.field for ask in found.asks} <= askable


@settings(deadline=None)
@given(known_people, st.integers(-ESTIMATE_WITHIN, ESTIMATE_WITHIN), services)
def test_an_estimate_that_is_nearly_right_never_contradicts_the_birth_date(person, off, service) -> None:
    ages = person.ages(person.day(ON))
    assert ages is not None
    roughly = replace(person, date_of_birth=None, age_estimate=max(0, ages[0] + off))
    guessed, known = (eligibility(service, facts, SNAPSHOT, ON) for facts in (roughly, person))
    if not isinstance(guessed, Unknown):
        assert isinstance(guessed, Eligible) == isinstance(known, Eligible)


@settings(deadline=None)
@given(known_people, hidden)
def test_a_service_stands_in_one_list_only_in_the_order_of_its_score(person, missing) -> None:
    found = route(forgetting(person, missing), SNAPSHOT, AT)
    listed = [entry.service.id for entry in found.eligible + found.not_eligible + found.unknown]
    assert len(listed) == len(set(listed))
    scores = [entry.score for entry in found.eligible]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= points <= 100 for points in scores)
    assert all(entry.reasons for entry in found.eligible + found.not_eligible + found.unknown)
    assert found == route(forgetting(person, missing), SNAPSHOT, AT)
