"""The pages of referrals alone, in their frame and behind their guards; the cookie says who is signed in."""

from __future__ import annotations

from datetime import datetime

from flask import Flask

from services.referrals import web
from services.referrals.web.ask.around import way_out
from services.referrals.web.ask.limits import limiter
from shared.auth import Caller
from shared.auth.guard import caller_or_none, init_auth
from shared.errors import Unauthenticated
from shared.http import init_http
from shared.limits import init_limits
from shared.web import frame
from shared.web.navigation import NAV
from tests.builders.referrals_world import CALLERS


class SignedInAs:
    """Stands for the sessions of a service: the cookie names one of `CALLERS`."""

    def check(self, token: str, _at: datetime) -> tuple[Caller, str | None]:
        if token not in CALLERS:
            raise Unauthenticated
        return CALLERS[token], None


def make_app() -> Flask:
    """The pages alone, in their frame and behind their guards."""
    app = Flask("services.referrals", template_folder="web/templates")
    init_http(app, "referrals")
    for blueprint in web.BLUEPRINTS:
        app.register_blueprint(blueprint)
    frame(app, service="referrals", nav=NAV, who=caller_or_none, messages=web.MESSAGES, way_out=way_out)
    init_limits(app, limiter)
    init_auth(app, "referrals", SignedInAs())  # type: ignore[arg-type]
    return app
