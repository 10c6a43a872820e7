"""The whole send in Chromium, as somebody of each sector: their short form, its answers, sent, and what they
read of it once the team is at work."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from services.referrals.app import create_app
from shared.auth import Caller, Kind, Membership, Role
from shared.auth.sessions import COOKIE
from shared.clock import now
from tests.builders.referrals import System, rows, trust_our_key
from tests.builders.referrals_app import make_app
from tests.builders.referrals_world import ident
from tests.builders.seats import Seat, fill_with_seats
from tests.e2e import pages_referrals as job
from tests.e2e.conftest import open_tab

pytestmark = [pytest.mark.deep, pytest.mark.e2e]

NHS, GP, ADDRESS = "NHS number", "GP practice", "Address, first lines"
CONCERN = "Is there a safeguarding concern?"
UNDER_18 = "They are under 18"


@dataclass(frozen=True)
class Form:
    """A sector's short form: what it asks and does not, and whether its sender is told more than received."""

    sector: str
    asks: tuple[str, ...] = ()
    leaves_out: tuple[str, ...] = ()
    note: str = ""
    coarse: bool = False
    born: tuple[str, str, str] = ("3", "5", "1952")
    route: str = ""

    @property
    def young(self) -> bool:
        """Of somebody of 17."""
        return self.born[2] == "2009"


NO_RECORD = (NHS, GP)
FORMS = (
    Form("health", asks=(NHS, GP, ADDRESS, CONCERN)),
    Form(
        "police",
        asks=(CONCERN,),
        leaves_out=(*NO_RECORD, ADDRESS),
        note="Leave out any offence, report or suspect",
        coarse=True,
    ),
    Form(
        "housing",
        asks=(ADDRESS, CONCERN),
        leaves_out=NO_RECORD,
        note="Leave out the tenancy’s history",
        coarse=True,
    ),
    Form("social_care", asks=(NHS, GP, ADDRESS, CONCERN)),
    Form("fire", asks=(ADDRESS, CONCERN), leaves_out=NO_RECORD, note="not what was found in the home"),
    Form(
        "education",
        asks=(CONCERN,),
        leaves_out=(*NO_RECORD, ADDRESS),
        note="Leave out the family and other pupils",
        born=("3", "5", "2009"),
    ),
    Form("vcse", asks=(ADDRESS, CONCERN), leaves_out=NO_RECORD, route="professional"),
    Form(
        "employer",
        asks=(CONCERN,),
        leaves_out=(*NO_RECORD, ADDRESS),
        note="nothing from their work record",
        coarse=True,
    ),
    Form(
        "vcse",
        route="introduction",
        leaves_out=("Family name", "Date of birth", "Phone number", *NO_RECORD, CONCERN),
    ),
)


@pytest.fixture(scope="module")
def api(referrals_database: str, valkey: str) -> Flask:
    """The whole service; its API is where the team works."""
    fill_with_seats(now())
    trust_our_key(now())
    return create_app()


