"""An organisation's mailbox for news: looked at once more before each letter, and never told twice."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from services.notifications.actions import send_messages
from services.notifications.actions.addressing import NO_MAILBOX, SAME_ADDRESS, SHARED
from services.notifications.actions.last_check import MAY_NOT
from services.notifications.actions.plan_messages import plan_messages
from services.notifications.actions.reading import read_messages, send_again
from services.notifications.actions.receive_events import receive_events
from services.notifications.actions.send_messages import send_due, take_back_leases
from services.notifications.store.database import database
from services.notifications.store.tables.messages import Message
from shared.auth import Role
from tests.builders.notifications import AT, CHARITY, LATER, PRACTICE, event, partner, person

pytestmark = pytest.mark.usefixtures("post_office")
BOX = "referrals@practice.example"


class WorkerKilled(BaseException):
    """Stands for SIGKILL: nothing after it runs."""


def queued(neighbours, *recipients, **answer):
    told = event()
    neighbours.tells(told, *recipients, **answer)
    receive_events([told], AT)
    plan_messages(AT)
    return told


def send(at=LATER):
    return send_due(at, "worker")


def of_the_box(store):
    (only,) = [row for row in store.messages if row.recipient_kind == "mailbox"]
    return only


def address(neighbours, recipient):
    return neighbours.accounts[recipient["id"]]["email"]


def test_the_mailbox_and_the_sender_get_one_letter_each_with_the_same_words(neighbours, store):
    sender = neighbours.account()
    queued(neighbours, sender, neighbours.mailbox())
    send()
    by_address = {letter.recipient: letter for letter in store.letters}
    assert set(by_address) == {BOX, address(neighbours, sender)}
    box, other = by_address[BOX], by_address[address(neighbours, sender)]
    assert (box.subject, box.body) == (other.subject, other.body)
    assert of_the_box(store).told_address == BOX
    assert of_the_box(store).told_name is None


def test_an_event_heard_twice_is_told_to_the_mailbox_once(neighbours, store):
    told = queued(neighbours, neighbours.mailbox())
    receive_events([told], AT)
    plan_messages(AT)
    send()
    assert [letter.recipient for letter in store.letters] == [BOX]


def test_a_worker_killed_after_handing_over_sends_the_mailbox_no_second_letter(
    neighbours, store, monkeypatch
):
    queued(neighbours, neighbours.mailbox())

    def killed(*_):
        raise WorkerKilled

    with monkeypatch.context() as dying:
        dying.setattr(send_messages, "_write_down", killed)
        with pytest.raises(WorkerKilled):
            send()
    later = LATER + timedelta(seconds=65)
    take_back_leases(later)
    send(later)
    assert [(letter.recipient, letter.offered) for letter in store.letters] == [(BOX, 2)]
    assert of_the_box(store).status == "sent"


def test_with_the_same_address_as_somebody_who_is_told_there_is_one_letter(neighbours, store):
    sender = neighbours.account()
    queued(neighbours, sender, neighbours.mailbox(address(neighbours, sender).upper()))
    send()
    assert [letter.recipient for letter in store.letters] == [address(neighbours, sender)]
    assert (of_the_box(store).status, of_the_box(store).reason) == ("cancelled", SAME_ADDRESS)


def test_one_letter_too_where_the_other_went_before(neighbours, store):
    sender = neighbours.account()
    box = neighbours.mailbox(address(neighbours, sender))
    told = queued(neighbours, sender, box)
    with database.transaction() as session:
        row = session.get_one(Message, of_the_box(store).id)
        row.due_at = LATER + timedelta(minutes=5)
    send()
    assert of_the_box(store).status == "queued"
    neighbours.tells(told, box)
    send(LATER + timedelta(minutes=6))
    assert of_the_box(store).reason == SAME_ADDRESS
    assert len(store.letters) == 1


def referrer(email):
    return {
        "kind": "address", "email": email, "organization_id": str(PRACTICE), "channels": ["email"],
        "template": "referral_news", "words": "", "path": "/referrals/1",
    }  # fmt: skip


def test_one_letter_too_with_an_address_that_was_given_without_an_account(neighbours, store):
    queued(neighbours, referrer(BOX), neighbours.mailbox(BOX))
    send()
    assert [letter.recipient for letter in store.letters] == [BOX]
    assert of_the_box(store).reason == SAME_ADDRESS


@pytest.mark.parametrize("gone", ["closed", "not told any more", "wants no e-mail"])
def test_whoever_has_the_same_address_and_is_not_told_does_not_stand_in_for_the_mailbox(
    neighbours, store, gone
):
    sender = neighbours.account()
    box = neighbours.mailbox(address(neighbours, sender))
    if gone == "wants no e-mail":
        # As if the account had switched its letters off: only the notice inside was made.
        sender["channels"] = ["inbox"]
    told = queued(neighbours, sender, box)
    if gone == "closed":
        neighbours.accounts[sender["id"]]["active"] = False
    elif gone == "not told any more":
        neighbours.tells(told, box)
    send()
    assert of_the_box(store).status == "sent"
    assert [letter.recipient for letter in store.letters] == [address(neighbours, sender)]


def test_another_organisation_with_the_same_address_changes_nothing(neighbours, store):
    theirs = neighbours.account(org=CHARITY)
    queued(neighbours, theirs, neighbours.mailbox(address(neighbours, theirs)))
    send()
    assert {row.status for row in store.messages} == {"sent"}


def test_a_mailbox_changed_after_planning_is_written_to_where_it_is_now(neighbours, store):
    queued(neighbours, neighbours.mailbox("old@practice.example"))
    neighbours.mailboxes[str(PRACTICE)] = "new@practice.example"
    send()
    assert [letter.recipient for letter in store.letters] == ["new@practice.example"]


def test_a_mailbox_removed_or_whose_organisation_closed_is_not_written_to(neighbours, store):
    queued(neighbours, neighbours.mailbox())
    neighbours.mailboxes.clear()
    send()
    assert store.letters == []
    assert (of_the_box(store).status, of_the_box(store).reason) == ("cancelled", NO_MAILBOX)


def test_what_became_restricted_between_planning_and_sending_is_not_sent_to_the_mailbox(neighbours, store):
    sender = neighbours.account()
    told = queued(neighbours, sender, neighbours.mailbox())
    neighbours.tells(told, sender, restricted=True)
    send()
    assert [letter.recipient for letter in store.letters] == [address(neighbours, sender)]
    assert (of_the_box(store).status, of_the_box(store).reason) == ("cancelled", MAY_NOT)


def test_of_a_restricted_referral_it_hears_nothing_where_its_address_was_given_as_the_referrers_either(
    neighbours, store
):
    neighbours.mailbox(BOX)
    queued(neighbours, referrer(BOX.upper()), restricted=True)
    neighbours.away.add("directory")
    send()
    assert [row.status for row in store.messages] == ["queued"]
    neighbours.away.clear()
    send(LATER + timedelta(minutes=10))
    assert store.letters == []
    assert [(row.status, row.reason) for row in store.messages] == [("cancelled", SHARED)]


@pytest.mark.parametrize(
    ("email", "restricted"),
    [("jo@practice.example", True), (BOX, False)],
    ids=["their own", "not restricted"],
)
def test_whoever_asked_hears_at_the_address_they_gave(neighbours, store, email, restricted):
    neighbours.mailbox(BOX)
    queued(neighbours, referrer(email), restricted=restricted)
    send()
    assert [letter.recipient for letter in store.letters] == [email]


def test_with_the_directory_away_the_mailbox_waits_and_the_letter_goes_later(neighbours, store):
    queued(neighbours, neighbours.mailbox())
    neighbours.away.add("directory")
    send()
    assert of_the_box(store).status == "queued"
    neighbours.away.clear()
    send(LATER + timedelta(minutes=10))
    assert of_the_box(store).status == "sent"


def test_a_mailbox_that_refuses_is_seen_as_failed_with_why_and_sent_again_where_it_is_by_then(
    neighbours, store, post_office
):
    queued(neighbours, neighbours.mailbox())
    post_office.say.append("550 no such mailbox")
    send()
    admin = person(Role.ORG_ADMIN)
    (shown,) = read_messages(admin, LATER).items
    assert (shown.status, shown.to, shown.recipient_kind, shown.can_retry) == ("failed", BOX, "mailbox", True)
    assert shown.reason
    neighbours.mailboxes[str(PRACTICE)] = "mended@practice.example"
    send_again(shown.id, admin, LATER)
    send(LATER + timedelta(seconds=1))
    assert [letter.recipient for letter in store.letters] == ["mended@practice.example"]


def test_the_sending_system_reads_that_the_mailbox_was_told_and_others_do_not(neighbours):
    told = queued(neighbours, neighbours.mailbox())
    send()
    referral = UUID(told["subject"])
    (shown,) = read_messages(partner(), LATER, referral_id=referral).items
    assert (shown.recipient_kind, shown.to, shown.status) == ("mailbox", BOX, "sent")
    assert read_messages(partner(CHARITY), LATER, referral_id=referral).items == []


def test_ten_mailboxes_are_asked_for_at_once(neighbours):
    for number in range(10):
        org = UUID(int=100 + number)
        queued(neighbours, neighbours.mailbox(f"referrals@practice-{number}.example", org=org))
    send()
    assert neighbours.asked_for("/referral-mailboxes/lookup") == 1
