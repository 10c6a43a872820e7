"""A partner's system sends a referral: what is stored, what is refused, and how it is said."""

from __future__ import annotations

import pytest

from shared.demo_ids import demo_id
from tests.builders.bodies import invented_nhs_number, referral_body
from tests.builders.referrals import one, rows, sent, to_westfield
from tests.builders.referrals_world import ident


def test_a_referral_is_received_at_once_and_owned_by_the_team_that_can_take_it(system):
    answer = system("practice").post("/referrals", to_westfield())
    assert answer.status_code == 201, answer.json
    body = answer.json
    assert body["status"] == "received"
    assert body["owner"] == {
        "team_id": str(ident("westfield-link-team")),
        "team_name": body["owner"]["team_name"],
        "assignee": None,
    }
    assert body["routing"]["state"] == "routed"
    assert body["routing"]["eligible"][0]["service_id"] == body["routing"]["chosen"]["service_id"]
    assert body["view"] == "full"
    assert body["next_action_at"]
    assert answer.headers["Location"].endswith(f"/api/v1/referrals/{body['id']}")
    assert {action["act"] for action in body["available_actions"]} == {"withdraw", "void"}


def test_sending_writes_history_events_and_the_access_log_together(system):
    ident_of = sent(system)["id"]
    assert [row["act"] for row in rows("select act from move order by id")] == ["submit", "receive", "route"]
    events = rows("select type, data from outbox order by seq")
    assert [event["type"] for event in events] == ["referral.received.v1", "referral.routed.v1"]
    assert events[0]["data"] == {
        "referral_id": ident_of,
        "organization_id": str(ident("westfield-surgery")),
        "team_id": str(ident("westfield-link-team")),
        "act": "receive",
    }
    log = rows("select act, actor, subjects from access_log")
    assert [row["act"] for row in log] == ["submit"]
    assert ident_of in {str(subject) for subject in log[0]["subjects"]}


def test_a_contact_nobody_asked_about_is_kept_as_not_safe(system):
    contacts = [
        {"channel": "phone", "value": "07700 900123"},
        {"channel": "email", "value": "w@post.example", "safe": False, "voicemail": True},
        {"channel": "via", "value": "the day centre", "safe": True},
    ]
    sent(system, person={"contacts": contacts})
    kept = rows("select channel, asked, safe, voicemail, caller_id from contact_point order by place_in_list")
    assert [(row["asked"], row["safe"], row["voicemail"]) for row in kept] == [
        (False, False, False),
        (True, False, False),
        (True, True, False),
    ]


def test_where_no_way_is_safe_the_sender_may_know_one_and_that_was_not_asked_either(system):
    sent(system, person={"contacts": [{"channel": "phone", "value": "07700 900123"}]})
    _, kept = rows("select * from contact_point order by place_in_list")
    assert kept["channel"] == "via"
    assert "surgery" in kept["value"].lower()
    assert (kept["asked"], kept["safe"], kept["asked_at"]) == (False, False, None)


def test_a_way_nobody_asked_about_is_not_to_be_used_by_the_team(system):
    ident_of = sent(system, person={"contacts": []})["id"]
    (way,) = system("worker").get(f"/referrals/{ident_of}").json["sent"]["contacts"]
    assert (way["now"], way["safe"]) == ("no", None)


def test_unknown_name_birth_date_phone_address_and_practice_are_ordinary_answers(system):
    body = to_westfield()
    body["person"] = {}
    answer = system("practice").post("/referrals", body)
    assert answer.status_code == 201, answer.json
    assert answer.json["owner"]["team_id"]


def test_no_fixed_abode_by_its_stand_in_postcode_is_read_as_such(system):
    sent(system, person={"postcode": "ZZ99 3VZ"})
    (person,) = rows("select postcode, no_fixed_abode from person_record")
    assert person == {"postcode": None, "no_fixed_abode": True}


