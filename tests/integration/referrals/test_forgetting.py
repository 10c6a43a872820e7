"""Somebody was introduced before they were asked, and said no: nothing of them is kept."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from services.referrals.store.database import database
from tests.builders.referrals import one, rows, sent
from tests.builders.referrals_world import ident

COORDINATOR = str(ident("other-worker"))
MARK = "Zebediah"
TEXT_COLUMNS = """
    select table_name, column_name from information_schema.columns
    where table_schema = 'public' and table_name not in ('directory_item', 'directory_postcode')
      and data_type in ('text', 'character varying', 'ARRAY', 'jsonb')
"""


def introduction(**changes):
    person = {
        "given_name": MARK,
        "nhs_number": "9990000018",
        "postcode": "YO24 3BZ",
        "address_lines": [f"{MARK} House"],
        "contacts": [{"channel": "via", "value": f"{MARK}'s bench", "safe": True, "code_word": MARK}],
    } | changes.pop("person", {})
    return {
        "person": person,
        "needs": [],
        "what_matters": f"{MARK} likes boats",
        "route_in": "introduction",
        "lawful_basis": "legitimate_interests",
        "target_service_id": str(ident("york-lac")),
        "referrer": {"name": f"{MARK}'s neighbour", "role": "neighbour"},
    } | changes


def introduced(system, who="charity", **changes):
    answer = system(who).post("/referrals", introduction(**changes))
    assert answer.status_code == 201, answer.json
    return answer.json


def found_anywhere(word):
    """Tables and columns in which the word stands."""
    with database.transaction() as session:
        columns = session.execute(text(TEXT_COLUMNS)).all()
        return {
            f"{table}.{column}"
            for table, column in columns
            if session.scalar(
                text(f'select count(*) from "{table}" where "{column}"::text ilike :word'),  # noqa: S608
                {"word": f"%{word}%"},
            )
        }


def test_an_introduction_needs_no_more_than_a_name_and_a_place(system):
    body = {
        "person": {
            "given_name": "Ida",
            "contacts": [{"channel": "via", "value": "the library", "safe": True}],
        },
        "needs": [],
        "route_in": "introduction",
        "lawful_basis": "legitimate_interests",
        "target_service_id": str(ident("york-lac")),
    }
    assert system("charity").post("/referrals", body).status_code == 201
    refused = system("charity").post("/referrals", {**body, "route_in": "professional"})
    assert refused.status_code == 422
    assert refused.json["errors"][0]["pointer"] == "/needs"


def test_an_introduction_of_somebody_who_said_no_is_not_taken(system):
    no = {"recipient": "helpers", "purpose": "share_referral", "agreed": False, "how": "in_person"}
    answer = system("charity").post("/referrals", introduction(agreement=[no]))
    assert answer.status_code == 422
    assert answer.json["errors"][0]["pointer"] == "/agreement"
    assert found_anywhere(MARK) == set()


def test_danger_is_taken_even_then(system):
    no = {"recipient": "helpers", "purpose": "share_referral", "agreed": False, "how": "in_person"}
    answer = system("charity").post("/referrals", introduction(agreement=[no], safeguarding="yes"))
    assert answer.status_code == 201, answer.json


def test_nothing_written_about_them_is_anywhere_afterwards(system):
    made = introduced(system, separate_reason=f"{MARK} again")
    worker = system("other-worker")
    worker.act(made["id"], "ask", question=f"Where is {MARK}?")
    system("charity").act(made["id"], "answer", answer=f"{MARK} sits by the river.")
    worker.act(made["id"], "accept", assignee_id=COORDINATOR)
    worker.act(made["id"], "contact", mode="visit", attended=True, note=f"{MARK} said no")
    assert {"referral.what_matters", "person_record.given_name", "move.content"} <= found_anywhere(MARK)
    answer = worker.act(made["id"], "forget")
    assert answer.status_code == 200, answer.json
    assert answer.json["status"] == "cancelled"
    assert found_anywhere(MARK) == set()
    assert found_anywhere("9990000018") == set()
    assert found_anywhere("YO24") == set()


def test_that_there_was_one_and_what_was_done_stays_in_the_history(system):
    made = introduced(system)
    system("other-worker").act(made["id"], "forget")
    acts = [row["act"] for row in rows("select act from move order by id")]
    assert acts == ["submit", "receive", "route", "forget"]
    inside = system("other-worker").get(f"/referrals/{made['id']}/history").json["items"]
    assert inside[-1]["act"] == "forget"
    outside = system("charity").get(f"/referrals/{made['id']}/history").json["items"]
    assert outside[-1]["act"] == "withdraw"
    assert "said no" not in str(outside)


def test_another_referral_of_the_same_organisation_keeps_its_person(system):
    first = introduced(system)
    again = introduced(system, target_service_id=None, separate_reason="other help")
    assert one("select count(*) from person_record") == 1
    system("other-worker").act(first["id"], "forget")
    told = system("charity").get(f"/referrals/{again['id']}").json
    assert told["sent"]["person"]["given_name"] == MARK
    assert one("select count(*) from person_record where given_name is not null") == 1


def test_it_is_not_opened_again_and_a_second_time_changes_nothing(system):
    made = introduced(system)
    assert system("other-worker").act(made["id"], "forget").status_code == 200
    assert system("other-worker").act(made["id"], "forget").status_code == 200
    assert one("select count(*) from move where act = 'forget'") == 1
    reopened = system("other-worker").act(made["id"], "reopen", reason="person_came_back")
    assert reopened.status_code == 409
    assert "deleted" in reopened.json["detail"]


def test_only_an_introduction_that_has_not_begun_is_deleted(system):
    referral = sent(system)
    assert system("worker").act(referral["id"], "forget").status_code == 409
    begun = introduced(system, person={"given_name": "Other", "nhs_number": None})
    worker = system("other-worker")
    worker.act(begun["id"], "accept", assignee_id=COORDINATOR)
    worker.act(begun["id"], "start", contact={"mode": "visit"})
    assert worker.act(begun["id"], "forget").status_code == 409


def test_whoever_introduced_them_may_say_so_but_police_withdraw(system):
    ours = introduced(system)
    assert "forget" in {each["act"] for each in ours["available_actions"]}
    assert system("charity").act(ours["id"], "forget").status_code == 200
    theirs = introduced(system, "police")
    assert "forget" not in {each["act"] for each in theirs["available_actions"]}
    assert system("police").act(theirs["id"], "forget").status_code == 409
    assert system("practice").act(theirs["id"], "forget").status_code == 404


def test_a_system_that_sends_it_again_does_not_bring_them_back(system):
    external = {"source_system": "club", "id": "club-17"}
    made = introduced(system, external=external)
    system("other-worker").act(made["id"], "forget")
    again = system("charity").post("/referrals", introduction(external=external))
    assert again.status_code == 409
    assert found_anywhere(MARK) == set()


def test_forgetting_while_the_same_person_is_sent_again_loses_neither(system):
    for _ in range(5):
        made = introduced(system, separate_reason="again")
        with ThreadPoolExecutor(2) as pool:
            gone = pool.submit(lambda made=made: system("other-worker").act(made["id"], "forget"))
            new = pool.submit(
                lambda: system("charity").post(
                    "/referrals", introduction(target_service_id=None, separate_reason="other help")
                )
            )
        assert gone.result().status_code == 200, gone.result().json
        assert new.result().status_code == 201, new.result().json
        told = system("charity").get(f"/referrals/{new.result().json['id']}").json
        assert told["sent"]["person"]["given_name"] == MARK


@pytest.mark.parametrize(
    "change", ["act = 'x'", "content = 'x'", "reason_text = 'x'", "content = '', by_name = 'x'"]
)
def test_the_history_lets_go_of_words_and_of_nothing_else(system, change):
    introduced(system)
    with pytest.raises(Exception, match="append-only"), database.transaction() as session:
        session.execute(text(f"update move set {change}"))  # noqa: S608 fixed words
