"""The pages the gateway has of its own, in a browser."""

from __future__ import annotations

from contextlib import closing
from http.client import HTTPConnection

import pytest
from playwright.sync_api import Page

from tests.builders.compose import variables
from tests.builders.containers import a_place
from tests.e2e.conftest import CheckPage

pytestmark = [pytest.mark.e2e, pytest.mark.gateway]
HOST = "linkwork.example"
SETTINGS = {name: "not-needed-here" for name, default in variables().items() if default is None}


def test_the_gateways_own_pages_are_in_order(page: Page, check_page: CheckPage) -> None:
    with a_place(SETTINGS | {"PUBLIC_ORIGIN": f"https://{HOST}"}) as place:
        place.start("gateway")
        place.until_well("gateway")
        for name, path, body in (
            ("nowhere", "/nowhere", b""),
            ("away", "/referrals/", b""),
            ("too-large", "/referrals/refer", b"x" * 600_000),
        ):
            with closing(HTTPConnection(place.at["gateway"], 8080, timeout=20)) as there:
                there.request("POST" if body else "GET", path, body or None, {"Host": HOST})
                page.set_content(there.getresponse().read().decode())
            check_page(page, f"gateway-{name}")
