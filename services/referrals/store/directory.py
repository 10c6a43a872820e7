"""The directory as this process knows it: parsed once per version, asked for with one cheap query.

The parsed copy is shared by all requests of the process and never changed; a new version makes a new one.
Only what changed since is read from the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Lock
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from services.referrals.domain.routing.people_docs import Residence
from services.referrals.domain.routing.ranking import MeasuredWait as Measured
from services.referrals.domain.routing.readings import Readings
from services.referrals.domain.routing.snapshot import FRESH_FOR, Snapshot
from services.referrals.domain.sight_facts import Sharing, SharingFacts
from services.referrals.store.tables import DirectoryItem, DirectoryPostcode, DirectoryState, MeasuredWait

Doc = Mapping[str, Any]
_WORKERS = frozenset({"worker", "lead"})
_HANDS = _WORKERS | {"duty_desk"}
_PARSED_KINDS = ("place", "organization", "service", "team", "member", "need", "agreement", "circumstance")


@dataclass(frozen=True)
class Directory:
    """The copy: what routing reads (`snapshot`), and the names pages show.

    `as_of` is when the directory was last heard of, None when never.
    """

    snapshot: Snapshot = field(default_factory=Snapshot)
    docs: Mapping[str, Mapping[str, Doc]] = field(default_factory=dict)
    members: Mapping[UUID, tuple[Doc, ...]] = field(default_factory=dict)
    posts: Mapping[tuple[str, str | None], tuple[Doc, ...]] = field(default_factory=dict)
    sharing: Sharing = field(default_factory=Sharing)
    waits: Mapping[str, Measured] = field(default_factory=dict)
    version: int = 0
    as_of: datetime | None = None
    complete: bool = False

    def is_fresh(self, at: datetime) -> bool:
        """Heard of within the last 60 seconds, and whole."""
        return self.complete and self.as_of is not None and at - self.as_of <= FRESH_FOR

    def doc(self, kind: str, ident: UUID | str | None) -> Doc | None:
        """The document of one thing, or None."""
        return self.docs.get(kind, {}).get(str(ident)) if ident is not None else None

    def name(self, kind: str, ident: UUID | str | None, otherwise: str = "") -> str:
        """What a place, organisation, service or team is called."""
        found = self.doc(kind, ident)
        return str(found["name"]) if found and found.get("name") else otherwise

    def member_name(self, account_id: UUID | None) -> str:
        """The name of somebody in a team; "Somebody" when the directory no longer lists them."""
        found = self.members.get(account_id, ()) if account_id else ()
        return str(found[0].get("name") or "Somebody") if found else "Somebody"

    def team_people(self, team_id: UUID | None) -> tuple[Doc, ...]:
        """Memberships of a team whose role works its queue, ordered by name."""
        people = [
            doc
            for docs in self.members.values()
            for doc in docs
            if doc.get("team_id") == str(team_id) and doc.get("role") in ("worker", "lead")
        ]
        return tuple(sorted(people, key=lambda doc: (str(doc.get("name")), str(doc["id"]))))

    def hands_of(self, team_id: UUID | str | None) -> tuple[Doc, ...]:
        """Memberships that work a team's queue: its own, and those for the whole of its organisation.

        Nobody where the copy does not know the team.
        """
        team = self.doc("team", team_id)
        if team is None:
            return ()
        org = str(team.get("organization_id"))
        own = (doc for doc in self.posts.get((org, str(team_id)), ()) if doc.get("role") in _HANDS)
        whole = (doc for doc in self.posts.get((org, None), ()) if doc.get("role") in _WORKERS)
        return (*own, *whole)

    def duty_team(self, place_id: UUID | str | None) -> UUID | None:
        """The duty desk's team of a place."""
        found = self.doc("place", place_id)
        return UUID(str(found["duty_team_id"])) if found and found.get("duty_team_id") else None

    def desk_places(self, team_ids: Iterable[UUID]) -> frozenset[UUID]:
        """The places whose duty desk is one of these teams."""
        wanted = {str(team) for team in team_ids}
        return frozenset(
            UUID(place)
            for place, doc in self.docs.get("place", {}).items()
            if doc.get("duty_team_id") in wanted
        )

    def is_desk(self, team_id: UUID | str | None) -> bool:
        """Whether this team is a duty desk, of whatever place."""
        return (self.doc("team", team_id) or {}).get("kind") == "duty_desk"

    def practice_id(self, ods_code: str | None) -> UUID | None:
        """The organisation of the GP practice with this ODS code; None where it is not listed."""
        found = self.snapshot.organizations.values()
        return next((UUID(str(o.id)) for o in found if ods_code and o.ods_code == ods_code), None)

    def team_org(self, team_id: UUID | str | None) -> UUID | None:
        """The organisation a team belongs to."""
        found = self.doc("team", team_id)
        return UUID(str(found["organization_id"])) if found and found.get("organization_id") else None


@dataclass(frozen=True)
class _Known:
    """What this process holds, swapped whole: one version of one copy."""

    copy: int = -1
    version: int = -1
    complete: bool = False
    waits_at: datetime | None = None
    directory: Directory = field(default_factory=Directory)

    def is_of(self, state: Any) -> bool:
        """Whether it is what the database has, by its row of `_STATE`."""
        mine = (self.copy, self.version, self.complete, self.waits_at)
        return mine == (state.copy, state.version, state.complete, state.waits_at)


