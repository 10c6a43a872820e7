"""York and Wakefield. National numbers are the real ones; the councils' are from Ofcom's drama range."""

from __future__ import annotations

from typing import NamedTuple

from services.directory.domain.emergency import Number, with_local


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
    return with_local(
        Number(
            f"{place.name} council safeguarding",
            place.safeguarding,
            "An adult or a child is being harmed or neglected",
            f"Weekdays 8:30am to 5pm; at other times {place.out_of_hours}.",
        )
    )
