"""The documents of the routing snapshot as values. Unknown fields are ignored, absent ones have defaults.

Ids are kept as the strings they come as. Days are UK calendar days.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

Doc = Mapping[str, Any]

SELF_ROUTES = frozenset({"self", "invitation"})
"""Routes by which people come themselves; a service with no other is never sent anybody."""


def _strings(doc: Doc, field: str) -> tuple[str, ...]:
    given = doc.get(field) or ()
    return (given,) if isinstance(given, str) else tuple(str(value) for value in given)


def _text(doc: Doc, field: str) -> str:
    return str(doc.get(field) or "")


def _id(doc: Doc, field: str) -> str | None:
    return str(doc[field]) if doc.get(field) else None


def _day(value: Any) -> date | None:
    """A day from `2026-11-22` or the day part of a timestamp."""
    if not value:
        return None
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])


def _whole(doc: Doc, field: str) -> int | None:
    value = doc.get(field)
    return None if value is None else int(value)


@dataclass(frozen=True)
class Neighbour:
    """The authority next door, and whom to ask there."""

    authority: str
    name: str
    contact: str


@dataclass(frozen=True)
class Place:
    """A place: its authorities, its duty desk and the neighbours' contacts."""

    id: str
    name: str
    authorities: tuple[str, ...]
    duty_team_id: str | None
    neighbours: tuple[Neighbour, ...]
    next_action_days: Mapping[str, int]
    emergency: tuple[Mapping[str, str], ...]

    @classmethod
    def of(cls, doc: Doc) -> Place:
        """From a `place` document."""
        neighbours = tuple(
            Neighbour(_text(n, "authority"), _text(n, "name"), _text(n, "contact"))
            for n in doc.get("neighbours") or ()
        )
        return cls(
            id=str(doc["id"]),
            name=_text(doc, "name"),
            authorities=_strings(doc, "authorities"),
            duty_team_id=_id(doc, "duty_team_id"),
            neighbours=neighbours,
            next_action_days=dict(doc.get("next_action_days") or {}),
            emergency=tuple(doc.get("emergency") or ()),
        )


@dataclass(frozen=True)
class Organization:
    """Any body that sends or helps."""

    id: str
    name: str
    sector: str
    ods_code: str | None
    place_id: str | None

    @classmethod
    def of(cls, doc: Doc) -> Organization:
        """From an `organization` document."""
        return cls(
            id=str(doc["id"]),
            name=_text(doc, "name"),
            sector=_text(doc, "sector"),
            ods_code=_id(doc, "ods_code"),
            place_id=_id(doc, "place_id"),
        )


@dataclass(frozen=True)
class Session:
    """A regular session at a practice; Monday is 0."""

    practice_ods: str
    weekday: int
    name: str


OF_AN_ORGANIZATION = frozenset({"tenant"})
"""Circumstances that are asked of the organisation which offers the service: one answer for each."""


@dataclass(frozen=True)
class Criteria:
    """Who a service takes: ages on the day, basis of area, circumstances asked about, sectors of senders."""

    min_age: int | None
    max_age: int | None
    area_basis: tuple[str, ...]
    circumstances: tuple[str, ...]
    sectors: tuple[str, ...]

    @classmethod
    def of(cls, doc: Doc) -> Criteria:
        """From a service's `criteria`; no basis of area means anywhere."""
        return cls(
            min_age=_whole(doc, "min_age"),
            max_age=_whole(doc, "max_age"),
            area_basis=_strings(doc, "area_basis") or ("anywhere",),
            circumstances=_strings(doc, "circumstances"),
            sectors=_strings(doc, "sectors"),
        )