_STATE = select(
    DirectoryState.copy,
    DirectoryState.version,
    DirectoryState.complete,
    DirectoryState.waits_at,
    DirectoryState.as_of,
).where(DirectoryState.id == 1)
_POSTCODE = select(
    DirectoryPostcode.authority,
    DirectoryPostcode.authority_name,
    DirectoryPostcode.ward,
    DirectoryPostcode.lsoa,
    DirectoryPostcode.lat,
    DirectoryPostcode.lon,
).where(
    DirectoryPostcode.copy == select(DirectoryState.copy).scalar_subquery(),
    DirectoryPostcode.postcode == bindparam("postcode"),
)
_lock = Lock()
_known = _Known()
_readings = Readings()


def read_directory(session: Session) -> Directory:
    """The copy of the directory, as new as the database has it. One query when nothing changed."""
    state = session.execute(_STATE).one_or_none()
    if state is None:
        return Directory()
    known = _known
    if not known.is_of(state):
        known = _read_newer(session, state)
    return replace(known.directory, as_of=state.as_of)


def _read_newer(session: Session, state: Any) -> _Known:
    global _known  # noqa: PLW0603 one copy for the process, swapped whole
    with _lock:
        if not _known.is_of(state):
            _known = _newest(session, _known)
        return _known


def _newest(session: Session, held: _Known) -> _Known:
    """What the database has now, which may be newer than the state the caller saw before."""
    rows = session.execute(_changed_since(held.copy, held.version)).all()
    if rows and rows[0].copy == held.copy and rows[0].version < held.version:
        # Our own database was put back to an earlier state.
        held = _Known()
        rows = session.execute(_changed_since(held.copy, held.version)).all()
    if not rows:
        return _Known()
    copy, version, complete, waits_at = rows[0][:4]
    before = held.directory if copy == held.copy else Directory()
    waits = held.directory.waits if waits_at == held.waits_at else _read_waits(session)
    changed = [row for row in rows if row.kind is not None]
    directory = replace(_with_changes(before, changed), complete=complete, version=version, waits=waits)
    return _Known(copy, version, complete, waits_at, directory)


def _changed_since(copy: int, version: int) -> Select[Any]:
    """The state and what is newer than this version of this copy, in one statement: as of one moment."""
    state, item = DirectoryState, DirectoryItem
    newer = or_(state.copy != copy, item.version > version)
    return (
        select(
            state.copy,
            state.version,
            state.complete,
            state.waits_at,
            item.kind,
            item.id,
            item.deleted,
            item.doc,
        )
        .outerjoin(item, and_(item.copy == state.copy, item.kind.in_(_PARSED_KINDS), newer))
        .where(state.id == 1)
    )


def _read_waits(session: Session) -> dict[str, Measured]:
    rows = session.scalars(select(MeasuredWait))
    return {str(row.service_id): Measured(row.median_days, row.started) for row in rows}


def _with_changes(before: Directory, changed: Sequence[Any]) -> Directory:
    """The directory with these items `(kind, id, deleted, doc)`; what they do not touch is taken over."""
    kinds = {row.kind for row in changed}
    docs = dict(before.docs) | {kind: dict(before.docs.get(kind, {})) for kind in kinds}
    for row in changed:
        if row.deleted:
            docs[row.kind].pop(row.id, None)
        else:
            docs[row.kind][row.id] = row.doc
    snapshot = before.snapshot.renewed(docs, kinds, _readings)
    after = replace(before, docs=docs, snapshot=snapshot)
    if "member" in kinds:
        after = _with_members(after)
    return replace(after, sharing=_sharing(snapshot)) if "agreement" in kinds else after


def _with_members(directory: Directory) -> Directory:
    members: dict[UUID, list[Doc]] = {}
    posts: dict[tuple[str, str | None], list[Doc]] = {}
    for doc in directory.docs["member"].values():
        if doc.get("account_id"):
            members.setdefault(UUID(str(doc["account_id"])), []).append(doc)
            team = str(doc["team_id"]) if doc.get("team_id") else None
            posts.setdefault((str(doc.get("organization_id")), team), []).append(doc)
    return replace(
        directory,
        members={account: tuple(found) for account, found in members.items()},
        posts={post: tuple(found) for post, found in posts.items()},
    )


def _sharing(snapshot: Snapshot) -> Sharing:
    return Sharing(
        SharingFacts(UUID(one.one), UUID(one.other), one.valid_from, one.valid_until, one.purposes)
        for party, signed in snapshot.agreements.items()
        for one in signed
        if one.one == party
    )


def forget() -> None:
    """Let go of the parsed copy (tests, and after a restore)."""
    global _known  # noqa: PLW0603 see above
    with _lock:
        _known = _Known()


def find_residence(session: Session, postcode: str | None, *, private: bool = False) -> Residence | None:
    """What is known of a postcode; a residence without areas when it is not in the directory's copy."""
    if not postcode:
        return None
    row = session.execute(_POSTCODE, {"postcode": postcode}).one_or_none()
    if row is None:
        return Residence(private=private)
    return Residence(
        authority=row.authority,
        authority_name=row.authority_name or "",
        ward=row.ward,
        lsoa=row.lsoa,
        point=(row.lat, row.lon) if row.lat is not None and row.lon is not None else None,
        private=private,
        postcode=postcode,
    )
