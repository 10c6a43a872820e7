"""Sixty groups, activities and places to go, most of them run by neighbours."""

from __future__ import annotations

from services.directory.demo.offers import DemoService
from services.directory.demo.organizations import DemoOrganization
from services.directory.demo.tables import ages, rows, words

_FIRST_PHONE = 701
_INVITATION = (
    "Would you like to come along? Nobody needs to refer you. Ring or write first if you want somebody to "
    "meet you at the door."
)


def _phone(number: int) -> str:
    return f"01632 960{_FIRST_PHONE + number}"


def _not_for(youngest: int | None, oldest: int | None) -> str:
    if youngest is not None and oldest is not None:
        return f"People under {youngest} or over {oldest}"
    return f"People under {youngest}" if youngest is not None else "Nobody"


def _group(row: dict[str, str], number: int) -> DemoService:
    return DemoService(
        slug=row["slug"],
        name=row["name"],
        organization=row["organization"] or row["slug"],
        place=row["place"],
        kind=row["kind"],
        needs=tuple(words(row["needs"])),
        description=row["description"],
        who_for=row["who_for"],
        not_for=_not_for(*ages(row["ages"])),
        ages=ages(row["ages"]),
        circumstances=tuple(words(row["circumstances"])),
        routes=tuple(words(row["routes"])),
        ending=None,
        basis=("anywhere",),
        limit=int(row["limit"]),
        open_places=int(row["open"]),
        days=tuple(int(day) for day in words(row["days"])),
        venue=row["venue"],
        postcode=row["postcode"],
        phone=_phone(number),
        contact=row["contact"],
        invitation=_INVITATION,
        checked_days_ago=int(row["checked"]),
    )


GROUPS: tuple[DemoService, ...] = tuple(_group(row, number) for number, row in enumerate(rows("groups")))

# Groups that belong to no other body are bodies of their own, without money to speak of.
INFORMAL: tuple[DemoOrganization, ...] = tuple(
    DemoOrganization(
        slug=row["slug"],
        name=row["name"],
        sector="vcse",
        place=row["place"],
        postcode=row["postcode"],
        phone=_phone(number),
        ods=None,
        income="none" if number % 3 else "<5k",
        host=None,
        charity=None,
        description="",
    )
    for number, row in enumerate(rows("groups"))
    if not row["organization"]
)
