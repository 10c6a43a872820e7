"""A request that somebody help a person.

The database itself refuses an open referral without an owner and a next action, so nobody is lost.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Mapped, mapped_column

from services.referrals.domain.states import CLOSED, OPEN, State
from services.referrals.store.table import Table


def _listed(states: frozenset[State] | tuple[State, ...]) -> str:
    return ", ".join(f"'{state.value}'" for state in sorted(states))


WORKED = (State.ACCEPTED, State.IN_PROGRESS, State.ON_HOLD)
IS_OPEN = f"status in ({_listed(OPEN)})"
IS_CLOSED = f"status in ({_listed(CLOSED)})"
IS_FIRST = f"{IS_OPEN} and separate_from_id is null"
IS_EXTERNAL = f"external_id is not null and status <> '{State.ENTERED_IN_ERROR.value}'"
IS_WORKED = f"status in ({_listed(WORKED)})"


class Referral(Table):
    """One request for help. `version` rises with every change, for pages that edit.

    `urgency` orders work: 0 alert (words of crisis, or safeguarding), 1 sooner, 2 routine. Deadlines and
    times are UTC. `routing` keeps what routing answered when it was last asked: service ids, reasons.
    """

    __tablename__ = "referral"
    __table_args__ = (
        CheckConstraint(f"{IS_OPEN} or {IS_CLOSED}", name="status"),
        CheckConstraint(
            f"not ({IS_OPEN}) or (owner_team_id is not null and next_action_at is not null)",
            name="open_is_owned",
        ),
        CheckConstraint(f"{IS_OPEN} = (closed_at is null)", name="closed_at"),
        CheckConstraint(f"not ({IS_WORKED}) or assignee_id is not null", name="worked_by_somebody"),
        CheckConstraint("status <> 'on-hold' or review_on is not null", name="hold_has_review"),
        CheckConstraint("priority in ('routine', 'sooner')", name="priority"),
        CheckConstraint("safeguarding in ('yes', 'no', 'not_known')", name="safeguarding"),
        CheckConstraint(
            "route_in in ('professional', 'introduction', 'self', 'invitation')", name="route_in"
        ),
        CheckConstraint(
            "lawful_basis in ('public_task', 'legitimate_interests', 'explicit_consent', 'vital_interests')",
            name="lawful_basis",
        ),
        CheckConstraint("routing_state in ('routed', 'chosen', 'unrouted')", name="routing_state"),
        CheckConstraint("next_action_by in ('team', 'sender')", name="next_action_by"),
        CheckConstraint("urgency between 0 and 2", name="urgency"),
        CheckConstraint("speaker in ('person', 'someone_for_them', 'professional')", name="speaker"),
        CheckConstraint("rung between 0 and 3", name="rung"),
        CheckConstraint("(external_source is null) = (external_id is null)", name="external"),
        UniqueConstraint("reference", name="uq_referral_reference"),
        # A restricted one is no bar to colleagues, who may not know of it; only to its own author.
        *(
            Index(f"uq_referral_{name}_{key}", *columns, unique=True, postgresql_where=text(condition))
            for key in ("number", "names")
            for name, columns, condition in (
                ("open", (f"{key}_key",), f"{IS_FIRST} and not restricted"),
                ("restricted", (f"{key}_key", "author_id"), f"{IS_FIRST} and restricted"),
            )
        ),
        # For the look before the unique indexes, which sees restricted ones and those sent beside another.
        *(
            Index(f"ix_referral_{key}", f"{key}_key", postgresql_where=text(IS_OPEN))
            for key in ("number", "names")
        ),
        Index(
            "uq_referral_external",
            "client",
            "external_source",
            "external_id",
            unique=True,
            postgresql_where=text(IS_EXTERNAL),
        ),
        Index(
            "ix_referral_queue",
            "owner_team_id",
            "urgency",
            "next_action_at",
            "id",
            postgresql_where=text("status = 'received'"),
        ),
        Index(
            "ix_referral_team_work",
            "owner_team_id",
            "urgency",
            "next_action_at",
            "id",
            postgresql_where=text(IS_WORKED),
        ),
        Index(
            "ix_referral_caseload",
            "assignee_id",
            "urgency",
            "next_action_at",
            "id",
            postgresql_where=text(IS_WORKED),
        ),
        Index(
            "ix_referral_unrouted",
            "place_id",
            "urgency",
            "next_action_at",
            "id",
            postgresql_where=text("routing_state = 'unrouted' and status = 'received'"),
        ),
        Index(
            "ix_referral_desk",
            "place_id",
            "urgency",
            "next_action_at",
            "id",
            postgresql_where=text(f"(routing_state = 'unrouted' or escalated) and {IS_OPEN}"),
        ),
        Index("ix_referral_due", "next_action_at", "id", postgresql_where=text(IS_OPEN)),
        Index("ix_referral_open", "id", postgresql_where=text(IS_OPEN)),
        Index("ix_referral_changed", "updated_at", postgresql_where=text(IS_OPEN)),
        Index("ix_referral_team_open", "owner_team_id", "status", postgresql_where=text(IS_OPEN)),
        Index("ix_referral_org_open", "owner_org_id", "status", postgresql_where=text(IS_OPEN)),
        Index("ix_referral_chased", "next_action_at", postgresql_where=text("rung > 0")),
        Index(
            "ix_referral_asked",
            "sender_org_id",
            "next_action_at",
            postgresql_where=text(f"question_open and {IS_OPEN}"),
        ),
        Index("ix_referral_sent", "sender_org_id", "submitted_at", "id"),
        Index("ix_referral_team_closed", "owner_team_id", "closed_at", postgresql_where=text(IS_CLOSED)),
        Index("ix_referral_person", "person_id"),
        Index(
            "ix_referral_started",
            "service_id",
            "first_contact_at",
            postgresql_where=text("first_contact_at is not null"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    reference: Mapped[str] = mapped_column(String(16))
    version: Mapped[int] = mapped_column(server_default=text("1"))
    status: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person_record.id"))
    place_id: Mapped[UUID]

    # Who sent it.
    sender_org_id: Mapped[UUID | None]
    sender_sector: Mapped[str | None] = mapped_column(String(20))
    author_id: Mapped[UUID | None]
    author_name: Mapped[str | None] = mapped_column(Text)
    author_kind: Mapped[str] = mapped_column(String(10), server_default=text("'person'"))
    client: Mapped[str] = mapped_column(String(64))
    external_source: Mapped[str | None] = mapped_column(Text)
    external_id: Mapped[str | None] = mapped_column(Text)
    referrer_name: Mapped[str | None] = mapped_column(Text)
    referrer_role: Mapped[str | None] = mapped_column(Text)
    referrer_email: Mapped[str | None] = mapped_column(Text)

    # What is asked for.
    route_in: Mapped[str] = mapped_column(String(12))
    needs: Mapped[list[str]] = mapped_column(ARRAY(Text))
    what_matters: Mapped[str | None] = mapped_column(Text)
    priority: Mapped[str] = mapped_column(String(8))
    priority_reason: Mapped[str | None] = mapped_column(Text)
    urgency: Mapped[int] = mapped_column(SmallInteger)
    crisis_words: Mapped[bool] = mapped_column(server_default=text("false"))
    wanted_from: Mapped[date | None]
    residence_postcode: Mapped[str | None] = mapped_column(String(8))
    residence_from: Mapped[date | None]
    # Circumstances asked about, where the person can be met, whether they have a GP: for routing.
    answers: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    safeguarding: Mapped[str] = mapped_column(String(10))
    lawful_basis: Mapped[str] = mapped_column(String(24))
    restricted: Mapped[bool] = mapped_column(server_default=text("false"))
    restricted_to: Mapped[list[UUID]] = mapped_column(
        ARRAY(PG_UUID(as_uuid=True)), server_default=text("'{}'")
    )

    # Where it goes.
    target_service_id: Mapped[UUID | None]
    service_id: Mapped[UUID | None]
    routing_state: Mapped[str] = mapped_column(String(8))
    routing: Mapped[dict[str, Any] | None] = mapped_column(deferred=True)
    routed_at: Mapped[datetime | None]
    # Version of the directory's copy when routing was last tried with a fresh one; null when never.
    tried_version: Mapped[int | None] = mapped_column(BigInteger)
    # And on which UK day: pauses end and services begin by the day alone.
    tried_on: Mapped[date | None]
    discreet: Mapped[bool] = mapped_column(server_default=text("false"))
    ending: Mapped[str] = mapped_column(String(10), server_default=text("'by_worker'"))
    attempts_needed: Mapped[int] = mapped_column(SmallInteger, server_default=text("3"))

    # Who has it, and what happens next.
    received_team_id: Mapped[UUID]
    owner_org_id: Mapped[UUID | None]
    owner_team_id: Mapped[UUID | None]
    # Whether its sender reads which team that is: not once somebody has passed it on, whoever to.
    owner_named: Mapped[bool] = mapped_column(server_default=text("true"))
    assignee_id: Mapped[UUID | None]
    next_action_at: Mapped[datetime | None]
    next_action_by: Mapped[str] = mapped_column(String(6), server_default=text("'team'"))
    # So late that the duty desk sees it beside the team; `rung` is how far up the ladder was told.
    escalated: Mapped[bool] = mapped_column(server_default=text("false"))
    rung: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    held_from: Mapped[str | None] = mapped_column(String(20))
    review_on: Mapped[date | None]
    question_open: Mapped[bool] = mapped_column(server_default=text("false"))
    taken_up_at: Mapped[datetime | None]
    # When it was loaded from what was open before; null for what was sent here.
    loaded_at: Mapped[datetime | None]
    first_contact_at: Mapped[datetime | None]
    attempts_made: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    submitted_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(String(12))
    updated_at: Mapped[datetime]

    # Same request, or another.
    number_key: Mapped[str | None] = mapped_column(String(64))
    names_key: Mapped[str | None] = mapped_column(String(64))
    separate_from_id: Mapped[UUID | None] = mapped_column(ForeignKey("referral.id"))
    separate_reason: Mapped[str | None] = mapped_column(Text)

    # Under 18, or of unknown age: what was asked; null where it was not. And who spoke on the telephone.
    competent: Mapped[bool | None]
    parental_responsibility: Mapped[str | None] = mapped_column(Text)
    not_to_contact: Mapped[str | None] = mapped_column(Text)
    speaker: Mapped[str | None] = mapped_column(String(16))
    speaker_name: Mapped[str | None] = mapped_column(Text)
    speaker_relation: Mapped[str | None] = mapped_column(Text)