@pytest.fixture(scope="module")
def address(api: Flask) -> Iterator[str]:
    """The pages, served."""
    server = make_server("127.0.0.1", 0, make_app(), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def sender(browser: Browser, address: str, form: Form) -> Iterator[Page]:
    """A tab of somebody of this sector."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    context.set_default_timeout(20_000)
    who = str(Seat(form.sector, Role.SENDER).person.session)
    context.add_cookies([{"name": COOKIE, "value": who, "url": address}])
    yield open_tab(context)
    context.close()


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.sector}-{form.route or 'form'}")
def test_somebody_of_each_sector_sends_by_their_short_form_and_reads_what_they_may(
    form, sender, address, api, check_page
):
    name = f"sector-{form.sector}{'-introduction' if form.route == 'introduction' else ''}"
    _start(sender, address, form)
    check_page(sender, f"{name}-who")
    sender.get_by_label("Let Linkwork find the right one", exact=True).check()
    sender.get_by_role("button", name="Continue").click()
    job.arrive(sender, "About them")
    for asked in form.asks:
        expect(sender.get_by_text(asked, exact=True).first).to_be_visible()
    for left_out in form.leaves_out:
        expect(sender.get_by_text(left_out, exact=True)).to_have_count(0)
    if form.note:
        expect(sender.get_by_text(form.note)).to_be_visible()
    _about(sender, form)
    check_page(sender, f"{name}-about")
    sender.get_by_role("button", name="Continue").click()
    job.arrive(sender, "Safe contact and agreement")
    expect(sender.get_by_role("heading", name=UNDER_18)).to_have_count(int(form.young))
    _contact(sender, form)
    check_page(sender, f"{name}-contact")
    sender.get_by_role("button", name="Check the answers").click()
    job.arrive(sender, "Check the answers")
    check_page(sender, f"{name}-check")
    reference = job.send(sender)
    told = "and when it is closed." if form.coarse else "You are told each time."
    expect(sender.get_by_text(told)).to_be_visible()
    check_page(sender, f"{name}-sent")
    shown = _their_view(sender, address, reference, form)
    _work(api, reference, young=form.young)
    again = _their_view(sender, address, reference, form)
    check_page(sender, f"{name}-referral")
    if form.coarse:
        assert again == shown, "received, whatever is done meanwhile"
        assert "Received" in again
    else:
        assert "Accepted" in again


def _start(page: Page, address: str, form: Form) -> None:
    page.goto(f"{address}/refer?as={form.route}")
    page.get_by_label("Postcode where they live").fill("YO24 3BZ")
    if form.route != "introduction":
        for label, value in zip(("Day", "Month", "Year"), form.born, strict=True):
            page.get_by_label(label, exact=True).first.fill(value)
        page.get_by_label("Loneliness", exact=True).check()
    page.get_by_role("button", name="See who can help").click()
    job.arrive(page, "Who can help")


def _about(page: Page, form: Form) -> None:
    if form.route == "introduction":
        page.get_by_label("A name they use").fill("Ida")
        page.get_by_label("Who introduces them, if not you").fill("Val of the lunch club")
        return
    page.get_by_label("What matters to them, in their own words").fill("I miss going dancing on Fridays.")
    page.get_by_label("Given name").fill("Ida")
    page.get_by_label("Family name").fill(f"Of-{form.sector}")
    if page.get_by_label(GP, exact=True).count():
        page.get_by_label(GP, exact=True).select_option("Z90001")
    if CONCERN in form.asks:
        page.get_by_role("group", name=CONCERN).get_by_label("No", exact=True).check()


def _contact(page: Page, form: Form) -> None:
    if form.route == "introduction":
        page.get_by_label(re.compile("through|where|place", re.IGNORECASE)).first.fill(
            "The library on Tuesdays"
        )
        return
    group = page.get_by_role("group", name="Phone call", exact=True)
    group.get_by_label(re.compile("Number")).first.fill("01632 960 001")
    job.answer(page, "Is it safe to ring them?", "Yes")
    job.answer(page, "How were they asked?", "In person")


def _their_view(page: Page, address: str, reference: str, form: Form) -> str:
    """The referral's page as whoever sent it reads it, from their own list."""
    page.goto(f"{address}/sent")
    row = page.get_by_role("row").filter(has_text=reference)
    expect(row).to_contain_text("Received" if form.coarse else re.compile("Received|Accepted"))
    row.get_by_role("link").first.click()
    page.wait_for_url("**/referrals/*")
    return str(page.locator("main").inner_text())


def _work(api: Flask, reference: str, *, young: bool) -> None:
    """Whoever has it takes it on: a desk gives it to a team first."""
    (row,) = rows("select id, owner_team_id from referral where reference = :r", r=reference)
    (held,) = rows(
        "select doc from directory_item where kind = 'member' and doc->>'team_id' = :team"
        " and doc->>'role' in ('worker', 'lead', 'duty_desk') order by id limit 1",
        team=str(row["owner_team_id"]),
    )
    member = held["doc"]
    org, team = UUID(member["organization_id"]), UUID(member["team_id"])
    at_desk = member["role"] == Role.DUTY_DESK
    them = Caller(
        sub=f"system-of-{team}", kind=Kind.CLIENT, org=org, sector="health", name="Team",
        memberships=(Membership(org, Role.DUTY_DESK if at_desk else Role.LEAD, team),),
    )  # fmt: skip
    act, body = "accept", {"assignee_id": member["account_id"]}
    if at_desk:
        act, body = "route", {"service_id": str(ident("york-youth" if young else "westfield-link"))}
    done = System(api, them).act(row["id"], act, **body)
    assert done.status_code == 200, done.json
    if at_desk:
        _work(api, reference, young=young)
