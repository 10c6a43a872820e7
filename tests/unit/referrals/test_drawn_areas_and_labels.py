"""A patch drawn on a map decides by postcodes; labels are asked about in the directory's words."""

from __future__ import annotations

from services.referrals.domain.routing.area import covers
from services.referrals.domain.routing.criteria import CIRCUMSTANCES, circumstance_words, known_circumstances
from services.referrals.domain.routing.docs import Area
from services.referrals.domain.routing.people_docs import Residence
from services.referrals.domain.routing.snapshot import Snapshot

DRAWN = Area.of({"authorities": ["E06000014"], "postcodes": ["YO24 3BZ"]})
ORGANIZATION = {"kind": "organization", "id": "o1", "doc": {"id": "o1", "name": "Kettle homes"}}


def lives(postcode: str | None, authority: str = "E06000014") -> Residence:
    return Residence(authority=authority, postcode=postcode)


def said(code: str, who: str, question: str) -> Snapshot:
    doc = {"id": code, "code": code, "label": code, "who": who, "question": question}
    return Snapshot.of([ORGANIZATION, {"kind": "circumstance", "id": code, "doc": doc}])


def test_a_postcode_inside_a_drawn_area_is_within_it() -> None:
    assert covers(DRAWN, lives("YO24 3BZ")) is True


def test_another_postcode_of_the_council_is_not() -> None:
    assert covers(DRAWN, lives("YO24 3XX")) is False


def test_without_a_postcode_it_is_not_known() -> None:
    assert covers(DRAWN, lives(None)) is None
    assert covers(DRAWN, lives(None, "E06000099")) is False


def test_a_ward_or_a_drawn_area_is_enough() -> None:
    both = Area.of({"wards": ["E05000001"], "postcodes": ["YO24 3BZ"]})
    assert covers(both, Residence(authority="E06000014", ward="E05000001")) is True
    assert covers(both, Residence(authority="E06000014", ward="E05000002", postcode="YO24 3BZ")) is True
    assert covers(both, Residence(authority="E06000014", ward="E05000002")) is None


def test_the_directorys_own_words_come_first() -> None:
    told = said("carer", "look after a neighbour", "Do they look after a neighbour?")
    assert circumstance_words("carer", told) == ("look after a neighbour", "Do they look after a neighbour?")
    assert known_circumstances(told)["carer"][1] == "Do they look after a neighbour?"


def test_without_them_the_built_in_words_are_said() -> None:
    assert circumstance_words("carer", Snapshot()) == CIRCUMSTANCES["carer"]
    assert circumstance_words("miner", Snapshot())[1] == "Does “miner” apply to them?"
    assert circumstance_words("carer", said("carer", "", "")) == CIRCUMSTANCES["carer"]


def test_words_that_name_the_organisation_name_it() -> None:
    told = said("tenant", "rent from {organization}", "Do they rent from {organization}?")
    assert circumstance_words("tenant:o1", told)[1] == "Do they rent from Kettle homes?"
    assert circumstance_words("tenant", told) == CIRCUMSTANCES["tenant"]
    nameless = said("tenant", "rent", "Do they rent?")
    assert circumstance_words("tenant:o1", nameless)[1] == "Are they a tenant of Kettle homes?"
