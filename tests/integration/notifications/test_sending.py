"""Sending to a real mail server: exactly once, whatever dies on the way."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from services.notifications.actions import send_messages
from services.notifications.actions.plan_messages import plan_messages
from services.notifications.actions.reading import read_messages, send_again
from services.notifications.actions.receive_events import receive_events
from services.notifications.actions.send_messages import check_provider, send_due, take_back_leases
from services.notifications.clients.mail import Mail
from services.notifications.domain.rules import Channel
from services.notifications.store.database import database
from services.notifications.store.tables.providers import Provider
from shared.auth import Role
from shared.errors import Conflict, NotFound
from tests.builders.notifications import AT, LATER, account_notice, event, person, undoing
from tests.queries import count_queries

pytestmark = pytest.mark.usefixtures("post_office")


class WorkerKilled(BaseException):
    """Stands for SIGKILL: nothing after it runs."""


def queued(neighbours, *recipients, type="referral.declined.v1", at=AT, **answer):
    told = event(type)
    neighbours.tells(told, *(recipients or [neighbours.account()]), **answer)
    receive_events([told], at)
    plan_messages(at)
    return told


def send(at=LATER, worker="worker-1"):
    return send_due(at, worker)


def test_a_letter_arrives(neighbours, store):
    queued(neighbours)
    assert send() == 1
    (letter,) = store.letters
    message = store.message
    assert message.status == "sent"
    assert letter.message_id == message.letter_id
    assert letter.recipient == message.told_address
    assert "http://localhost:5002/referrals/00000000-0000-0000-0000-000000000001" in letter.body
    assert "LW-7K2F-9D4" in letter.body
    assert [(a.outcome, a.answer) for a in store.attempts] == [("accepted", "The mail server took it.")]


def test_a_letter_says_that_a_machine_wrote_it_and_tracks_nobody(neighbours, store):
    queued(neighbours)
    send()
    headers = dict(store.letters[0].headers)
    assert headers["From"] == "Linkwork <no-reply@linkwork.example>"
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["Content-Type"] == 'text/plain; charset="utf-8"'
    assert headers["Date"].startswith("Sun, 22 Nov 2026 10:10:")
    assert set(headers) == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress",
        "Content-Type", "Content-Transfer-Encoding", "MIME-Version",
    }  # fmt: skip


def test_nothing_goes_before_its_time(neighbours, store):
    queued(neighbours)
    assert send(AT + timedelta(seconds=59)) == 0
    assert send(AT + timedelta(seconds=60)) == 1
    assert len(store.letters) == 1


def test_a_worker_killed_after_handing_over_sends_no_second_letter(
    neighbours, store, post_office, monkeypatch
):
    queued(neighbours)

    def killed(*_):
        raise WorkerKilled

    with monkeypatch.context() as dying:
        dying.setattr(send_messages, "_write_down", killed)
        with pytest.raises(WorkerKilled):
            send()
    assert store.message.status == "sending"
    assert send(worker="worker-2") == 0, "the lease still holds"

    assert take_back_leases(LATER + timedelta(seconds=59)) == 0
    assert take_back_leases(LATER + timedelta(seconds=65)) == 1
    assert send(LATER + timedelta(seconds=65), "worker-2") == 1

    assert post_office.offered == {store.message.letter_id: 2}
    assert [letter.offered for letter in store.letters] == [2]
    assert store.message.status == "sent"
    assert [a.outcome for a in store.attempts] == ["unclear", "accepted"]
    assert "the worker stopped" in store.attempts[0].answer


@pytest.mark.parametrize("dies_in", ["last_check", "_settle", "_show_inside", "_hand_over", "_begin"])
def test_a_worker_killed_anywhere_before_handing_over_loses_nothing(neighbours, store, monkeypatch, dies_in):
    queued(neighbours, neighbours.account("email", "inbox"))

    def killed(*_):
        raise WorkerKilled

    with monkeypatch.context() as dying:
        dying.setattr(send_messages, dies_in, killed)
        with pytest.raises(WorkerKilled):
            send()
    take_back_leases(LATER + timedelta(seconds=65))
    send(LATER + timedelta(seconds=65))

    assert {m.status for m in store.messages} == {"sent", "delivered"}
    assert len(store.letters) == 1
    assert len(store.notices) == 1


def test_two_workers_at_once_send_each_letter_once(neighbours, store, post_office):
    for _ in range(30):
        queued(neighbours)
    with ThreadPoolExecutor(4) as workers:
        taken = list(workers.map(lambda n: send_due(LATER, f"worker-{n}", limit=5), range(12)))
    assert sum(taken) == 30
    assert set(post_office.offered.values()) == {1}
    assert len(store.letters) == 30


def test_undone_in_time_means_no_letter(neighbours, store):
    told = queued(neighbours, neighbours.account("email", "inbox"))
    receive_events([undoing(told, AT + timedelta(seconds=30))], AT + timedelta(seconds=30))
    assert {m.status for m in store.messages} == {"cancelled"}
    assert send() == 0
    assert store.letters == []
    assert store.notices == []


def test_accepted_then_withdrawn_within_the_minute_tells_only_the_withdrawal(neighbours, store):
    accepted = queued(neighbours, type="referral.accepted.v1")
    withdrawn = event(
        "referral.withdrawn.v1", UUID(accepted["subject"]), time=(AT + timedelta(seconds=20)).isoformat()
    )
    neighbours.tells(withdrawn, neighbours.account())
    receive_events([withdrawn], AT + timedelta(seconds=20))
    plan_messages(AT + timedelta(seconds=20))
    send()
    assert {(m.event_type, m.status) for m in store.messages} == {
        ("referral.accepted.v1", "cancelled"),
        ("referral.withdrawn.v1", "sent"),
    }


def test_news_overtaken_by_an_act_that_is_undone_goes_after_all(neighbours, store):
    accepted = queued(neighbours, type="referral.accepted.v1")
    declined = event(
        "referral.declined.v1", UUID(accepted["subject"]), time=(AT + timedelta(seconds=20)).isoformat()
    )
    neighbours.tells(declined, neighbours.account())
    receive_events([declined], AT + timedelta(seconds=20))
    plan_messages(AT + timedelta(seconds=20))
    send(AT + timedelta(seconds=60))
    assert store.letters == [], "the pass-back may still be undone"
    receive_events([undoing(declined, AT + timedelta(seconds=70))], AT + timedelta(seconds=70))
    send(AT + timedelta(seconds=81))
    assert {(m.event_type, m.status) for m in store.messages} == {
        ("referral.accepted.v1", "sent"),
        ("referral.declined.v1", "cancelled"),
    }


def test_who_may_no_longer_know_is_not_told(neighbours, store):
    recipient = neighbours.account("email", "inbox")
    told = queued(neighbours, recipient)
    neighbours.tells(told)
    send()
    assert {(m.status, m.reason) for m in store.messages} == {
        ("cancelled", "They may no longer be told about this.")
    }
    assert store.letters == []


def test_whose_sight_was_narrowed_before_it_went_reads_it_under_the_name_it_was_told_by(neighbours, store):
    sender = neighbours.account("email", "inbox")
    told = queued(neighbours, sender | {"event_type": "referral.declined.v1"})
    neighbours.tells(told, sender | {"event_type": "referral.closed.v1", "words": "closed"})
    send()
    shown = read_messages(person(), LATER, referral_id=UUID(told["subject"])).items
    assert {(m.event_type, m.status) for m in shown} == {
        ("referral.closed.v1", "sent"),
        ("referral.closed.v1", "delivered"),
    }


@pytest.mark.parametrize("answer", [{"cancelled": True}, None])
def test_what_referrals_takes_back_is_not_told(neighbours, store, answer):
    told = queued(neighbours)
    neighbours.audiences.pop(told["id"]) if answer is None else neighbours.audiences[told["id"]].update(
        answer
    )
    send()
    assert store.message.status == "cancelled"


def test_a_referral_still_held_over_there_waits_here(neighbours, store):
    told = queued(neighbours)
    neighbours.audiences[told["id"]]["held_until"] = (LATER + timedelta(minutes=1)).isoformat()
    send()
    assert (store.message.status, store.message.due_at) == ("queued", LATER + timedelta(minutes=1))


def test_a_closed_account_is_not_written_to(neighbours, store):
    recipient = neighbours.account("email", "inbox")
    queued(neighbours, recipient)
    neighbours.accounts[recipient["id"]]["active"] = False
    send()
    assert {m.reason for m in store.messages} == {"Their account is closed."}


def test_a_letter_goes_to_the_address_of_the_moment_it_is_sent(neighbours, store):
    recipient = neighbours.account()
    queued(neighbours, recipient)
    neighbours.accounts[recipient["id"]]["email"] = "new-address@practice.example"
    send()
    assert store.letters[0].recipient == "new-address@practice.example"


def test_a_referrer_without_an_account_is_told_by_address(neighbours, store):
    recipient = {
        "kind": "address",
        "email": "Dr.Example@practice.example",
        "organization_id": str(uuid4()),
        "channels": ["email", "inbox"],
        "template": "question_waiting",
        "words": "",
        "path": "/referrals/abc",
    }
    queued(neighbours, recipient)
    send()
    assert store.message.channel == "email"
    assert store.letters[0].recipient == "Dr.Example@practice.example"
    assert store.letters[0].subject == "Somebody needs an answer from you in Linkwork"


@pytest.mark.parametrize("service", ["referrals", "directory"])
def test_with_a_neighbour_away_nothing_is_sent_on_old_knowledge(neighbours, store, service):
    queued(neighbours)
    neighbours.away.add(service)
    send()
    assert store.letters == []
    assert store.message.status == "queued"
    assert store.message.tries == 0, "waiting for our own services counts as no try"
    neighbours.away.clear()
    send(LATER + timedelta(minutes=2))
    assert len(store.letters) == 1


def test_a_server_that_is_down_is_tried_again_until_it_is_back(neighbours, store, monkeypatch, post_office):
    for _ in range(3):
        queued(neighbours)
    working = f"smtp://127.0.0.1:{post_office.port}"
    monkeypatch.setenv("SMTP_URL", "smtp://127.0.0.1:1")
    send()
    assert [m.status for m in store.messages] == ["queued"] * 3
    assert sorted(m.tries for m in store.messages) == [0, 0, 1], "the others were not even tried"
    assert {a.answer for a in store.attempts} == {"The mail server could not be reached."}
    monkeypatch.setenv("SMTP_URL", working)
    send(LATER + timedelta(minutes=1))
    assert len(store.letters) == 3
    assert {m.status for m in store.messages} == {"sent"}


def test_a_temporary_refusal_is_tried_again_later_and_later(neighbours, store, post_office):
    queued(neighbours)
    at, pauses = LATER, []
    post_office.say += ["451 greylisted, please come back"] * 4
    for _ in range(4):
        send(at)
        assert store.message.status == "queued"
        pauses.append((store.message.due_at - at).total_seconds())
        at = store.message.due_at
    assert pauses == pytest.approx([15, 30, 60, 120], rel=0.25)
    send(at)
    assert store.message.status == "sent"
    assert store.attempts[0].answer == "The mail server answered 451: greylisted, please come back"


def test_a_permanent_refusal_fails_with_the_servers_words_and_without_the_address(
    neighbours, store, post_office
):
    recipient = neighbours.account()
    address = neighbours.accounts[recipient["id"]]["email"]
    queued(neighbours, recipient)
    post_office.say.append(f"550 <{address}> is not known here")
    send()
    assert store.message.status == "failed"
    assert store.message.reason == "The mail server answered 550: <[address]> is not known here"
    assert send(LATER + timedelta(days=1)) == 0


def test_one_refused_letter_does_not_stop_the_others(neighbours, store, post_office):
    for _ in range(3):
        queued(neighbours)
    post_office.say += ["", "550 no", ""]
    send()
    assert sorted(m.status for m in store.messages) == ["failed", "sent", "sent"]


def test_an_address_that_is_none_fails_at_once(neighbours, store):
    recipient = neighbours.account()
    neighbours.accounts[recipient["id"]]["email"] = "robin@practice.example\r\nBcc: other@practice.example"
    queued(neighbours, recipient)
    send()
    assert store.message.status == "failed"
    assert store.letters == []


def test_it_gives_up_in_the_end_and_a_person_can_have_it_sent_again(neighbours, store, post_office):
    queued(neighbours)
    with database.transaction() as session:
        session.merge(store.message).tries = 39
    post_office.say.append("451 still not")
    send()
    assert store.message.status == "failed"
    assert "after many tries" in store.message.reason

    admin = person(Role.ORG_ADMIN)
    again = send_again(store.message.id, admin, LATER)
    assert again.status == "queued"
    send(LATER)
    assert store.message.status == "sent"
    with pytest.raises(Conflict):
        send_again(store.message.id, admin, LATER)


def test_nobody_else_can_have_it_sent_again(neighbours, store, post_office):
    queued(neighbours)
    post_office.say.append("550 no")
    send()
    for other in (person(Role.SENDER), person(Role.ORG_ADMIN, org=uuid4())):
        with pytest.raises(NotFound):
            send_again(store.message.id, other, LATER)
    assert store.message.status == "failed"


def test_a_connection_that_breaks_after_the_letter_was_taken_means_one_letter(neighbours, store, post_office):
    queued(neighbours)
    post_office.say.append("take and break")
    send()
    assert store.message.status == "queued"
    assert store.attempts[0].outcome == "unclear"
    send(LATER + timedelta(minutes=1))
    assert store.message.status == "sent"
    assert [letter.offered for letter in store.letters] == [2]


def test_a_reset_letter_carries_a_link_made_at_that_moment(neighbours, store):
    notice = account_notice("password_reset")
    link = notice["data"]["link_id"]
    neighbours.links[link] = {"to": "terry@somewhere.example", "url": "http://localhost:5001/reset/abc"}
    receive_events([notice], AT)
    plan_messages(AT)
    assert neighbours.minted == 0
    send(AT)
    (letter,) = store.letters
    assert (letter.recipient, letter.subject) == (
        "terry@somewhere.example",
        "Choose a new password for Linkwork",
    )
    assert "http://localhost:5001/reset/abc-1" in letter.body
    assert store.message.sealed_url is None, "the link is not kept"
    assert store.message.organization_id is None


def test_a_repeated_account_letter_carries_the_link_that_works(neighbours, store, monkeypatch):
    """A link made anew ends the one before; the letter that arrived first must not lead nowhere."""
    notice = account_notice("invitation")
    neighbours.links[notice["data"]["link_id"]] = {
        "to": "terry@somewhere.example",
        "url": "http://localhost:5001/invitation/abc",
    }
    receive_events([notice], AT)
    plan_messages(AT)

    def killed(*_):
        raise WorkerKilled

    with monkeypatch.context() as dying:
        dying.setattr(send_messages, "_write_down", killed)
        with pytest.raises(WorkerKilled):
            send(AT)
    assert b"invitation" not in store.message.sealed_url
    take_back_leases(LATER)
    send(LATER)
    assert neighbours.minted == 1
    assert [letter.offered for letter in store.letters] == [2]
    assert "invitation/abc-1" in store.letters[0].body


def test_a_letter_about_a_link_that_ended_is_not_sent(neighbours, store):
    receive_events([account_notice()], AT)
    plan_messages(AT)
    send(AT)
    assert (store.message.status, store.message.reason) == (
        "cancelled",
        "The link this letter was about has ended.",
    )


def test_urgent_and_account_letters_go_first(neighbours, store):
    for _ in range(3):
        queued(neighbours, type="referral.asked.v1")
    urgent = neighbours.account(template="urgent_arrived")
    queued(neighbours, urgent, type="referral.received.v1")
    send_due(LATER, "worker-1", limit=1)
    assert [letter.subject for letter in store.letters] == ["Please look at Linkwork today"]


def test_a_batch_that_takes_too_long_leaves_the_rest_untouched(neighbours, store, monkeypatch):
    for _ in range(3):
        queued(neighbours)
    monkeypatch.setattr(send_messages, "BATCH_SECONDS", 0.0)
    send()
    assert store.letters == []
    assert {(m.status, m.tries) for m in store.messages} == {("queued", 0)}


def test_a_worker_that_lost_its_lease_sends_nothing(neighbours, store, monkeypatch, post_office):
    queued(neighbours)
    check = send_messages.last_check

    def slow(taken, at):
        take_back_leases(LATER + timedelta(seconds=61))
        return check(taken, at)

    monkeypatch.setattr(send_messages, "last_check", slow)
    send()
    assert post_office.offered == {}
    assert store.message.status == "queued"


def test_an_answer_that_comes_after_the_lease_ran_out_still_counts(neighbours, store, monkeypatch):
    queued(neighbours)
    hand_over = Mail.send

    def slow(mail, letter):
        answer = hand_over(mail, letter)
        take_back_leases(LATER + timedelta(minutes=5))
        return answer

    monkeypatch.setattr(Mail, "send", slow)
    send()
    assert store.message.status == "sent"
    assert send(LATER + timedelta(minutes=6)) == 0


def test_a_message_whose_worker_always_stops_is_put_aside(neighbours, store, monkeypatch):
    queued(neighbours)

    def killed(*_):
        raise WorkerKilled

    monkeypatch.setattr(Mail, "send", killed)
    with database.transaction() as session:
        session.merge(store.message).tries = 39
    with pytest.raises(WorkerKilled):
        send()
    take_back_leases(LATER + timedelta(minutes=5))
    assert store.message.status == "failed"
    assert "worker stopped each time" in store.message.reason


def test_the_mail_server_is_asked_whether_it_answers(store, monkeypatch):
    assert check_provider(Channel.EMAIL, AT)
    assert [(p.answers, p.words) for p in store.all(Provider)] == [(True, "The mail server answers.")]
    monkeypatch.setenv("SMTP_URL", "smtp://127.0.0.1:1")
    assert not check_provider(Channel.EMAIL, LATER)
    assert [p.answers for p in store.all(Provider)] == [False]


def test_neighbours_are_asked_once_for_a_batch(neighbours):
    told = queued(neighbours, *(neighbours.account("email", "inbox") for _ in range(10)))
    before = neighbours.asked_for("audience")
    send()
    assert neighbours.asked_for("audience") - before == 1
    assert neighbours.asked_for("lookup") == 1
    assert told


def test_notices_inside_cost_the_same_number_of_queries_for_one_and_for_thirty(neighbours):
    counted = []
    for number in (1, 30):
        queued(neighbours, *(neighbours.account("inbox") for _ in range(number)))
        with count_queries(database.engine) as queries:
            assert send() == number
        counted.append(len(queries))
    assert counted[0] == counted[1]
