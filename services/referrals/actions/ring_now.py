"""Whom to ring now, for whoever spoke of danger in something that could not be taken as it was."""

from __future__ import annotations

from collections.abc import Mapping

from services.referrals.actions.heeding import speaks_of_danger
from services.referrals.actions.route_request import place_of
from services.referrals.store.database import database
from services.referrals.store.directory import read_directory
from shared.auth.caller import Caller
from shared.errors import Unavailable


def ring_now(said: object, *, by: Caller) -> tuple[Mapping[str, str], ...]:
    """The numbers of the caller's place where any text in `said` speaks of danger; else nothing.

    `said` is JSON as it came in, of whatever form. Empty too where no place is known.
    """
    if not speaks_of_danger(said):
        return ()
    with database.transaction() as session:
        directory = read_directory(session)
    try:
        place = directory.doc("place", place_of(by, directory)) or {}
    except Unavailable:
        return ()
    return tuple(place.get("emergency") or ())
