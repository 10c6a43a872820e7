"""What somebody may not know changes nothing they get: no row, order, cursor, count, event or status."""

from __future__ import annotations

import pytest

from services.referrals.actions.list_referrals import count_asked
from shared.clock import now
from tests.builders.referrals import as_system, sent, to_westfield
from tests.builders.referrals_world import ident

WORKER = str(ident("worker"))
STATES = (
    None, "open", "closed", "received", "accepted", "in-progress", "on-hold", "completed", "rejected",
    "failed", "cancelled",
)  # fmt: skip
CALL = {"mode": "phone", "attended": False}


def _pages(system, who, **query):
    """Every page of a list, one row each, with its cursor."""
    pages, cursor = [], None
    while True:
        answer = system(who).get("/referrals", limit=1, **query, **({"cursor": cursor} if cursor else {}))
        assert answer.status_code == 200, answer.json
        pages.append(answer.json)
        cursor = answer.json["next_cursor"]
        if cursor is None:
            return pages


def _events(system, who):
    """Every page of the feed, one event each, with its cursor; the last is empty."""
    pages, after = [], None
    while True:
        page = system(who).get("/events", limit=1, **({"after": after} if after else {})).json
        pages.append(page)
        if not page["items"]:
            return pages
        after = page["next_cursor"]


def _all_they_get(system, who):
    got = {
        f"sent {status}": _pages(system, who, view="sent", **({"status": status} if status else {}))
        for status in STATES
    }
    got["asked"] = _pages(system, who, view="asked")
    got["events"] = _events(system, who)
    got["count"] = count_asked(by=as_system(who), at=now())
    for page in got["sent None"]:
        for item in page["items"]:
            got[item["id"]] = [
                system(who).get(f"/referrals/{item['id']}").json,
                system(who).get(f"/referrals/{item['id']}/history").json,
            ]
    return got


def _work(system, made, *acts):
    for act, body in acts:
        answer = system("lead").act(made["id"], act, **body)
        assert answer.status_code == 200, answer.json


ACCEPT = ("accept", {"assignee_id": WORKER})
START = ("start", {"contact": {"mode": "phone", "attended": True}})
HOLD = ("hold", {"reason": "not_now", "review_on": "2027-03-01"})


@pytest.mark.parametrize(
    "acts",
    [[ACCEPT], [ACCEPT, START], [ACCEPT, START, HOLD], [ACCEPT, ("release", {"reason": "absence"})]],
    ids=lambda acts: acts[-1][0],
)
def test_while_it_is_open_nothing_the_police_get_says_how_far_it_is(system, acts):
    made = [system("police").post("/referrals", to_westfield()).json for _ in range(3)]
    before = _all_they_get(system, "police")
    _work(system, made[1], *acts)
    assert _all_they_get(system, "police") == before


def test_for_the_police_every_ending_is_the_same(system):
    endings = {
        "declined": [("decline", {"reason": "person_declined"})],
        "completed": [
            ACCEPT,
            ("complete", {"outcomes": [{"need": "loneliness", "outcome": "met"}], "ended_by": "person"}),
        ],
        "failed": [ACCEPT, ("fail", {"attempts": 3})],
    }
    made = {name: system("police").post("/referrals", to_westfield()).json for name in endings}
    for name, acts in endings.items():
        _work(system, made[name], *acts)
    seen = _all_they_get(system, "police")
    assert len(seen["sent closed"]) == 3
    assert all(seen[f"sent {state}"] == [{"items": [], "next_cursor": None}] for state in STATES[3:])
    assert {event["type"] for page in seen["events"] for event in page["items"]} == {"referral.received.v1"}
    told = {tuple(item["act"] for item in seen[one["id"]][1]["items"]) for one in made.values()}
    assert told == {("submit", "receive", "close")}


def test_a_colleagues_restricted_referral_changes_nothing_another_gets(system):
    for _ in range(2):
        sent(system, "practice-colleague")
    before = _all_they_get(system, "practice-colleague")
    made = sent(system, restricted=True)
    _work(system, made, ACCEPT, ("ask", {"question": "Which ward?"}))
    after = _all_they_get(system, "practice-colleague")
    assert after == before
    assert len(_all_they_get(system, "practice")["asked"][0]["items"]) == 1


def test_what_is_asked_is_counted_as_it_is_listed(system):
    made = [sent(system) for _ in range(3)]
    for one in made[:2]:
        _work(system, one, ACCEPT, ("ask", {"question": "Which ward?"}))
    pages = _pages(system, "practice", view="asked")
    assert [len(page["items"]) for page in pages] == [1, 1]
    assert count_asked(by=as_system("practice"), at=now()) == 2


def test_that_nobody_could_be_reached_reads_as_a_passing_back_to_the_sender(system):
    failed, declined = sent(system), sent(system)
    _work(system, failed, ACCEPT, ("fail", {"attempts": 3}))
    _work(system, declined, ACCEPT, ("decline", {"reason": "other", "text": "Full."}))
    practice = system("practice")
    shape = []
    for one in (failed, declined):
        view = practice.get(f"/referrals/{one['id']}").json
        history = practice.get(f"/referrals/{one['id']}/history").json["items"]
        events = [
            (event["type"], {key: value for key, value in event["data"].items() if key != "referral_id"})
            for page in _events(system, "practice")
            for event in page["items"]
            if event["subject"] == one["id"]
        ]
        row = next(
            item
            for item in practice.get("/referrals", view="sent", status="rejected").json["items"]
            if item["id"] == one["id"]
        )
        acts = [(item["act"], item["label"], item["outside"]) for item in history]
        shape.append((view["status"], view["outside"], row["status"], acts, events))
    assert shape[0] == shape[1]
    assert practice.get("/referrals", view="sent", status="failed").json["items"] == []
    assert system("worker").get(f"/referrals/{failed['id']}").json["status"] == "failed"


def test_a_cursor_of_the_feed_is_the_last_event_given_and_an_old_one_starts_again(system):
    sent(system)
    (first, *rest) = _events(system, "practice")
    assert first["next_cursor"] == first["items"][0]["id"]
    assert rest[-1] == {"items": [], "next_cursor": rest[-2]["next_cursor"]}
    long_gone = str(ident("no event"))
    assert len(system("practice").get("/events", after=long_gone).json["items"]) == 2
    assert system("practice").get("/events", after="1").status_code == 400


def test_a_name_finds_as_many_as_are_shown_whatever_is_hidden(system):
    person = {"given_name": "Zenobia", "family_name": "Quill"}
    shown = [sent(system, "practice-colleague", person=person, needs=[need]) for need in ("food", "housing")]
    for need in ("loneliness", "caring", "bereavement"):
        sent(system, person=person, needs=[need], restricted=True)
    found = system("practice-colleague").post("/find", {"q": "zenobia"}).json["items"]
    assert {item["id"] for item in found} == {one["id"] for one in shown}
