"""Invented people: names nobody has, numbers from ranges nobody is given, postcodes of the demo place."""

from __future__ import annotations

from datetime import date, datetime
from random import Random
from uuid import UUID

from services.referrals import config
from services.referrals.demo.teams import Sender
from services.referrals.domain.same_request import Identity
from services.referrals.store.guard import Keys, keys_for
from services.referrals.store.people import search_name
from services.referrals.store.tables import ContactPointRow, PersonRecord, Referral
from shared.demo_ids import demo_id

_GIVEN = (
    "Ada", "Bertie", "Cora", "Desmond", "Effie", "Fergus", "Greta", "Hector", "Ines", "Jasper", "Keziah",
    "Lionel", "Maud", "Nestor", "Opal", "Percy", "Queenie", "Rufus", "Sybil", "Tobias", "Una", "Vernon",
    "Wilma", "Xenia", "Yorick", "Zelda", "Amos", "Beryl", "Clement", "Dilys",
)  # fmt: skip
_FAMILY = (
    "Applethorn", "Brackenbury-Test", "Cobblestone", "Dandelyon", "Emberwick", "Fiddlewood", "Gooseberrie",
    "Hollowmere", "Inkpenny", "Jackdawson-Test", "Kettlewick", "Lanternby", "Marrowfield", "Nettlecombe-Test",
    "Oatcakes", "Pebbleton", "Quillfeather", "Rushlight", "Saltmarsh-Test", "Teasdrop", "Umberfield",
    "Velveteen", "Wherryman", "Yarrowby", "Zephyrine",
)  # fmt: skip
_POSTCODES = {
    "york": ("YO24 3BZ", "YO24 4LH", "YO26 4YG", "YO23 1AA", "YO31 7EX", "YO30 6AA", "YO32 2AB", "YO10 3AA"),
    "wakefield": ("WF1 1AA", "WF1 5AB", "WF10 1AD", "WF10 2NA", "WF9 1AA", "WF8 1AA", "WF11 0AA"),
}
_NHS_FIRST = 999_100_000


def invent_person(
    rng: Random, number: int, sender: Sender, at: datetime, *, little_known: bool = False
) -> PersonRecord:
    """The `number`-th person of the demo, as `sender` knows them; of some only the name is known."""
    born = date(at.year - rng.randint(18, 92), rng.randint(1, 12), rng.randint(1, 28))
    given = _GIVEN[number % len(_GIVEN)]
    family = _FAMILY[(number // len(_GIVEN) + number * 7) % len(_FAMILY)]
    homeless = number % 29 == 28 and not little_known
    nhs = nhs_number(number) if sender.sector == "health" and number % 6 and not little_known else None
    unknown = homeless or little_known
    postcode = None if unknown else rng.choice(_POSTCODES[sender.place])
    known = Identity(given, family, None if unknown else born, None, nhs, postcode)
    organization = sender.organization_id
    # What came by the public page is compared with nothing when it comes.
    keys = keys_for(config.guard_key(), organization, known) if organization else Keys()
    return PersonRecord(
        id=demo_id("person", str(number)),
        organization_id=organization,
        given_name=given,
        family_name=family,
        search_name=search_name(given, family),
        date_of_birth=None if unknown else born,
        age_estimate=50 if homeless else None,
        age_estimated_on=at.date() if homeless else None,
        nhs_number=nhs,
        postcode=postcode,
        no_fixed_abode=homeless,
        address_lines=[] if unknown else [f"{rng.randint(1, 90)} Example Street"],
        language="pl" if number % 23 == 5 else "en",
        access_needs=["Large print"] if number % 17 == 3 else [],
        gp_practice_ods=None if little_known else sender.ods_code,
        number_key=keys.number.digest if keys.number else None,
        names_key=keys.names.digest if keys.names else None,
        created_at=at,
        updated_at=at,
    )


def identity_of(person: PersonRecord) -> Identity:
    """What the same-request guard reads of a person."""
    return Identity(
        person.given_name,
        person.family_name,
        person.date_of_birth,
        person.age_estimate,
        person.nhs_number,
        person.postcode,
    )


def invent_contacts(rng: Random, number: int, row: Referral, person_id: UUID) -> list[ContactPointRow]:
    """How to reach them: most said that a call is safe; some only through somebody."""
    if number % 13 == 7:
        return [_point(row, person_id, 0, "via", "the front desk of the surgery", safe=True)]
    calls = _point(row, person_id, 0, "phone", f"+441632960{rng.randint(0, 999):03}", safe=True)
    calls.voicemail = number % 3 == 0
    calls.hours = "weekdays after 10am" if number % 4 == 0 else None
    if number % 5:
        return [calls]
    return [calls, _point(row, person_id, 1, "text", f"+447700900{rng.randint(0, 999):03}", safe=None)]


def _point(
    row: Referral, person_id: UUID, place: int, channel: str, value: str, *, safe: bool | None
) -> ContactPointRow:
    return ContactPointRow(
        id=demo_id("contact", f"{row.id}-{place}"),
        person_id=person_id,
        referral_id=row.id,
        place_in_list=place,
        channel=channel,
        value=value,
        asked=safe is not None,
        safe=safe is True,
        voicemail=False,
        caller_id=False,
        asked_by=row.author_name if safe is not None else None,
        asked_at=row.submitted_at if safe is not None else None,
    )


def nhs_number(number: int) -> str:
    """The first number at or after the `number`-th place of the 999 range that passes mod 11."""
    base = _NHS_FIRST + number * 11
    while True:
        nine = str(base)
        total = sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True))
        check = (11 - total % 11) % 11
        if check < 10:
            return f"{nine}{check}"
        base += 1
