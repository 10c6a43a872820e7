"""Headers, tokens of forms, one-time messages, assets and error pages."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from flask.testing import FlaskClient

from shared.web import assets, flash
from tests.unit.shared_web.pages import headings, text, title, token
from tests.unit.shared_web.sample_app import make_app

GOOD = {"postcode": "YO24 3BZ", "needs": "loneliness", "route": "here"}


# Headers


def directives(policy: str) -> dict[str, list[str]]:
    return {parts[0]: parts[1:] for directive in policy.split(";") if (parts := directive.split())}


@pytest.mark.parametrize("path", ["/queue", "/nowhere", "/broken", "/healthz-not-here", "/docs"])
def test_every_answer_carries_the_safety_headers(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" not in headers


def test_the_policy_lets_nothing_in_but_our_own_files(client: FlaskClient) -> None:
    policy = directives(client.get("/queue").headers["Content-Security-Policy"])
    assert policy["default-src"] == ["'self'"]
    assert policy["style-src"] == ["'self'"]
    assert policy["img-src"] == ["'self'", "data:"]
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]
    assert policy["form-action"] == [
        "'self'", "http://localhost:5001", "http://localhost:5002", "http://localhost:5003",
    ]  # fmt: skip
    assert "'unsafe-inline'" not in str(policy)


@pytest.mark.parametrize("path", ["/queue", "/refer", "/person", "/self", "/docs", "/taken"])
def test_the_only_inline_script_is_the_one_the_policy_knows_by_hash(client: FlaskClient, path: str) -> None:
    page = client.get(path)
    allowed = directives(page.headers["Content-Security-Policy"])["script-src"]
    scripts = re.findall(r"<script(?![^>]*src=)[^>]*>(.*?)</script>", page.text, re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in scripts]
    assert allowed == ["'self'", *[f"'sha256-{digest}'" for digest in digests]]
    assert len(scripts) == 1
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page.text)


def test_in_production_https_is_insisted_on_and_cookies_are_secure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINKWORK_MODE", "production")
    page = make_app().test_client().get("/refer", base_url="https://localhost")
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert "Secure" in page.headers["Set-Cookie"]


def test_forwarded_headers_count_only_where_proxies_are_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    forwarded = {
        "X-Forwarded-Prefix": "/r",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "linkwork.example",
    }
    assert 'href="/refer"' in make_app().test_client().get("/queue", headers=forwarded).text
    monkeypatch.setenv("TRUSTED_PROXIES", "1")
    assert 'href="/r/refer"' in make_app().test_client().get("/queue", headers=forwarded).text


# Tokens of forms


def test_a_form_with_its_token_is_taken(client: FlaskClient) -> None:
    answer = client.post("/refer", data={**GOOD, "csrf_token": token(client.get("/refer"))})
    assert answer.status_code == 302


@pytest.mark.parametrize("sent", [{}, {"csrf_token": "forged"}])
def test_a_form_without_its_token_is_refused_and_not_kept_for_sending(
    client: FlaskClient, sent: dict[str, str]
) -> None:
    client.get("/refer")
    page = client.post("/refer", data={**GOOD, **sent})
    assert page.status_code == 403
    assert headings(page) == ["This form could not be sent from here"]
    assert "YO24 3BZ" not in page.text


def test_another_browsers_token_is_refused(client: FlaskClient) -> None:
    client.get("/refer")
    others = token(client.application.test_client().get("/refer"))
    page = client.post("/refer", data={**GOOD, "csrf_token": others})
    assert page.status_code == 403
    assert "YO24 3BZ" not in page.text


def test_over_https_a_form_must_come_from_a_page_of_this_site(client: FlaskClient) -> None:
    site = "https://localhost"
    sent = {**GOOD, "csrf_token": token(client.get("/refer", base_url=site))}
    for referer in ({}, {"Referer": "https://elsewhere.example/refer"}):
        page = client.post("/refer", base_url=site, data=sent, headers=referer)
        assert headings(page) == ["This form could not be sent from here"]
    own = {"Referer": f"{site}/refer"}
    assert client.post("/refer", base_url=site, data=sent, headers=own).status_code == 302


def later(hours: float) -> float:
    return (datetime.now(UTC) + timedelta(hours=hours)).timestamp()


def test_a_form_sent_too_late_is_shown_again_and_loses_nothing(client: FlaskClient) -> None:
    late = token(client.get("/refer"))
    kept_back = ("password", "new-password", "old", "code")
    secret = {**dict.fromkeys(kept_back, "s3cret"), "csrf_token": late}
    typed = {**GOOD, "matters": "first line\n<b>second</b>", **secret}
    with patch("itsdangerous.timed.time.time", return_value=later(8.1)):
        page = client.post("/refer", data=typed)
        assert page.status_code == 403
        assert headings(page) == ["This page was open for too long"]
        assert "first line\n&lt;b&gt;second&lt;/b&gt;</textarea>" in page.text
        assert "YO24 3BZ</textarea>" in page.text
        assert "s3cret" not in page.text
        again = client.post("/refer", data={**GOOD, "csrf_token": token(page)})
    assert again.status_code == 302


def test_a_late_form_with_another_browsers_token_is_not_offered_again(client: FlaskClient) -> None:
    client.get("/refer")
    others = token(client.application.test_client().get("/refer"))
    with patch("itsdangerous.timed.time.time", return_value=later(8.1)):
        page = client.post("/refer", data={**GOOD, "csrf_token": others})
    assert page.status_code == 403
    assert "YO24 3BZ" not in page.text


def test_a_form_sent_after_the_sign_in_ended_can_be_sent_again(client: FlaskClient) -> None:
    page = client.post("/ended", data={"matters": "kept words", "csrf_token": token(client.get("/refer"))})
    assert page.status_code == 401
    assert "kept words</textarea>" in page.text
    assert "Sign in (opens in a new tab)" in page.text


def test_paths_for_machines_need_no_token(client: FlaskClient) -> None:
    assert client.post("/api/v1/things").status_code == 200


def test_the_cookie_of_the_token_is_this_services_own(client: FlaskClient) -> None:
    cookie = client.get("/refer").headers["Set-Cookie"]
    assert cookie.startswith("linkwork_csrf_referrals=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_page_without_a_form_sets_no_cookie(client: FlaskClient) -> None:
    assert "Set-Cookie" not in client.get("/queue").headers


# One-time messages


def test_a_message_is_shown_once_on_the_next_page(client: FlaskClient) -> None:
    answer = client.post("/refer", data={**GOOD, "csrf_token": token(client.get("/refer"))})
    cookie = next(
        c for c in answer.headers.getlist("Set-Cookie") if c.startswith("linkwork_flash_referrals=")
    )
    assert "HttpOnly" in cookie
    assert "referral is sent" not in cookie
    assert "The referral is sent." in client.get("/queue").text
    assert "The referral is sent." not in client.get("/queue").text


def test_a_message_grows_old(client: FlaskClient) -> None:
    client.post("/refer", data={**GOOD, "csrf_token": token(client.get("/refer"))})
    with patch("itsdangerous.timed.time.time", return_value=later(0.1)):
        assert "The referral is sent." not in client.get("/queue").text


def test_a_forged_message_says_nothing(client: FlaskClient) -> None:
    client.set_cookie("linkwork_flash_referrals", "sent.forged.signature")
    page = client.get("/queue")
    assert page.status_code == 200
    assert "The referral is sent." not in page.text


def test_a_code_nobody_declared_is_a_mistake_of_ours() -> None:
    with make_app().test_request_context("/"), pytest.raises(KeyError, match="'gone'"):
        flash.say("gone")


# Assets


def asset_of(client: FlaskClient, name: str) -> str:
    found = re.search(rf'"(/assets/[0-9a-f]+/{re.escape(name)})"', client.get("/queue").text)
    assert found
    return found[1]


def test_a_style_sheet_is_kept_for_a_year_and_fetches_no_font(client: FlaskClient) -> None:
    answer = client.get(asset_of(client, "nhsuk-frontend.min.css"))
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.mimetype == "text/css"
    assert "@font-face" not in answer.text
    assert "assets.nhs.uk" not in answer.text
    assert "sourceMappingURL" not in answer.text
    assert "Arial" in answer.text


def test_a_style_sheet_is_zipped_for_who_can_read_that(client: FlaskClient) -> None:
    address = asset_of(client, "nhsuk-frontend.min.css")
    plain = client.get(address)
    zipped = client.get(address, headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in plain.headers
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.data) == plain.data
    assert plain.headers["Vary"] == zipped.headers["Vary"] == "Accept-Encoding"


def test_a_change_of_any_asset_changes_the_address_of_all(client: FlaskClient, frontend: Path) -> None:
    before = asset_of(client, "linkwork.css")
    (frontend / "nhsuk-frontend.min.css").write_bytes(b"body{color:red}")
    assert asset_of(make_app().test_client(), "linkwork.css") != before


def test_an_old_address_gets_todays_file_and_does_not_keep_it(client: FlaskClient) -> None:
    answer = client.get("/assets/0123456789abcdef/linkwork.css")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("name", ["nothing.css", "..%2Ferrors.py", "%2e%2e/errors.py"])
def test_nothing_else_is_served(client: FlaskClient, name: str) -> None:
    assert client.get(f"/assets/0123456789abcdef/{name}").status_code == 404


def test_missing_assets_are_named_and_pages_still_stand(frontend: Path) -> None:
    assert assets.missing() is None
    (frontend / "nhsuk-frontend.min.css").unlink()
    assert assets.missing() == (
        "nhsuk-frontend.min.css of nhsuk-frontend not found; run npm ci, or set FRONTEND_DIR."
    )
    assert make_app().test_client().get("/queue").status_code == 200


# Error pages


@pytest.mark.parametrize(
    ("path", "status", "heading"),
    [
        ("/nowhere", 404, "Page not found"),
        ("/taken", 409, "That cannot be done as things stand"),
        ("/ended", 401, "Sign in first"),
        ("/broken", 500, "Something went wrong on our side"),
    ],
)
def test_an_error_is_a_page_with_words_and_a_reference(
    client: FlaskClient, path: str, status: int, heading: str
) -> None:
    page = client.get(path, headers={"X-Request-Id": "a-reference-to-quote"})
    assert page.status_code == status
    assert page.mimetype == "text/html"
    assert headings(page) == [heading]
    assert title(page) == f"{heading} – Linkwork"
    assert "Reference: a-reference-to-quote" in text(page)


def test_a_conflict_says_what_happened(client: FlaskClient) -> None:
    assert "Somebody else accepted this a moment ago." in text(client.get("/taken"))


def test_nothing_of_the_inside_is_shown(client: FlaskClient) -> None:
    page = client.get("/broken").text
    assert "marker-of-the-inside" not in page
    assert "ZeroDivisionError" not in page


def test_an_error_page_does_not_need_to_know_who_is_signed_in() -> None:
    from tests.unit.shared_web import sample_app

    class Gone:
        @property
        def name(self) -> str:
            raise ConnectionError("the very thing that failed")

        memberships = ()

    page = sample_app.make_app(Gone()).test_client().get("/broken")  # type: ignore[arg-type]
    assert page.status_code == 500
    assert headings(page) == ["Something went wrong on our side"]


def test_a_method_that_is_not_taken_names_those_that_are(client: FlaskClient) -> None:
    page = client.get("/accept")
    assert page.status_code == 405
    assert set(page.headers["Allow"].replace(" ", "").split(",")) == {"OPTIONS", "POST"}


def test_too_much_at_once_is_a_page(client: FlaskClient) -> None:
    held = token(client.get("/refer"))
    page = client.post("/refer", data={"csrf_token": held, "matters": "x" * 300_000})
    assert page.status_code == 413
    assert headings(page) == ["That is too much to send at once"]


def test_a_path_for_machines_is_answered_for_machines(client: FlaskClient) -> None:
    answer = client.get("/api/v1/nothing")
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"
