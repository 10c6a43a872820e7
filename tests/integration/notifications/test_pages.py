"""The pages: notices, who was told what, choices, how sending is going, and the outbox."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import OperationalError

from services.notifications.actions.plan_messages import plan_messages
from services.notifications.actions.receive_events import receive_events
from services.notifications.actions.send_messages import check_provider, send_due
from services.notifications.app import create_app
from services.notifications.domain.rules import Channel
from services.notifications.store.database import database
from services.notifications.store.signin import TrustedKey
from shared.auth import Caller, Membership, Role
from shared.auth.caller import Kind
from shared.clock import now
from tests.builders.notifications import AT, CHARITY, LATER, PRACTICE, account_notice, event, person
from tests.builders.notifications_browser import Browser, trust_the_directory
from tests.queries import count_queries


@pytest.fixture(autouse=True)
def keys(clean):
    trust_the_directory()


def told(neighbours, recipient, *more, at=AT, type="referral.declined.v1", **answer):
    happened = event(type, time=at.isoformat())
    neighbours.tells(happened, recipient, *more, **answer)
    receive_events([happened], at)
    plan_messages(at)
    return happened


def noticed(neighbours, number=1, *roles, **more):
    """Somebody with so many notices, and their caller."""
    recipient = neighbours.account("inbox", **more)
    for minute in range(number):
        told(neighbours, recipient, at=AT + timedelta(minutes=minute))
    send_due(AT + timedelta(hours=2), "worker")
    return person(*roles, account=UUID(recipient["id"]))


def test_notices_are_where_one_comes_in(app):
    assert Browser(app, person()).get("/").location == "/notices"


def test_who_is_not_signed_in_is_sent_to_sign_in(app):
    answer = Browser(app).get("/notices")
    assert answer.location.startswith(
        "http://localhost:5001/sign-in?next=http%3A%2F%2Flocalhost%3A5003%2Fnotices"
    )


def test_without_notices_the_page_says_what_will_come(app):
    browser = Browser(app, person())
    assert browser.get("/notices").status_code == 200
    assert "No notices yet" in browser.words


def test_a_notice_leads_to_the_referral_and_is_read_then(app, neighbours):
    browser = Browser(app, noticed(neighbours))
    browser.get("/notices")
    assert "You have 1 that you have not read" in browser.words
    assert "There is news: LW-7K2F-9D4" in browser.words
    assert "News Passed back" in browser.words
    assert "22 November 2026 at midday" in browser.words
    link = browser.html.split('href="/notices/')[1].split('"')[0]
    answer = browser.get(f"/notices/{link}")
    assert answer.location == "http://localhost:5002/referrals/00000000-0000-0000-0000-000000000001"
    browser.get("/notices")
    assert "You have read them all" in browser.words


def test_notices_are_marked_as_read_one_by_one_or_all(app, neighbours, store):
    browser = Browser(app, noticed(neighbours, 3))
    browser.get("/notices")
    one = store.notices[0].message_id
    assert browser.post(f"/notices/{one}/read").status_code == 302
    browser.get("/notices")
    assert "You have 2 that you have not read" in browser.words
    assert "The notice is marked as read" in browser.words
    browser.post("/notices/read")
    browser.get("/notices")
    assert "You have read them all" in browser.words


def test_the_newest_notices_come_first_and_old_ones_on_further_pages(app, neighbours):
    browser = Browser(app, noticed(neighbours, 25))
    browser.get("/notices")
    assert browser.words.count("There is news") >= 20
    following = browser.html.split('href="/notices?cursor=')[1].split('"')[0]
    browser.get(f"/notices?cursor={following}")
    assert browser.words.count("There is news") >= 5
    assert browser.html.count('<a class="nhsuk-link" href="/notices/') == 5


def test_nobody_reads_or_marks_the_notices_of_another(app, neighbours, store):
    noticed(neighbours)
    other = Browser(app, person())
    other.get("/preferences")
    notice = store.notices[0].message_id
    assert other.get(f"/notices/{notice}").status_code == 404
    other.get("/preferences")
    other.post(f"/notices/{notice}/read")
    other.post("/notices/read")
    assert store.notices[0].read_at is None


def test_who_left_an_organisation_no_longer_reads_its_notices(app, neighbours):
    caller = noticed(neighbours)
    moved = Caller(caller.sub, Kind.PERSON, CHARITY, memberships=(Membership(CHARITY, Role.WORKER),))
    browser = Browser(app, moved)
    browser.get("/notices")
    assert "No notices yet" in browser.words


def test_a_notice_costs_the_same_number_of_queries_as_twenty(app, neighbours):
    counted = []
    for number in (1, 20):
        browser = Browser(app, noticed(neighbours, number))
        browser.get("/notices")
        with count_queries(database.engine) as queries:
            browser.get("/notices")
        counted.append(len(queries))
    assert counted == [4, 4]


def test_who_was_told_what_is_shown_with_each_try(app, neighbours, post_office):
    happened = told(neighbours, neighbours.account("email", "inbox"))
    post_office.say.append("451 come back")
    send_due(LATER, "worker")
    send_due(LATER + timedelta(minutes=1), "worker")
    browser = Browser(app, person())
    browser.get(f"/messages/{happened['subject']}")
    assert "E-mail to Robin Receptionist, robin-" in browser.words
    assert "In Linkwork to Robin Receptionist" in browser.words
    assert "Each try (2)" in browser.words
    assert "The mail server answered 451: come back" in browser.words
    assert browser.words.count("22 November 2026 at 10:11am") >= 1


def test_a_letter_to_the_mailbox_says_so_before_it_goes_and_where_it_went_after(app, neighbours, post_office):
    told(neighbours, neighbours.mailbox("referrals@practice.example"))
    browser = Browser(app, person(Role.SENDER))
    browser.get("/messages")
    assert "E-mail to your referral mailbox" in browser.words
    assert "referrals@practice.example" not in browser.words
    send_due(LATER, "worker")
    browser.get("/messages")
    assert "E-mail to your referral mailbox, referrals@practice.example" in browser.words


@pytest.mark.parametrize(("role", "opens"), [(Role.SENDER, True), (Role.ORG_ADMIN, False)])
def test_who_opens_no_referral_is_led_back_to_the_messages(app, neighbours, role, opens):
    happened = told(neighbours, neighbours.mailbox())
    browser = Browser(app, person(role))
    browser.get(f"/messages/{happened['subject']}")
    assert (f"/referrals/{happened['subject']}" in browser.html) == opens
    assert ('href="/messages"' in browser.html) != opens


def test_of_a_referral_of_others_the_page_says_the_same_as_of_none(app, neighbours):
    happened = told(neighbours, neighbours.account(org=CHARITY))
    browser = Browser(app, person())
    shown = []
    for referral in (happened["subject"], str(uuid4())):
        assert browser.get(f"/messages/{referral}").status_code == 200
        shown.append(browser.words.replace(referral, ""))
    assert shown[0] == shown[1]
    assert "No messages here" in shown[0]


def test_a_referral_is_also_found_by_its_id_as_the_other_services_link_to_it(app):
    browser = Browser(app, person())
    referral = str(uuid4())
    assert browser.get(f"/messages?referral_id={referral}").location == f"/messages/{referral}"
    assert browser.get("/messages?referral_id=nonsense").status_code == 404


def test_a_message_that_did_not_arrive_is_sent_again_by_a_button(app, neighbours, post_office, store):
    told(neighbours, neighbours.account())
    post_office.say.append("550 no such box")
    send_due(LATER, "worker")
    browser = Browser(app, person(Role.ORG_ADMIN))
    browser.get("/messages?failed=1")
    assert "Did not arrive" in browser.words
    assert "no such box" in browser.words
    assert browser.post(f"/messages/{store.message.id}/retry").status_code == 302
    assert store.message.status == "queued"
    assert browser.post(f"/messages/{store.message.id}/retry").status_code == 409
    assert "It is on its way already" in browser.words


def test_who_may_not_send_again_has_no_button(app, neighbours, post_office, store):
    told(neighbours, neighbours.account())
    post_office.say.append("550 no")
    send_due(LATER, "worker")
    browser = Browser(app, person(Role.SENDER))
    browser.get("/messages?failed=1")
    assert "Send it again" not in browser.words
    browser.get("/preferences")
    assert browser.post(f"/messages/{store.message.id}/retry").status_code == 404


def test_choices_are_kept_and_what_is_always_sent_is_named(app):
    browser = Browser(app, person())
    browser.get("/preferences")
    assert browser.html.count("checked") == 4
    assert "What should be looked at today" in browser.words
    answer = browser.post("/preferences", {"email": ["question_waiting", "assigned"]})
    assert answer.status_code == 302
    browser.get("/preferences")
    assert "Your choice is kept" in browser.words
    assert browser.html.count("checked") == 2


def test_all_can_be_switched_off_and_on(app):
    browser = Browser(app, person())
    browser.get("/preferences")
    browser.post("/preferences", {})
    browser.get("/preferences")
    assert browser.html.count("checked") == 0
    browser.post("/preferences", {"email": ["assigned"]})
    browser.get("/preferences")
    assert browser.html.count("checked") == 1


@pytest.mark.parametrize("kind", ["urgent_arrived", "password_reset", "nonsense"])
def test_a_choice_that_is_not_in_the_list_is_refused_beside_the_field(app, kind):
    browser = Browser(app, person())
    browser.get("/preferences")
    assert browser.post("/preferences", {"email": [kind]}).status_code == 422
    assert "Choose from the kinds in the list" in browser.words


def test_how_sending_is_going_is_totals_alone(app, neighbours, post_office):
    told(neighbours, neighbours.account())
    receive_events([event("weather.changed.v9")], AT)
    check_provider(Channel.EMAIL, AT)
    browser = Browser(app, person(Role.LEAD))
    browser.get("/sending")
    assert "weather.changed.v9" in browser.words
    assert "The mail server answers." in browser.words
    assert "LW-" not in browser.words
    assert Browser(app, person(Role.SENDER)).get("/sending").status_code == 404


def test_what_is_told_of_a_restricted_referral_is_in_no_total_of_sending(app, neighbours, post_office):
    """Not while it waits, and not when it did not arrive; what else waits is counted."""
    told(neighbours, neighbours.account())
    browser = Browser(app, person(Role.ORG_ADMIN))
    browser.get("/sending")
    before = browser.words
    assert "Waiting to go 1" in before
    told(neighbours, neighbours.account(), neighbours.account(), restricted=True)
    browser.get("/sending")
    assert browser.words == before
    post_office.say += ["550 no"] * 3
    send_due(LATER, "worker")
    browser.get("/sending")
    assert "Did not arrive 1" in browser.words


def test_the_outbox_shows_letters_as_their_readers_would(app, neighbours, post_office, store):
    notice = account_notice("invitation")
    neighbours.links[notice["data"]["link_id"]] = {
        "to": "terry@somewhere.example",
        "url": "http://localhost:5001/invitation/abc",
    }
    receive_events([notice], AT)
    plan_messages(AT)
    send_due(AT, "worker")
    browser = Browser(app)
    browser.get("/outbox")
    assert "You are invited to Linkwork" in browser.words
    assert "terry@somewhere.example" in browser.words
    browser.get(f"/outbox/{store.letters[0].id}")
    assert '<a href="http://localhost:5001/invitation/abc-1" rel="noreferrer">' in browser.html


def test_what_a_letter_says_is_escaped(app):
    from services.notifications.web.outbox import with_links

    shown = with_links('<script>alert(1)</script> https://x.example/?a=1&b="2')
    assert "<script>" not in shown
    assert '<a href="https://x.example/?a=1&amp;b="' in shown


def test_an_empty_outbox_says_what_to_do(app):
    browser = Browser(app)
    browser.get("/outbox")
    assert "No e-mails yet" in browser.words
    assert browser.get("/outbox/1").status_code == 404


def test_in_production_there_is_no_outbox(app, monkeypatch, neighbours):
    for name in ("SMTP_URL", "MAIL_FROM"):
        monkeypatch.setenv(name, {"SMTP_URL": "smtp://127.0.0.1:25"}.get(name, "no-reply@linkwork.example"))
    monkeypatch.setenv("LINKWORK_MODE", "production")
    assert Browser(app).get("/outbox").status_code == 404, "even of an application made before"
    assert Browser(create_app()).get("/outbox").status_code == 404


def test_production_names_a_setting_that_is_missing(monkeypatch):
    from shared.settings import MissingSetting

    monkeypatch.setenv("LINKWORK_MODE", "production")
    monkeypatch.delenv("SMTP_URL", raising=False)
    with pytest.raises(MissingSetting, match="SMTP_URL"):
        create_app()


def why(answer, part):
    """What `/readyz` says is missing or hindered, but for the front-end packages."""
    return {each["what"]: each["why"] for each in answer.json[part] if each["what"] != "assets"}


def heard_of_the_directory(at):
    with database.transaction() as session:
        session.execute(update(TrustedKey).values(fetched_at=at))


def test_it_is_ready_whether_or_not_the_mail_server_answers_and_says_so(
    app, valkey, neighbours, post_office, monkeypatch
):
    heard_of_the_directory(now())
    check_provider(Channel.EMAIL, now())
    answer = app.test_client().get("/readyz")
    assert (why(answer, "missing"), why(answer, "hindered")) == ({}, {})
    monkeypatch.setenv("SMTP_URL", "smtp://127.0.0.1:1")
    check_provider(Channel.EMAIL, now())
    answer = app.test_client().get("/readyz")
    assert why(answer, "missing") == {}
    assert "could not be reached" in why(answer, "hindered")["mail server"]
    assert "SMTP_URL" in why(answer, "hindered")["mail server"]
    check_provider(Channel.EMAIL, now() - timedelta(minutes=10))
    assert "worker" in why(app.test_client().get("/readyz"), "hindered")["mail server"]


def test_without_the_directorys_keys_it_is_not_ready_and_with_them_it_does_without_the_directory(
    app, valkey, neighbours
):
    heard_of_the_directory(now() - timedelta(hours=1))
    answer = app.test_client().get("/readyz")
    assert "directory" not in why(answer, "missing")
    assert "letters wait" in why(answer, "hindered")["directory"]
    with database.transaction() as session:
        session.execute(delete(TrustedKey))
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert "INTERNAL_URL_DIRECTORY" in why(answer, "missing")["directory"]


def test_without_its_database_it_names_that_and_does_not_break(app, valkey, monkeypatch):
    def away(_):
        raise OperationalError("select 1", {}, ConnectionError())

    monkeypatch.setattr(database, "answers", lambda: False)
    monkeypatch.setattr(type(database), "transaction", away)
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert {"database", "directory"} <= set(why(answer, "missing"))


def test_the_header_counts_what_is_unread(app, neighbours):
    browser = Browser(app, noticed(neighbours, 2, Role.WORKER))
    browser.get("/preferences")
    assert '<span class="app-count">2' in browser.html


def test_a_form_of_another_site_does_nothing(app, neighbours, store):
    caller = noticed(neighbours)
    browser = Browser(app, caller)
    assert browser.post("/notices/read").status_code == 403
    assert store.notices[0].read_at is None


def test_the_session_that_ended_elsewhere_is_over_here(app):
    caller = person()
    sid = "session-of-" + caller.sub
    browser = Browser(app, caller)
    assert browser.get("/notices").status_code == 200
    receive_events([event("session.ended.v1", source="/directory", subject=sid, data={"sid": sid})], AT)
    assert "/sign-in" in browser.get("/notices").location


def test_pages_of_the_practice_are_not_for_the_forum_admin(app):
    assert PRACTICE != CHARITY
    for path in ("/messages", f"/messages/{uuid4()}"):
        assert Browser(app, person(Role.FORUM_ADMIN)).get(path).status_code == 404
