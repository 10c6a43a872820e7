"""When a listing may be published."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from services.directory.domain.capacity import Capacity
from services.directory.domain.documents import PatchArea, Polygon, ServiceDoc, Telephone, Term
from services.directory.domain.publishing import check_publishable, missing_to_publish
from services.directory.domain.taxonomies import NEEDS
from shared.errors import Invalid

SAYS = Capacity(limit=20)
SILENT = Capacity()
SCHEME = ServiceDoc(
    organization_id=uuid4(),
    name="Walk along",
    kind="scheme",
    who_for="Anyone here",
    not_for="Nobody",
    differs="We walk there with you",
    support_type="accompanying",
    ending="by_person",
    terms=frozenset({Term(NEEDS, "loneliness")}),
    routes_in=("introduction",),
    area_basis=("resident",),
    areas=frozenset({PatchArea("authority", "E06000014")}),
)
GROUP = ServiceDoc(
    organization_id=uuid4(), name="Choir", kind="group", contact_name="Maureen", open_to_others=True
)


def missing(doc: ServiceDoc, capacity: Capacity = SAYS) -> list[str]:
    return [problem.pointer for problem in missing_to_publish(doc, capacity)]


def test_a_scheme_that_says_all_may_be_published() -> None:
    check_publishable(SCHEME, SAYS)
    check_publishable(SCHEME, Capacity(ask_first=True))


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"who_for": " "}, "/who_for"),
        ({"not_for": ""}, "/not_for"),
        ({"differs": ""}, "/differs"),
        ({"support_type": None}, "/support_type"),
        ({"ending": None}, "/ending"),
        ({"terms": frozenset()}, "/needs"),
        ({"routes_in": ()}, "/routes_in"),
        ({"areas": frozenset()}, "/area"),
        ({"area_basis": ()}, "/area"),
        ({"name": ""}, "/name"),
    ],
)
def test_a_scheme_is_not_published_on_a_label_alone(change: dict[str, Any], pointer: str) -> None:
    assert missing(replace(SCHEME, **change)) == [pointer]


def test_a_scheme_says_what_it_can_take() -> None:
    assert missing(SCHEME, SILENT) == ["/capacity"]


def test_a_drawn_area_is_an_area() -> None:
    drawn = (Polygon("The estate", {"type": "Polygon"}),)
    assert missing(replace(SCHEME, areas=frozenset(), polygons=drawn)) == []


def test_people_from_anywhere_need_no_patch() -> None:
    assert missing(replace(SCHEME, areas=frozenset(), area_basis=("anywhere",))) == []


def test_a_group_needs_a_name_a_contact_and_open_doors_and_no_more() -> None:
    check_publishable(GROUP, SILENT)
    check_publishable(replace(GROUP, contact_name=None, phones=(Telephone("01632 960100"),)), SILENT)
    with pytest.raises(Invalid) as refused:
        check_publishable(replace(GROUP, contact_name=None, open_to_others=False), SILENT)
    assert [problem.pointer for problem in refused.value.errors] == ["/contact", "/open_to_others"]


def test_a_self_only_group_needs_an_invitation_others_may_pass_on() -> None:
    alone = replace(GROUP, routes_in=("self",))
    assert missing(alone, SILENT) == ["/invitation"]
    assert missing(replace(alone, invitation="Come along."), SILENT) == []
