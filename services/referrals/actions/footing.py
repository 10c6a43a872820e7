"""What of the directory a team's sight of its referrals rests on, so that a change of it can be noticed.

Whether somebody works on a referral is decided by: the team and the people of its queue (`team`), the desk
of the place (`place`), the agreements signed between sender and holder as they are in force on the day
(`pair`), and the referral with the person's answers. The last two are told by the row's `updated_at`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from uuid import UUID

from services.referrals.domain.sight_facts import Purpose
from services.referrals.store.directory import Directory, Doc

Footing = Mapping[str, str]
"""`team:<id>`, `place:<id>` or `pair:<id>,<id>` → a digest of what counts of it."""

_COUNTS = ("account_id", "organization_id", "team_id", "role")


@dataclass(frozen=True)
class Shaken:
    """Whose referrals may be without anybody now: by their team, their place, or sender and holder."""

    teams: frozenset[UUID] = frozenset()
    places: frozenset[UUID] = frozenset()
    pairs: frozenset[tuple[UUID, UUID]] = frozenset()


def footing_of(directory: Directory, on: date) -> dict[str, str]:
    """As the directory's copy has it on this UK day."""
    known = directory.docs
    teams = {f"team:{ident}": _digest(ident, doc, directory) for ident, doc in known.get("team", {}).items()}
    places = {f"place:{ident}": str(doc.get("duty_team_id")) for ident, doc in known.get("place", {}).items()}
    signed = directory.sharing.pairs(Purpose.SHARE_REFERRAL, on)
    pairs = {"pair:" + ",".join(sorted(map(str, pair))): "" for pair in signed if len(pair) > 1}
    return teams | places | pairs


def shaken(before: Footing, after: Footing) -> Shaken:
    """What is not as it was. A pair that is new takes nothing from anybody."""
    changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    ended = (
        key.removeprefix("pair:").split(",") for key in changed - after.keys() if key.startswith("pair:")
    )
    return Shaken(
        teams=_named("team:", changed),
        places=_named("place:", changed),
        pairs=frozenset((UUID(one), UUID(other)) for one, other in ended),
    )


def _named(kind: str, keys: set[str]) -> frozenset[UUID]:
    return frozenset(UUID(key.removeprefix(kind)) for key in keys if key.startswith(kind))


def _digest(ident: str, team: Doc, directory: Directory) -> str:
    hands = directory.hands_of(ident)
    people = sorted("/".join(str(doc.get(name)) for name in _COUNTS) for doc in hands)
    return sha256("\n".join([str(team.get("organization_id")), *people]).encode()).hexdigest()[:16]
