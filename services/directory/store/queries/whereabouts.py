"""Where somebody means: a postcode, a ward or a practice, with the areas a patch may name it by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from services.directory.domain.listings import AreaKind, OrganizationStatus
from services.directory.domain.postcodes import parse_postcode
from services.directory.store.database import database
from services.directory.store.organizations import ODS, Organization, OrganizationIdentifier
from services.directory.store.pcns import PracticeInPcn
from services.directory.store.places import Area
from services.directory.store.postcodes import Postcode
from services.directory.store.queries.finding import all_words, wanted_words

MOST = 12
_POSTCODE = "postcode"


@dataclass(frozen=True)
class Whereabouts:
    """A place on the map of patches. `key` names it again, such as `ward:E05010330`; `areas` are (kind, code)
    of what a patch may say to hold it, and `postcode` is given where a drawn area may."""

    key: str
    name: str
    areas: tuple[tuple[str, str], ...]
    postcode: str | None = None


def find_whereabouts(text: str) -> list[Whereabouts]:
    """What somebody may mean: a postcode, else wards and practices of that name or code, the first twelve."""
    words, code_said = wanted_words(text), text.strip().upper()
    pcds = parse_postcode(text)
    if not words:
        return []
    with database.transaction() as session:
        if pcds is not None:
            found = _postcode(session, pcds)
            return [found] if found else []
        wards = session.execute(
            select(Area.code, Area.name)
            .where(Area.kind == AreaKind.WARD, all_words(Area.name, words))
            .order_by(func.length(Area.name), Area.name, Area.code)
            .limit(MOST)
        ).all()
        practices = session.execute(
            _practices()
            .where(all_words(Organization.name, words) | (OrganizationIdentifier.identifier == code_said))
            .order_by(Organization.name, OrganizationIdentifier.identifier)
            .limit(MOST)
        ).all()
        return [
            *(_ward(session, code, name) for code, name in wards),
            *(_practice(session, code, name) for code, name in practices),
        ][:MOST]


def whereabouts(key: str) -> Whereabouts | None:
    """What an earlier answer's key names, None where there is no such thing."""
    kind, _, code = key.replace("\0", "").partition(":")
    with database.transaction() as session:
        if kind == _POSTCODE:
            pcds = parse_postcode(code)
            return _postcode(session, pcds) if pcds else None
        if kind == AreaKind.WARD:
            name = session.scalar(select(Area.name).where(Area.kind == AreaKind.WARD, Area.code == code))
            return _ward(session, code, name) if name else None
        if kind == AreaKind.PRACTICE:
            row = session.execute(_practices().where(OrganizationIdentifier.identifier == code)).first()
            return _practice(session, *row) if row else None
    return None


def _practices() -> Select[str, str]:
    return (
        select(OrganizationIdentifier.identifier, Organization.name)
        .join(Organization, Organization.id == OrganizationIdentifier.organization_id)
        .where(OrganizationIdentifier.scheme == ODS, Organization.status == OrganizationStatus.ACTIVE)
    )


def _postcode(session: Session, pcds: str) -> Whereabouts | None:
    row = session.get(Postcode, pcds)
    if row is None:
        return None
    areas = ((AreaKind.AUTHORITY, row.authority), (AreaKind.WARD, row.ward), (AreaKind.LSOA, row.lsoa))
    return Whereabouts(
        key=f"{_POSTCODE}:{pcds}",
        name=pcds,
        areas=tuple((str(kind), code) for kind, code in areas if code),
        postcode=pcds,
    )


def _ward(session: Session, code: str, name: str) -> Whereabouts:
    rows = session.execute(select(Postcode.authority, Postcode.lsoa).where(Postcode.ward == code).distinct())
    areas = {(str(AreaKind.WARD), code)}
    for authority, lsoa in rows:
        areas |= _coded(((AreaKind.AUTHORITY, authority), (AreaKind.LSOA, lsoa)))
    return Whereabouts(f"{AreaKind.WARD}:{code}", f"{name} ward", tuple(sorted(areas)))


def _practice(session: Session, code: str, name: str) -> Whereabouts:
    network = session.scalar(select(PracticeInPcn.pcn_code).where(PracticeInPcn.practice_ods == code))
    areas = _coded(((AreaKind.PRACTICE, code), (AreaKind.PCN, network)))
    return Whereabouts(f"{AreaKind.PRACTICE}:{code}", name, tuple(sorted(areas)))


def _coded(pairs: Sequence[tuple[str, str | None]]) -> set[tuple[str, str]]:
    return {(str(kind), code) for kind, code in pairs if code}
