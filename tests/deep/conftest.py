"""The long checks all look at one running copy of the product, in the same browser as the e2e tests."""

from __future__ import annotations

import pytest

from tests.builders.composed import the_place, the_post, the_settings, the_visitor
from tests.builders.sent_by_each import Sent, from_each
from tests.e2e.conftest import axe, browser, check_page, context, page, plain_page, shoot
from tests.stack import Stack

__all__ = [
    "axe",
    "browser",
    "check_page",
    "context",
    "page",
    "plain_page",
    "shoot",
    "the_place",
    "the_post",
    "the_settings",
    "the_visitor",
]


@pytest.fixture(scope="session")
def everything(stack: Stack) -> dict[str, Sent]:
    """A referral by each organisation that sends; the practice's has been through most of a life."""
    return from_each(stack)
