"""The ways in from the home page: what each role comes to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Door:
    """A way in: `path` of `service`, for those who hold one of `roles` (blank: anybody signed in)."""

    title: str
    text: str
    service: str
    path: str
    roles: frozenset[str] = frozenset()


def _for(*roles: str) -> frozenset[str]:
    return frozenset(roles)


_SENDERS = _for("sender", "worker", "lead", "duty_desk")
_WORKERS = _for("worker", "lead")
DOORS = (
    Door("Queue", "People waiting for your team, what matters first", "referrals", "/queue", _WORKERS),
    Door("My people", "The people you are working with", "referrals", "/my-people", _WORKERS),
    Door("Team", "Who in your team has how much", "referrals", "/team", _for("lead")),
    Door("Unrouted", "Referrals that found no team yet", "referrals", "/unrouted", _for("duty_desk")),
    Door("Refer someone", "See who can help, and ask them to", "referrals", "/refer", _SENDERS),
    Door("Sent", "What your organisation sent, and how it stands", "referrals", "/sent", _SENDERS),
    Door("Find a referral", "By its reference, or by name", "referrals", "/find", _SENDERS),
    Door("Services", "Schemes, groups and activities of this place", "directory", "/services"),
    Door("Link workers", "Who connects people, and where", "directory", "/link-workers"),
    Door(
        "Listings",
        "Say what your organisation offers, bring it in, take it away",
        "directory",
        "/listings",
        _for("org_admin", "forum_admin"),
    ),
    Door(
        "People",
        "Invite colleagues, and end their access",
        "directory",
        "/people",
        _for("org_admin", "forum_admin"),
    ),
    Door(
        "What works",
        "Whether the system works, what waits, and what to do about it",
        "directory",
        "/status",
        _for("org_admin", "forum_admin"),
    ),
    Door("Notices", "What happened since you last looked", "notifications", "/notices"),
    Door("Account", "Password, second step, where you are signed in", "directory", "/account"),
)


def doors_for(roles: Iterable[str]) -> list[Door]:
    """The doors somebody with `roles` has, their work first."""
    held = set(roles)
    return [door for door in DOORS if not door.roles or door.roles & held]
