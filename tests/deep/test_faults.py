"""The running product, hurt while it works: nothing lost, nothing doubled."""

import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from shared.demo_ids import demo_id
from tests.builders.bodies import referral_body
from tests.stack import eventually

pytestmark = pytest.mark.deep

LETTERS = "select recipient, count(*) from caught_letter where body like %s group by 1"
PRACTICE = str(demo_id("organization", "front-street-surgery"))
MAILBOX = "select email from referral_mailbox where organization_id = %s"


def letters_about(stack, reference):
    """How many e-mails naming this reference went to the practice's sender, and as many to its mailbox.

    None where one of them was sent more than the other.
    """
    found = dict(stack.rows("notifications", LETTERS, f"%{reference}%"))
    to = ("practice@demo.example", stack.rows("directory", MAILBOX, PRACTICE)[0][0])
    assert set(found) <= set(to), found
    counts = {found.get(who, 0) for who in to}
    return counts.pop() if len(counts) == 1 else None


def messages_about(stack, referral_id):
    answer = stack.call(
        "demo-practice", "GET", "/messages", service="notifications", params={"referral_id": referral_id}
    )
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def send(stack, client="demo-practice", **changes):
    answer = stack.call(client, "POST", "/referrals", referral_body(**changes))
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_worker_killed_between_accept_and_e_mail_means_exactly_one_e_mail(stack):
    referral = send(stack)
    eventually(lambda: letters_about(stack, referral["reference"]))
    before = letters_about(stack, referral["reference"])

    accepted = stack.call("demo-linkworker", "POST", f"/referrals/{referral['id']}/accept", {})
    assert accepted.status_code == 200, accepted.text
    eventually(lambda: len(messages_about(stack, referral["id"])) > before)
    # Messages of an act that can be undone wait for a minute; its workers are killed all the while.
    end = time.monotonic() + 66
    while time.monotonic() < end:
        stack.kill("notifications", "worker")
        stack.kill("referrals", "worker")
        time.sleep(random.uniform(0.3, 1.5))

    # A worker killed while it sends leaves a lease of a minute behind.
    eventually(lambda: (letters_about(stack, referral["reference"]) or 0) > before, within=90)
    time.sleep(10)
    assert letters_about(stack, referral["reference"]) == before + 1


def test_with_the_directory_stopped_a_referral_goes_to_the_duty_desk_and_is_routed_later(stack):
    stack.token("demo-practice")
    stack.freeze("directory", "web")
    try:
        # A copy of the directory serves for a minute; after that it is not routed from.
        time.sleep(66)
        stored = send(stack)
        assert stored["routing"]["state"] == "unrouted"
        assert "duty desk" in stored["owner"]["team_name"].lower()
    finally:
        stack.thaw("directory", "web")

    def routed():
        now = stack.call("demo-practice", "GET", f"/referrals/{stored['id']}").json()
        return now if now["routing"]["state"] == "routed" else None

    after = eventually(routed, within=60)
    assert after["owner"]["team_id"] != stored["owner"]["team_id"]


def test_a_wiped_broker_loses_nothing(stack):
    sent = []
    for number in range(20):
        sent.append(send(stack))
        if number % 5 == 0:
            stack.wipe_broker()
    stack.wipe_broker()
    for referral in sent:
        eventually(lambda r=referral: letters_about(stack, r["reference"]) == 1, within=60)


def test_posts_under_fire_are_stored_once_each(stack):
    stop = threading.Event()

    def fire():
        while not stop.is_set():
            for service, kind in (("referrals", "web"), ("referrals", "worker"), ("notifications", "worker")):
                stack.kill(service, kind)
            stop.wait(random.uniform(0.5, 2))

    def post_until_answered(number):
        body = referral_body()
        key = {"Idempotency-Key": f"fire-{number}-{body['person']['family_name']}"}
        for _ in range(40):
            try:
                answer = stack.call("demo-practice", "POST", "/referrals", body, headers=key)
            except requests.RequestException:
                time.sleep(0.2)
                continue
            if answer.status_code == 201:
                return answer.json()["reference"], body["person"]["family_name"]
            assert answer.status_code in {409, 503}, answer.text
            time.sleep(0.2)
        raise AssertionError("never answered")

    stack.token("demo-practice")
    hunter = threading.Thread(target=fire)
    hunter.start()
    try:
        with ThreadPoolExecutor(8) as pool:
            stored = list(pool.map(post_until_answered, range(400)))
    finally:
        stop.set()
        hunter.join()

    names = [family for _, family in stored]
    rows = stack.rows(
        "referrals",
        "select p.family_name, count(*) from referral r join person_record p on p.id = r.person_id"
        " where p.family_name = any(%s) group by 1",
        names,
    )
    assert len(rows) == 400, "none lost"
    assert {count for _, count in rows} == {1}, "none doubled"
    references = [reference for reference, _ in stored]

    def all_told():
        counted = Counter(
            row[0]
            for row in stack.rows(
                "notifications",
                "select (r, l.recipient)::text from unnest(%s::text[]) r"
                " join caught_letter l on l.body like '%%' || r || '%%'",
                references,
            )
        )
        return counted if len(counted) == 800 else None

    told = eventually(all_told, within=180, every=2)
    assert set(told.values()) == {1}, "sender and mailbox told once of each"
