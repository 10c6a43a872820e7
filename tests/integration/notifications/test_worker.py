"""The worker itself: tasks by name, a real Celery process, and that process killed at the worst moment."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from uuid import uuid4

import pytest
import redis
from celery import Celery
from celery.signals import worker_ready

from services.notifications import schedule, tasks
from services.notifications.worker import celery
from shared import settings
from shared.celery_app import make_celery
from tests.builders.notifications import event

AUDIENCE = """{"event": "x", "reference": "LW-7K2F-9D4", "held_until": null, "cancelled": false,
 "recipients": [
  {"kind": "account", "id": "%s", "organization_id": "%s", "channels": ["email", "inbox"],
   "template": "referral_news", "words": "received", "path": "/referrals/1"}]}"""


def test_every_task_of_the_schedule_exists():
    assert {each.name for each in schedule.SCHEDULE} <= set(celery.tasks)


def test_tasks_are_named_for_this_service_and_on_its_queue():
    own = [name for name in celery.tasks if not name.startswith("celery.")]
    assert own
    assert all(name.startswith("notifications.") for name in own)
    assert celery.conf.task_default_queue == "notifications"


class Consumer:
    """What Celery says is ready: the part of a worker that takes tasks."""

    def __init__(self, app):
        self.app = app


def test_a_worker_asks_the_mail_server_as_soon_as_it_runs(monkeypatch):
    """Beat asks a minute after the start, and until then nobody could say whether letters go."""
    asked = []
    monkeypatch.setattr(celery, "send_task", lambda name, **how: asked.append((name, how["queue"])))
    worker_ready.send(sender=Consumer(make_celery("another")))
    assert asked == []
    worker_ready.send(sender=Consumer(celery))
    assert asked == [("notifications.check_mail_server", "notifications")]


def test_receiving_is_tried_again_while_the_database_is_away():
    from sqlalchemy.exc import OperationalError

    assert OperationalError in tasks.receive.autoretry_for
    assert tasks.receive.max_retries is None
    assert tasks.receive.retry_backoff_max * 4 < celery.conf.broker_transport_options["visibility_timeout"]


class Neighbour(BaseHTTPRequestHandler):
    """Referrals and the directory in one, over real HTTP."""

    account, org = str(uuid4()), str(uuid4())

    def do_GET(self):
        self._answer(AUDIENCE % (self.account, self.org) if "audience" in self.path else "{}", 200)

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        found = {
            "id": self.account,
            "name": "Robin Example",
            "email": "robin@practice.example",
            "active": True,
            "organizations": [self.org],
        }
        self._answer(json.dumps({"items": [found]}), 200)

    def _answer(self, body, status):
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def neighbour_url():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Neighbour)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def start_worker(neighbour_url, post_office, valkey):
    running = []

    def start():
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "celery", "--app", "services.notifications.worker:celery", "worker"),
                *("--queues", "notifications", "--concurrency", "1", "--loglevel", "WARNING"),
                *("--without-gossip", "--without-mingle", "--without-heartbeat"),
            ],
            env=os.environ
            | {
                "INTERNAL_URL_REFERRALS": neighbour_url,
                "INTERNAL_URL_DIRECTORY": neighbour_url,
                "SMTP_URL": f"smtp://127.0.0.1:{post_office.port}",
            },
            start_new_session=True,
        )
        running.append(process)
        return process

    yield start
    for process in running:
        kill(process)


def kill(process):
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


def eventually(check, within=30.0):
    end = time.monotonic() + within
    while not (found := check()):
        assert time.monotonic() < end, "not in time"
        time.sleep(0.05)
    return found


def publish(name, *args):
    """As another service does: by name, knowing nothing of us."""
    producer = Celery("producer", broker=settings.redis_url(), set_as_current=False)
    producer.send_task(name, args=list(args), queue="notifications")
    producer.close()


def test_an_event_becomes_a_letter_and_a_notice_through_a_real_worker(start_worker, store):
    start_worker()
    told = event("referral.received.v1", time=datetime.now(UTC).isoformat())
    publish("notifications.receive_events", [told, told])
    eventually(lambda: {m.status for m in store.messages} == {"sent", "delivered"})
    assert len(store.letters) == 1
    assert len(store.notices) == 1


def test_a_worker_killed_while_the_provider_takes_the_letter_means_one_letter(
    start_worker, store, post_office
):
    first = start_worker()
    post_office.pause = 3.0
    publish(
        "notifications.receive_events", [event("referral.received.v1", time=datetime.now(UTC).isoformat())]
    )
    eventually(lambda: post_office.offered)
    kill(first)
    post_office.pause = 0.0
    with redis.Redis.from_url(settings.redis_url()) as broker:
        broker.flushdb()
    assert "sending" in {m.status for m in store.messages}

    from services.notifications.store.database import database
    from services.notifications.store.tables.messages import Message

    with database.transaction() as session:
        for row in session.query(Message).filter(Message.status == "sending"):
            row.lease_until = datetime(2026, 1, 1, tzinfo=UTC)
    start_worker()
    publish("notifications.take_back_leases")
    eventually(lambda: {m.status for m in store.messages} == {"sent", "delivered"})
    assert [letter.offered for letter in store.letters] in ([1], [2])
    assert list(post_office.offered.values()) == [2]
    assert len(store.letters) == 1


def test_two_workers_with_one_host_name_and_number_hold_no_lease_together():
    names = {tasks.worker_name() for _ in range(100)}
    assert len(names) == 100
    assert max(map(len, names)) <= 100
