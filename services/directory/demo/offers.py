"""How the demo writes down a service."""

from __future__ import annotations

from dataclasses import dataclass

from services.directory.domain.words import NEED_CODES


@dataclass(frozen=True)
class DemoService:
    """One service, in the words of the directory. `areas` are (kind, code); `checked_days_ago` None: never.

    `limit`, `open_places` are people, `wait` days; `pause_ends_in` days from the day it is loaded.
    """

    slug: str
    name: str
    organization: str
    place: str | None
    kind: str
    needs: tuple[str, ...]
    description: str
    who_for: str = "Anyone here"
    not_for: str = "Nobody"
    differs: str = ""
    team: str | None = None
    role: str | None = None
    support: str | None = None
    routes: tuple[str, ...] = ("professional",)
    ending: str | None = "by_worker"
    ages: tuple[int | None, int | None] = (None, None)
    basis: tuple[str, ...] = ("resident",)
    areas: tuple[tuple[str, str], ...] = ()
    area_words: str = ""
    circumstances: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    limit: int | None = None
    open_places: int | None = None
    wait: int | None = None
    pause_ends_in: int | None = None
    ask_first: bool = False
    discreet: bool = False
    private: bool = False
    languages: tuple[str, ...] = ("en",)
    days: tuple[int, ...] = (0, 1, 2, 3, 4)
    venue: str = ""
    postcode: str | None = None
    phone: str | None = None
    email: str | None = None
    contact: str | None = None
    cost: str = "Free"
    invitation: str | None = None
    checked_days_ago: int | None = 30


ANY_NEED = NEED_CODES
YORK_COUNCIL = ("authority", "E06000014")
WAKEFIELD_COUNCIL = ("authority", "E08000036")
WEEK = (0, 1, 2, 3, 4, 5, 6)


def wards(*numbers: str) -> tuple[tuple[str, str], ...]:
    """Wards by the last digits of their codes (E050…)."""
    return tuple(("ward", f"E050{number}") for number in numbers)


def practices(*codes: str) -> tuple[tuple[str, str], ...]:
    """GP practices by ODS code."""
    return tuple(("practice", code) for code in codes)
