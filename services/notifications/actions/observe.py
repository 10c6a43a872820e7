"""What notifications sees of itself: totals and times of the system, nothing about anybody."""

from __future__ import annotations

from datetime import datetime, timedelta

from services.notifications.actions.readiness import KEYS_HEARD_WITHIN, MAIL_ASKED_WITHIN
from services.notifications.domain.rules import Channel
from services.notifications.store import signin
from services.notifications.store.database import database
from services.notifications.store.tables.providers import Provider
from services.notifications.store.totals import Totals, count_totals
from shared.observing.facts import Fact, Measure, Report, age, waits, works

# What is due goes within seconds.
LATE = timedelta(minutes=5)


def observe(at: datetime) -> Report:
    """How notifications stands at the moment `at`. Eight queries."""
    with database.transaction() as session:
        totals = count_totals(session, at)
        mail = session.get(Provider, Channel.EMAIL)
        heard_at = signin.keys_heard_at(session)
    measures = [
        *(
            Measure("messages", "Messages under way or failed, by state.", count, {"state": str(state)})
            for state, count in totals.by_state.items()
        ),
        *(
            Measure(
                "messages_of_day", "Messages of the last 24 hours, by state.", count, {"state": str(state)}
            )
            for state, count in totals.of_day.items()
        ),
        Measure("messages_late", "Messages that should have gone by now.", totals.late),
        Measure("messages_late_oldest_seconds", "The longest wait among them.", age(totals.late_since, at)),
        Measure("inbox_events", "Events heard and still to be looked at.", totals.unplanned),
        Measure("inbox_oldest_seconds", "The longest wait among them.", age(totals.unplanned_since, at)),
    ]
    if mail is not None:
        answers = float(mail.answers and at - mail.checked_at <= MAIL_ASKED_WITHIN)
        measures.append(Measure("mail_server_up", "1 where the mail server answered when asked.", answers))
    return Report(
        tuple(measures), (_letters(mail, totals, at), _planning(totals, at), _directory(heard_at, at))
    )


def _letters(mail: Provider | None, totals: Totals, at: datetime) -> Fact:
    if mail is None or at - mail.checked_at > MAIL_ASKED_WITHIN:
        return waits(
            "Letters",
            "Nobody has asked the mail server lately, so whether letters go is not known.",
            "See whether this service’s worker and beat run.",
            mail.checked_at if mail is not None else None,
        )
    if not mail.answers:
        return waits(
            "Letters",
            "Letters wait: the mail server does not answer. Nothing is lost; they go when it answers.",
            "See whether the mail server runs and SMTP_URL leads to it.",
            mail.answered_at,
        )
    if totals.late_since is not None and at - totals.late_since > LATE:
        return waits(
            "Letters",
            "The mail server answers, yet messages wait. They are tried again by themselves.",
            "See whether referrals and the directory answer: they are asked before a message goes.",
            totals.late_since,
        )
    return works("Letters", "The mail server answers, and what is due has gone.")


def _planning(totals: Totals, at: datetime) -> Fact:
    if totals.unplanned_since is None or at - totals.unplanned_since <= LATE:
        return works("News", "What happens in the other services is told to whoever is to know.")
    return waits(
        "News",
        "News of the other services waits to be told. Nothing is lost; it is told when they answer.",
        "See whether referrals and the directory answer: they say who is to know.",
        totals.unplanned_since,
    )


def _directory(heard_at: datetime | None, at: datetime) -> Fact:
    if heard_at is not None and at - heard_at <= KEYS_HEARD_WITHIN:
        return works("Directory", "The directory answers.")
    return waits(
        "Directory",
        "The directory does not answer. Whoever is signed in stays so; nobody new can sign in,"
        " and letters wait.",
        "See whether the directory runs and INTERNAL_URL_DIRECTORY leads to it.",
        heard_at,
    )
