"""The frame around every page: who is signed in, ways across the services, titles, escaping."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient

from shared.auth.caller import Caller, Kind
from shared.auth.guard import check_every_route
from shared.settings import MissingSetting
from shared.web import NavItem, SignedIn, frame
from tests.unit.shared_web.pages import headings, text, title
from tests.unit.shared_web.sample_app import NAV, Member, Person, make_app

NASTY = "<script>alert(1)</script>\"'&"


def links(page: str) -> dict[str, str]:
    found = re.findall(
        r'<a class="nhsuk-header__navigation-link" href="([^"]+)"[^>]*>(.*?)</a>', page, re.DOTALL
    )
    return {re.sub(r"<[^>]+>", "", words).strip(): address for address, words in found}


def test_the_title_is_the_heading_and_the_product(client: FlaskClient) -> None:
    page = client.get("/queue")
    assert title(page) == "Queue – Linkwork"
    assert headings(page) == ["Queue"]


def test_a_caption_belongs_to_the_heading(client: FlaskClient) -> None:
    assert headings(client.get("/refer")) == ["Step 1 of 3 Refer someone"]


def test_a_window_title_may_say_less_than_the_heading(client: FlaskClient) -> None:
    page = client.get("/person")
    assert title(page) == "A person – Linkwork"
    assert headings(page) == ["Ada Example"]


def test_errors_are_told_first_in_the_title(client: FlaskClient) -> None:
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/refer").text)
    assert token
    page = client.post("/refer", data={"csrf_token": token[1]})
    assert page.status_code == 422
    assert title(page) == "Error: Refer someone – Linkwork"


def test_a_page_that_can_be_left_quickly_has_a_title_that_says_nothing(visitor: FlaskClient) -> None:
    page = visitor.get("/self")
    assert title(page) == "Linkwork"
    assert 'href="https://www.bbc.co.uk/weather" rel="noreferrer noopener nofollow"' in page.text


def test_other_pages_have_no_quick_way_out(client: FlaskClient) -> None:
    assert "Exit this page" not in client.get("/queue").text


def test_somebody_signed_in_sees_their_name_their_organisation_and_the_way_out(client: FlaskClient) -> None:
    page = text(client.get("/queue"))
    assert "Wilma Example Haxby Lane Surgery (invented) Sign out" in page.replace(
        "ExampleHaxby", "Example Haxby"
    )
    assert "Sign in" not in page


def test_somebody_signed_out_is_offered_to_sign_in_and_comes_back_here(visitor: FlaskClient) -> None:
    page = visitor.get("/queue")
    back = "http%3A%2F%2Flocalhost%3A5002%2Fqueue"
    assert f'href="http://localhost:5001/sign-in?next={back}"' in page.text
    assert "Sign out" not in page.text


def test_links_are_shown_by_role_and_lead_across_the_services(client: FlaskClient) -> None:
    assert links(client.get("/queue").text) == {
        "Find help": "http://localhost:5001/",
        "Refer someone": "/refer",
        "Queue": "/queue",
        "Notices 3 new": "http://localhost:5003/",
    }


def test_a_sender_sees_what_they_sent_and_no_queue() -> None:
    client = make_app(Person("Sam Example", (Member("sender"),))).test_client()
    assert set(links(client.get("/empty").text)) == {"Find help", "Refer someone", "Sent", "Notices 3 new"}


def test_a_visitor_sees_only_what_is_for_everybody_and_for_visitors(visitor: FlaskClient) -> None:
    assert set(links(visitor.get("/empty").text)) == {"Find help", "Refer yourself"}


def test_the_link_of_this_page_is_marked(client: FlaskClient) -> None:
    marked = re.findall(r'href="([^"]+)" aria-current="true"', client.get("/queue").text)
    assert marked == ["/queue"]


def test_links_keep_the_prefix_of_a_gateway() -> None:
    page = make_app().test_client().get("/queue", environ_overrides={"SCRIPT_NAME": "/r"})
    assert links(page.text)["Queue"] == "/r/queue"


def test_a_real_caller_fits_the_header() -> None:
    caller: SignedIn = Caller(sub="x", kind=Kind.PERSON, name="Ann Example")
    assert NavItem("Notices", "notifications", "/", signed_in=True).is_for(caller)
    assert not NavItem("Queue", "referrals", "/queue", roles=("worker",)).is_for(caller)


def test_every_route_of_the_frame_says_who_may_call_it() -> None:
    check_every_route(make_app())


def test_a_missing_secret_refuses_to_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CSRF_KEY", raising=False)
    with pytest.raises(MissingSetting, match="CSRF_KEY"):
        frame(Flask(__name__), service="referrals", nav=NAV, who=lambda: None)


@pytest.mark.parametrize(
    "source",
    [
        '{% from "nhsuk/components/input/macro.jinja" import input %}'
        '{{ input({"id": "a", "name": "a", "label": {"text": nasty}, "value": nasty, "hint": nasty}) }}',
        '{% from "linkwork/macros/fields.html" import textarea_field %}'
        '{{ textarea_field(form, "a", nasty, hint=nasty, limit=9) }}',
        '{% from "linkwork/macros/fields.html" import radios_field %}'
        '{{ radios_field(form, "a", nasty, [{"value": nasty, "text": nasty, "hint": nasty}], hint=nasty) }}',
        '{% from "linkwork/macros/fields.html" import checkboxes_field, tick_field, select_field %}'
        '{{ checkboxes_field(form, "a", nasty, [(nasty, nasty)]) }}{{ tick_field(form, "b", nasty) }}'
        '{{ select_field(form, "a", nasty, [(nasty, nasty)]) }}',
        '{% from "linkwork/macros/fields.html" import date_field, hidden_field, submit_button, fieldset %}'
        '{{ date_field(form, "a", nasty) }}{{ hidden_field(nasty, nasty) }}{{ submit_button(nasty) }}'
        "{% call fieldset(nasty, hint=nasty) %}{{ nasty }}{% endcall %}",
        '{% from "linkwork/macros/parts.html" import person_heading, state_tag, work_table %}'
        "{{ person_heading(nasty, [(nasty, nasty)], tag=nasty, warning=nasty) }}{{ state_tag(nasty, {}) }}"
        '{{ work_table(nasty, [nasty, {"text": nasty}], [[nasty, {"text": nasty, "href": nasty}]]) }}',
        '{% from "linkwork/macros/parts.html" import summary, actions, banner, who_to_ring, reasons_list %}'
        "{{ summary([(nasty, nasty)], title=nasty) }}{{ banner(nasty, heading=nasty) }}"
        '{{ actions([{"label": nasty, "url": nasty, "confirm": nasty, "fields": {"a": nasty}}]) }}'
        '{{ who_to_ring([{"name": nasty, "number": nasty, "what": nasty, "when": nasty}], place=nasty) }}'
        '{{ reasons_list([{"text": nasty}]) }}',
        '{% from "linkwork/macros/parts.html" import empty_state, pager, filter_form, details %}'
        "{{ empty_state(nasty, nasty, nasty, nasty) }}{{ pager(nasty, nasty) }}"
        "{% call filter_form(nasty, clear=nasty) %}{{ nasty }}{% endcall %}"
        "{% call details(nasty) %}{{ nasty }}{% endcall %}",
    ],
)
def test_nothing_shown_by_a_macro_is_ever_markup(source: str) -> None:
    app = make_app()
    from shared.web.forms import Form

    form = Form(values={"a": NASTY}, errors={"a": NASTY}, order=["a"])
    with app.test_request_context("/"):
        shown = render_template_string(source, nasty=NASTY, form=form)
    assert "<script" not in shown
    assert "&lt;script&gt;" in shown
    assert not re.search(r'="[^"<>]*"\'&', shown), "a value broke out of its attribute"


def test_text_typed_over_lines_comes_back_as_it_was() -> None:
    app = make_app()
    from shared.web.forms import Form

    typed = "first\n    second, set in\n\nlast"
    source = (
        '{% from "linkwork/macros/fields.html" import textarea_field, radios_field, fieldset %}'
        '{% set inside %}{{ textarea_field(form, "a", "A") }}{% endset %}'
        '{% call fieldset("All") %}'
        '{{ radios_field(form, "r", "R", [{"value": "x", "text": "X", "html_if_chosen": inside}]) }}'
        "{% endcall %}"
    )
    with app.test_request_context("/"):
        shown = render_template_string(source, form=Form(values={"a": typed}))
    assert f">{typed}</textarea>" in shown


def test_a_table_shows_numbers_and_marks_what_is_not_known() -> None:
    app = make_app()
    with app.test_request_context("/"):
        shown = render_template_string(
            '{% from "linkwork/macros/parts.html" import work_table %}'
            '{{ work_table("T", ["A", "B"], [[0, none]]) }}'
        )
    assert re.findall(r"<span>([^<]*)</span>", shown) == ["0", "–"]


def test_a_password_is_never_written_into_a_page() -> None:
    app = make_app()
    from shared.web.forms import Form

    with app.test_request_context("/"):
        shown = render_template_string(
            '{% from "linkwork/macros/fields.html" import text_field %}'
            '{{ text_field(form, "password", "Password", type="password") }}',
            form=Form(values={"password": "s3cret"}),
        )
    assert "s3cret" not in shown


def test_an_act_is_a_form_with_a_token_and_may_ask_first(client: FlaskClient) -> None:
    page = client.get("/person").text
    assert page.count('<form method="post" action="/accept"') == 3
    assert page.count('name="csrf_token"') == 3
    asks = re.search(r"<details.*?</details>", page, re.DOTALL)
    assert asks
    assert "Yes, pass back" in asks[0]


def test_the_accessibility_page_stands(visitor: FlaskClient) -> None:
    page = visitor.get("/accessibility")
    assert page.status_code == 200
    assert headings(page) == ["Accessibility"]


def test_pages_stand_where_compiled_templates_cannot_be_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "not-there"))
    assert make_app().test_client().get("/queue").status_code == 200
    full = tmp_path / "full"
    full.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(full))
    app = make_app()
    shutil.rmtree(full)
    assert app.test_client().get("/queue").status_code == 200
