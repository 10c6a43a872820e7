"""Load GP practices from the NHS ODS file `epraccur`."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from services.directory.domain.listings import OrganizationStatus
from services.directory.domain.ods import Practice, read_practice
from services.directory.store.database import database
from services.directory.store.organizations import ODS, Organization, OrganizationIdentifier
from services.directory.store.places import Place
from services.directory.store.postcodes import Postcode
from services.directory.store.taxonomy import Sector
from shared.errors import FieldProblem, Invalid

MOST_PROBLEMS = 20
SECTOR = "health"


@dataclass(frozen=True)
class PracticesLoaded:
    """What a file held: rows, GP practices among them, and what came of these."""

    rows: int
    practices: int
    added: int
    changed: int
    closed: int
    # ODS codes of open practices whose postcode is not loaded or lies in none of our places.
    outside: tuple[str, ...] = ()


def load_practices(lines: Iterable[str], *, at: datetime, dry_run: bool = False) -> PracticesLoaded:
    """Bring practices up to what the file says; what is closed there is marked closed and stays.

    Known practices are found by ODS code and keep what the file does not say. All or nothing: raises
    `Invalid` naming up to 20 rows and fields. With `dry_run` nothing is kept.
    """
    rows, practices = _read(lines)
    with database.transaction() as session:
        # Two loads at once would each find a practice missing and both add it.
        session.execute(text("select pg_advisory_xact_lock(hashtext('load listings'))"))
        if session.get(Sector, SECTOR) is None:
            raise Invalid.field("/sectors", "There are no sectors yet: run linkwork-directory seed first.")
        known = _known(session)
        places = _places_by_postcode(session, practices)
        added = changed = 0
        for practice in practices:
            organization = known.get(practice.ods_code)
            if organization is None:
                organization = _new(session, practice.ods_code, at)
                added += 1
                is_new = True
            else:
                is_new = False
            _bring_up_to_date(organization, practice, places.get(practice.postal_code or ""))
            if not is_new and session.is_modified(organization):
                organization.last_modified = at
                changed += 1
        session.flush()
        if dry_run:
            session.rollback()
    closed = sum(not practice.open for practice in practices)
    outside = tuple(p.ods_code for p in practices if p.open and p.postal_code not in places)
    return PracticesLoaded(rows, len(practices), added, changed, closed, outside)


def _read(lines: Iterable[str]) -> tuple[int, list[Practice]]:
    found: dict[str, Practice] = {}
    problems: list[FieldProblem] = []
    count = 0
    for number, row in enumerate(csv.reader(lines), start=1):
        if not row:
            continue
        count += 1
        try:
            practice = read_practice(row, number)
        except Invalid as wrong:
            problems.extend(wrong.errors)
            continue
        if practice is not None and practice.ods_code in found:
            problems.append(
                FieldProblem(f"/rows/{number}/code", f"Row {number}: {practice.ods_code} came before.")
            )
        elif practice is not None:
            found[practice.ods_code] = practice
    if problems:
        raise Invalid(problems[:MOST_PROBLEMS])
    return count, list(found.values())


def _known(session: Session) -> dict[str, Organization]:
    rows = session.execute(
        select(OrganizationIdentifier.identifier, Organization)
        .join(Organization, Organization.id == OrganizationIdentifier.organization_id)
        .where(OrganizationIdentifier.scheme == ODS)
    )
    return dict(rows.all())


def _places_by_postcode(session: Session, practices: Iterable[Practice]) -> dict[str, UUID]:
    """The place each postcode lies in, for those whose council is a place's."""
    by_authority = {
        code: place_id
        for place_id, codes in session.execute(select(Place.id, Place.authorities))
        for code in codes
    }
    wanted = {practice.postal_code for practice in practices if practice.postal_code}
    rows = session.execute(select(Postcode.pcds, Postcode.authority).where(Postcode.pcds.in_(wanted)))
    return {pcds: by_authority[authority] for pcds, authority in rows if authority in by_authority}


def _new(session: Session, ods_code: str, at: datetime) -> Organization:
    organization = Organization(id=uuid4(), sector=SECTOR, last_modified=at)
    session.add(organization)
    session.add(
        OrganizationIdentifier(id=uuid4(), organization_id=organization.id, scheme=ODS, identifier=ods_code)
    )
    return organization


def _bring_up_to_date(organization: Organization, practice: Practice, place_id: UUID | None) -> None:
    organization.name = practice.name
    organization.address = practice.address
    organization.postal_code = practice.postal_code
    organization.status = OrganizationStatus.ACTIVE if practice.open else OrganizationStatus.CLOSED
    organization.closed_on = practice.closed_on
    if place_id is not None:
        organization.place_id = place_id
