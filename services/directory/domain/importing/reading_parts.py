"""The parts of a service in a feed item: times, costs, contacts, telephones, areas."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from services.directory.domain.documents import ContactPerson, Cost, Opening, PatchArea, Polygon, Telephone
from services.directory.domain.importing.hours_text import parse_hours
from services.directory.domain.importing.values import Said
from services.directory.domain.listings import AreaKind, Frequency
from services.directory.domain.polygons import outline
from shared.errors import Invalid

MOST_PARTS = 200
_GSS_KINDS = {
    "01": AreaKind.LSOA, "05": AreaKind.WARD, "06": AreaKind.AUTHORITY, "07": AreaKind.AUTHORITY,
    "08": AreaKind.AUTHORITY, "09": AreaKind.AUTHORITY,
}  # fmt: skip
_DAY_NAMES = {
    "monday": "MO", "tuesday": "TU", "wednesday": "WE", "thursday": "TH", "friday": "FR", "saturday": "SA",
    "sunday": "SU",
}  # fmt: skip
_CURRENCY = re.compile(r"[A-Z]{3}")


def openings(said: Said, venues: Mapping[str, UUID], at: UUID | None = None) -> Iterator[Opening]:
    """HSDS schedules, and those of Open Referral 1. `venues`: service at location to venue."""
    for one in said.all("schedules", "regular_schedules")[:MOST_PARTS]:
        words = one.line("description")
        opening = Opening(
            freq=_frequency(one),
            interval=_interval(one),
            byday=_byday(one),
            bymonthday=_month_days(one),
            dtstart=one.day("dtstart"),
            valid_from=one.day("valid_from"),
            valid_to=one.day("valid_to"),
            opens_at=one.clock("opens_at"),
            closes_at=one.clock("closes_at"),
            description=words,
            schedule_link=one.url("schedule_link"),
            attending_type=one.line("attending_type"),
            notes=one.line("notes"),
            location_id=venues.get(one.line("service_at_location_id") or "", at),
        )
        yield from _settled(one, opening)


def _settled(one: Said, opening: Opening) -> Iterator[Opening]:
    """As the tables take it; words alone are parsed where they are certain."""
    if opening.valid_from and opening.valid_to and opening.valid_to < opening.valid_from:
        one.note("valid_to", "It ends before it begins: both days were left out.")
        opening = replace(opening, valid_from=None, valid_to=None)
    if opening.interval > 1 and opening.dtstart is None:
        one.note("interval", "Every second or third time, and no first day to count from: kept as words.")
        opening = replace(opening, interval=1, freq=None)
    only_words = not (opening.opens_at or opening.byday or opening.bymonthday or opening.freq)
    if only_words and opening.description and (parsed := parse_hours(opening.description)):
        for part in parsed:
            yield replace(
                part,
                location_id=opening.location_id,
                valid_from=opening.valid_from,
                valid_to=opening.valid_to,
                description=opening.description,
            )
        return
    if opening != Opening(location_id=opening.location_id):
        yield opening


def _frequency(one: Said) -> str | None:
    text = (one.line("freq") or "").upper()
    if text == "DAILY":
        return Frequency.WEEKLY
    if text and text not in list(Frequency):
        one.note("freq", "Only WEEKLY and MONTHLY are known: the rule is kept as words.")
    if text in list(Frequency):
        return text
    return Frequency.WEEKLY if not text and _byday(one) else None


def _interval(one: Said) -> int:
    value = one.number("interval")
    return int(value) if value is not None and 1 <= value <= 52 else 1


def _byday(one: Said) -> str | None:
    text = one.line("byday", "weekday") or ""
    if not text and (one.line("freq") or "").upper() == "DAILY":
        return "MO,TU,WE,TH,FR,SA,SU"
    for name, code in _DAY_NAMES.items():
        text = re.sub(rf"(?i)\b{name}\b", code, text)
    parts = [part for part in re.split(r"[\s,;]+", text.upper()) if part]
    if not all(re.fullmatch(r"[+-]?[1-5]?(MO|TU|WE|TH|FR|SA|SU)", part) for part in parts):
        one.note("byday", f"“{text[:60]}” is not a list of days like MO,TU: it was left out.")
        return None
    return ",".join(parts)[:60] or None


def _month_days(one: Said) -> str | None:
    text = re.sub(r"\s", "", one.line("bymonthday") or "")
    return text if 0 < len(text) <= 120 and re.fullmatch(r"-?\d{1,2}(,-?\d{1,2})*", text) else None


def costs(said: Said) -> Iterator[Cost]:
    """HSDS cost options."""
    for one in said.all("cost_options")[:MOST_PARTS]:
        starts, ends = one.day("valid_from"), one.day("valid_to")
        if starts and ends and ends < starts:
            starts = ends = None
        currency = (one.line("currency") or "GBP").upper()
        cost = Cost(
            option=one.line("option"),
            amount=one.amount("amount"),
            amount_description=one.line("amount_description"),
            currency=currency if _CURRENCY.fullmatch(currency) else "GBP",
            valid_from=starts,
            valid_to=ends,
        )
        if cost.option or cost.amount is not None or cost.amount_description:
            yield cost


def telephones(said: Said) -> Iterator[Telephone]:
    """HSDS phones."""
    for one in said.all("phones")[:MOST_PARTS]:
        if number := one.phone("number"):
            yield Telephone(
                number=number,
                extension=one.line("extension", most=20),
                kind=one.line("type", most=20),
                description=one.line("description"),
                languages=languages(one),
            )


def contacts(said: Said) -> Iterator[ContactPerson]:
    """HSDS contacts with their telephones."""
    for one in said.all("contacts")[:MOST_PARTS]:
        contact = ContactPerson(
            name=one.line("name"),
            title=one.line("title"),
            department=one.line("department"),
            email=one.email("email"),
            phones=tuple(telephones(one)),
        )
        if contact.name or contact.title or contact.department or contact.email:
            yield contact
        elif contact.phones:
            yield replace(contact, title="Telephone")


def languages(said: Said) -> tuple[str, ...]:
    """Languages, by code where there is one."""
    found = [one.line("code", "language", "name", most=60) for one in said.all("languages")]
    return tuple(dict.fromkeys(one for one in found if one))


def patch(said: Said) -> tuple[frozenset[PatchArea], tuple[Polygon, ...], str]:
    """Service areas: those with a code, those drawn, and what is only said in words."""
    areas, polygons, words = set(), [], []
    for one in said.all("service_areas")[:MOST_PARTS]:
        text = one.line("service_area", "name") or ""
        extent = one.raw.get("extent")
        if area := _area(one.line("uri") or ""):
            areas.add(area)
        elif drawn := _drawn(one, extent):
            polygons.append(Polygon(one.line("name", "service_area") or "Area", drawn))
        elif text:
            words.append(text)
    return frozenset(areas), tuple(polygons), ", ".join(dict.fromkeys(words))


def _area(uri: str) -> PatchArea | None:
    code = uri.rstrip("/").rpartition("/")[2].upper()
    if re.fullmatch(r"[EWSN][0-9]{8}", code) and code[1:3] in _GSS_KINDS:
        return PatchArea(_GSS_KINDS[code[1:3]], code)
    if "spineservices" in uri and re.fullmatch(r"[A-Z0-9]{3,9}", code):
        return PatchArea(AreaKind.PCN if re.fullmatch(r"U[0-9]{5}", code) else AreaKind.PRACTICE, code)
    return None


def _drawn(one: Said, extent: Any) -> Mapping[str, Any] | None:
    if not extent or (one.line("extent_type") or "geojson").lower() != "geojson":
        return None
    try:
        shape = json.loads(extent) if isinstance(extent, str) else extent
        if not isinstance(shape, dict):
            return None
        outline(shape)
    except (ValueError, RecursionError, Invalid):
        one.note("extent", "It is not a polygon of GeoJSON: the area is kept in words.")
        return None
    return shape
