"""Everybody who could ask: each role in an organisation of each sector, as a person and as a system.

Beside the world of `referrals_world`, which these organisations have signed sharing agreements with.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.referrals.store.database import database
from services.referrals.store.directory import forget
from services.referrals.store.tables import DirectoryItem
from shared.auth import Caller, Kind, Membership, Role
from tests.builders.referrals_world import CALLERS, fill, ident

SECTORS = (
    "health",
    "police",
    "housing",
    "social_care",
    "local_authority",
    "fire",
    "education",
    "vcse",
    "employer",
    "other",
)
HOLDER = "york-pcn"
"""The organisation whose team has what all of them send."""
YOUTH = "young-york"
"""And the one that helps whoever is too young for that team."""
IN_A_TEAM = frozenset({Role.WORKER, Role.LEAD, Role.DUTY_DESK})


@dataclass(frozen=True)
class Seat:
    """One role in the organisation of one sector."""

    sector: str
    role: Role

    @property
    def person(self) -> Caller:
        """Somebody who signs in."""
        return self._caller(Kind.PERSON)

    @property
    def system(self) -> Caller:
        """A partner's system with that role."""
        return self._caller(Kind.CLIENT)

    def _caller(self, kind: Kind) -> Caller:
        org = organization_of(self.sector)
        team = team_of(self.sector) if self.role in IN_A_TEAM else None
        word = f"seat-{self.sector}-{self.role}"
        person = kind is Kind.PERSON
        return Caller(
            sub=str(ident(word)) if person else word,
            kind=kind,
            org=org,
            sector=self.sector,
            place=ident("york"),
            memberships=(Membership(org, self.role, team),),
            name=f"Seat {self.sector} {self.role}",
            session=word if person else None,
        )


SEATS = tuple(Seat(sector, role) for sector in SECTORS for role in Role)


def organization_of(sector: str) -> UUID:
    """The organisation of this sector."""
    return ident(f"seat-{sector}")


def team_of(sector: str) -> UUID:
    """Its team, which is no duty desk."""
    return ident(f"seat-{sector}-team")


def fill_with_seats(at: datetime) -> None:
    """The invented world, and an organisation of each sector with a team and somebody in each role."""
    fill(at)
    with database.transaction() as session:
        for sector in SECTORS:
            session.add_all(DirectoryItem(copy=1, version=1, deleted=False, **row) for row in _rows(sector))
    forget()
    CALLERS.update({str(seat.person.session): seat.person for seat in SEATS})


def _rows(sector: str) -> list[dict[str, Any]]:
    org, team, place = str(organization_of(sector)), str(team_of(sector)), str(ident("york"))
    docs: list[tuple[str, dict[str, Any]]] = [
        ("organization", {"id": org, "name": f"Seat of {sector}", "sector": sector, "place_id": place}),
        (
            "team",
            {
                "id": team,
                "name": f"Team of {sector}",
                "organization_id": org,
                "place_id": place,
                "kind": "scheme",
                "service_ids": [],
            },
        ),
    ]
    docs += [
        (
            "agreement",
            {
                "id": f"seat-{sector}-{partner}",
                "organization_a": org,
                "organization_b": str(ident(partner)),
                "valid_from": "2026-01-01",
                "valid_until": None,
            },
        )
        for partner in (HOLDER, YOUTH)
    ]
    docs += [("member", _member(Seat(sector, role), org, team)) for role in Role]
    return [{"kind": kind, "id": doc["id"], "doc": doc} for kind, doc in docs]


def _member(seat: Seat, org: str, team: str) -> dict[str, Any]:
    return {
        "id": f"member-{seat.person.session}",
        "account_id": seat.person.sub,
        "name": seat.person.name,
        "organization_id": org,
        "team_id": team if seat.role in IN_A_TEAM else None,
        "role": str(seat.role),
        "languages": ["en"],
        "caseload_limit": 20,
        "absences": [],
    }
