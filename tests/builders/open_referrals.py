"""Files of referrals that are open already, and the little place of docs/listings they belong to."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from services.referrals.store.database import database
from services.referrals.store.directory import forget
from services.referrals.store.tables import DirectoryItem, DirectoryState
from shared.listing_ids import listing_id
from tests.builders.bodies import invented_nhs_number
from tests.builders.referrals_world import ident

TEAM = listing_id("team", "exampleton-link-workers")
SERVICE = listing_id("service", "exampleton-link-workers")
SURGERY, PCN, STRANGERS = ident("mill-lane-surgery"), ident("exampleton-pcn"), ident("unsigned-surgery")
WORKER, LEAD, SENDER = ident("wren"), ident("lee-of-exampleton"), ident("mill-lane-sender")
WORKER_EMAIL, SENDER_EMAIL = "wren@exampleton-pcn.example", "desk@mill-lane.example"


def fill_exampleton() -> None:
    """Add the place of docs/listings to the directory's copy: a surgery, its link workers, one agreement."""
    docs: list[tuple[str, dict[str, Any]]] = [
        ("organization", _organization(SURGERY, "Mill Lane Surgery", "Z98001")),
        ("organization", _organization(STRANGERS, "Unsigned Surgery", "Z98009")),
        ("organization", _organization(PCN, "Exampleton Primary Care Network", None)),
        (
            "team",
            {
                "id": str(TEAM), "name": "Exampleton link workers", "organization_id": str(PCN),
                "place_id": str(ident("york")), "kind": "scheme", "service_ids": [str(SERVICE)],
            },
        ),
        (
            "service",
            {
                "id": str(SERVICE), "name": "Exampleton link workers", "organization_id": str(PCN),
                "place_id": str(ident("york")), "kind": "scheme", "status": "active",
                "routes_in": ["professional", "self"], "needs": ["loneliness"], "ending": "by_worker",
                "team_ids": [str(TEAM)],
            },
        ),
        ("member", _member("wren", WORKER, "Wren Worker", PCN, "worker", WORKER_EMAIL)),
        ("member", _member("lee", LEAD, "Lee Lead", PCN, "lead", "lee@exampleton-pcn.example")),
        ("member", _member("desk", SENDER, "Dale Desk", SURGERY, "sender", SENDER_EMAIL)),
        (
            "agreement",
            {
                "id": "exampleton", "organization_a": str(SURGERY), "organization_b": str(PCN),
                "purposes": ["share_referral", "feedback_to_sender"], "valid_from": "2020-01-01",
            },
        ),
    ]  # fmt: skip
    with database.transaction() as session:
        for kind, doc in docs:
            session.add(DirectoryItem(copy=1, kind=kind, id=doc["id"], version=2, deleted=False, doc=doc))
        session.get_one(DirectoryState, 1).version = 2
    forget()


def _organization(ident_: Any, name: str, ods: str | None) -> dict[str, Any]:
    return {
        "id": str(ident_), "name": name, "sector": "health", "ods_code": ods, "place_id": str(ident("york")),
        "email_domains": [],
    }  # fmt: skip


def _member(word: str, account: Any, name: str, org: Any, role: str, email: str) -> dict[str, Any]:
    return {
        "id": f"exampleton-{word}", "account_id": str(account), "name": name, "organization_id": str(org),
        "team_id": str(TEAM) if org == PCN else None, "role": role, "absences": [],
        "email_sha256": hashlib.sha256(email.encode()).hexdigest(),
    }  # fmt: skip


def a_row(number: int, today: date, **changes: str) -> dict[str, str]:
    """One line: a person invented for it, in one of four stages by turns."""
    row = {
        "source_system": "spreadsheet",
        "external_id": f"row-{number}",
        "sender_organization": "Z98001",
        "team": "exampleton-link-workers",
        "lawful_basis": "public_task",
        "given_name": "Ada",
        "family_name": f"Invented-{number}",
        "date_of_birth": "1950-02-11",
        "nhs_number": invented_nhs_number(),
        "postcode": "YO24 3BZ",
        "phone": "01632 960201",
        "phone_safe": "yes",
        "needs": "loneliness",
        "sent_on": _days(today, 100),
    }
    stages: tuple[dict[str, str], ...] = (
        {"stage": "received"},
        {"stage": "accepted", "accepted_on": _days(today, 95)},
        {"stage": "in-progress", "accepted_on": _days(today, 95), "first_contact_on": _days(today, 80)},
        {"stage": "on-hold", "accepted_on": _days(today, 95), "hold_review_on": _days(today, -30)},
    )
    stage = stages[number % 4]
    worker = {} if stage["stage"] == "received" else {"worker": WORKER_EMAIL}
    return row | stage | worker | changes


def _days(today: date, ago: int) -> str:
    return (today - timedelta(days=ago)).isoformat()


def as_csv(rows: Sequence[dict[str, str]]) -> Iterable[str]:
    """The lines of a file with these rows; it has every column that any of them has."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    file = io.StringIO(newline="")
    sheet = csv.DictWriter(file, columns, restval="")
    sheet.writeheader()
    sheet.writerows(rows)
    return io.StringIO(file.getvalue(), newline="")
