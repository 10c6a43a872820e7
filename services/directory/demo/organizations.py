"""The organisations of the demo place, all invented, in all ten sectors; and who has signed with whom."""

from __future__ import annotations

from typing import NamedTuple

from services.directory.demo.tables import rows


class DemoOrganization(NamedTuple):
    """One organisation. `place` is a place's code, None for both; `ods` makes it a GP practice."""

    slug: str
    name: str
    sector: str
    place: str | None
    postcode: str
    phone: str
    ods: str | None
    income: str | None
    host: str | None
    charity: str | None
    description: str


ORGANIZATIONS: tuple[DemoOrganization, ...] = tuple(
    DemoOrganization(
        slug=row["slug"],
        name=row["name"],
        sector=row["sector"],
        place=row["place"] or None,
        postcode=row["postcode"],
        phone=row["phone"],
        ods=row["ods"] or None,
        income=row["income"] or None,
        host=row["host"] or None,
        charity=row["charity"] or None,
        description=row["description"],
    )
    for row in rows("organizations")
)
PRACTICES: tuple[DemoOrganization, ...] = tuple(one for one in ORGANIZATIONS if one.ods)
# It has signed with nobody yet, so that the demo shows what happens then.
WITHOUT_AGREEMENT = frozenset({"fossgate-bakehouse"})
SENDERS: tuple[str, ...] = tuple(one.slug for one in ORGANIZATIONS if one.slug not in WITHOUT_AGREEMENT)
# Sectors whose senders are told little: their agreements cover the referral and its state, no more.
NARROW_SECTORS = frozenset({"police", "housing", "employer"})
NARROW_PURPOSES = ("share_referral", "feedback_to_sender")
# Those whose systems try the demo: people they meet live in both places, so they have signed in both.
ACROSS_PLACES = frozenset(
    {"front-street-surgery", "york-neighbourhood-police", "ouse-homes", "york-community-circle"}
)
# Two landlords that have signed nothing with each other yet, though both have with everybody else.
UNSIGNED = frozenset({frozenset({"ouse-homes", "calder-homes"})})
WIDE_PURPOSES = (*NARROW_PURPOSES, "feedback_to_gp", "know_of_each_other")
