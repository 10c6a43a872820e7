"""A small invented world for tests of the pages of referrals: the scenario bank's places, with people.

Ids in the bank are words; here each is a uuid made from its word: `ident("york-pcn")`.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text

from services.referrals.store.database import database
from services.referrals.store.directory import forget
from services.referrals.store.tables import DirectoryItem, DirectoryPostcode, DirectoryState
from shared.auth import Caller, Kind, Membership, Role
from shared.demo_ids import demo_id

KINDS = ("place", "organization", "service", "team", "member", "need", "agreement")
EMERGENCY = [
    {"name": "Emergency services", "number": "999", "when": "", "what": "if somebody may die"},
    {"name": "NHS 111", "number": "111", "when": "day and night", "what": "option 2 for mental health"},
    {"name": "Council safeguarding", "number": "01632 960 130", "when": "day and night", "what": ""},
]
_TEAM = ("westfield-link-team", "york-pcn")
MEMBERS = [
    ("worker", "Jo Worker", *_TEAM, "worker", 20),
    ("colleague", "Sam Colleague", *_TEAM, "worker", 1),
    ("lead", "Lee Lead", *_TEAM, "lead", None),
    ("other-worker", "Ash Elsewhere", "york-lac-team", "york-council", "worker", 20),
    ("desk", "Dee Desk", "york-desk", "york-council", "duty_desk", None),
]


def ident(word: str) -> UUID:
    """The uuid of a word of the scenario bank."""
    return demo_id("test-world", word)


def fill(at: datetime) -> None:
    """Put the world into the referrals database, as the directory's copy, fresh for a day."""
    told = json.loads(files("services.referrals.domain.scenarios").joinpath("places.json").read_text("utf-8"))
    told["agreement"] = list(_agreements(told["agreement_circles"]))
    for place in told["place"]:
        place["emergency"] = EMERGENCY
    known = {each[2] for each in MEMBERS}
    others = [_lead_of(team) for team in told["team"] if team["id"] not in known]
    told["member"] = [_member(each) for each in MEMBERS] + others
    words = {str(doc["id"]) for kind in KINDS if kind != "need" for doc in told[kind]}
    with database.transaction() as session:
        for table in ("directory_item", "directory_postcode", "directory_state"):
            session.execute(text(f"delete from {table}"))  # noqa: S608 fixed names
        for kind in KINDS:
            for doc in told[kind]:
                known = doc if kind == "need" else _with_ids(doc, words)
                session.add(
                    DirectoryItem(copy=1, kind=kind, id=str(known["id"]), version=1, deleted=False, doc=known)
                )
        for postcode in told["postcode"]:
            session.add(_postcode(postcode))
        session.add(
            DirectoryState(
                id=1, copy=1, epoch=uuid4(), version=1, as_of=at + timedelta(days=1), complete=True
            )
        )
    forget()


def _postcode(doc: dict[str, Any]) -> DirectoryPostcode:
    names = ("authority", "authority_name", "ward", "ward_name", "lsoa", "lat", "lon")
    return DirectoryPostcode(copy=1, postcode=doc["id"], **{name: doc.get(name) for name in names})


def _member(told: tuple[str, str, str, str, str, int | None]) -> dict[str, Any]:
    word, name, team, org, role, limit = told
    return {
        "id": f"member-{word}", "account_id": str(ident(word)), "name": name, "organization_id": org,
        "team_id": team, "role": role, "languages": ["en"], "caseload_limit": limit, "absences": [],
    }  # fmt: skip


def _lead_of(team: dict[str, Any]) -> dict[str, Any]:
    """Every team has somebody: a lead, or whoever keeps the desk. A team of nobody is sent nothing."""
    role = "duty_desk" if team["kind"] == "duty_desk" else "lead"
    word = f"{team['id']}-{role}"
    return _member((word, f"Lee of {team['name']}", team["id"], team["organization_id"], role, None)) | {
        "account_id": str(ident(word))
    }


def _agreements(circles: list[dict[str, Any]]) -> Any:
    for circle in circles:
        names = circle["organizations"]
        for place, one in enumerate(names):
            for other in names[place + 1 :]:
                yield {
                    "id": f"agreement-{one}-{other}", "organization_a": one, "organization_b": other,
                    "valid_from": circle.get("valid_from"), "valid_until": circle.get("valid_until"),
                }  # fmt: skip


def _with_ids(value: Any, words: set[str], key: str = "") -> Any:
    """Every word that names something of the world, as its uuid; codes such as `code: york` stay."""
    if isinstance(value, dict):
        return {name: _with_ids(inner, words, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_with_ids(inner, words, key) for inner in value]
    is_id = key == "id" or key.endswith(("_id", "_ids")) or key in ("organization_a", "organization_b")
    return str(ident(value)) if is_id and isinstance(value, str) and value in words else value


def _caller(word: str, name: str, org: str, sector: str, *roles: Role, team: str | None = None) -> Caller:
    memberships = tuple(Membership(ident(org), role, ident(team) if team else None) for role in roles)
    return Caller(
        sub=str(ident(word)), kind=Kind.PERSON, org=ident(org), sector=sector, place=ident("york"),
        memberships=memberships, name=name, session=word,
    )  # fmt: skip


CALLERS: dict[str, Caller] = {
    "practice": _caller("practice", "Ray Reception", "westfield-surgery", "health", Role.SENDER),
    "practice-colleague": _caller("practice-2", "Kit Clinic", "westfield-surgery", "health", Role.SENDER),
    "other-practice": _caller("practice-3", "Bo Haxby", "haxby-surgery", "health", Role.SENDER),
    "police": _caller("police", "Pat Police", "york-police", "police", Role.SENDER),
    "charity": _caller("charity", "Val Vcse", "kettle", "vcse", Role.SENDER),
    "housing": _caller("housing", "Hal Homes", "york-homes", "housing", Role.SENDER),
    "school": _caller("school", "Sal School", "york-school", "education", Role.SENDER),
    "fire": _caller("fire", "Fi Fire", "wakefield-fire", "fire", Role.SENDER),
    "council": _caller("council", "Cas Council", "york-council", "local_authority", Role.SENDER),
    "worker": _caller("worker", "Jo Worker", "york-pcn", "health", Role.WORKER, team="westfield-link-team"),
    "colleague": _caller(
        "colleague", "Sam Colleague", "york-pcn", "health", Role.WORKER, team="westfield-link-team"
    ),
    "lead": _caller("lead", "Lee Lead", "york-pcn", "health", Role.LEAD, team="westfield-link-team"),
    "other-worker": _caller(
        "other-worker", "Ash Elsewhere", "york-council", "local_authority", Role.WORKER, team="york-lac-team"
    ),
    "desk": _caller("desk", "Dee Desk", "york-council", "local_authority", Role.DUTY_DESK, team="york-desk"),
    "forum": _caller("forum", "Fay Forum", "kettle", "vcse", Role.FORUM_ADMIN),
}
