"""Is this the request we already have? Never wrongly yes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.referrals.domain.same_request import Identity, RequestKey, normalise_name, request_keys
from tests.builders.referral_life import an_id

KEY = b"a key for tests"
ORG, OTHER_ORG = an_id("practice"), an_id("charity")
TARGET, OTHER_TARGET = an_id("scheme"), an_id("another scheme")
MARY = Identity(
    given_name="Mary",
    family_name="O’Example",
    date_of_birth=date(1952, 3, 4),
    nhs_number="9990000042",
    postcode="YO24 3BZ",
)


def keys(person: Identity, org=ORG, **aim) -> tuple[RequestKey, ...]:
    return request_keys(KEY, org, person, **(aim or {"needs": ["loneliness"]}))


def test_the_same_request_has_the_same_two_keys() -> None:
    assert len(keys(MARY)) == 2
    assert keys(MARY) == keys(MARY) == tuple(sorted(keys(MARY)))


def test_names_written_otherwise_give_the_same_keys() -> None:
    assert keys(replace(MARY, given_name=" MARY ", family_name="o'example", postcode="yo243bz")) == keys(MARY)


def test_a_request_that_knows_only_the_number_shares_a_key_with_one_that_knows_all() -> None:
    number_only = Identity(nhs_number="9990000042")
    assert set(keys(number_only)) < set(keys(MARY))


def test_another_organisation_shares_no_key() -> None:
    assert not set(keys(MARY)) & set(keys(MARY, OTHER_ORG))


def test_another_target_or_another_set_of_needs_shares_no_key() -> None:
    found = [
        keys(MARY),
        keys(MARY, needs=["loneliness", "housing"]),
        keys(MARY, target=TARGET),
        keys(MARY, target=OTHER_TARGET),
    ]
    assert len(set().union(*map(set, found))) == sum(map(len, found))


def test_the_order_of_needs_does_not_matter_and_with_a_target_needs_do_not() -> None:
    assert keys(MARY, needs=["housing", "food"]) == keys(MARY, needs=["food", "housing", "food"])
    assert keys(MARY, target=TARGET, needs=["food"]) == keys(MARY, target=TARGET)


def test_another_secret_gives_other_keys() -> None:
    assert not set(request_keys(b"other", ORG, MARY, target=TARGET)) & set(keys(MARY, target=TARGET))


@pytest.mark.parametrize(
    "person",
    [
        Identity(),
        Identity(given_name="Mary"),
        Identity(given_name="Mary", family_name="unknown", postcode="YO24 3BZ"),
        Identity(given_name="Mary", family_name="N/K", age_estimate=70, postcode="YO24 3BZ"),
        Identity(given_name="Mary", family_name="Example", postcode="YO24 3BZ"),
        Identity(given_name="Mary", family_name="Example", age_estimate=70),
        Identity(given_name="Mary", date_of_birth=date(1952, 3, 4)),
        Identity(given_name="Mary", date_of_birth=date(1952, 3, 4), postcode="ZZ99 3VZ"),
        Identity(date_of_birth=date(1952, 3, 4), postcode="YO24 3BZ"),
    ],
)
def test_too_little_known_gives_no_key_so_that_nobody_is_refused_as_another(person: Identity) -> None:
    assert keys(person) == ()


@pytest.mark.parametrize(
    "person",
    [
        Identity(given_name="Mary", family_name="Example", date_of_birth=date(1952, 3, 4)),
        Identity(given_name="Mary", date_of_birth=date(1952, 3, 4), postcode="YO24 3BZ"),
        Identity(given_name="Mary", family_name="Example", age_estimate=70, postcode="YO24 3BZ"),
        Identity(
            given_name="Mary", family_name="Example", date_of_birth=date(1952, 3, 4), postcode="ZZ99 3VZ"
        ),
    ],
)
def test_enough_known_gives_one_key(person: Identity) -> None:
    assert len(keys(person)) == 1


def test_two_generations_of_one_name_at_one_address_are_two_people() -> None:
    older = Identity(given_name="John", family_name="Example", age_estimate=70, postcode="YO24 3BZ")
    assert not set(keys(older)) & set(keys(replace(older, age_estimate=40)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anne-Marie", "ANNE MARIE"),
        ("O'Brien", "Obrien"),
        ("José", "Jose"),
        ("Łukasz", "lukasz"),
        ("Søren", "soren"),
        ("Ａｎｎａ", "anna"),
        ("𝐀nna", "Anna"),
    ],
)
def test_case_accents_punctuation_and_spaces_do_not_make_another_name(one: str, other: str) -> None:
    assert normalise_name(one) == normalise_name(other) != ""


def test_names_of_other_scripts_are_kept_apart() -> None:
    assert normalise_name("Олена") != normalise_name("Ольга") != ""


@given(st.text(max_size=30))
def test_normalising_a_name_twice_is_normalising_it_once(name: str) -> None:
    assert normalise_name(normalise_name(name)) == normalise_name(name)


@given(st.text(min_size=1, max_size=20), st.text(min_size=1, max_size=20))
def test_keys_hold_no_name_and_locks_fit_a_bigint(given_name: str, family_name: str) -> None:
    person = Identity(given_name=given_name, family_name=family_name, date_of_birth=date(1952, 3, 4))
    for key in keys(person):
        assert len(key.digest) == 64
        assert -(2**63) <= key.lock < 2**63
