"""York and Wakefield. National numbers are the real ones; the councils' are from Ofcom's drama range."""

from __future__ import annotations

from typing import NamedTuple

NEXT_ACTION_DAYS = {"received": 2, "accepted": 5, "asked": 5}


class Number(NamedTuple):
    """Whom to ring, when, and what happens then."""

    name: str
    number: str
    when: str
    what: str


class NextDoor(NamedTuple):
    """An authority next door and whom to ask there."""

    authority: str
    name: str
    contact: str


class DemoPlace(NamedTuple):
    """One place of the demo."""

    code: str
    name: str
    authority: str
    safeguarding: str
    out_of_hours: str
    neighbours: tuple[NextDoor, ...]


YORK = DemoPlace(
    code="york",
    name="York",
    authority="E06000014",
    safeguarding="01632 960111",
    out_of_hours="01632 960112",
    neighbours=(
        NextDoor("E06000065", "North Yorkshire", "North Yorkshire living well desk (demo), 01632 960121"),
        NextDoor("E06000011", "East Riding of Yorkshire", "East Riding wellbeing line (demo), 01632 960122"),
        NextDoor("E08000035", "Leeds", "Leeds community connections (demo), 01632 960123"),
    ),
)
WAKEFIELD = DemoPlace(
    code="wakefield",
    name="Wakefield",
    authority="E08000036",
    safeguarding="01632 960211",
    out_of_hours="01632 960212",
    neighbours=(
        NextDoor("E08000035", "Leeds", "Leeds community connections (demo), 01632 960123"),
        NextDoor("E08000034", "Kirklees", "Kirklees community plus desk (demo), 01632 960221"),
        NextDoor("E08000016", "Barnsley", "Barnsley wellbeing desk (demo), 01632 960222"),
        NextDoor("E08000017", "Doncaster", "Doncaster connect desk (demo), 01632 960223"),
        NextDoor("E06000065", "North Yorkshire", "North Yorkshire living well desk (demo), 01632 960121"),
    ),
)
PLACES: tuple[DemoPlace, ...] = (YORK, WAKEFIELD)


def emergency_numbers(place: DemoPlace) -> tuple[Number, ...]:
    """Whom to ring now in `place`, the most pressing first."""
    return (
        Number(
            "Police, fire or ambulance",
            "999",
            "Somebody may die or come to serious harm now",
            "Ask for the service you need. If you cannot speak, press 55 when you are asked to.",
        ),
        Number(
            "NHS 111, mental health option",
            "111",
            "You or somebody else is in crisis, or cannot go on",
            "Choose option 2 to speak to somebody trained in mental health, day and night.",
        ),
        Number(
            "NHS 111",
            "111",
            "You need medical help and it is not an emergency",
            "Day and night. Also at 111.nhs.uk.",
        ),
        Number(
            "Samaritans",
            "116 123",
            "You want to talk to somebody who listens, about anything",
            "Free, day and night, from any telephone.",
        ),
        Number(
            "National domestic abuse helpline",
            "0808 2000 247",
            "Somebody close to you hurts, frightens or controls you",
            "Free and confidential, day and night.",
        ),
        Number(
            f"{place.name} council safeguarding",
            place.safeguarding,
            "An adult or a child is being harmed or neglected",
            f"Weekdays 8:30am to 5pm; at other times {place.out_of_hours}.",
        ),
        Number(
            "Police, not an emergency",
            "101",
            "Something has happened and nobody is in danger now",
            "Day and night.",
        ),
    )
