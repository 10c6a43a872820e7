"""The home page, and what the kinds of problem mean."""

from __future__ import annotations

from flask import Blueprint, render_template

from services.directory.actions.accounts import waits_for_second_step
from services.directory.domain.doors import doors_for
from services.directory.domain.problems import PROBLEMS
from services.directory.web.acting_names import acting_organization
from shared import settings
from shared.auth import public
from shared.auth.guard import caller_or_none
from shared.errors import NotFound

pages = Blueprint("home", __name__)
# Numbers that are right everywhere in the United Kingdom; a place's own are at /help-now.
RING_ANYWHERE = (
    {"name": "Emergency", "number": "999", "when": "", "what": "life or safety in danger now"},
    {
        "name": "NHS 111",
        "number": "111",
        "when": "day and night",
        "what": "urgent health, option 2 for mental health",
    },
    {"name": "Samaritans", "number": "116 123", "when": "day and night, free", "what": "somebody to listen"},
)


@pages.get("/")
@public
def home() -> str:
    """What one can do here, by role."""
    caller = caller_or_none()
    if caller is None:
        return render_template("directory/welcome.html", ring=RING_ANYWHERE)
    doors = [
        {"title": door.title, "text": door.text, "href": settings.public_url(door.service) + door.path}
        for door in doors_for(m.role for m in caller.memberships)
    ]
    return render_template(
        "directory/home.html",
        doors=doors,
        belongs=bool(caller.memberships),
        acting=acting_organization(),
        several=len(caller.orgs) > 1,
        waits=waits_for_second_step(caller),
    )


@pages.get("/problems")
@public
def problems() -> str:
    """All kinds."""
    return render_template("directory/problems.html", kinds=PROBLEMS.values())


@pages.get("/problems/<slug>")
@public
def problem(slug: str) -> str:
    """One kind: the page its `type` leads to."""
    kind = PROBLEMS.get(slug)
    if kind is None:
        raise NotFound
    return render_template("directory/problem.html", kind=kind)
