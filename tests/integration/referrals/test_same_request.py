"""The same request twice is one referral; another organisation's is exactly a stranger's."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest

from services.referrals.actions import submit_referral as submitting
from services.referrals.actions.read_referrals import read_referral
from shared.clock import now
from tests.builders.bodies import invented_nhs_number
from tests.builders.referrals import as_system, one, sent, to_westfield
from tests.builders.referrals_world import CALLERS, ident


def test_the_second_post_is_answered_with_the_first(system):
    body = to_westfield()
    first = system("practice").post("/referrals", body).json
    second = system("practice").post("/referrals", body)
    assert second.status_code == 409
    assert second.json["type"].endswith("/already-open")
    assert second.json["existing"]["reference"] == first["reference"]
    assert second.json["existing"]["status"] == "received"
    assert {a["act"] for a in second.json["existing"]["available_actions"]} == {"withdraw", "void"}
    assert one("select count(*) from referral") == 1


def test_being_told_that_it_is_open_already_is_written_down(system):
    outside = {"external": {"source_system": "records", "id": "1"}}
    body = to_westfield(**outside)
    first = system("practice").post("/referrals", body).json
    person = str(one("select person_id from referral"))
    count = "select count(*) from access_log where act = 'read' and :id = any(subjects::text[])"
    for again in (to_westfield(**outside), body | {"external": None}):
        assert system("practice").post("/referrals", again).status_code == 409
    assert one(count, id=first["id"]) == one(count, id=person) == 2
    beside = system("practice").post("/referrals", body | {"external": None, "separate_reason": "Asked."})
    assert beside.status_code == 201
    submits = "select count(*) from access_log where act = 'submit' and :id = any(subjects::text[])"
    assert one(submits, id=first["id"]) == 2


def test_what_was_entered_in_error_gives_its_external_id_back(system):
    outside = {"external": {"source_system": "records", "id": "7431"}}
    first = system("practice").post("/referrals", to_westfield(**outside)).json
    used = system("practice").post("/referrals", to_westfield(**outside))
    assert used.json["type"].endswith("/external-id-used")
    assert system("practice").act(first["id"], "void", reason="wrong_person").status_code == 200
    again = system("practice").post("/referrals", to_westfield(**outside))
    assert again.status_code == 201, again.json
    third = system("practice").post("/referrals", to_westfield(**outside))
    assert third.json["existing"]["reference"] == again.json["reference"]


def test_what_was_withdrawn_keeps_its_external_id(system):
    outside = {"external": {"source_system": "records", "id": "7432"}}
    first = system("practice").post("/referrals", to_westfield(**outside)).json
    system("practice").act(first["id"], "withdraw", reason="no_longer_needed")
    assert system("practice").post("/referrals", to_westfield(**outside)).status_code == 409


def test_a_name_spelt_with_other_case_and_spaces_is_the_same_person(system):
    person = {"given_name": "Anne-Marie", "family_name": "O'Example", "nhs_number": None}
    sent(system, person=person)
    again = to_westfield(person=person | {"given_name": "ANNE MARIE", "family_name": "Oexample"})
    assert system("practice").post("/referrals", again).status_code == 409


def test_another_need_is_another_request(system):
    person = {"nhs_number": invented_nhs_number(), "given_name": "Ada", "family_name": "Exemplar"}
    sent(system, person=person)
    assert sent(system, person=person, needs=["housing"])["status"] == "received"


def test_a_separate_reason_sends_it_all_the_same_linked(system):
    body = to_westfield()
    first = system("practice").post("/referrals", body).json
    answer = system("practice").post("/referrals", body | {"separate_reason": "Her sister asked as well."})
    assert answer.status_code == 201, answer.json
    assert str(one("select separate_from_id from referral where separate_from_id is not null")) == first["id"]
    third = system("practice").post("/referrals", body)
    assert third.json["existing"]["reference"] == first["reference"]


def test_once_it_has_ended_the_same_request_is_a_new_one(system):
    body = to_westfield()
    first = system("practice").post("/referrals", body).json
    assert system("practice").act(first["id"], "withdraw", reason="no_longer_needed").status_code == 200
    assert system("practice").post("/referrals", body).status_code == 201


@pytest.mark.parametrize("act", ["reopen", "undo"])
@pytest.mark.parametrize("restricted", [False, True], ids=["open to colleagues", "restricted"])
def test_what_is_opened_again_says_nothing_of_the_same_request_being_open_with_another_team(
    system, act, restricted
):
    lead, body = system("lead"), {"reason": "Came back."} if act == "reopen" else {}
    answers = []
    for sent_again in (False, True):
        request = to_westfield(restricted=restricted)
        made = system("practice").post("/referrals", request).json
        assert lead.act(made["id"], "decline", reason="no_capacity").status_code == 200
        if sent_again:
            again = system("practice").post("/referrals", request).json
            # A restricted one goes only where somebody would see it.
            away = str(ident("york-desk" if restricted else "york-lac-team"))
            passed_on = lead.act(again["id"], "redirect", team_id=away, reason="other_service")
            assert passed_on.status_code == 200, passed_on.json
        answer = lead.act(made["id"], act, **body)
        assert answer.status_code == 200, answer.json
        answers.append(_shape(answer.json) | {"undo_until": None})
    assert answers[1] == answers[0]
    assert one("select separate_from_id from referral where id = :id", id=made["id"]) == UUID(again["id"])
    # Both are open: the sender is answered with one of them, as before.
    assert system("practice").post("/referrals", request).status_code == 409


def test_opened_again_while_the_same_request_comes_in_one_of_the_two_is_open(system):
    for _ in range(4):
        request = to_westfield()
        made = system("practice").post("/referrals", request).json
        system("lead").act(made["id"], "decline", reason="no_capacity")
        with ThreadPoolExecutor(2) as pool:
            opened = pool.submit(system("lead").act, made["id"], "reopen", reason="Came back.")
            posted = pool.submit(system("practice").post, "/referrals", request)
        assert sorted((opened.result().status_code, posted.result().status_code)) in ([200, 409], [201, 409])


def test_another_organisations_identical_post_is_like_a_strangers(system):
    body = to_westfield()
    system("practice").post("/referrals", body)
    known = system("other-practice").post("/referrals", body)
    stranger = system("other-practice").post("/referrals", to_westfield())
    assert known.status_code == stranger.status_code == 201
    differing = {"id", "reference", "submitted_at", "next_action_at", "sent"}
    assert {k: v for k, v in known.json.items() if k not in differing} == {
        k: v for k, v in stranger.json.items() if k not in differing
    }
    assert one("select count(*) from referral") == 3


def test_a_colleagues_restricted_referral_is_not_given_away_by_a_refusal(system):
    body = to_westfield(restricted=True)
    assert system("practice").post("/referrals", body).status_code == 201
    answer = system("practice-colleague").post("/referrals", body | {"restricted": False})
    assert answer.status_code == 201, answer.json
    assert "existing" not in answer.json


def test_beside_a_colleagues_restricted_referral_every_answer_is_a_strangers(system):
    body = to_westfield(restricted=True)
    hidden = system("practice").post("/referrals", body).json
    colleague = system("practice-colleague")
    mine = to_westfield(person=body["person"])
    told = [
        colleague.post("/referrals", mine | extra) for extra in ({}, {}, {}, {"separate_reason": "Asked."})
    ]
    stranger = to_westfield()
    plain = [
        colleague.post("/referrals", stranger | extra)
        for extra in ({}, {}, {}, {"separate_reason": "Asked."})
    ]
    assert [answer.status_code for answer in told] == [answer.status_code for answer in plain]
    assert [answer.status_code for answer in told] == [201, 409, 409, 201]
    assert [_shape(answer.json) for answer in told] == [_shape(answer.json) for answer in plain]
    for answer in told:
        assert hidden["reference"] not in answer.text
        assert hidden["id"] not in answer.text
    assert one("select count(*) from referral where restricted") == 1
    assert one("select count(*) from referral where not restricted") == 4


def _shape(answer):
    """All of an answer but what differs between any two referrals."""
    ours = {"id", "reference", "submitted_at", "next_action_at", "sent", "instance", "request_id"}
    return {
        key: _shape(value) if isinstance(value, dict) else value
        for key, value in answer.items()
        if key not in ours
    }


def test_the_earlier_restricted_referral_is_named_to_its_author_alone(system):
    body = to_westfield(restricted=True)
    first = system("practice").post("/referrals", body).json
    second = system("practice").post(
        "/referrals", body | {"restricted": False, "separate_reason": "For the team to see."}
    )
    assert second.status_code == 201, second.json
    seen = read_referral(UUID(second.json["id"]), by=as_system("practice"), at=now())
    assert seen.separate_from is not None
    assert seen.separate_from.reference == first["reference"]
    for other in ("practice-colleague", "worker", "lead"):
        assert read_referral(UUID(second.json["id"]), by=CALLERS[other], at=now()).separate_from is None


def test_an_authors_own_restricted_request_twice_is_one(system):
    body = to_westfield(restricted=True)
    first = system("practice").post("/referrals", body).json
    for again in (body, body | {"restricted": False}):
        answer = system("practice").post("/referrals", again)
        assert answer.status_code == 409
        assert answer.json["existing"]["reference"] == first["reference"]


def test_a_colleagues_posts_at_once_beside_a_restricted_one_are_one_referral(system, monkeypatch):
    body = to_westfield(restricted=True)
    system("practice").post("/referrals", body)
    monkeypatch.setattr(submitting, "lock_keys", lambda *_: None)
    colleague = system("practice-colleague")
    with ThreadPoolExecutor(max_workers=8) as pool:
        plain = body | {"restricted": False}
        answers = list(pool.map(lambda _: colleague.post("/referrals", plain), range(16)))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 15}
    assert one("select count(*) from referral where not restricted") == 1


def test_fifty_identical_posts_at_once_are_one_referral(system):
    body = to_westfield()
    practice = system("practice")
    with ThreadPoolExecutor(max_workers=10) as pool:
        answers = list(pool.map(lambda _: practice.post("/referrals", body), range(50)))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 49}
    assert one("select count(*) from referral") == 1
    (made,) = [answer.json for answer in answers if answer.status_code == 201]
    assert {a.json["existing"]["reference"] for a in answers if a.status_code == 409} == {made["reference"]}


def test_the_unique_index_stands_behind_the_locks(system, monkeypatch):
    """With no locks at all, and everybody looking before anybody writes, there is still one."""
    monkeypatch.setattr(submitting, "lock_keys", lambda *_: None)
    body = to_westfield()
    practice = system("practice")
    with ThreadPoolExecutor(max_workers=8) as pool:
        answers = list(pool.map(lambda _: practice.post("/referrals", body), range(16)))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 15}
    assert one("select count(*) from referral") == 1


def test_the_senders_own_id_is_taken_once(system):
    external = {"source_system": "practice-records", "id": "7431"}
    first = sent(system, external=external)
    again = system("practice").post("/referrals", to_westfield(external=external))
    assert again.status_code == 409
    assert again.json["existing"]["reference"] == first["reference"]
    assert sent(system, "other-practice", external=external)["id"] != first["id"]


class Killed(RuntimeError):
    """The process died here."""


def test_a_post_that_dies_half_way_leaves_nothing(system, monkeypatch):
    def die(*_args, **_kwargs):
        raise Killed

    monkeypatch.setattr(submitting.audit, "record", die)
    answer = system("practice").post("/referrals", to_westfield(), Idempotency_Key="half-way")
    assert answer.status_code == 500
    monkeypatch.undo()
    for table in ("referral", "person_record", "move", "outbox", "idempotency", "contact_point"):
        assert one(f"select count(*) from {table}") == 0  # noqa: S608 fixed names


@pytest.mark.parametrize("key", ["abc", '"abc-123"'])
def test_a_repeated_key_replays_the_first_answer(system, key):
    body = to_westfield()
    first = system("practice").post("/referrals", body, Idempotency_Key=key)
    again = system("practice").post("/referrals", body, Idempotency_Key=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert again.json["id"] == first.json["id"]
    assert one("select count(*) from referral") == 1


def test_a_key_with_another_body_is_refused(system):
    system("practice").post("/referrals", to_westfield(), Idempotency_Key="k1")
    other = system("practice").post("/referrals", to_westfield(), Idempotency_Key="k1")
    assert other.status_code == 422
    assert other.json["errors"][0]["pointer"] == "/Idempotency-Key"


def test_keys_of_two_clients_are_two(system):
    body = to_westfield()
    system("practice").post("/referrals", body, Idempotency_Key="k1")
    assert system("other-practice").post("/referrals", body, Idempotency_Key="k1").status_code == 201


def test_a_refused_post_leaves_its_key_free(system):
    bad = to_westfield(needs=["dragons"])
    assert system("practice").post("/referrals", bad, Idempotency_Key="k1").status_code == 422
    assert system("practice").post("/referrals", to_westfield(), Idempotency_Key="k1").status_code == 201


def test_a_replay_is_rendered_under_todays_state(system):
    body = to_westfield()
    first = system("practice").post("/referrals", body, Idempotency_Key="k1").json
    system("practice").act(first["id"], "withdraw", reason="no_longer_needed")
    again = system("practice").post("/referrals", body, Idempotency_Key="k1")
    assert again.status_code == 201
    assert again.json["status"] == "cancelled"


def test_a_key_that_cannot_be_read_is_malformed(system):
    assert system("practice").post("/referrals", to_westfield(), Idempotency_Key='""').status_code == 400
