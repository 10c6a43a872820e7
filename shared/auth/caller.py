"""The caller of an action: a person, a partner's system or another service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID


class Kind(StrEnum):
    """What is calling. `SELF` is somebody without an account, asking for themself or for one they know."""

    PERSON = "person"
    CLIENT = "client"
    SERVICE = "service"
    SELF = "self"


class Role(StrEnum):
    """What somebody is in an organisation (interfaces.md, "Who is calling")."""

    SENDER = "sender"
    WORKER = "worker"
    LEAD = "lead"
    DUTY_DESK = "duty_desk"
    ORG_ADMIN = "org_admin"
    FORUM_ADMIN = "forum_admin"
    FORUM_CHAIR = "forum_chair"
    SAFEGUARDING_LEAD = "safeguarding_lead"
    RECORDS_STEWARD = "records_steward"
    COMMISSIONER = "commissioner"


@dataclass(frozen=True)
class Membership:
    """A role in an organisation, in one of its teams where the role belongs to a team."""

    org: UUID
    role: Role
    team: UUID | None = None


@dataclass(frozen=True)
class Caller:
    """Who asks, on behalf of which organisation. Reads use all memberships; a write acts for `org`.

    `sub` is the account's id, the client's id or the service's name. `sector` and `place` are those of
    the acting organisation. `name` is for greeting only; `session` is set for a person's browser.
    """

    sub: str
    kind: Kind
    org: UUID | None = None
    sector: str | None = None
    place: UUID | None = None
    memberships: tuple[Membership, ...] = ()
    scope: tuple[str, ...] = ()
    name: str | None = None
    session: str | None = None

    def has(self, *roles: Role, org: UUID | None = None, team: UUID | None = None) -> bool:
        """True when any of `roles` is held, in `org` and `team` where they are given."""
        return any(
            m.role in roles and (org is None or m.org == org) and (team is None or m.team == team)
            for m in self.memberships
        )

    @property
    def orgs(self) -> frozenset[UUID]:
        """Every organisation the caller belongs to."""
        return frozenset(m.org for m in self.memberships)

    def teams(self, *roles: Role) -> frozenset[UUID]:
        """The teams in which any of `roles` is held (any role where none is given)."""
        return frozenset(
            m.team for m in self.memberships if m.team is not None and (not roles or m.role in roles)
        )

    def to_claims(self) -> dict[str, Any]:
        """The claims of a token for this caller, without the times."""
        claims: dict[str, Any] = {
            "sub": self.sub,
            "kind": str(self.kind),
            "org": str(self.org) if self.org else None,
            "sector": self.sector,
            "place": str(self.place) if self.place else None,
            "memberships": [
                {"org": str(m.org), "team": str(m.team) if m.team else None, "role": str(m.role)}
                for m in self.memberships
            ],
            "scope": " ".join(self.scope),
            "name": self.name,
            "sid": self.session,
        }
        return {name: value for name, value in claims.items() if value not in (None, "")}

    @classmethod
    def from_claims(cls, claims: Mapping[str, Any]) -> Caller:
        """The caller a verified token speaks of; roles we do not know are dropped."""
        known = set(Role)
        return cls(
            sub=str(claims["sub"]),
            kind=Kind(claims["kind"]),
            org=UUID(claims["org"]) if claims.get("org") else None,
            sector=claims.get("sector"),
            place=UUID(claims["place"]) if claims.get("place") else None,
            memberships=tuple(
                Membership(UUID(m["org"]), Role(m["role"]), UUID(m["team"]) if m.get("team") else None)
                for m in claims.get("memberships", ())
                if m.get("role") in known
            ),
            scope=tuple(str(claims.get("scope", "")).split()),
            name=claims.get("name"),
            session=claims.get("sid"),
        )
