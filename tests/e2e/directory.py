"""The directory in this process for a browser to come to, with the demo place or empty; signing in to it."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page

from services.directory.actions.keys import ring
from services.directory.app import create_app
from services.directory.demo.accounts import PASSWORD
from services.directory.demo.everything import load_demo
from services.directory.store.database import database
from shared.clock import now
from tests.e2e.serving import served


@contextmanager
def directory_at_home(*, with_demo: bool) -> Iterator[str]:
    """The directory on a free port for the while; its public address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.MonkeyPatch.context() as patch:
        address = f"http://localhost:{port}"
        patch.setitem(os.environ, "PUBLIC_URL_DIRECTORY", address)
        ring.forget()
        app = create_app()
        database.nudge = None
        if with_demo:
            load_demo(now())
        with served(app, port):
            yield address
        ring.forget()


def sign_in(page: Page, home: str, email: str, password: str = PASSWORD) -> None:
    """Sign in and arrive at the home page; one of the demo's people is named by what is before the @."""
    page.goto(f"{home}/sign-in")
    page.get_by_label("E-mail address").fill(email if "@" in email else f"{email}@demo.example")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{home}/")
