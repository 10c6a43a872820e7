"""Places, whom to ring there, and the authorities next door."""

from __future__ import annotations

import re
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.directory.actions.loading.finding import place_said
from services.directory.actions.loading.outcomes import Outcome, bring
from services.directory.domain.emergency import NATIONAL, Number
from services.directory.domain.listings import NEXT_ACTION_DAYS
from services.directory.domain.sheets import Columns, Row
from services.directory.store.places import EmergencyNumber, Neighbour, Place

_GSS = re.compile(r"[EWSN][0-9]{8}")
_CODE = re.compile(r"[a-z][a-z0-9-]{0,39}")
_DAYS = {state: f"{state}_days" for state in NEXT_ACTION_DAYS}
PLACES = Columns(("code", "name", "authorities"), tuple(_DAYS.values()), by=("code",))
NUMBERS = Columns(("place", "name", "number", "when", "what"), by=("place", "name"))
NEIGHBOURS = Columns(("place", "authority", "name", "contact"), by=("place", "authority"))


def put_place(session: Session, row: Row, _at: datetime) -> Outcome:
    """One place. A new one is given the national numbers to ring; `emergency_numbers.csv` says its own."""
    code = row.said("code")
    if not _CODE.fullmatch(code):
        raise row.refuse("code", "Use small letters, digits and hyphens, a letter first, 40 at most.")
    authorities = row.words("authorities")
    wrong = [each for each in authorities if not _GSS.fullmatch(each)]
    if wrong or not authorities:
        raise row.refuse("authorities", "Give ONS codes of councils, such as E06000014.")
    there = session.scalars(select(Place).where(Place.code == code)).one_or_none()
    days = dict(there.next_action_days if there else NEXT_ACTION_DAYS)
    for state, column in _DAYS.items():
        if row.has(column) and (number := row.whole(column)) is not None:
            if not 1 <= number <= 60:
                raise row.refuse(column, "Give working days, 1 to 60.")
            days[state] = number
    place = there or Place(id=uuid4(), code=code)
    outcome = bring(
        session, place, {"name": row.said("name"), "authorities": authorities, "next_action_days": days}
    )
    if there is None:
        session.flush()
        _put_numbers(session, place.id, NATIONAL)
    return outcome


def put_number(session: Session, row: Row, position: int) -> Outcome:
    """One number to ring, in the order of the file: `position` counts from 0 in its place."""
    place_id = place_said(session, row)
    number = Number(row.said("name"), row.said("number"), row.text("when"), row.text("what"))
    return _put_number(session, place_id, position, number)


def end_numbers(session: Session, place_code: str, count: int) -> None:
    """Take out the numbers of a place behind the first `count`: what the file does not say is no more."""
    for one in session.scalars(
        select(EmergencyNumber)
        .join(Place, Place.id == EmergencyNumber.place_id)
        .where(Place.code == place_code, EmergencyNumber.position >= count)
    ):
        session.delete(one)


def put_neighbour(session: Session, row: Row, _at: datetime) -> Outcome:
    """One authority next door, and whom somebody who lives there can ask."""
    place_id, authority = place_said(session, row), row.said("authority")
    if not _GSS.fullmatch(authority):
        raise row.refuse("authority", "Give the ONS code of a council, such as E06000014.")
    there = session.scalars(
        select(Neighbour).where(Neighbour.place_id == place_id, Neighbour.authority == authority)
    ).one_or_none()
    return bring(
        session,
        there or Neighbour(id=uuid4(), place_id=place_id, authority=authority),
        {"name": row.said("name"), "contact": row.said("contact")},
    )


def _put_numbers(session: Session, place_id: UUID, numbers: tuple[Number, ...]) -> None:
    for position, number in enumerate(numbers):
        _put_number(session, place_id, position, number)


def _put_number(session: Session, place_id: UUID, position: int, number: Number) -> Outcome:
    there = session.scalars(
        select(EmergencyNumber).where(
            EmergencyNumber.place_id == place_id, EmergencyNumber.position == position
        )
    ).one_or_none()
    row = there or EmergencyNumber(id=uuid4(), place_id=place_id, position=position)
    return bring(session, row, number._asdict())
