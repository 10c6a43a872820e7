"""Partners' systems: their secrets, and the tokens they get for them (RFC 6749 §4.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from services.directory.actions.tokens import client as client_caller
from services.directory.actions.tokens import mint
from services.directory.domain.keys import (
    CLIENT_TOKEN_LIFE,
    SECRET_OVERLAP,
    new_client_secret,
    secret_fits,
    secret_hash,
)
from services.directory.store.database import database
from services.directory.store.identity import ApiClient, ClientSecret
from services.directory.store.organizations import Organization
from services.directory.store.relay import AccessLog
from services.directory.store.teams import Team
from shared.audit import record
from shared.auth import Caller, Role
from shared.errors import Conflict, Invalid, NotFound

_NOBODYS = secret_hash("nobody has this secret")
PURPOSE = "looking after partners' systems"


class UnknownClient(Exception):
    """No such client, a wrong secret, or one that was revoked: the caller is not told which."""


class UnknownScope(Exception):
    """The client asked for a scope it does not have."""


@dataclass(frozen=True)
class Grant:
    """A token and what it is good for; `expires_in` in seconds."""

    access_token: str
    expires_in: int
    scope: str


def grant_token(client_id: str, secret: str, scope: str | None, at: datetime) -> Grant:
    """A token of 15 minutes. Raises UnknownClient and UnknownScope. Scopes are the client's roles."""
    with database.transaction() as session:
        row = _find(session, client_id)
        if not _proves(row, secret, at) or row is None:
            raise UnknownClient
        wanted = scope.split() if scope else [str(role) for role in row.roles]
        if not set(wanted) <= set(row.roles):
            raise UnknownScope
        organization = session.get_one(Organization, row.organization_id)
        token = mint(client_caller(row, organization, wanted), at, life=CLIENT_TOKEN_LIFE)
    return Grant(token, int(CLIENT_TOKEN_LIFE.total_seconds()), " ".join(wanted))


def add_client(
    client_id: str,
    *,
    name: str,
    organization_id: UUID,
    roles: Sequence[Role],
    team_id: UUID | None,
    by: Caller,
    at: datetime,
    secret: str | None = None,
) -> str:
    """Register a partner's system; returns its secret, which is shown this once.

    Raises Conflict for a name that is taken, Invalid for an organisation or team we do not know.
    """
    with database.transaction() as session:
        if _find(session, client_id) is not None:
            raise Conflict(f"There is a client called {client_id} already.")
        if session.get(Organization, organization_id) is None:
            raise Invalid.field("/organization_id", "There is no such organisation.")
        team = session.get(Team, team_id) if team_id is not None else None
        if team_id is not None and (team is None or team.organization_id != organization_id):
            raise Invalid.field("/team_id", "That organisation has no such team.")
        row = ApiClient(
            client_id=client_id,
            name=name,
            organization_id=organization_id,
            team_id=team_id,
            roles=[str(role) for role in roles],
            created_at=at,
        )
        session.add(row)
        session.flush()
        record(session, AccessLog, by, act="add_client", purpose=PURPOSE, subjects=[row.id], at=at)
        return _add_secret(session, row, at, secret)


def rotate_client(client_id: str, by: Caller, at: datetime) -> str:
    """A new secret; those before it work for another 7 days. Raises NotFound."""
    with database.transaction() as session:
        row = _current(session, client_id)
        for old in row.secrets:
            ends = at + SECRET_OVERLAP
            old.expires_at = min(old.expires_at, ends) if old.expires_at else ends
        record(session, AccessLog, by, act="rotate_client", purpose=PURPOSE, subjects=[row.id], at=at)
        return _add_secret(session, row, at)


def revoke_client(client_id: str, by: Caller, at: datetime) -> None:
    """No more tokens for this client; those it has end within 15 minutes. Raises NotFound."""
    with database.transaction() as session:
        row = _current(session, client_id)
        row.revoked_at = at
        record(session, AccessLog, by, act="revoke_client", purpose=PURPOSE, subjects=[row.id], at=at)


def _add_secret(session: Session, row: ApiClient, at: datetime, secret: str | None = None) -> str:
    made = secret or new_client_secret()
    session.add(ClientSecret(client_id=row.id, secret_hash=secret_hash(made), created_at=at))
    return made


def _find(session: Session, client_id: str) -> ApiClient | None:
    return session.scalars(
        select(ApiClient).where(ApiClient.client_id == client_id).options(selectinload(ApiClient.secrets))
    ).first()


def _current(session: Session, client_id: str) -> ApiClient:
    row = _find(session, client_id)
    if row is None or row.revoked_at is not None:
        raise NotFound(f"There is no client called {client_id}.")
    return row


def _proves(row: ApiClient | None, secret: str, at: datetime) -> bool:
    if row is None or row.revoked_at is not None:
        secret_fits(_NOBODYS, secret)
        return False
    good = [s.secret_hash for s in row.secrets if s.expires_at is None or s.expires_at > at]
    return any(secret_fits(stored, secret) for stored in good)
