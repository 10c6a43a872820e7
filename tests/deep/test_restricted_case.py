"""A woman flees somebody who works here. Her surgery refers her and keeps it to the staff it names.

The world is read by everybody who is not named, with and without her: every list, count, page, feed, search
and number. It is the same to the letter. What is compared is what is shown, less times of day and the marks
of forms.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import unified_diff
from uuid import UUID, uuid4

import pytest
from flask import Flask

from services.referrals.actions.measure_waits import measure_waits
from services.referrals.actions.observe import observe
from services.referrals.app import create_app
from services.referrals.domain.references import new_reference
from services.referrals.store.database import database
from services.referrals.store.directory import forget
from services.referrals.store.tables import DirectoryItem
from services.referrals.tasks import relay_outbox
from shared.auth import Caller, Kind, Membership, Role
from shared.auth.tokens import service_token
from shared.clock import now
from tests.builders.act_bodies import BODIES, FIELDS
from tests.builders.referrals import (
    System,
    as_system,
    forget_referrals,
    one,
    rows,
    to_westfield,
    trust_our_key,
)
from tests.builders.referrals_app import make_app
from tests.builders.referrals_browser import Browser
from tests.builders.referrals_journeys import send
from tests.builders.referrals_world import CALLERS, fill, ident
from tests.builders.routes import every_route

pytestmark = pytest.mark.deep

HER = "Quillhaven"
HIM = "he-who-must-not-know"
TOKEN = "a token of this test"
PRACTICE, PCN, WESTFIELD, HAXBY = (
    ident(word) for word in ("westfield-surgery", "york-pcn", "westfield-link-team", "haxby-link-team")
)
VIEWS = ("queue", "caseload", "team", "sent", "unrouted", "asked")
STATES = ("received", "in-progress", "closed")
ACTS = ("accept", "ask", "agreements", "withdraw", "contact")
PAGES = (
    "/", "/queue", "/queue?show=overdue", "/queue?show=all", "/my-people", "/team", "/sent",
    "/sent?show=waiting", "/sent?show=open", "/sent?show=closed", "/unrouted", "/find", "/refer",
    "/refer/drafts", "/refer/on-the-phone", "/how-routing-works", "/scenarios", "/for-you/york",
)  # fmt: skip
_NEW = re.compile(
    r'(?<=name="csrf_token" value=")[^"]+|(?<=<code class="app-code">)[0-9a-f-]{36}|'
    r'\d{1,2}[:.]\d\d(?: ?[ap]m)?|"(?:as_of|request_id)": ?"[^"]+"|T\d\d:\d\d:[\d.]+Z'
)
_IDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _somebody(word: str, org: UUID, role: Role, team: UUID | None = None) -> Caller:
    return Caller(
        sub=str(ident(word)), kind=Kind.PERSON, org=org, sector="health", place=ident("york"),
        memberships=(Membership(org, role, team),), name=word, session=word,
    )  # fmt: skip


INSIDE = {
    # He works for the same organisation as those who help her, in the team next door.
    HIM: _somebody(HIM, PCN, Role.WORKER, HAXBY),
    "lead-next-door": _somebody("lead-next-door", PCN, Role.LEAD, HAXBY),
    "pcn-admin": _somebody("pcn-admin", PCN, Role.ORG_ADMIN),
    "pcn-steward": _somebody("pcn-steward", PCN, Role.RECORDS_STEWARD),
    "practice-admin": _somebody("practice-admin", PRACTICE, Role.ORG_ADMIN),
    "practice-steward": _somebody("practice-steward", PRACTICE, Role.RECORDS_STEWARD),
    "place-lead": _somebody("place-lead", ident("york-council"), Role.COMMISSIONER),
    "chair": _somebody("chair", ident("kettle"), Role.FORUM_CHAIR),
}
OUTSIDE = (
    "practice-colleague", "other-practice", "police", "charity", "housing", "school", "fire", "council",
    "colleague", "other-worker", "desk", "forum",
)  # fmt: skip
NAMED = {"practice", "lead", "worker"}
"""Who wrote it, who leads the team that has it, and who was given it."""


@dataclass
class World:
    """The API and the pages of one service; `ordinary` is a referral everybody of the team may read."""

    api: Flask
    pages: Flask
    ordinary: str


@pytest.fixture(scope="module")
def apps(referrals_database: str, valkey: str) -> tuple[Flask, Flask]:
    """The invented world with those who are inside."""
    fill(now())
    with database.transaction() as session:
        for word, caller in INSIDE.items():
            (held,) = caller.memberships
            doc = {
                "id": f"member-{word}", "account_id": caller.sub, "name": word, "languages": ["en"],
                "organization_id": str(held.org), "team_id": str(held.team) if held.team else None,
                "role": str(held.role), "caseload_limit": 20, "absences": [],
            }  # fmt: skip
            session.add(
                DirectoryItem(copy=1, kind="member", id=str(doc["id"]), version=1, deleted=False, doc=doc)
            )
    forget()
    CALLERS.update(INSIDE)
    trust_our_key(now())
    return create_app(), make_app()


@pytest.fixture
def world(apps: tuple[Flask, Flask], monkeypatch: pytest.MonkeyPatch) -> World:
    """A team at work: a dozen people of several senders, so that there are counts to be changed."""
    monkeypatch.setenv("METRICS_TOKEN", TOKEN)
    api, pages = apps
    forget_referrals()
    lead, made = System(api, as_system("lead")), []
    for place in range(12):
        who = ("practice", "other-practice", "charity", "police")[place % 4]
        answer = System(api, as_system(who)).post("/referrals", to_westfield())
        assert answer.status_code == 201, answer.json
        made.append(answer.json["id"])
    for place, each in enumerate(made[:11]):
        lead.act(each, "accept", assignee_id=str(ident(("worker", "colleague")[place % 2])))
        lead.act(each, "start", contact={"mode": "phone", "attended": True})
    measure_waits(at=now())
    return World(api, pages, made[0])


def read_everything(world: World, who: str, her: str, reference: str) -> dict[str, str]:
    """All that this reader is shown, by where; `her` and `reference` are tried as well."""
    told = dict(_by_api(world, who, her, reference)) | dict(_by_page(world, who, her, reference))
    return {where: _NEW.sub("…", text) for where, text in told.items()}


def _by_api(world: World, who: str, her: str, reference: str) -> Iterator[tuple[str, str]]:
    system = System(world.api, as_system(who))
    for view in VIEWS:
        yield f"list {view}", system.get("/referrals", view=view, limit=100).get_data(as_text=True)
        # The first page alone: how long it is, where it ends and whether another follows.
        for status in STATES if view in ("sent", "queue", "team") else ():
            answer = system.get("/referrals", view=view, status=status, limit=1)
            yield f"list {view} {status}", answer.get_data(as_text=True)
        for q in (HER, reference):
            answer = system.get("/referrals", view=view, q=q)
            yield f"list {view} by {'name' if q == HER else 'reference'}", answer.get_data(as_text=True)
    for q in (HER, reference, "Ada"):
        found = system.post("/find", {"q": q}).get_data(as_text=True)
        yield f"find {'reference' if q == reference else q}", found
    yield "feed", system.get("/events", limit=200).get_data(as_text=True)
    yield "routes", system.post("/routes", to_westfield(person=STRANGER)).get_data(as_text=True)
    for path in ("", "/history"):
        yield f"id{path}", _IDS.sub("ID", system.get(f"/referrals/{her}{path}").get_data(as_text=True))
    for act in ACTS:
        answer = system.act(her, act, **BODIES[act])
        yield f"id {act}", f"{answer.status_code} {_IDS.sub('ID', answer.get_data(as_text=True))}"


STRANGER = {"given_name": "Nobody", "family_name": "Known", "nhs_number": "9990000018"}


def _by_page(world: World, who: str, her: str, reference: str) -> Iterator[tuple[str, str]]:
    browser = Browser(world.pages, who)
    for path in PAGES:
        page = browser.get(path)
        yield f"page {path}", f"{page.status} {page.location} {page.html}"
    for q in (HER, reference):
        shown = browser.post("/find", {"q": q}).html.replace(q, "…")
        yield f"page find by {'name' if q == HER else 'reference'}", shown
    for path in ("", "/sent", "/leaflet", *(f"/{act}" for act in ACTS)):
        yield f"page id{path}", str(browser.get(f"/referrals/{her}{path}").status)
    yield "page accept", str(browser.post(f"/referrals/{her}/accept", FIELDS).status)
    for act in ("", "/accept", "/reassign", "/redirect", "/release"):
        page = browser.get(f"/referrals/{world.ordinary}{act}")
        yield f"page ordinary{act}", f"{page.status} {page.html}"


def numbers(world: World) -> dict[str, str]:
    """What is told to everybody, or to whoever watches the machine: counts of people, and how it stands.

    Not how many requests were made and how long they took: whoever watches the machine sees each request,
    also those that came to nothing, and none says what it was about.
    """
    # As the worker does at once: what waits longer than a minute is told to whoever watches.
    relay_outbox()
    client = world.api.test_client()
    said = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert said.status_code == 200
    kept = [
        line
        for line in said.get_data(as_text=True).splitlines()
        if line.startswith("linkwork_referrals") and "oldest" not in line
    ]
    assert len(kept) >= 4
    measure_waits(at=now())
    waits = rows("select service_id, median_days, started, open_now from measured_wait order by 1")
    facts = [(fact.part, fact.stand, fact.words) for fact in observe(now()).facts]
    return {"metrics": "\n".join(kept), "status": repr(facts), "waits": repr(waits)}


def everybody_not_named(stage: str) -> list[str]:
    """Until it is given to them, a worker of the team is no more named than anybody."""
    return [*OUTSIDE, *INSIDE, *(["worker"] if stage == "received" else [])]


def different(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """Where two readings differ, and how."""
    found = []
    for where in sorted(before.keys() | after.keys()):
        if before.get(where) != after.get(where):
            one_, other = before.get(where, "").splitlines(), after.get(where, "").splitlines()
            found.append(f"{where}: " + " | ".join(list(unified_diff(one_, other, lineterm="", n=0))[:6]))
    return found


def _send(world: World) -> tuple[str, str]:
    path = send(
        Browser(world.pages, "practice"),
        about={"given_name": "Ida", "family_name": HER, "nhs_number": "", "gp_practice": "Z90001"},
        contact={"restricted": "yes"},
    )
    her = path.rsplit("/", 1)[-1]
    assert one("select restricted from referral where id = :id", id=her)
    assert one("select owner_team_id from referral where id = :id", id=her) == WESTFIELD
    return her, str(one("select reference from referral where id = :id", id=her))


def _as_lead(world: World, her: str) -> Callable[..., None]:
    browser = Browser(world.pages, "lead")

    def act(name: str, **fields: str) -> None:
        page = browser.post(f"/referrals/{her}/{name}", fields)
        assert page.status == 302, f"{name}: {page.words}"

    return act


def _live(world: World, her: str, stage: str) -> None:
    """By the pages, as the team's lead: systems are not named."""
    act = _as_lead(world, her)
    if stage == "in-progress":
        act("accept")
        act("reassign", assignee_id=str(ident("worker")), reason="Knows her.")
        act("start", mode="phone", attended="yes")
        act("ask", question="Which day is safe?")
    if stage == "completed":
        answer = Browser(world.pages, "practice").post(f"/referrals/{her}/answer", {"answer": "Wednesday."})
        assert answer.status == 302, answer.words
        outcome = {"outcomes-0-need": "loneliness", "outcomes-0-outcome": "met"}
        act("complete", **outcome, ended_by="worker")


