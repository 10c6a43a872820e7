"""Who reads what of a referral, what is logged, and what a read costs."""

from __future__ import annotations

import pytest

from services.referrals.store.database import database
from tests.builders.bodies import invented_nhs_number
from tests.builders.referrals import one, rows, sent, to_westfield
from tests.builders.referrals_world import ident
from tests.queries import count_queries

OUTSIDERS = ("police", "charity", "other-practice", "other-worker", "desk", "forum")


@pytest.mark.parametrize("who", OUTSIDERS)
def test_whoever_has_no_part_learns_nothing(system, who):
    made = sent(system)
    for path in (f"/referrals/{made['id']}", f"/referrals/{made['id']}/history"):
        answer = system(who).get(path)
        nobodys = system(who).get(path.replace(made["id"], str(ident("nobody"))))
        assert answer.status_code == nobodys.status_code == 404
        assert answer.json["detail"] == nobodys.json["detail"]
    found = system(who).post("/find", {"q": made["reference"]})
    assert found.status_code == (404 if who == "forum" else 200)
    assert found.json.get("items", []) == []


def test_nobody_reads_without_a_token_or_with_a_services_own(system, service):
    made = sent(system)
    assert system(None).get(f"/referrals/{made['id']}").status_code == 401
    assert service("notifications").get(f"/referrals/{made['id']}").status_code == 404


def test_the_sender_reads_the_state_and_what_it_wrote_and_not_the_teams_part(system):
    made = sent(system, what_matters="A walk by the river.")
    system("worker").act(made["id"], "accept", assignee_id=str(ident("worker")))
    system("worker").act(made["id"], "start", contact={"mode": "phone", "note": "She likes rivers"})
    seen = system("practice").get(f"/referrals/{made['id']}").json
    assert seen["status"] == "in-progress"
    assert seen["sent"]["what_matters"] == "A walk by the river."
    assert seen["owner"]["assignee"]["name"] == "Jo Worker"
    assert "rivers" not in str(seen)
    assert seen["alert"] is False


def test_police_read_received_until_closed(system):
    made = system("police").post(
        "/referrals", to_westfield(target_service_id=str(ident("york-lac")), route_in="introduction")
    )
    assert made.status_code == 201, made.json
    first = made.json
    assert first["view"] == "coarse"
    assert first["status"] == "received"
    assert first["owner"]["team_id"] == str(ident("york-lac-team"))
    worker = system("other-worker")
    worker.act(first["id"], "accept", assignee_id=str(ident("other-worker")))
    worker.act(first["id"], "ask", question="Where is he met?")
    later = system("police").get(f"/referrals/{first['id']}").json
    steady = {"wait_days", "sent", "routing", "emergency"}
    assert {k: v for k, v in later.items() if k not in steady} == {
        k: v for k, v in first.items() if k not in steady
    }
    history = system("police").get(f"/referrals/{first['id']}/history").json["items"]
    assert [item["act"] for item in history] == ["submit", "receive"]
    assert system("police").get("/referrals", view="asked").json["items"] == []
    assert system("police").get("/referrals", view="sent", status="accepted").json["items"] == []
    (row,) = system("police").get("/referrals", view="sent", status="received").json["items"]
    assert (row["status"], row["question_open"], row["owner"]["assignee"]) == ("received", False, None)
    outcomes = [{"need": "loneliness", "outcome": "met"}]
    worker.act(first["id"], "complete", outcomes=outcomes, ended_by="person")
    ended = system("police").get(f"/referrals/{first['id']}").json
    assert ended["status"] == "closed"
    assert ended["outcomes"] == []
    history = system("police").get(f"/referrals/{first['id']}/history").json["items"]
    assert [item["act"] for item in history] == ["submit", "receive", "close"]


def test_police_read_more_where_the_person_agreed(system):
    yes = {"recipient": str(ident("york-police")), "purpose": "feedback_to_sender", "agreed": True}
    made = system("police").post("/referrals", to_westfield(agreement=[yes]))
    assert made.json["view"] == "full"


