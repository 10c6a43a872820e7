"""What a token says, and its signing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from services.directory import config
from services.directory.actions.keys import ring
from services.directory.domain.accounts import NEED_SECOND_FACTOR
from services.directory.store.identity import Account, ApiClient, BrowserSession
from services.directory.store.memberships import Held
from services.directory.store.organizations import Organization
from shared.auth.caller import Caller, Kind, Membership, Role
from shared.auth.sessions import TOKEN_LIFE
from shared.auth.tokens import AUDIENCE, sign


def person(account: Account, held: Sequence[Held], acting: UUID | None, sid: str | None) -> Caller:
    """The account as a caller, acting for `acting` where it belongs there, else its first organisation."""
    chosen = next((h for h in held if h.organization_id == acting), held[0] if held else None)
    return Caller(
        sub=str(account.id),
        kind=Kind.PERSON,
        org=chosen.organization_id if chosen else None,
        sector=chosen.sector if chosen else None,
        place=chosen.place_id if chosen else None,
        memberships=tuple(Membership(h.organization_id, Role(h.role), h.team_id) for h in held),
        name=account.name,
        session=sid,
    )


def usable(held: Sequence[Held], opened: BrowserSession) -> list[Held]:
    """What somebody is in this session: a role that needs a second step only once it was passed here.

    A role may be given while a session runs that began with a password alone.
    """
    if opened.second_step_at is not None or not config.second_factor_is_required():
        return list(held)
    return [h for h in held if h.role not in NEED_SECOND_FACTOR]


def session_token(opened: BrowserSession, account: Account, held: Sequence[Held], at: datetime) -> str:
    """The token of a browser's session, with what the person is in it."""
    caller = person(account, usable(held, opened), opened.acting_organization_id, opened.sid)
    return mint(caller, at, auth_time=opened.started_at)


def client(row: ApiClient, organization: Organization, scope: Sequence[str]) -> Caller:
    """A partner's system as a caller, with the roles of `scope`."""
    return Caller(
        sub=str(row.id),
        kind=Kind.CLIENT,
        org=organization.id,
        sector=organization.sector,
        place=organization.place_id,
        memberships=tuple(Membership(organization.id, Role(role), row.team_id) for role in scope),
        scope=tuple(scope),
        name=row.name,
    )


def mint(
    caller: Caller, at: datetime, *, life: timedelta = TOKEN_LIFE, auth_time: datetime | None = None
) -> str:
    """A signed token for `caller`, good for `life` from `at` (RFC 7519; `auth_time` as in OpenID Connect)."""
    kid, key = ring.signing()
    issued = int(at.timestamp())
    claims = caller.to_claims() | {
        "iss": config.issuer(),
        "aud": AUDIENCE,
        "iat": issued,
        "exp": issued + int(life.total_seconds()),
    }
    if auth_time is not None:
        claims["auth_time"] = int(auth_time.timestamp())
    return sign(claims, key, kid)