def test_the_world_with_her_is_the_world_without_her_to_everybody_not_named(world, capsys):
    """As it arrives, while the work goes on, and when it is over."""
    readers = everybody_not_named("received")
    before = {who: read_everything(world, who, str(uuid4()), new_reference()) for who in readers}
    counted = numbers(world)
    her, reference = _send(world)
    faults: list[str] = []
    for stage in ("received", "in-progress", "completed"):
        _live(world, her, stage)
        assert one("select status from referral where id = :id", id=her) == stage
        faults += [f"{stage} numbers {each}" for each in different(counted, numbers(world))]
        for who in everybody_not_named(stage):
            after = read_everything(world, who, her, reference)
            faults += [f"{stage} {who}: {each}" for each in different(before[who], after)]
            told = "".join(after.values())
            faults += [f"{stage} {who} is shown her" for word in (HER, her, reference) if word in told]
    shown = sum(len(told) for told in before.values())
    with capsys.disabled():
        sys.stdout.write(
            f"\nrestricted: {len(readers)} readers not named, {shown:,} answers, 3 times; "
            f"{len(faults)} differ from the world without her\n"
        )
    assert not faults, f"{len(faults)}:\n" + "\n".join(faults[:20])


def test_only_those_named_are_sent_anything(world):
    """Of every event of hers, whoever may be told is the author, the lead or who has it."""
    her, _ = _send(world)
    for stage in ("in-progress", "completed"):
        _live(world, her, stage)
    named = {str(ident(word)) for word in NAMED}
    events = rows("select id, type from outbox where subject = :id order by seq", id=her)
    assert len(events) >= 6
    notifications = System(world.api, None, service_token("notifications", "referrals", now()))
    told = set()
    for event in events:
        answer = notifications.get(
            f"/referrals/{her}/audience", event=event["type"], event_id=str(event["id"])
        )
        assert answer.status_code == 200, answer.json
        assert answer.json["restricted"] is True, "and nobody else reads that they were told"
        assert all(one_["kind"] == "account" for one_ in answer.json["recipients"])
        told |= {one_["id"] for one_ in answer.json["recipients"]}
    assert told
    assert told <= named


def test_those_named_do_read_her(world):
    """Else everything above would pass with a referral that nobody can read."""
    her, reference = _send(world)
    _live(world, her, "in-progress")
    for who in NAMED:
        page = Browser(world.pages, who).get(f"/referrals/{her}")
        assert (page.status, HER in page.words) == (200, True), who
        assert reference in Browser(world.pages, who).post("/find", {"q": HER}).words


def test_every_page_that_lists_or_counts_is_among_those_read():
    """A page without an id that comes new is read too, or said here why it shows nobody."""
    read = {path.partition("?")[0] for path in PAGES}
    without_ids = {
        route.rule
        for route in every_route()
        if route.service == "referrals" and route.is_page and route.method == "GET" and not route.arguments
    }
    # What `/status` says is compared among the numbers.
    of_nobody = {"/accessibility", "/docs", "/for-you", "/for-you/leave", "/status"}
    assert without_ids - of_nobody <= read
