"""The pages of referrals with Flask's client: who is signed in is the cookie's word."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from shared.clock import now
from tests.builders.referrals_app import make_app
from tests.builders.referrals_browser import Browser
from tests.builders.referrals_world import fill


@pytest.fixture(scope="module")
def app(referrals_database: str) -> Iterator[Flask]:
    """The pages over a clean database that holds the invented world."""
    fill(now())
    return make_app()


@pytest.fixture
def browser(app: Flask) -> Callable[[str | None], Browser]:
    """`browser("worker")` is a browser in which that caller is signed in."""

    def sign_in(who: str | None) -> Browser:
        return Browser(app, who)

    return sign_in
