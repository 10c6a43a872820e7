"""A small invented place for the router's tests: documents as the snapshot brings them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from services.referrals.domain.routing.people_docs import Residence
from services.referrals.domain.routing.person import PersonFacts, Sender
from services.referrals.domain.routing.snapshot import Snapshot

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ON = date(2026, 11, 23)
HERE, THERE = "E06000014", "E08000035"
WARD, OTHER_WARD = "E05010330", "E05010319"
AT_HOME = Residence(HERE, "York", WARD, "E01013445", (53.954, -1.127))
ELSEWHERE = Residence(THERE, "Leeds", "E05011401", "E01011299", (53.75, -1.34))

PLACE = {
    "id": "york",
    "name": "York",
    "authorities": [HERE],
    "neighbours": [{"authority": THERE, "name": "Leeds", "contact": "Leeds line, 01632 960 110"}],
}
PRACTICE = {
    "id": "practice",
    "name": "Kite Lane Surgery",
    "sector": "health",
    "ods_code": "Z90001",
    "place_id": "york",
}
HOST = {"id": "host", "name": "Example Host", "sector": "vcse", "place_id": "york"}
AGREEMENT = {"id": "a", "organization_a": "practice", "organization_b": "host", "valid_from": "2026-01-01"}


def a_service(ident: str = "scheme", **changes: Any) -> dict[str, Any]:
    """A scheme for residents of York that takes anybody a professional sends."""
    doc = {
        "id": ident,
        "name": ident.title(),
        "organization_id": "host",
        "place_id": "york",
        "kind": "scheme",
        "status": "active",
        "routes_in": ["professional"],
        "needs": ["loneliness"],
        "criteria": {"area_basis": ["resident"]},
        "area": {"authorities": [HERE]},
        "capacity": {"declared_wait_days": 14},
        "team_ids": [f"{ident}-team"],
        "verified_at": "2026-11-01T09:00:00Z",
    }
    return {**doc, **changes}


def a_snapshot(
    *services: dict[str, Any], as_of: datetime | None = AT, **kinds: list[dict[str, Any]]
) -> Snapshot:
    """A snapshot of these services, in York, with an agreement between the practice and their host."""
    docs = {
        "place": [PLACE],
        "organization": [PRACTICE, HOST],
        "agreement": [AGREEMENT],
        "service": list(services),
        "team": [{"id": t, "name": t, "service_ids": [s["id"]]} for s in services for t in s["team_ids"]],
        "need": [{"id": "loneliness", "code": "loneliness", "label": "Loneliness"}],
        **kinds,
    }
    return Snapshot.of(
        ({"kind": kind, "id": doc["id"], "doc": doc} for kind, found in docs.items() for doc in found), as_of
    )


def somebody(**changes: Any) -> PersonFacts:
    """A lonely person of 74 at home in York, sent by a practice; everything asked is known."""
    facts: dict[str, Any] = {
        "needs": frozenset({"loneliness"}),
        "sender": Sender("practice", "health", "york"),
        "date_of_birth": date(1952, 3, 4),
        "residence": AT_HOME,
        "practice_ods": "Z90001",
    }
    return PersonFacts(**{**facts, **changes})
