"""Whom to ring and how to leave, for every page that somebody who asks for help can come to: errors too."""

from __future__ import annotations

from flask import request, url_for

from services.referrals.store.queries import directory_if_it_answers
from services.referrals.web.facts import EVERYWHERE, Facts, Ring
from shared.auth.guard import caller_or_none
from shared.web import WayOut

PUBLIC = ("for-you", "your-request")


def way_out(*, failed: bool) -> WayOut | None:
    """For the pages of asking for help, and what their footer leads to; None for every other page.

    Where the service has `failed` the store is not asked for the numbers of the place.
    """
    parts = request.path.strip("/").split("/")
    if parts[0] not in PUBLIC and (failed or parts != ["accessibility"] or caller_or_none() is not None):
        return None
    ring = (
        Ring(EVERYWHERE, "") if failed else ring_at(parts[1] if parts[0] == "for-you" and parts[1:] else "")
    )
    return WayOut(ring.numbers, ring.place, url_for("ask.leave"), url_for("ask.places"))


def ring_at(code: str) -> Ring:
    """The numbers of the place with this code; those that hold everywhere where none is known."""
    directory = directory_if_it_answers()
    if directory is None:
        return Ring(EVERYWHERE, "")
    facts = Facts(directory)
    place = facts.place_called(code)
    return facts.ring_in(place["id"] if place else None)