def test_every_bad_value_is_named_at_once_and_nothing_is_stored(system):
    body = to_westfield(
        needs=["loneliness", "dragons"],
        wanted_from="2020-01-01",
        lawful_basis="because",
        priority="at once",
        person={"nhs_number": "999 000 0001", "date_of_birth": "1899-12-31", "postcode": "YORK"},
    )
    answer = system("practice").post("/referrals", body)
    assert answer.status_code == 422
    pointers = {error["pointer"] for error in answer.json["errors"]}
    assert {"/lawful_basis", "/priority"} <= pointers
    body |= {"lawful_basis": "public_task", "priority": "routine"}
    answer = system("practice").post("/referrals", body)
    assert {error["pointer"] for error in answer.json["errors"]} == {
        "/needs/1",
        "/wanted_from",
        "/person/nhs_number",
        "/person/date_of_birth",
        "/person/postcode",
    }
    assert one("select count(*) from referral") == 0
    assert one("select count(*) from person_record") == 0


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"person": {"date_of_birth": "2050-01-01"}}, "/person/date_of_birth"),
        ({"person": {"given_name": "Ada\u0000"}}, "/person/given_name"),
        ({"what_matters": "\u0007 tea"}, "/what_matters"),
        ({"person": {"favourite_colour": "blue"}}, "/person/favourite_colour"),
        ({"urgent": True}, "/urgent"),
        ({"needs": [], "what_matters": "  "}, "/needs"),
        ({"person": {"contacts": [{"channel": "pigeon", "value": "Coo"}]}}, "/person/contacts/0/channel"),
        ({"person": {"contacts": [{"channel": "phone", "value": "12"}]}}, "/person/contacts/0/value"),
        ({"target_service_id": str(demo_id("no", "such"))}, "/target_service_id"),
        (
            {"agreement": [{"recipient": "all", "purpose": "share_referral", "agreed": True}]},
            "/agreement/0/recipient",
        ),
        ({"external": {"source_system": "x", "id": " "}}, "/external/id"),
        ({"referrer": {"name": "Dr Jo", "email": "jo@elsewhere.example"}}, "/referrer/email"),
        ({"route_in": "self", "person": {"contacts": []}}, "/person/contacts"),
        ({"person": {"age_estimate": 200, "date_of_birth": None}}, "/person/age_estimate"),
        ({"restricted": "yes"}, "/restricted"),
    ],
)
def test_a_field_that_cannot_be_taken_is_named(system, changes, pointer):
    answer = system("practice").post("/referrals", to_westfield(**changes))
    assert answer.status_code == 422, answer.json
    assert pointer in [error["pointer"] for error in answer.json["errors"]]
    assert all(error["detail"] for error in answer.json["errors"])
    assert one("select count(*) from referral") == 0


def test_a_body_that_is_not_json_is_refused_as_such(app, system):
    practice = system("practice")
    headers = practice._headers()
    plain = app.test_client().post("/api/v1/referrals", data="hello", headers=headers)
    assert plain.status_code == 415
    broken = app.test_client().post(
        "/api/v1/referrals", data="{", headers=headers | {"Content-Type": "application/json"}
    )
    assert broken.status_code == 400
    large = app.test_client().post(
        "/api/v1/referrals", data="x" * 300_000, headers=headers | {"Content-Type": "application/json"}
    )
    assert large.status_code == 413


def test_the_chosen_service_gets_it(system):
    body = to_westfield(target_service_id=str(ident("york-lac")), route_in="introduction")
    answer = system("practice").post("/referrals", body)
    assert answer.status_code == 201, answer.json
    assert answer.json["owner"]["team_id"] == str(ident("york-lac-team"))
    assert answer.json["routing"]["state"] == "chosen"


def test_a_self_only_service_is_refused_with_the_invitation_and_others_are_listed(system):
    body = to_westfield(target_service_id=str(ident("york-open-circle")))
    answer = system("practice").post("/referrals", body)
    assert answer.status_code == 422
    assert answer.json["type"].endswith("/self-referral-only")
    assert answer.json["invitation"]["text"]
    assert answer.json["eligible"]
    assert one("select count(*) from referral") == 0


def test_a_service_that_cannot_take_them_is_refused_with_the_reasons(system):
    body = to_westfield(target_service_id=str(ident("york-youth")))
    answer = system("practice").post("/referrals", body)
    assert answer.status_code == 422
    assert "age" in {reason["code"] for reason in answer.json["reasons"]}


def test_without_a_sharing_agreement_the_duty_desk_has_it(system):
    body = to_westfield(target_service_id=str(ident("york-riverside")))
    answer = system("practice").post("/referrals", body)
    assert answer.status_code == 201, answer.json
    assert answer.json["routing"]["state"] == "unrouted"
    assert answer.json["owner"]["team_id"] == str(ident("york-desk"))


def test_age_is_worked_out_on_the_day_help_is_wanted(system):
    today_17 = to_westfield(
        target_service_id=str(ident("york-adult")), person={"date_of_birth": "2008-12-13"}
    )
    now_ = system("practice").post("/routes", today_17)
    adult = str(ident("york-adult"))
    assert adult in {service["service_id"] for service in now_.json["unknown"]}
    later = system("practice").post("/referrals", today_17 | {"wanted_from": "2026-12-20"})
    assert later.status_code == 201, later.json
    assert later.json["owner"]["team_id"] == str(ident("york-adult-team"))


