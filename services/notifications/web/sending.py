"""How sending is going: totals, for those who look after a place or a team."""

from __future__ import annotations

from flask import Blueprint, render_template

from services.notifications.actions.keeping import read_overview
from services.notifications.domain.states import State
from services.notifications.web.words import CHANNELS
from shared.auth import Role, needs
from shared.clock import now

pages = Blueprint("sending", __name__)


@pages.get("/sending")
@needs(Role.ORG_ADMIN, Role.FORUM_ADMIN, Role.LEAD, Role.DUTY_DESK)
def sending() -> str:
    """Backlog, failures, providers, and events nobody has a rule for."""
    at = now()
    overview = read_overview(at)
    return render_template(
        "notifications/sending.html",
        overview=overview,
        waiting=overview.by_state.get(State.QUEUED, 0) + overview.by_state.get(State.SENDING, 0),
        failed=overview.by_state.get(State.FAILED, 0),
        channels=CHANNELS,
        at=at,
    )
