"""The web side of notifications: `gunicorn 'services.notifications.app:create_app()'`. Start reading here."""

from __future__ import annotations

from flask import Flask

from services.notifications import config
from services.notifications.actions import readiness
from services.notifications.actions.notices import count_unread
from services.notifications.actions.observe import observe
from services.notifications.actions.sessions import sessions
from services.notifications.api import messages
from services.notifications.store.database import database
from services.notifications.web import MESSAGES, blueprints
from shared.api import make_api
from shared.auth.caller import Kind
from shared.auth.guard import caller_or_none, check_every_route, init_auth
from shared.clock import now
from shared.health import broker_answers, init_health
from shared.http import init_http
from shared.logs import configure
from shared.observing.endpoint import init_observing
from shared.web import assets, frame, openapi_page
from shared.web.navigation import NAV


def create_app() -> Flask:
    """Notifications as a Flask application, from the environment alone. Raises MissingSetting."""
    config.check()
    configure("notifications")
    app = Flask(__name__, template_folder="web/templates", static_folder=None)
    init_http(app, "notifications")
    for pages in blueprints():
        app.register_blueprint(pages)
    api = make_api(app, "Linkwork notifications", (messages.blp,))
    frame(
        app,
        service="notifications",
        nav=NAV,
        who=caller_or_none,
        counts={"notices": _unread},
        messages=MESSAGES,
    )
    openapi_page.register(app, spec=api.description)
    init_health(
        app,
        {
            "database": _database,
            "broker": broker_answers,
            "directory": readiness.directory_is_known,
            "assets": assets.missing,
        },
        hindrances={
            "directory": lambda: readiness.directory_answers(now()),
            "mail server": lambda: readiness.mail_server_answers(now()),
        },
    )
    init_observing(app, "notifications", observe)
    init_auth(app, "notifications", sessions)
    check_every_route(app)
    return app


def _database() -> str | None:
    return None if database.answers() else "The database does not answer. See DATABASE_URL_NOTIFICATIONS."


def _unread() -> int | None:
    caller = caller_or_none()
    return count_unread(caller) or None if caller is not None and caller.kind is Kind.PERSON else None
