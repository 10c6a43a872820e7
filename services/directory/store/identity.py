"""Who may sign in: accounts, what they are where, and how they prove who they are."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, LargeBinary, String, func, inspect, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.directory.store.routing_marks import ACCOUNT, Mark, Routed
from services.directory.store.table import Table
from shared.auth.sessions import SessionSeen as SessionSeenEntry


class Account(Routed, Table):
    """A person who may sign in. Without `password_hash` nobody can sign in as them.

    `totp_secret` and `totp_pending` are sealed (`actions.sealing`); `totp_counter` is the time step of
    the last code taken, so that no code is taken twice.
    """

    __tablename__ = "account"
    __table_args__ = (Index("uq_account_email", func.lower(text("email")), unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    password_changed_at: Mapped[datetime | None]
    totp_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_pending: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_counter: Mapped[int] = mapped_column(BigInteger, default=0, server_default=text("0"))
    created_at: Mapped[datetime]

    memberships: Mapped[list[Membership]] = relationship(
        primaryjoin="and_(Account.id == Membership.account_id, Membership.ended_at.is_(None))",
        order_by="(Membership.organization_id, Membership.role, Membership.id)",
        viewonly=True,
    )

    def routing_marks(self) -> tuple[Mark, ...]:
        """Its memberships, where what the snapshot says of a person changed (not with every sign-in)."""
        told = (inspect(self).attrs[name] for name in ("name", "email", "active"))
        changed = any(attribute.history.has_changes() for attribute in told)
        return (Mark(ACCOUNT, str(self.id)),) if changed else ()


class Membership(Routed, Table):
    """A role of a person in an organisation, and in one of its teams where the role belongs to a team.

    `role` is one of `shared.auth.Role`. A row is never deleted: it ends.
    """

    __tablename__ = "membership"
    __table_args__ = (
        Index(
            "uq_membership_current",
            "account_id",
            "organization_id",
            "team_id",
            "role",
            unique=True,
            postgresql_where=text("ended_at is null"),
            postgresql_nulls_not_distinct=True,
        ),
        Index("ix_membership_organization", "organization_id", postgresql_where=text("ended_at is null")),
        Index("ix_membership_team", "team_id", postgresql_where=text("ended_at is null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organization.id"))
    team_id: Mapped[UUID | None] = mapped_column(ForeignKey("team.id"))
    role: Mapped[str] = mapped_column(String(30))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship()

    def routing_marks(self) -> tuple[Mark, ...]:
        """Itself."""
        return (Mark("member", str(self.id)),)


class RecoveryCode(Table):
    """One of ten codes for somebody whose authenticator is lost; each opens once. Only a hash is kept."""

    __tablename__ = "recovery_code"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class BrowserSession(Table):
    """One sign-in of one browser. Every renewal of its token looks here.

    `browser` is roughly what it is ("Firefox on Windows"), so that people know their own; no address is kept.
    """

    __tablename__ = "browser_session"
    __table_args__ = (Index("ix_browser_session_account", "account_id", "ends_at"),)

    sid: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    acting_organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("organization.id"))
    browser: Mapped[str] = mapped_column(String(60))
    started_at: Mapped[datetime]
    second_step_at: Mapped[datetime | None]
    renewed_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship()


class SessionSeen(SessionSeenEntry, Table):
    """Browser sessions as the directory's own pages know them (each service has such a table)."""


class PendingSignIn(Table):
    """Between the password and the code: the password was right, nobody is signed in yet."""

    __tablename__ = "pending_sign_in"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    next_url: Mapped[str] = mapped_column(String(2000))
    browser: Mapped[str] = mapped_column(String(60))
    tries: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    expires_at: Mapped[datetime]


class SignInAttempt(Table):
    """How often something failed lately (`domain.lockout`), under a keyed hash of who or what it counts.

    Addresses nobody has an account with are counted alike, so that a wait says nothing about who has one.
    `level` failures are remembered as of `at`; `failed` of them the account's owner was not told of yet.
    """

    __tablename__ = "sign_in_attempt"

    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    level: Mapped[float]
    at: Mapped[datetime]
    locked_until: Mapped[datetime | None]
    failed: Mapped[int]
    failed_at: Mapped[datetime | None]


class KnownBrowser(Table):
    """A browser an account was signed in with: a hash of the random cookie it keeps, and nothing else."""

    __tablename__ = "known_browser"
    __table_args__ = (Index("ix_known_browser_token", "token_hash"),)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    seen_at: Mapped[datetime]


class ActionLink(Table):
    """Something an e-mail asks its reader to do. The token is made when the e-mail is sent; a hash is kept.

    `kind`: one of `domain.links.LinkKind`. `scope` of an invitation:
    `{"roles": [..], "team_ids": [..]}`.
    """

    __tablename__ = "action_link"
    __table_args__ = (
        Index("ix_action_link_organization", "organization_id", "created_at"),
        Index("ix_action_link_account", "account_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    kind: Mapped[str] = mapped_column(String(30))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    email: Mapped[str] = mapped_column(String(254))
    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("organization.id"))
    scope: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    created_by: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    token_hash: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    minted_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class SigningKey(Table):
    """A key that signs tokens. `private_key` is a sealed JWK; `public_key` is published until `remove_at`.

    Of the keys whose `signs_from` has come the newest signs; `retired_at` says when its successor takes over.
    """

    __tablename__ = "signing_key"

    kid: Mapped[str] = mapped_column(String(64), primary_key=True)
    private_key: Mapped[bytes] = mapped_column(LargeBinary)
    public_key: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    signs_from: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    remove_at: Mapped[datetime | None]


class ApiClient(Table):
    """A partner's system. It acts for one organisation, with `roles` there (in `team_id` where given)."""

    __tablename__ = "api_client"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    client_id: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organization.id"))
    team_id: Mapped[UUID | None] = mapped_column(ForeignKey("team.id"))
    roles: Mapped[list[Any]]
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    secrets: Mapped[list[ClientSecret]] = relationship(order_by="ClientSecret.created_at")


class ClientSecret(Table):
    """A secret of a client, as a hash; two serve side by side while one is being replaced."""

    __tablename__ = "client_secret"
    __table_args__ = (Index("ix_client_secret_client", "client_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    client_id: Mapped[UUID] = mapped_column(ForeignKey("api_client.id"))
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]


class AccountEvent(Table):
    """What happened to an account, for its owner to see. Append-only; kept for 400 days.

    `what`: signed_in, sign_in_failed, password_changed, … No address, no e-mail.
    """

    __tablename__ = "account_event"
    __table_args__ = (Index("ix_account_event_account", "account_id", text("at desc")),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
    what: Mapped[str] = mapped_column(String(40))
    browser: Mapped[str] = mapped_column(String(60))