def test_a_no_to_feedback_makes_a_practice_read_coarsely(system):
    no = {"recipient": str(ident("westfield-surgery")), "purpose": "feedback_to_sender", "agreed": False}
    made = sent(system, agreement=[no])
    assert made["view"] == "coarse"
    system("worker").act(made["id"], "accept", assignee_id=str(ident("worker")))
    assert system("practice").get(f"/referrals/{made['id']}").json["status"] == "received"
    assert system("practice").get("/referrals", view="sent", status="accepted").json["items"] == []


def test_a_withdrawn_agreement_counts_on_the_next_read(system):
    yes = {"recipient": str(ident("york-police")), "purpose": "feedback_to_sender", "agreed": True}
    made = system("police").post("/referrals", to_westfield(agreement=[yes])).json
    with database.transaction() as session:
        session.connection().exec_driver_sql("update agreement set withdrawn_at = now()")
    assert system("police").get(f"/referrals/{made['id']}").json["view"] == "coarse"


def test_a_restricted_referral_is_its_authors_and_named_staffs(system):
    made = sent(system, restricted=True, restricted_to=[str(ident("worker"))])
    assert system("practice").get(f"/referrals/{made['id']}").status_code == 200
    assert system("practice-colleague").get(f"/referrals/{made['id']}").status_code == 404
    assert system("worker").get(f"/referrals/{made['id']}").status_code == 404
    assert system("lead").get(f"/referrals/{made['id']}").status_code == 200
    for who, view in (("practice-colleague", "sent"), ("worker", "queue"), ("colleague", "queue")):
        assert system(who).get("/referrals", view=view).json["items"] == []


def test_a_sensitive_need_is_shown_to_the_team_and_the_sender_alone(system):
    made = (
        system("practice")
        .post("/referrals", to_westfield(needs=["immigration_asylum"], target_service_id=None))
        .json
    )
    assert made["routing"]["state"] in ("unrouted", "routed")
    if made["routing"]["state"] == "unrouted":
        (row,) = system("desk").get("/referrals", view="unrouted").json["items"]
        assert row["title"]
    assert system("practice").get(f"/referrals/{made['id']}").json["sent"]["needs"][0]["code"] == (
        "immigration_asylum"
    )


def test_reads_are_written_down_and_a_list_once(system):
    first, second = sent(system), sent(system)
    before = one("select count(*) from access_log")
    assert len(system("worker").get("/referrals", view="queue").json["items"]) == 2
    (log,) = rows("select act, subjects, organization_id from access_log order by id offset :n", n=before)
    assert log["act"] == "list queue"
    assert {str(s) for s in log["subjects"]} == {first["id"], second["id"]}
    assert log["organization_id"] == ident("york-pcn")
    system("practice").get(f"/referrals/{first['id']}/history")
    assert one("select act from access_log order by id desc limit 1") == "read history"


def test_asking_about_routes_writes_nothing(system):
    answer = system("practice").post("/routes", to_westfield())
    assert answer.status_code == 200, answer.json
    assert answer.json["eligible"]
    for table in ("access_log", "referral", "person_record", "outbox"):
        assert one(f"select count(*) from {table}") == 0  # noqa: S608 fixed names


def test_routes_may_be_asked_with_very_little(system):
    answer = system("practice").post("/routes", {"needs": ["loneliness"]})
    assert answer.status_code == 200
    assert {"eligible", "not_eligible", "unknown"} == set(answer.json)
    assert answer.json["unknown"][0]["asks"]
    wrong = system("practice").post("/routes", {"person": {"postcode": "nowhere"}})
    assert wrong.json["errors"][0]["pointer"] == "/person/postcode"


def test_routes_are_the_same_for_somebody_known_elsewhere(system):
    body = to_westfield(person={"nhs_number": invented_nhs_number()})
    stranger = system("charity").post("/routes", body).json
    system("practice").post("/referrals", body)
    assert system("charity").post("/routes", body).json == stranger


