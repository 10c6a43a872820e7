"""Referrals over a clean database that holds the invented world; systems call it with real tokens."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from services.referrals.app import create_app
from shared.clock import now
from tests.builders.referrals import System, as_system, forget_referrals, our_service, trust_our_key
from tests.builders.referrals_world import fill


@pytest.fixture(scope="module")
def app(referrals_database: str, valkey: str) -> Flask:
    """The whole service, over a clean database with the world in it."""
    fill(now())
    trust_our_key(now())
    return create_app()


@pytest.fixture
def clean(app: Flask) -> None:
    """Nothing has been referred yet."""
    forget_referrals()


@pytest.fixture
def system(app: Flask, clean: None) -> Callable[[str | None], System]:
    """`system("practice")` calls as that organisation's system; None without a token."""
    return lambda who: System(app, as_system(who) if who else None)


@pytest.fixture
def service(app: Flask, clean: None) -> Callable[[str], System]:
    """`service("notifications")` is one of our own services calling."""
    return lambda name: our_service(app, name)
