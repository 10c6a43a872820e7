"""Finding and making one organisation's record of a person."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.referrals.domain.same_request import normalise_name
from services.referrals.store.tables import PersonRecord

_GAPS = (
    "given_name",
    "family_name",
    "date_of_birth",
    "age_estimate",
    "age_estimated_on",
    "nhs_number",
    "postcode",
    "language",
    "gp_practice_ods",
    "number_key",
    "names_key",
)


def search_name(given: str | None, family: str | None) -> str:
    """Names folded for finding: each word without case, accents and punctuation."""
    words = f"{given or ''} {family or ''}".split()
    return " ".join(folded for word in words if (folded := normalise_name(word)))


def keep_person(session: Session, wanted: PersonRecord, at: datetime) -> PersonRecord:
    """The organisation's record of this person: the one it has, with gaps filled, or `wanted` itself.

    A record is used again only where nothing that is known of both differs; a wrong number or a new address
    makes a new record, for a false merge is worse than a miss. Without keys there is nothing to find by.
    """
    found = _find(session, wanted)
    if found is None:
        session.add(wanted)
        return wanted
    changed = False
    for name in _GAPS:
        if getattr(found, name) is None and getattr(wanted, name) is not None:
            setattr(found, name, getattr(wanted, name))
            changed = True
    for name in ("address_lines", "access_needs"):
        if not getattr(found, name) and getattr(wanted, name):
            setattr(found, name, getattr(wanted, name))
            changed = True
    if changed:
        found.search_name = search_name(found.given_name, found.family_name)
        found.updated_at = at
    return found


def _find(session: Session, wanted: PersonRecord) -> PersonRecord | None:
    keys = []
    if wanted.number_key is not None:
        keys.append(PersonRecord.number_key == wanted.number_key)
    if wanted.names_key is not None:
        keys.append(PersonRecord.names_key == wanted.names_key)
    if not keys:
        return None
    query = (
        select(PersonRecord)
        .where(PersonRecord.organization_id == wanted.organization_id, or_(*keys))
        .order_by(PersonRecord.created_at)
        .limit(10)
    )
    return next((row for row in session.scalars(query) if _agree(row, wanted)), None)


def _agree(one: PersonRecord, other: PersonRecord) -> bool:
    """Nothing known of both differs."""
    for name in ("date_of_birth", "nhs_number", "postcode", "gp_practice_ods", "age_estimate"):
        mine, theirs = getattr(one, name), getattr(other, name)
        if mine is not None and theirs is not None and mine != theirs:
            return False
    for name in ("given_name", "family_name"):
        mine, theirs = normalise_name(getattr(one, name)), normalise_name(getattr(other, name))
        if mine and theirs and mine != theirs:
            return False
    if one.no_fixed_abode != other.no_fixed_abode:
        return False
    return not (one.address_lines and other.address_lines and one.address_lines != other.address_lines)


def reusable(organization_id: UUID | None, *, restricted: bool) -> bool:
    """A restricted referral has a record of its own, so that nothing of it is read through another."""
    return organization_id is not None and not restricted