def test_a_name_finds_what_i_may_see_and_police_find_by_reference_alone(system):
    person = {"given_name": "Zéphyrine", "family_name": "Quill-Feather"}
    made = sent(system, person=person)
    for who in ("practice", "worker"):
        found = system(who).post("/find", {"q": "zephyrine quill"}).json["items"]
        assert [item["id"] for item in found] == [made["id"]]
    police = system("police").post("/referrals", to_westfield(person=person)).json
    assert system("police").post("/find", {"q": "zephyrine"}).json["items"] == []
    assert system("police").get("/referrals", view="sent", q="zephyrine").json["items"] == []
    (found,) = system("police").post("/find", {"q": police["reference"].lower()}).json["items"]
    assert found["id"] == police["id"]
    assert system("charity").post("/find", {"q": "zephyrine"}).json["items"] == []


def test_a_queue_is_read_page_by_page_what_matters_first(system):
    for number in range(3):
        soon = {"priority": "sooner", "priority_reason": "He moves house."} if number == 1 else {}
        sent(system, **soon)
    sent(system, safeguarding="yes")
    seen, cursor = [], None
    while True:
        page = system("worker").get(
            "/referrals", view="queue", limit=1, **({"cursor": cursor} if cursor else {})
        )
        seen += page.json["items"]
        cursor = page.json["next_cursor"]
        if cursor is None:
            break
    assert [(item["alert"], item["priority"]) for item in seen] == [
        (True, "routine"),
        (False, "sooner"),
        (False, "routine"),
        (False, "routine"),
    ]
    assert len({item["id"] for item in seen}) == 4


def test_a_caseload_is_ones_own_and_a_team_list_the_leads(system):
    made = sent(system)
    system("lead").act(made["id"], "accept", assignee_id=str(ident("worker")))
    assert system("lead").get("/referrals", view="caseload").json["items"] == []
    (row,) = system("lead").get("/referrals", view="team").json["items"]
    assert row["owner"]["assignee"]["name"] == "Jo Worker"
    assert system("worker").get("/referrals", view="team").json["items"] == []


@pytest.mark.parametrize("query", [{"view": "everything"}, {"view": "queue", "status": "completed"}, {}])
def test_a_list_that_is_not_there_is_named(system, query):
    assert system("worker").get("/referrals", **query).status_code == 422


def test_a_cursor_that_is_not_ours_is_malformed(system):
    for cursor in ("nonsense", "WzEsMl0", "WyJhIiwgImIiLCAiYyJd"):
        assert system("worker").get("/referrals", view="queue", cursor=cursor).status_code == 400


COSTS = {
    "post": (lambda s, _: s("practice").post("/referrals", to_westfield()), 12),
    "routes": (lambda s, _: s("practice").post("/routes", to_westfield()), 2),
    "read": (lambda s, made: s("worker").get(f"/referrals/{made['id']}"), 10),
    "history": (lambda s, made: s("practice").get(f"/referrals/{made['id']}/history"), 5),
    "queue": (lambda s, _: s("worker").get("/referrals", view="queue"), 4),
    "sent": (lambda s, _: s("practice").get("/referrals", view="sent"), 4),
    "find": (lambda s, _: s("practice").post("/find", {"q": "Winifred"}), 4),
    "act": (lambda s, made: s("worker").act(made["id"], "ask", question="Which day?"), 15),
}
"""What each endpoint asks of the database, the access log included, transaction marks not."""


@pytest.mark.parametrize("what", sorted(COSTS))
def test_an_endpoint_asks_the_database_a_fixed_number_of_times(system, what):
    call, queries = COSTS[what]
    made = [sent(system) for _ in range(5)]
    system("practice").get("/meta/needs")
    with count_queries(database.engine) as counted:
        assert call(system, made[0]).status_code < 300
    assert len(counted) == queries, counted.statements


def test_a_referral_that_has_ended_waits_for_nobody(system):
    made = sent(system)
    assert made["next_action_at"]
    system("practice").act(made["id"], "withdraw", reason="changed_mind")
    seen = system("practice").get(f"/referrals/{made['id']}").json
    assert (seen["next_action_at"], seen["next_action_by"]) == (None, None)
    (listed,) = system("practice").get("/referrals", view="sent").json["items"]
    assert listed["next_action_at"] is None
