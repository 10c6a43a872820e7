"""The same-request guard in the database: locks, a look, and the unique indexes behind them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from uuid import UUID

from sqlalchemy import BigInteger, Select, and_, bindparam, or_, select, text, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from services.referrals.domain.same_request import Identity, RequestKey, request_keys
from services.referrals.domain.states import State
from services.referrals.store.lists import Scope
from services.referrals.store.tables import Referral
from services.referrals.store.tables.referrals import IS_EXTERNAL, IS_FIRST, IS_OPEN

_LOCKS = text("select count(pg_advisory_xact_lock(one)) from unnest(:keys) as one").bindparams(
    bindparam("keys", type_=ARRAY(BigInteger))
)
_BY_EXTERNAL = and_(
    *(getattr(Referral, name) == bindparam(name) for name in ("client", "external_source", "external_id")),
    text(IS_EXTERNAL),
)


@dataclass(frozen=True)
class Keys:
    """The keys of one request: by NHS number and by names; None where too little is known."""

    number: RequestKey | None = None
    names: RequestKey | None = None

    @property
    def known(self) -> tuple[RequestKey, ...]:
        """Those there are, sorted: the order in which the locks are taken."""
        return tuple(sorted(key for key in (self.number, self.names) if key is not None))


def keys_for(
    secret: bytes,
    organization_id: UUID,
    person: Identity,
    *,
    target: UUID | None = None,
    needs: Iterable[str] = (),
) -> Keys:
    """The keys of a request; with neither target nor needs, those of the person alone."""
    wanted = list(needs)
    number = request_keys(
        secret, organization_id, Identity(nhs_number=person.nhs_number), target=target, needs=wanted
    )
    unnumbered = replace(person, nhs_number=None)
    names = request_keys(secret, organization_id, unnumbered, target=target, needs=wanted)
    return Keys(next(iter(number), None), next(iter(names), None))


def external_lock(client: str, external: tuple[str, str]) -> int:
    """What `lock_keys` takes for a sender's own id: a signed 64-bit integer."""
    named = "\n".join((client, *external)).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.sha256(named).digest()[:8], "big", signed=True)


def lock_keys(session: Session, keys: Sequence[RequestKey], *more: int) -> None:
    """Wait for every other request with one of these keys; one query, in sorted order."""
    wanted = sorted({key.lock for key in keys} | set(more))
    if wanted:
        session.execute(_LOCKS, {"keys": wanted})


@cache
def _found_by(known: frozenset[str]) -> Select[Referral]:
    """The question by these columns, of which there are few kinds: each written once."""
    ways = [
        and_(getattr(Referral, name) == bindparam(name), text(IS_OPEN))
        for name in ("number_key", "names_key")
        if name in known
    ]
    if "client" in known:
        ways.append(_BY_EXTERNAL)
    return (
        select(Referral)
        .where(or_(*ways))
        .order_by(Referral.separate_from_id.isnot(None), Referral.submitted_at)
    )


def find_same(
    session: Session,
    keys: Keys,
    *,
    client: str,
    external: tuple[str, str] | None,
    scope: Scope | None = None,
) -> tuple[list[Referral], Referral | None]:
    """The open requests with one of these keys, and the one that came with this external id: one query.

    What was entered in error has given its external id back. Those not sent beside another come first. With
    a `scope` the restricted ones that are kept from that caller are left out; whatever else decides what they
    may know of is not looked at here.
    """
    wanted: dict[str, str] = {}
    if keys.number is not None:
        wanted["number_key"] = keys.number.digest
    if keys.names is not None:
        wanted["names_key"] = keys.names.digest
    if external is not None:
        wanted |= {"client": client, "external_source": external[0], "external_id": external[1]}
    if not wanted:
        return [], None
    query = _found_by(frozenset(wanted))
    if scope is not None:
        # What is not found needs no second look, which would take its time.
        known = scope.may_know_restricted()
        query = query.where(or_(known, _BY_EXTERNAL) if external is not None else known)
    rows = session.scalars(query, wanted).all()
    digests = {key.digest for key in keys.known}
    same = [row for row in rows if {row.number_key, row.names_key} & digests and row.closed_at is None]
    by_external = next((row for row in rows if external and _came_as(row, client, external)), None)
    return same, by_external


def find_first(session: Session, row: Referral) -> Referral | None:
    """The same request that is open, where this one is to be opened again; None where there is none.

    Waits for every other request with one of its keys, as sending does. It is what the unique indexes would
    meet: of a restricted one, only others of its author.
    """
    digests = [digest for digest in (row.number_key, row.names_key) if digest is not None]
    lock_keys(session, [RequestKey(digest) for digest in digests])
    keys = [
        column == digest
        for column, digest in ((Referral.number_key, row.number_key), (Referral.names_key, row.names_key))
        if digest is not None
    ]
    if not keys or row.separate_from_id is not None:
        return None
    bars = Referral.author_id == row.author_id if row.restricted else true()
    query = (
        select(Referral)
        .where(
            or_(*keys), text(IS_FIRST), bars, Referral.restricted.is_(row.restricted), Referral.id != row.id
        )
        .order_by(Referral.submitted_at)
        .limit(1)
    )
    return session.scalars(query).first()


def _came_as(row: Referral, client: str, external: tuple[str, str]) -> bool:
    in_error = row.status == State.ENTERED_IN_ERROR
    return not in_error and row.client == client and (row.external_source, row.external_id) == external