def test_words_of_crisis_put_it_at_the_top_with_an_alert_and_never_refuse_it(system):
    sent(system)
    crisis = sent(system, what_matters="I can't go on tonight, I want company")
    queue = system("worker").get("/referrals", view="queue").json["items"]
    assert [item["alert"] for item in queue] == [True, False]
    assert queue[0]["id"] == crisis["id"]


def test_the_same_persons_record_is_used_again_inside_one_organisation_only(system):
    person = {"nhs_number": invented_nhs_number(), "given_name": "Ada", "family_name": "Exemplar"}
    sent(system, person=person)
    sent(system, person=person, needs=["housing"])
    assert one("select count(*) from person_record") == 1
    sent(system, "other-practice", person=person)
    assert one("select count(*) from person_record") == 2


@pytest.mark.parametrize(
    "more",
    [
        {"family_name": "Exemplar"},
        {"gp_practice_ods": "Z90001", "language": "pl"},
        {"address_lines": ["7 Invented Row"], "access_needs": ["More time"]},
        {"postcode": "YO24 3BZ", "age_estimate": 70},
    ],
)
def test_what_one_referral_tells_is_not_read_through_another(system, more):
    told = {"nhs_number": invented_nhs_number(), "given_name": "Ada"}
    practice, ids = system("practice"), []
    for need, person in (("loneliness", told), ("housing", told | more), ("food", told)):
        answer = practice.post("/referrals", referral_body(person=person, needs=[need]))
        assert answer.status_code == 201, answer.json
        ids.append(answer.json["id"])
    first, second, third = (practice.get(f"/referrals/{ident}").json["sent"]["person"] for ident in ids)
    assert first == third
    assert {name for name in more if name != "age_estimate"} <= {
        name for name in second if second[name] != first[name]
    }
    assert one("select count(*) from person_record") == 2
    found = practice.post("/find", {"q": "Exemplar"}).json["items"]
    assert [item["id"] for item in found] == ([ids[1]] if "family_name" in more else [])


def test_a_different_birth_date_under_one_number_is_another_record(system):
    number = invented_nhs_number()
    sent(system, person={"nhs_number": number, "date_of_birth": "1950-01-01"})
    sent(system, person={"nhs_number": number, "date_of_birth": "1980-01-01"}, needs=["housing"])
    assert one("select count(*) from person_record") == 2


def test_a_restricted_referral_has_a_record_of_its_own(system):
    person = {"nhs_number": invented_nhs_number(), "given_name": "Ada", "family_name": "Exemplar"}
    sent(system, person=person)
    sent(system, person=person | {"postcode": "YO10 3AD"}, needs=["housing"], restricted=True)
    assert one("select count(*) from person_record") == 2
    assert sorted(row["postcode"] for row in rows("select postcode from person_record")) == [
        "YO10 3AD",
        "YO24 3BZ",
    ]


def test_restricted_abuse_goes_unasked_only_to_her_own_practices_team(system):
    home = {"postcode": "YO31 7DE", "gp_practice_ods": None}
    abuse = {"needs": ["domestic_abuse"], "restricted": True, "target_service_id": None}
    desk = sent(system, person=home, **abuse)
    assert desk["routing"]["state"] == "unrouted"
    assert desk["routing"]["eligible"] != []
    surgery = sent(system, person=home | {"gp_practice_ods": "Z90003", "family_name": "Other"}, **abuse)
    assert surgery["routing"]["state"] == "routed"
    assert surgery["routing"]["chosen"]["name"] == "Guildhall link workers"
    lonely = sent(system, person=home, **(abuse | {"needs": ["loneliness"]}))
    assert lonely["routing"]["state"] == "routed"


def test_nobody_sends_without_a_role_that_sends(system):
    assert system("forum").post("/referrals", to_westfield()).status_code == 404
    assert system(None).post("/referrals", to_westfield()).status_code == 401


@pytest.mark.parametrize("service", ["york-open-circle", "york-youth"])
@pytest.mark.parametrize(
    "danger", [{"what_matters": "I can't go on tonight, I want company"}, {"safeguarding": "yes"}]
)
def test_danger_is_stored_with_the_desk_where_the_named_service_cannot_take_it(system, service, danger):
    made = sent(system, target_service_id=str(ident(service)), **danger)
    assert made["status"] == "received"
    assert made["routing"]["state"] == "unrouted"
    assert made["owner"]["team_id"] == str(ident("york-desk"))
    assert {"999", "111"} <= {each["number"] for each in made["emergency"]}
    (waiting,) = system("desk").get("/referrals", view="unrouted").json["items"]
    assert waiting["alert"] is True
