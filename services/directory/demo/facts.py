"""The further facts of the demo's services: hours, prices, ways in, a drawn area, words. All invented."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zlib import crc32

from sqlalchemy.orm import Session

from services.directory.demo.offers import DemoService
from services.directory.demo.putting import put
from services.directory.domain.documents import Cost, Opening, Polygon, WayIn
from services.directory.domain.listings import Audience, Frequency, ServiceKind
from services.directory.domain.opening import DAYS
from services.directory.store.listing_parts import Narrative
from shared.clock import uk_date
from shared.demo_ids import demo_id

_TIMES = ((10, 12), (14, 16), (18, 20), (11, 13))
# What a description says of its time is what its hours say.
_SAID = {
    "acomb-coffee-morning": (10, 12),
    "front-street-table": (12, 14),
    "copmanthorpe-lunch": (12, 14),
    "lupset-lunch": (12, 14),
    "clifton-breakfast": (8, 10),
    "heworth-dads": (9, 11),
    "normanton-dads": (9, 11),
    "york-day-centre-peers": (8, 16),
}
_FORTNIGHTLY = frozenset({"holgate-allotment", "holgate-knit"})
_FIRST_DAY = date(2026, 11, 2)
_PRICES = (
    (),
    (Cost(option="A session", amount=Decimal("2.00")), Cost(amount_description="Nobody is turned away")),
    (Cost(option="Tea and cake", amount=Decimal("1.50")),),
    (),
)
_WAYS = (
    ("step_free", "accessible_toilet", "near_bus_stop"),
    ("ramp", "hearing_loop"),
    ("lift", "accessible_toilet", "blue_badge_parking"),
    ("step_free", "assistance_dogs", "quiet_space"),
)
_DRAWN = {
    "westfield-walkers": Polygon(
        "Around Westfield Green",
        {
            "type": "Polygon",
            "coordinates": [[[-1.14, 53.94], [-1.11, 53.94], [-1.11, 53.96], [-1.14, 53.96], [-1.14, 53.94]]],
        },
    )
}
_WORDS: dict[str, dict[Audience, str]] = {
    "acomb-coffee-morning": {
        Audience.PERSON: "Somebody will be at the door with a badge. You can sit by the window and say "
        "nothing, or join a table. Nobody asks why you came.",
        Audience.REFERRER: "No form. Tell people to ask for Maureen; ring if somebody wants to be met.",
    },
    "york-gp-link-workers": {
        Audience.PERSON: "We talk about what matters to you, not what is the matter with you.",
        Audience.LINK_WORKER: "We keep one place a week for people who are handed over by another scheme.",
        Audience.REFERRER: "We ring within a week. Tell us what has been tried already.",
    },
    "common-ground-peer-support": {
        Audience.PERSON: "Come as you are. You may listen as long as you like before you say anything.",
    },
}
_REVIEWED_AFTER = timedelta(days=365)


def further_facts(one: DemoService) -> dict[str, Any]:
    """The further fields of its document."""
    facts: dict[str, Any] = {
        "schedules": _schedules(one),
        "polygons": (_DRAWN[one.slug],) if one.slug in _DRAWN else (),
    }
    if one.kind != ServiceKind.SCHEME:
        costs = _PRICES[_turn(one)]
        facts |= {"costs": costs, "free": not costs}
        if costs:
            facts["fees_description"] = None
    else:
        facts |= {"free": True, "interpretation_services": "By telephone in any language"}
    return facts


def ways_in(one: DemoService) -> tuple[WayIn, ...]:
    """How to get in and around its venue."""
    return tuple(WayIn(code=code) for code in _WAYS[_turn(one)])


def load_words(session: Session, one: DemoService, at: datetime) -> None:
    """Its texts for readers."""
    for audience, text in _WORDS.get(one.slug, {}).items():
        put(
            session,
            Narrative(
                service_id=demo_id("service", one.slug),
                audience=audience,
                version=1,
                text=text,
                signed_by=[demo_id("organization", one.organization)],
                review_on=uk_date(at) + _REVIEWED_AFTER,
                written_by="Demo forum admin",
                written_at=at,
            ),
        )


def _schedules(one: DemoService) -> tuple[Opening, ...]:
    if one.discreet or not one.days:
        return ()
    if one.kind == ServiceKind.SCHEME:
        opens, closes = _SAID.get(one.slug, (9, 17))
    else:
        opens, closes = _SAID.get(one.slug, _TIMES[_turn(one)])
    fortnightly = one.slug in _FORTNIGHTLY
    return (
        Opening(
            freq=Frequency.WEEKLY,
            interval=2 if fortnightly else 1,
            byday=",".join(DAYS[day] for day in one.days),
            dtstart=_FIRST_DAY if fortnightly else None,
            opens_at=time(opens),
            closes_at=time(closes),
        ),
    )


def _turn(one: DemoService) -> int:
    return crc32(one.slug.encode()) % len(_TIMES)
