"""The private link to one request: made when it is asked for, shown once, and good for nothing else.

Whoever holds it is a caller of a kind of its own with one part (`Part.PERSON`), decided on every read and
write by the rules of sight, and every read and write is in the access log. It shows what was written
through it and where the request is; never what others wrote, who helps, or whether anybody is known.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select, update

from services.referrals.actions.acting import Scene, log_access, open_scene, perform
from services.referrals.actions.free_text import LONGEST_TEXT, problems_of
from services.referrals.actions.needs_shown import need_views
from services.referrals.actions.new_referral import NewAgreement
from services.referrals.actions.record_agreement import record_agreement
from services.referrals.domain.crisis_words import has_crisis_words
from services.referrals.domain.life import Given
from services.referrals.domain.reasons import WITHDRAWN_OUTSIDE
from services.referrals.domain.sight_facts import HELPERS, Purpose, agreed
from services.referrals.domain.speaker import name_of_asker
from services.referrals.domain.states import Act, State
from services.referrals.domain.status_links import LASTS, can_change, serves, where_it_is
from services.referrals.domain.working_days import uk_day
from services.referrals.store import referrals as store
from services.referrals.store.database import database
from services.referrals.store.lives import agreement_facts
from services.referrals.store.relay import AccessLog
from services.referrals.store.tables import AgreementRow, Referral, StatusLink
from shared import audit
from shared.auth.caller import Caller, Kind
from shared.errors import Conflict, FieldProblem, Invalid, NotFound

PURPOSE = "private link"
NO_LINK = "This link does not open anything. It may have ended, or a letter of it may be missing."
MOST_ADDED = 50


@dataclass(frozen=True)
class Said:
    """Words that came through the link, and when."""

    at: datetime
    words: str


@dataclass(frozen=True)
class Agreed:
    """Something that was agreed to when the request was made, and may be taken back."""

    id: UUID
    purpose: str
    recipient_name: str


@dataclass(frozen=True)
class StatusView:
    """All that a private link shows. `look_by` is set while a team has still to look at it."""

    reference: str
    heading: str
    words: str
    asked_on: date
    look_by: date | None
    place_id: UUID
    name: str | None
    what_matters: str | None
    needs: tuple[str, ...]
    ways: tuple[tuple[str, str], ...]
    added: tuple[Said, ...]
    agreed: tuple[Agreed, ...]
    open: bool
    danger: bool
    ends_on: date


def make_status_link(referral_id: UUID, *, at: datetime) -> str:
    """A new link to a request that has just been sent from this browser; the one before ends. Its token is
    given once and is not kept."""
    token = secrets.token_urlsafe(32)
    with database.transaction() as session:
        row = store.lock_referral(session, referral_id)
        if row is None or row.sender_org_id is not None:
            raise NotFound(NO_LINK)
        live = (StatusLink.referral_id == referral_id, StatusLink.revoked_at.is_(None))
        session.execute(update(StatusLink).where(*live).values(revoked_at=at))
        link = StatusLink(referral_id=referral_id, token_hash=_hash(token), made_at=at)
        session.add(link)
        session.flush()
        subjects = [row.id, row.person_id]
        by = _caller(link, row)
        audit.record(session, AccessLog, by, act="make link", purpose=PURPOSE, subjects=subjects, at=at)
    return token


def read_status(token: str, *, at: datetime) -> StatusView:
    """What the link shows now. Raises NotFound for one that is wrong, ended or revoked."""
    with _scene(token, at) as (scene, link):
        log_access(scene, "read", PURPOSE)
        return _view(scene, link)


def add_words(token: str, words: str, *, at: datetime) -> None:
    """Say more to whoever has the request; sent twice it is said once. Raises Conflict once it has ended."""
    problems = problems_of(words, "/words", LONGEST_TEXT)
    if not words.strip():
        problems.append(FieldProblem("/words", "Write what you would like to add."))
    if problems:
        raise Invalid(problems)
    with _scene(token, at) as (scene, _):
        added = [move for move in scene.moves if move.act == Act.ADD]
        if added and added[-1].content == words:
            return
        if len(added) >= MOST_ADDED:
            raise Conflict("A lot has been added here already. Please ring, or ask again.")
        perform(scene, Act.ADD, Given(content=words), purpose=PURPOSE)


def take_back_agreement(token: str, agreement_id: UUID, *, at: datetime) -> None:
    """What was agreed to is not agreed to any more, from the next read on; safe to do twice."""
    with _scene(token, at) as (scene, _):
        row = next((each for each in _own(scene) if each.id == agreement_id), None)
        if row is None:
            raise NotFound(NO_LINK)
        stands = _stands(scene, row)
        no = NewAgreement(row.recipient, row.purpose, agreed=False, how="written", asked_by=PURPOSE)
        by, referral_id = scene.by, scene.row.id
    if stands:
        record_agreement(referral_id, by=by, at=at, agreement=[no])


def take_back_request(token: str, *, at: datetime) -> None:
    """Nobody is to work on it any more; safe to do twice."""
    with _scene(token, at) as (scene, _):
        if scene.row.status == State.CANCELLED:
            return
        reason = "person_changed_mind"
        perform(scene, Act.WITHDRAW, reason=reason, outside=WITHDRAWN_OUTSIDE, purpose=PURPOSE)


def revoke_link(token: str, *, at: datetime) -> None:
    """The link opens nothing any more; the request goes on."""
    with _scene(token, at) as (scene, link):
        link.revoked_at = at
        log_access(scene, "revoke link", PURPOSE)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


@contextmanager
def _scene(token: str, at: datetime) -> Iterator[tuple[Scene, StatusLink]]:
    """The request locked, with whoever holds the link standing in it."""
    with database.transaction() as session:
        link = session.scalars(select(StatusLink).where(StatusLink.token_hash == _hash(token))).one_or_none()
        row = session.get(Referral, link.referral_id) if link is not None else None
        if link is None or row is None or not serves(link.made_at, link.revoked_at, row.closed_at, at):
            raise NotFound(NO_LINK)
        yield open_scene(session, link.referral_id, by=_caller(link, row), at=at), link


def _caller(link: StatusLink, row: Referral) -> Caller:
    name = name_of_asker(row.speaker)
    return Caller(sub=str(link.id), kind=Kind.SELF, scope=(str(link.referral_id),), name=name)


def _own(scene: Scene) -> list[AgreementRow]:
    """The answers that came with the request itself."""
    return [row for row in scene.agreements if row.agreed and row.at == scene.row.submitted_at]


def _view(scene: Scene, link: StatusLink) -> StatusView:
    row, directory = scene.row, scene.directory
    state = State(row.status)
    declined = next((m.reason for m in reversed(scene.moves) if m.act == Act.DECLINE), None)
    heading, words = where_it_is(state, declined)
    person = store.person_of(scene.session, row)
    added = tuple(Said(m.at, m.content) for m in scene.moves if m.act == Act.ADD)
    due = uk_day(row.next_action_at) if row.next_action_at is not None else None
    return StatusView(
        reference=row.reference,
        heading=heading,
        words=words,
        asked_on=uk_day(row.submitted_at),
        look_by=due if state is State.RECEIVED and due and due >= uk_day(scene.at) else None,
        place_id=row.place_id,
        name=person.given_name,
        what_matters=row.what_matters,
        needs=tuple(need.label for need in need_views(row.needs, directory, sensitive=True)),
        ways=tuple((p.channel, p.value) for p in store.contact_points_of(scene.session, row.id) if p.safe),
        added=added,
        agreed=_given(scene),
        open=can_change(state),
        # By what came through the link alone: what others wrote raises nothing here.
        danger=has_crisis_words(row.what_matters, *(each.words for each in added)),
        ends_on=uk_day(link.made_at + LASTS),
    )


def _stands(scene: Scene, row: AgreementRow) -> bool:
    """Whether the newest answer about the same is still yes."""
    facts = agreement_facts(scene.agreements)
    return agreed(facts, row.recipient, Purpose(row.purpose)) is True


def _given(scene: Scene) -> tuple[Agreed, ...]:
    return tuple(
        Agreed(
            row.id,
            row.purpose,
            "" if row.recipient == HELPERS else scene.directory.name("organization", row.recipient),
        )
        for row in _own(scene)
        if _stands(scene, row)
    )
