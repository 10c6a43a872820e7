"""The directory's web process: `gunicorn "services.directory.app:create_app()"`. Start reading here."""

from __future__ import annotations

from flask import Flask

from services.directory import config, listing_part
from services.directory.actions import sessions as session_actions
from services.directory.actions.keys import ensure_key, has_key, ring
from services.directory.actions.observe import observe
from services.directory.api import events, identity, tokens
from services.directory.feeds import routes as feeds
from services.directory.limits import limiter
from services.directory.store.database import database
from services.directory.store.identity import SessionSeen
from services.directory.web import account, forgotten, home, imports, invitations, mailbox, people, signing_in
from services.directory.web.acting_names import acting_organization
from services.directory.web.messages import MESSAGES
from services.directory.worker import celery
from shared import logs
from shared.api import make_api
from shared.auth.guard import caller_or_none, check_every_route, init_auth
from shared.auth.sessions import Sessions
from shared.celery_app import Nudge
from shared.clock import now
from shared.health import broker_answers, init_health
from shared.http import init_http
from shared.limits import init_limits
from shared.observing.endpoint import init_observing
from shared.web import assets, frame, openapi_page
from shared.web.navigation import NAV

PAGES = (
    home.pages,
    signing_in.pages,
    forgotten.pages,
    invitations.pages,
    account.pages,
    people.pages,
    mailbox.pages,
    *listing_part.PAGE_BLUEPRINTS,
)
API = (tokens.blp, identity.blp, events.blp, *listing_part.API_BLUEPRINTS)


def create_app() -> Flask:
    """The whole service. Raises MissingSetting where a setting it cannot do without is not there."""
    config.check()
    logs.configure("directory")
    app = Flask(__name__, template_folder="web/templates", static_folder=None)
    init_http(app, "directory")
    init_limits(app, limiter)
    imports.take_files(app)
    for pages in PAGES:
        app.register_blueprint(pages)
    api = make_api(app, "Linkwork directory", API)
    feeds.register(app)
    frame(
        app,
        service="directory",
        nav=NAV,
        who=caller_or_none,
        organisation=acting_organization,
        messages=MESSAGES | listing_part.MESSAGES,
        images=[tiles.origin] if (tiles := config.map_tiles()) else [],
    )
    openapi_page.register(app, spec=api.description)
    init_observing(app, "directory", observe)
    init_auth(app, "directory", browser_sessions())
    init_health(
        app,
        {
            "database": _database,
            "broker": broker_answers,
            "signing key": _signing_key,
            "assets": assets.missing,
        },
    )
    check_every_route(app)
    database.nudge = Nudge(celery, "directory.relay_outbox", "directory")
    return app


def browser_sessions() -> Sessions:
    """How the directory's own pages check the cookie: with its own keys, renewed by its own action."""
    return Sessions(database, SessionSeen, ring.find, lambda token: session_actions.renew(token, now()))


def _database() -> str | None:
    return None if database.answers() else "The database does not answer. See DATABASE_URL_DIRECTORY."


def _signing_key() -> str | None:
    if not database.answers():
        return "The keys are in the database, which does not answer."
    if not has_key():
        ensure_key(now())
    return None
