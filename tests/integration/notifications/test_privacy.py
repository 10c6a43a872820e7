"""Nothing personal leaves: markers in every place an answer has, looked for in all that goes out."""

import json
from datetime import timedelta
from uuid import UUID

import pytest

from services.notifications.actions.plan_messages import plan_messages
from services.notifications.actions.reading import read_messages
from services.notifications.actions.receive_events import receive_events
from services.notifications.actions.send_messages import send_due
from shared.auth import Role
from shared.logs import configure
from tests.builders.notifications import AT, LATER, account_notice, event, person

MARKERS = ("Winifred-MARKER", "999 000 0018", "bereavement-marker", "YO24 3BZ", "Haxby Grief Group")


def marked_event():
    """As a producer that forgot itself would send it."""
    return event(
        data={
            "given_name": MARKERS[0],
            "nhs_number": MARKERS[1],
            "need": MARKERS[2],
            "person": {"postcode": MARKERS[3]},
            "service": MARKERS[4],
        }
    )


def marked(recipient):
    return recipient | {
        "words": f"passed back: {MARKERS[2]}",
        "path": f"/referrals/1?name={MARKERS[0]}",
        "template": f"{MARKERS[4]}",
        "about": MARKERS[0],
        "person": {"nhs_number": MARKERS[1]},
    }


def sent_with_markers(neighbours, post_office):
    told = marked_event()
    recipient = marked(neighbours.account("email", "inbox"))
    neighbours.accounts[recipient["id"]]["notes"] = MARKERS[2]
    neighbours.tells(
        told,
        recipient,
        reference=f"{MARKERS[0]}",
        person={"name": MARKERS[0]},
        needs=[MARKERS[2]],
        name=MARKERS[0],
    )
    receive_events([told], AT)
    plan_messages(AT)
    post_office.say.append("451 later")
    send_due(LATER, "worker")
    send_due(LATER + timedelta(minutes=1), "worker")
    return told, recipient


def test_no_letter_notice_or_log_line_carries_a_marker(neighbours, store, post_office, capsys):
    configure("notifications")
    told, recipient = sent_with_markers(neighbours, post_office)
    letter = store.letters[0]
    said = "\n".join(
        [
            json.dumps(letter.headers),
            letter.subject,
            letter.body,
            *(json.dumps([n.words, n.path, n.reference, n.template]) for n in store.notices),
            *(json.dumps([m.reason, m.words, m.path, m.reference]) for m in store.messages),
            *(a.answer for a in store.attempts),
            capsys.readouterr().err,
        ]
    )
    assert len(store.notices) == 1
    assert [marker for marker in MARKERS if marker.lower() in said.lower()] == []
    assert f"/referrals/{told['subject']}" in letter.body
    assert recipient["id"] not in said


def test_what_the_organisation_reads_carries_no_marker(neighbours, store, post_office):
    told, _ = sent_with_markers(neighbours, post_office)
    page = read_messages(person(Role.SENDER), LATER, referral_id=UUID(told["subject"]))
    assert page.items
    assert [marker for marker in MARKERS if marker.lower() in repr(page).lower()] == []


def test_names_and_addresses_are_in_no_log_line(neighbours, post_office, capsys):
    configure("notifications")
    told = event()
    recipient = neighbours.account()
    neighbours.tells(told, recipient)
    receive_events([told], AT)
    plan_messages(AT)
    post_office.say.append(f"550 no {neighbours.accounts[recipient['id']]['email']}")
    send_due(LATER, "worker")
    said = capsys.readouterr().err
    assert "robin" not in said.lower()
    assert "example" not in said


@pytest.mark.parametrize(
    "kind",
    [
        "invitation",
        "password_reset",
        "password_changed",
        "signed_in_new_place",
        "second_step_removed",
        "mailbox_confirm",
        "mailbox_ended",
    ],
)
def test_a_letter_about_an_account_names_nobody(neighbours, store, post_office, kind):
    notice = account_notice(kind)
    neighbours.links[notice["data"]["link_id"]] = {
        "to": "terry@somewhere.example",
        "url": "http://localhost:5001/x",
        "name": MARKERS[0],
        "organisation": MARKERS[4],
    }
    receive_events([notice], AT)
    plan_messages(AT)
    send_due(AT, "worker")
    (letter,) = store.letters
    assert not any(marker in letter.body + letter.subject for marker in MARKERS)


def test_a_log_of_refused_events_names_fields_and_no_values(capsys):
    from services.notifications.tasks import receive

    configure("notifications")
    receive([{**marked_event(), "subject": MARKERS[0]}])
    said = capsys.readouterr().err
    assert "/subject" in said
    assert not any(marker in said for marker in MARKERS)
