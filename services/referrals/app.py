"""The web process of referrals: `gunicorn "services.referrals.app:create_app()"`. Start reading here."""

from __future__ import annotations

from flask import Flask

from services.referrals import config, web
from services.referrals.actions.observe import observe
from services.referrals.actions.refresh_directory import directory_is_fresh, directory_is_known
from services.referrals.actions.signing_in import browser_sessions
from services.referrals.api import BLUEPRINTS as API
from services.referrals.store import queries
from services.referrals.store.database import database
from services.referrals.web.ask.around import way_out
from services.referrals.web.ask.limits import limiter
from services.referrals.worker import celery
from shared import logs
from shared.api import make_api
from shared.auth.guard import caller_or_none, check_every_route, init_auth
from shared.celery_app import Nudge
from shared.clock import now
from shared.health import broker_answers, init_health
from shared.http import init_http
from shared.limits import init_limits
from shared.observing.endpoint import init_observing
from shared.web import assets, frame, openapi_page
from shared.web.navigation import NAV


def create_app() -> Flask:
    """The whole service. Raises MissingSetting where a setting it cannot do without is not there."""
    config.check()
    logs.configure("referrals")
    app = Flask(__name__, template_folder="web/templates", static_folder=None)
    init_http(app, "referrals")
    for pages in web.BLUEPRINTS:
        app.register_blueprint(pages)
    api = make_api(app, "Linkwork referrals", API)
    frame(
        app,
        service="referrals",
        nav=NAV,
        who=caller_or_none,
        organisation=acting_organisation,
        messages=web.MESSAGES,
        way_out=way_out,
    )
    openapi_page.register(app, spec=api.description)
    init_limits(app, limiter)
    init_observing(app, "referrals", observe)
    init_auth(app, "referrals", browser_sessions())
    init_health(
        app,
        {
            "database": _database,
            "broker": broker_answers,
            "assets": assets.missing,
            "directory": directory_is_known,
        },
        {"directory": lambda: directory_is_fresh(now())},
    )
    check_every_route(app)
    database.nudge = Nudge(celery, "referrals.relay_outbox", "referrals")
    return app


def acting_organisation() -> str | None:
    """The organisation the caller acts for, shown in the header of every page."""
    by = caller_or_none()
    return queries.organisation_name(by.org) if by is not None and by.org is not None else None


def _database() -> str | None:
    return None if database.answers() else "The database does not answer. See DATABASE_URL_REFERRALS."
