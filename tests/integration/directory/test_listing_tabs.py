"""What belongs to listings stands beside them, and the header says so on each of those pages."""

from __future__ import annotations

import re

import pytest

from tests.builders.identity import Browser, a_person

FORUM = [
    ("Listings", "/listings"),
    ("Imports", "/imports"),
    ("Export", "/export"),
    ("Words of listings", "/words"),
    ("Words of the search", "/search-words"),
    ("What was not found", "/unmet-needs"),
]


def tabs(page: str) -> list[tuple[str, str]]:
    """The words and addresses of the tabs of a page."""
    links = re.findall(r'class="app-tabs__tab[^"]*" href="([^"]+)"[^>]*>([^<]+)<', page)
    return [(text, href) for href, text in links]


@pytest.mark.parametrize(("text", "path"), FORUM)
def test_the_forums_admin_comes_from_each_of_them_to_every_other(
    browser: Browser, text: str, path: str
) -> None:
    browser.sign_in(a_person("forum_admin"))
    page = browser.get(path).text
    assert tabs(page) == FORUM
    assert re.findall(r'aria-current="page">([^<]+)<', page) == [text]
    assert re.findall(r'href="([^"]+)" aria-current="true"', page) == ["/listings"]


def test_an_organisations_admin_is_offered_what_they_may_open(browser: Browser) -> None:
    someone = a_person("org_admin")
    browser.sign_in(someone)
    at = browser.get("/listings").headers["Location"]
    page = browser.get(at).text
    assert tabs(page) == FORUM[:3]
    assert re.findall(r'aria-current="page">([^<]+)<', page) == ["Listings"]
    for _, path in FORUM[:3]:
        assert browser.get(path).status_code in (200, 302)
