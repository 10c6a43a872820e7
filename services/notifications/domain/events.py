"""What an event must carry for us, beyond what CloudEvents asks of every event."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.notifications.domain.rules import Source, rule_of
from shared.errors import FieldProblem

LONGEST: Mapping[str, int] = {"source": 80, "id": 64, "type": 80, "subject": 64}
LONGEST_HOLD = timedelta(hours=24)


@dataclass(frozen=True)
class Facts:
    """What we keep of an event's data: ids, codes and times that a rule uses, and nothing else."""

    referral_id: UUID | None = None
    undoes: str | None = None
    link_id: UUID | None = None
    account_id: UUID | None = None
    notice: str | None = None
    hold: timedelta | None = None


def problems(event: Mapping[str, Any]) -> list[FieldProblem]:
    """What of `event` cannot be taken, by field; empty when all can. Unknown types are not a problem."""
    found = [
        FieldProblem(f"/{name}", f"{name} must be text of at most {most} characters.")
        for name, most in LONGEST.items()
        if event.get(name) is not None and not (isinstance(event[name], str) and len(event[name]) <= most)
    ]
    if event.get("time") is not None and _moment(event["time"]) is None:
        found.append(FieldProblem("/time", "time must be an RFC 3339 moment with its offset from UTC."))
    if "\\u0000" in json.dumps([event.get("data"), *(event.get(name) for name in LONGEST)], default=str):
        found.append(FieldProblem("/data", "An event must not carry the character NUL."))
    if not found:
        found = _missing(event)
    return found


def _missing(event: Mapping[str, Any]) -> list[FieldProblem]:
    rule, data = rule_of(str(event["type"])), event.get("data") or {}
    if rule is None:
        return []
    found = []
    if rule.source in (Source.AUDIENCE, Source.UNDO) and _id(_referral(event)) is None:
        found.append(FieldProblem("/subject", "subject must be the id of the referral."))
    if rule.source is Source.UNDO and _id(data.get("undoes")) is None:
        found.append(FieldProblem("/data/undoes", "undoes must be the id of the event that was undone."))
    if rule.source is Source.LINK and _id(data.get("link_id")) is None:
        found.append(FieldProblem("/data/link_id", "link_id must be the id of the link."))
    if rule.source is Source.SESSION and not isinstance(data.get("sid"), str):
        found.append(FieldProblem("/data/sid", "sid must be the id of the session."))
    kid = data.get("kid")
    if rule.source is Source.KEY and not (isinstance(kid, str) and len(kid) <= LONGEST["id"]):
        found.append(FieldProblem("/data/kid", "kid must be the id of the key."))
    if data.get("hold_seconds") is not None and _hold(data["hold_seconds"]) is None:
        most = int(LONGEST_HOLD.total_seconds())
        found.append(FieldProblem("/data/hold_seconds", f"hold_seconds must be a number from 0 to {most}."))
    return found


def facts(event: Mapping[str, Any]) -> Facts:
    """What a rule needs of a checked event."""
    data = event.get("data") or {}
    notice = data.get("kind")
    return Facts(
        referral_id=_id(_referral(event)),
        undoes=str(_id(data.get("undoes")) or "") or None,
        link_id=_id(data.get("link_id")),
        account_id=_id(data.get("account_id")),
        notice=notice if isinstance(notice, str) and len(notice) <= 40 and notice.isascii() else None,
        hold=_hold(data.get("hold_seconds")),
    )


def moment(event: Mapping[str, Any], at: datetime) -> datetime:
    """When the event happened; `at` where it does not say, and never later than `at`."""
    return min(_moment(event.get("time")) or at, at)


def _referral(event: Mapping[str, Any]) -> Any:
    return event.get("subject") or (event.get("data") or {}).get("referral_id")


def _id(given: Any) -> UUID | None:
    try:
        return UUID(given) if isinstance(given, str) else None
    except ValueError:
        return None


def _moment(given: Any) -> datetime | None:
    try:
        parsed = datetime.fromisoformat(given)
    except (TypeError, ValueError):
        return None
    return parsed if parsed.tzinfo is not None else None


def _hold(given: Any) -> timedelta | None:
    if isinstance(given, bool) or not isinstance(given, (int, float)):
        return None
    return timedelta(seconds=given) if 0 <= given <= LONGEST_HOLD.total_seconds() else None
