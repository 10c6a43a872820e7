"""People, organisations and teams of the directory, as rows; and a browser that fills in forms."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from services.directory.actions.sealing import seal
from services.directory.actions.signing_in import SignedIn, Visit, sign_in
from services.directory.actions.tokens import person
from services.directory.domain.passwords import hash_of
from services.directory.store.database import database
from services.directory.store.identity import Account, Membership
from services.directory.store.memberships import held_by
from services.directory.store.organizations import Organization
from services.directory.store.taxonomy import Sector
from services.directory.store.teams import Team
from shared.auth import Caller

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PASSWORD = "plum teapot lantern"
HOME = "http://localhost:5001/"
VISIT = Visit(None, "Firefox on Linux", HOME)


@dataclass(frozen=True)
class Someone:
    """An account that was made for a test. `secret` is its authenticator's, where it has one."""

    id: UUID
    email: str
    organization_id: UUID | None
    secret: str | None = None

    def code(self, at: datetime) -> str:
        """What the authenticator shows at that moment."""
        return pyotp.TOTP(self.secret or "").at(at)


def an_organization(name: str | None = None, sector: str = "health") -> UUID:
    """An organisation; its sector is made where it is not there."""
    with database.transaction() as session:
        if session.get(Sector, sector) is None:
            session.add(Sector(code=sector, name=sector.title(), position=1))
            session.flush()
        row = Organization(id=uuid4(), name=name or f"Example body {uuid4().hex[:6]}", sector=sector)
        row.last_modified = NOON
        session.add(row)
    return row.id


def a_team(organization_id: UUID, name: str = "Example team") -> UUID:
    """A scheme's team."""
    with database.transaction() as session:
        row = Team(id=uuid4(), organization_id=organization_id, name=name)
        session.add(row)
    return row.id


def a_person(
    *roles: str,
    organization_id: UUID | None = None,
    team_id: UUID | None = None,
    email: str | None = None,
    password: str | None = PASSWORD,
    second_factor: bool = False,
) -> Someone:
    """Somebody who can sign in, with these roles in one organisation (a new one unless given)."""
    organization = organization_id or (an_organization() if roles else None)
    secret = pyotp.random_base32() if second_factor else None
    with database.transaction() as session:
        account = Account(
            id=uuid4(),
            email=email or f"person-{uuid4().hex[:8]}@somewhere.example",
            name="Terry Testperson",
            password_hash=hash_of(password, cheap=True) if password else None,
            totp_secret=seal(secret) if secret else None,
            created_at=NOON,
        )
        session.add(account)
        session.flush()
        session.add_all(
            Membership(
                account_id=account.id,
                organization_id=organization,
                team_id=team_id if role in ("worker", "lead", "duty_desk") else None,
                role=role,
                started_at=NOON,
            )
            for role in roles
        )
    return Someone(account.id, account.email, organization, secret)


def also_in(someone: Someone, role: str, organization_id: UUID) -> None:
    """A second membership."""
    with database.transaction() as session:
        session.add(
            Membership(account_id=someone.id, organization_id=organization_id, role=role, started_at=NOON)
        )


def caller_of(someone: Someone, acting: UUID | None = None, sid: str | None = None) -> Caller:
    """Who calls, as a token of theirs would say."""
    with database.transaction() as session:
        account = session.get_one(Account, someone.id)
        return person(account, held_by(session, someone.id), acting, sid)


def signed_in(someone: Someone, at: datetime, password: str = PASSWORD) -> str:
    """The token of a fresh sign-in, by password alone."""
    done = sign_in(someone.email, password, VISIT, at)
    assert isinstance(done, SignedIn)
    return done.token


def rows(table: Any, *conditions: Any) -> Sequence[Any]:
    """What is stored."""
    with database.transaction() as session:
        return session.scalars(select(table).where(*conditions)).all()


class Browser:
    """A browser without JavaScript at the pages of the directory: keeps cookies, fills in forms."""

    def __init__(self, app: Flask, address: str = "127.0.0.1") -> None:
        self.client: FlaskClient = app.test_client()
        self.address = address

    def get(self, path: str, **options: Any) -> TestResponse:
        """Open a page."""
        return self.client.get(path, base_url=HOME, environ_overrides=self._from(), **options)

    def send(self, path: str, page: str | None = None, **fields: Any) -> TestResponse:
        """Fill in the form of `page` (the same path unless given) and send it to `path`."""
        shown = self.get(page or path)
        token = re.search(r'name="csrf_token" value="([^"]+)"', shown.text)
        assert token, f"{page or path} has no form ({shown.status_code})"
        return self.client.post(
            path,
            base_url=HOME,
            data={"csrf_token": token[1], **fields},
            environ_overrides=self._from(),
        )

    def sign_in(self, someone: Someone, password: str = PASSWORD, **fields: str) -> TestResponse:
        """Fill in the sign-in page."""
        return self.send("/sign-in", email=someone.email, password=password, **fields)

    def cookie(self, name: str = "linkwork") -> str | None:
        """The value of a cookie, None where there is none."""
        found = self.client.get_cookie(name, domain="localhost")
        return found.value if found is not None and found.value else None

    def set_cookie(self, value: str, name: str = "linkwork") -> None:
        """Bring a cookie along."""
        self.client.set_cookie(name, value, domain="localhost")

    def _from(self) -> dict[str, str]:
        return {"REMOTE_ADDR": self.address}
