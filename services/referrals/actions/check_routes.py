"""Who could take this person? Asked before anything is sent; nothing is stored."""

from __future__ import annotations

from datetime import datetime

from services.referrals.actions.check_request import check_question
from services.referrals.actions.new_referral import NewReferral
from services.referrals.actions.route_request import facts_from_request, place_of
from services.referrals.actions.views import RoutesView
from services.referrals.domain.routing.route import route
from services.referrals.store.database import database
from services.referrals.store.directory import read_directory
from shared.auth.caller import Caller


def check_routes(new: NewReferral, *, by: Caller, at: datetime) -> RoutesView:
    """Everybody who can take this person and why, who cannot and why not, and what is not known.

    The same for a stranger and for somebody known: who knows the person is no part of it. Raises Invalid
    naming fields that cannot be read, Unavailable while the directory has never been heard of.
    """
    with database.transaction() as session:
        directory = read_directory(session)
        place_id = place_of(by, directory)
        asked = check_question(new, directory, at)
        facts = facts_from_request(session, asked, by, place_id)
        answer = route(facts, directory.snapshot, at, directory.waits).as_json()
        place = directory.doc("place", place_id) or {}
        return RoutesView(
            eligible=tuple(answer["eligible"]),
            not_eligible=tuple(answer["not_eligible"]),
            unknown=tuple(answer["unknown"]),
            fresh=directory.is_fresh(at),
            place_name=str(place["name"]) if place.get("name") else None,
            emergency=tuple(place.get("emergency") or ()),
        )
