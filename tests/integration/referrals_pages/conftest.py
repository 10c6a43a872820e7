"""The pages of referrals with Flask's client: who is signed in is the cookie's word."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from flask import Flask

from services.referrals import web
from shared.auth import Caller
from shared.auth.guard import caller_or_none, init_auth
from shared.clock import now
from shared.errors import Unauthenticated
from shared.http import init_http
from shared.web import frame
from tests.builders.referrals_world import CALLERS, fill
from tests.integration.referrals_pages.browser import Browser


class SignedInAs:
    """Stands for the sessions of a service: the cookie names one of `CALLERS`."""

    def check(self, token: str, at: datetime) -> tuple[Caller, str | None]:
        if token not in CALLERS:
            raise Unauthenticated
        return CALLERS[token], None


def make_app() -> Flask:
    """The pages alone, in their frame and behind their guards."""
    app = Flask("services.referrals", template_folder="web/templates")
    init_http(app, "referrals")
    for blueprint in web.BLUEPRINTS:
        app.register_blueprint(blueprint)
    frame(app, service="referrals", nav=web.NAV, who=caller_or_none, messages=web.MESSAGES)
    init_auth(app, "referrals", SignedInAs())  # type: ignore[arg-type]
    return app


@pytest.fixture(scope="module")
def app(referrals_database: str) -> Iterator[Flask]:
    """The pages over a clean database that holds the invented world."""
    fill(now())
    return make_app()


@pytest.fixture
def browser(app: Flask) -> type[Browser] | object:
    """`browser("worker")` is a browser in which that caller is signed in."""

    def sign_in(who: str | None) -> Browser:
        return Browser(app, who)

    return sign_in