@dataclass(frozen=True)
class Area:
    """A patch. Where wards, LSOAs or (of a drawn area) postcodes are listed they decide, and the authorities
    only say where they lie."""

    authorities: frozenset[str]
    wards: frozenset[str]
    lsoas: frozenset[str]
    practices: frozenset[str]
    postcodes: frozenset[str] = frozenset()

    @classmethod
    def of(cls, doc: Doc) -> Area:
        """From a service's `area`."""
        return cls(
            authorities=frozenset(_strings(doc, "authorities")),
            wards=frozenset(_strings(doc, "wards")),
            lsoas=frozenset(_strings(doc, "lsoas")),
            practices=frozenset(_strings(doc, "practices")),
            postcodes=frozenset(_strings(doc, "postcodes")),
        )

    @property
    def is_patchwork(self) -> bool:
        """Made of wards, LSOAs or postcodes, so that the authority alone does not settle it."""
        return bool(self.wards or self.lsoas or self.postcodes)


@dataclass(frozen=True)
class Capacity:
    """Places and pause, owned by the service; `declared_wait_days` is its own word."""

    limit: int | None
    open_places: int | None
    paused: bool
    paused_until: date | None
    declared_wait_days: int | None

    @classmethod
    def of(cls, doc: Doc) -> Capacity:
        """From a service's `capacity`."""
        return cls(
            limit=_whole(doc, "limit"),
            open_places=_whole(doc, "open_places"),
            paused=bool(doc.get("paused")),
            paused_until=_day(doc.get("paused_until")),
            declared_wait_days=_whole(doc, "declared_wait_days"),
        )

    def is_paused(self, on: date) -> bool:
        """Paused on this day; a date is the last day of the pause, a pause without one stands."""
        if self.paused_until is not None:
            return on <= self.paused_until
        return self.paused


@dataclass(frozen=True)
class Service:
    """What is offered to people, with the policy that decides who comes to it and how.

    `seed` is a number made from the id, from which each day's order among equals is made.
    """

    id: str
    name: str
    organization_id: str
    place_id: str | None
    kind: str
    status: str
    routes_in: frozenset[str]
    needs: frozenset[str]
    ending: str
    discreet: bool
    ask_first: bool
    criteria: Criteria
    area: Area
    sessions: tuple[Session, ...]
    capacity: Capacity
    languages: frozenset[str]
    working_days: frozenset[int]
    point: tuple[float, float] | None
    team_ids: tuple[str, ...]
    invitation: str
    connector_role: str | None
    verified_on: date | None
    valid_until: date | None
    seed: int

    @property
    def circumstances(self) -> tuple[str, ...]:
        """What its criteria ask of a person, by the codes of answers: a tenant of this very landlord, say."""
        return tuple(
            f"{code}:{self.organization_id}" if code in OF_AN_ORGANIZATION else code
            for code in self.criteria.circumstances
        )

    @classmethod
    def of(cls, doc: Doc) -> Service:
        """From a `service` document."""
        location = doc.get("location") or {}
        point = (float(location["lat"]), float(location["lon"])) if location.get("lat") is not None else None
        sessions = tuple(
            Session(_text(s, "practice_ods"), int(s.get("weekday") or 0), _text(s, "name"))
            for s in doc.get("sessions") or ()
        )
        return cls(
            id=str(doc["id"]),
            name=_text(doc, "name"),
            organization_id=_text(doc, "organization_id"),
            place_id=_id(doc, "place_id"),
            kind=_text(doc, "kind"),
            status=_text(doc, "status") or "active",
            routes_in=frozenset(_strings(doc, "routes_in")),
            needs=frozenset(_strings(doc, "needs")),
            ending=_text(doc, "ending") or "by_worker",
            discreet=bool(doc.get("discreet")),
            ask_first=bool(doc.get("ask_first")),
            criteria=Criteria.of(doc.get("criteria") or {}),
            area=Area.of(doc.get("area") or {}),
            sessions=sessions,
            capacity=Capacity.of(doc.get("capacity") or {}),
            languages=frozenset(_strings(doc, "languages")),
            working_days=frozenset(int(d) for d in doc.get("working_days") or ()),
            point=point,
            team_ids=_strings(doc, "team_ids"),
            invitation=_text(doc, "invitation"),
            connector_role=_id(doc, "connector_role"),
            verified_on=_day(doc.get("verified_at")),
            valid_until=_day(doc.get("valid_until")),
            seed=int.from_bytes(hashlib.blake2b(str(doc["id"]).encode(), digest_size=7).digest(), "big"),
        )
