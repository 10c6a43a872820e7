"""Help now: whom to ring when somebody is in danger. Open to anybody, with a way to leave quickly."""

from __future__ import annotations

from flask import Blueprint, render_template

from services.directory.store.queries.words import places_with_numbers
from shared.auth import public

pages = Blueprint("help_now", __name__)


@pages.get("/help-now")
@public
def help_now() -> str:
    """The numbers of every place: national ones once, then each place's own."""
    places = places_with_numbers()
    everywhere = set.intersection(*(set(place.numbers) for place in places)) if places else set()
    return render_template(
        "directory/help_now.html",
        common=[number for number in (places[0].numbers if places else ()) if number in everywhere],
        own=[(each.place, [n for n in each.numbers if n not in everywhere]) for each in places],
    )
