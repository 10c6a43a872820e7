"""Where somebody searches from: a postcode with its areas, or an area with those it lies in."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select, text
from sqlalchemy.orm import Session

from services.directory.domain.search import Wanted
from services.directory.store.places import Area
from services.directory.store.postcodes import Postcode
from shared.errors import Invalid

_OF_POSTCODE = text("""
select p.authority, p.ward, p.lsoa, p.lat, p.lon, w.name as ward_name, a.name as authority_name
from postcode p left join area w on w.code = p.ward left join area a on a.code = p.authority
where p.pcds = :pcds
""")


@dataclass(frozen=True)
class Spot:
    """Codes of the areas it lies in; `name` is that of the finest that has one. Degrees WGS 84."""

    codes: tuple[str, ...]
    name: str
    authority: str = ""
    ward: str = ""
    postcode: str | None = None
    lat: float | None = None
    lon: float | None = None


def find_spot(session: Session, wanted: Wanted) -> Spot | None:
    """Where the search is from, None where it does not say. One query where it does.

    Raises Invalid for a postcode nobody loaded.
    """
    if wanted.postcode is not None:
        return _of_postcode(session, wanted.postcode)
    return _of_area(session, wanted.area) if wanted.area else None


def _of_postcode(session: Session, pcds: str) -> Spot:
    row = session.execute(_OF_POSTCODE, {"pcds": pcds}).one_or_none()
    if row is None:
        raise Invalid.field(
            "/postcode", "We do not know this postcode. Check it, or search without it and name a place."
        )
    codes = tuple(code for code in (row.lsoa, row.ward, row.authority) if code)
    name = row.ward_name or row.authority_name or "this area"
    return Spot(codes, name, row.authority, row.ward or "", pcds, row.lat, row.lon)


def _of_area(session: Session, code: str) -> Spot:
    row = session.execute(
        select(Area.name, Postcode.authority, Postcode.ward)
        .select_from(Postcode)
        .outerjoin(Area, Area.code == code)
        .where(or_(Postcode.ward == code, Postcode.lsoa == code, Postcode.authority == code))
        .limit(1)
    ).one_or_none()
    if row is None:
        return Spot((code,), code)
    name, authority, ward = row
    if code == authority:
        return Spot((code,), name or code, authority)
    codes = tuple(one for one in {code: None, ward: None, authority: None} if one)
    return Spot(codes, name or code, authority, ward or "")
