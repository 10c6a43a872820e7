"""The routes answer as values, and as the JSON of `POST /api/v1/routes`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.referrals.domain.routing.docs import Service
from services.referrals.domain.routing.ranking import Wait
from services.referrals.domain.routing.verdicts import Ask, Reason


@dataclass(frozen=True)
class Entry:
    """One service in the answer. `invitation` is set where the person has to come by themself."""

    service: Service
    organization_name: str
    team_id: str | None
    reasons: tuple[Reason, ...]
    score: int = 0
    points: Mapping[str, float] | None = None
    wait: Wait | None = None
    asks: tuple[Ask, ...] = ()
    invitation: str | None = None


@dataclass(frozen=True)
class Routes:
    """Eligible in order of score, not eligible with the nearest misses first, unknown with the questions."""

    eligible: tuple[Entry, ...] = ()
    not_eligible: tuple[Entry, ...] = ()
    unknown: tuple[Entry, ...] = ()

    @property
    def could_not_offer(self) -> int:
        """Services that would have suited but are paused: counted, never shown as a failing of the person."""
        return sum({reason.code for reason in entry.reasons} == {"paused"} for entry in self.not_eligible)

    def questions(self) -> tuple[Ask, ...]:
        """What to ask, the question that settles most services first."""
        count: dict[Ask, int] = {}
        for entry in self.unknown:
            for ask in entry.asks:
                count[ask] = count.get(ask, 0) + 1
        return tuple(sorted(count, key=lambda ask: (-count[ask], ask.field)))

    def as_json(self) -> dict[str, list[dict[str, Any]]]:
        """The routes answer of the API."""
        return {
            "eligible": [_eligible_json(entry) for entry in self.eligible],
            "not_eligible": [_not_eligible_json(entry) for entry in self.not_eligible],
            "unknown": [_unknown_json(entry) for entry in self.unknown],
        }


def _reasons_json(entry: Entry) -> list[dict[str, str]]:
    return [{"code": reason.code, "text": reason.text} for reason in entry.reasons]


def _eligible_json(entry: Entry) -> dict[str, Any]:
    wait = entry.wait or Wait(None, "unknown")
    return {
        "service_id": entry.service.id,
        "name": entry.service.name,
        "organization_name": entry.organization_name,
        "team_id": entry.team_id,
        "score": entry.score,
        "wait": {"days": wait.days, "basis": wait.basis},
        "reasons": _reasons_json(entry),
        "discreet": entry.service.discreet,
    }


def _not_eligible_json(entry: Entry) -> dict[str, Any]:
    found: dict[str, Any] = {"service_id": entry.service.id, "name": entry.service.name}
    found["reasons"] = _reasons_json(entry)
    if entry.invitation is not None:
        found["invitation"] = {"kind": "self_referral", "text": entry.invitation}
    return found


def _unknown_json(entry: Entry) -> dict[str, Any]:
    return {
        "service_id": entry.service.id,
        "name": entry.service.name,
        "team_id": entry.team_id,
        "reasons": _reasons_json(entry),
        "asks": [{"field": ask.field, "question": ask.question} for ask in entry.asks],
    }
