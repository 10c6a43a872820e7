"""When a listing may be published."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.directory.domain.publishing import Listing, check_publishable, missing_to_publish
from shared.errors import Invalid

SCHEME = Listing(
    name="Walk along",
    kind="scheme",
    who_for="Anyone here",
    not_for="Nobody",
    differs="We walk there with you",
    support_type="accompanying",
    ending="by_person",
    needs=("loneliness",),
    routes_in=("introduction",),
    area_basis=("resident",),
    areas=("E06000014",),
    says_capacity=True,
)
GROUP = Listing(name="Choir", kind="group", has_contact=True, open_to_others=True)


def test_a_scheme_that_says_all_may_be_published() -> None:
    check_publishable(SCHEME)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"who_for": " "}, "/who_for"),
        ({"not_for": ""}, "/not_for"),
        ({"differs": ""}, "/differs"),
        ({"support_type": None}, "/support_type"),
        ({"ending": None}, "/ending"),
        ({"needs": ()}, "/needs"),
        ({"routes_in": ()}, "/routes_in"),
        ({"areas": ()}, "/area"),
        ({"area_basis": ()}, "/area"),
        ({"says_capacity": False}, "/capacity"),
        ({"name": ""}, "/name"),
    ],
)
def test_a_scheme_is_not_published_on_a_label_alone(change: dict[str, object], pointer: str) -> None:
    assert [problem.pointer for problem in missing_to_publish(replace(SCHEME, **change))] == [pointer]


def test_people_from_anywhere_need_no_patch() -> None:
    assert missing_to_publish(replace(SCHEME, areas=(), area_basis=("anywhere",))) == []


def test_a_group_needs_a_name_a_contact_and_open_doors_and_no_more() -> None:
    check_publishable(GROUP)
    with pytest.raises(Invalid) as refused:
        check_publishable(replace(GROUP, has_contact=False, open_to_others=False))
    assert [problem.pointer for problem in refused.value.errors] == ["/contact", "/open_to_others"]


def test_a_self_only_group_needs_an_invitation_others_may_pass_on() -> None:
    alone = replace(GROUP, routes_in=("self",))
    assert [problem.pointer for problem in missing_to_publish(alone)] == ["/invitation"]
    assert missing_to_publish(replace(alone, invitation="Come along.")) == []
