"""Every nasty string in the forms of pages: shown again as it was typed, or said what is wrong; no 5xx."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from shared.demo_ids import demo_id
from tests.builders.nasty import nasty_words, sendable, some_nasty_words
from tests.builders.visitors import Visitor

pytestmark = pytest.mark.deep


class _Fields(HTMLParser):
    """What the fields of a page hold, and how many scripts it has."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.held: dict[str, str] = {}
        self.scripts = 0
        self._area = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.scripts += tag == "script"
        self._area = (given.get("name") or "") if tag == "textarea" else ""
        if tag == "input" and given.get("name"):
            self.held[str(given["name"])] = given.get("value") or ""

    def handle_data(self, data: str) -> None:
        if self._area:
            # HTML drops one line end after <textarea>.
            self.held[self._area] = self.held.get(self._area, "") + data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""


def test_words_typed_into_the_form_are_there_again_on_its_next_page(stack):
    practice = Visitor(stack, "practice")
    begun = practice.send(
        "referrals", "/refer", needs="loneliness", postcode="YO24 3BZ", route_in="professional"
    )
    about = begun.headers["Location"].rsplit("/", 1)[0].removeprefix(stack.url("referrals")) + "/about"
    plain = _Fields(practice.get("referrals", about).text)
    for words in sendable(nasty_words()):
        typed = {"what_matters": words, "given_name": words, "family_name": words, "address": words}
        answer = practice.send("referrals", about, safeguarding="no", priority="routine", **typed)
        assert answer.status_code in (200, 302, 303, 422), f"{words!r}: {answer.status_code}"
        again = answer.text if answer.status_code in (200, 422) else practice.get("referrals", about).text
        shown = _Fields(again)
        assert shown.scripts == plain.scripts, f"{words!r} became a script"
        for name, value in typed.items():
            assert lines(shown.held.get(name, "")) == lines(value), f"{name}: {words!r}"


def test_words_typed_on_the_public_pages_are_there_again_when_they_are_opened_again(stack):
    plain: dict[str, int] = {}
    for words in sendable(some_nasty_words()):
        somebody, at = Visitor(stack), "/for-you/york"
        somebody.send("referrals", at, who="me")
        pages = {
            "what": {"what_matters": words},
            "about": {"name": words, "access_other": words},
            "reach": {"ways": "via", "via_value": words, "via_hours": words, "via_code_word": words},
        }
        for name, typed in pages.items():
            answer = somebody.send("referrals", f"{at}/{name}", **typed)
            assert answer.status_code in (200, 302, 422), f"{name} {words!r}: {answer.status_code}"
            refused = answer.status_code == 422
            shown = _Fields(answer.text if refused else somebody.get("referrals", f"{at}/{name}").text)
            assert shown.scripts == plain.setdefault(name, shown.scripts), f"{words!r} became a script"
            if refused:
                break
            for field, value in typed.items():
                if field != "ways":
                    assert lines(shown.held.get(field, "")) == lines(value), f"{field}: {words!r}"
        else:
            somebody.send("referrals", f"{at}/last", know_of_each_other="yes")
            assert somebody.send("referrals", f"{at}/check").status_code in (302, 422), repr(words)


def lines(text: str) -> str:
    """Without the difference between ways to end a line, which browsers make, and white space around."""
    return "\n".join(text.replace("\0", "\ufffd").splitlines()).strip()


FORMS = (
    ("directory", "/sign-in", None, ("email", "password", "next")),
    ("directory", "/forgotten", None, ("email",)),
    ("directory", "/account/password", "vcse", ("current", "password")),
    (
        "directory",
        "/services/{service}/capacity",
        "lead",
        ("limit", "open_places", "declared_wait_days", "paused_until"),
    ),
    ("directory", "/link-workers/{worker}/away", "lead", ("from-day", "from-month", "from-year", "cover_id")),
    ("directory", "/mailbox/{practice}/change", "practice-admin", ("email",)),
    ("directory", f"/mailbox/confirm/{'a' * 43}", None, ("token",)),
    ("directory", "/acting", "practice", ("organization_id",)),
    ("directory", "/link-workers", "practice", ("q", "need", "sector")),
    ("referrals", "/find", "practice", ("q",)),
    ("referrals", "/for-you/york", None, ("who", "back")),
    ("referrals", f"/your-request/{'a' * 43}/more", None, ("words",)),
    (
        "referrals",
        "/refer",
        "practice",
        ("needs", "postcode", "where", "route_in", "dob-day", "age_estimate"),
    ),
    ("referrals", "/refer/on-the-phone", "practice", ("line_name", "line_role", "line_email", "line_who")),
    # White space alone is no choice, which is: no e-mail. So somebody to whom no test waits for a letter.
    ("notifications", "/preferences", "place", ("email",)),
)


@pytest.mark.parametrize(("service", "path", "who", "fields"), FORMS, ids=lambda given: str(given)[:30])
def test_forms_take_any_words_or_say_what_is_wrong(service, path, who, fields, stack):
    path = path.format(
        service=demo_id("service", "york-gp-link-workers"),
        worker=demo_id("link_worker", "linkworker"),
        practice=demo_id("organization", "front-street-surgery"),
    )
    visitor = Visitor(stack, who)
    for words in sendable(some_nasty_words(3 if who else 1)):
        answer = visitor.post_anyhow(service, path, **dict.fromkeys(fields, words))
        assert answer.status_code < 500, f"{words!r}: {answer.status_code}"
        assert answer.status_code in (200, 302, 303, 404, 413, 422, 429), f"{words!r}: {answer.status_code}"


def test_names_of_organisations_and_people_are_looked_for_by_any_words(stack):
    admin = Visitor(stack, "admin")
    for words in sendable(some_nasty_words()):
        for path in ("/people", "/services", "/link-workers"):
            answer = admin.http.get(stack.url("directory", path), params={"q": words[:300]}, timeout=30)
            assert answer.status_code in (200, 302, 400, 422), f"{path} {words!r}: {answer.status_code}"
