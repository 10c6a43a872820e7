"""Finding and making one organisation's record of a person."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from services.referrals.domain.same_request import normalise_name
from services.referrals.store.tables import PersonRecord

_TOLD = (
    "given_name",
    "family_name",
    "date_of_birth",
    "age_estimate",
    "age_estimated_on",
    "nhs_number",
    "postcode",
    "no_fixed_abode",
    "address_lines",
    "language",
    "access_needs",
    "gp_practice_ods",
)
_KEYS = ("number_key", "names_key")

# Written once: it has a condition for each thing that is told. A key that is not known equals none.
_SAID_THE_SAME = (
    select(PersonRecord)
    .where(
        PersonRecord.organization_id == bindparam("organization_id"),
        or_(*(getattr(PersonRecord, name) == bindparam(name) for name in _KEYS)),
        *(getattr(PersonRecord, name).is_not_distinct_from(bindparam(name)) for name in _TOLD),
    )
    .order_by(PersonRecord.created_at)
    .limit(1)
)


def search_name(given: str | None, family: str | None) -> str:
    """Names folded for finding: each word without case, accents and punctuation."""
    words = f"{given or ''} {family or ''}".split()
    return " ".join(folded for word in words if (folded := normalise_name(word)))


def keep_person(session: Session, wanted: PersonRecord) -> PersonRecord:
    """The organisation's record that says exactly this of the person, or `wanted` itself.

    A record is never changed once it is written, and used again only where the new referral says neither
    more nor less: whoever may see one referral reads what came with that one, not what another told. Records
    of one person are found together by their keys; joining them is a link, which copies no field.
    """
    found = _find(session, wanted)
    if found is None:
        session.add(wanted)
        return wanted
    return found


def _find(session: Session, wanted: PersonRecord) -> PersonRecord | None:
    if wanted.number_key is None and wanted.names_key is None:
        return None
    given = {name: getattr(wanted, name) for name in (*_KEYS, "organization_id", *_TOLD)}
    return session.scalars(_SAID_THE_SAME, given).one_or_none()


def reusable(organization_id: UUID | None, *, restricted: bool) -> bool:
    """A restricted referral has a record of its own, so that nothing of it is read through another."""
    return organization_id is not None and not restricted
