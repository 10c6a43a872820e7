"""Loads the demo's referrals, once: straight into the tables, so that nobody is told of them.

Only how long people wait is told, to the directory.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from random import Random

from sqlalchemy.orm import Session

from services.referrals.actions.measure_waits import measure_in
from services.referrals.actions.seeing import SYSTEM
from services.referrals.demo.beside import Story
from services.referrals.demo.people import invent_person
from services.referrals.demo.plots import Plot, plots
from services.referrals.demo.story import tell
from services.referrals.demo.teams import (
    BAKEHOUSE,
    FRONT_STREET,
    LINK_WORKERS,
    SCHEMES,
    SENDERS,
    THEMSELF,
    Scheme,
    Sender,
)
from services.referrals.domain.states import State
from services.referrals.store.database import database
from services.referrals.store.relay import AccessLog
from services.referrals.store.tables import Referral
from shared import audit
from shared.demo_ids import demo_id

SEED = 20261122
RESTRICTED = (11, 47)
"""Two of them are seen by their author and named staff alone."""


def load(at: datetime) -> int:
    """Three hundred referrals up to `at`; returns how many came new (none where they are there)."""
    with database.transaction() as session:
        if session.get(Referral, demo_id("referral", "0")) is not None:
            return 0
        stories = _stories(at)
        _keep(session, stories)
        subjects = [story.row.id for story in stories]
        audit.record(
            session, AccessLog, SYSTEM, act="load demo", purpose="demo place", subjects=subjects, at=at
        )
        session.flush()
        measure_in(session, at)
        return len(stories)


def _stories(at: datetime) -> list[Story]:
    rng = Random(SEED)  # noqa: S311 the demo is the same each time on purpose
    told = []
    for number, plot in enumerate(plots(rng)):
        scheme, sender = _cast(rng, number, plot)
        marked = replace(plot, marks=plot.marks | {"restricted"}) if number in RESTRICTED else plot
        person = invent_person(rng, number, sender, at, little_known=plot.unrouted)
        told.append(tell(rng, number, marked, person, scheme=scheme, sender=sender, at=at))
    return told


def _cast(rng: Random, number: int, plot: Plot) -> tuple[Scheme, Sender]:
    """Who sends it and who has it. Every third is the York link workers', who are the demo's own."""
    refused = plot.ends is State.REJECTED
    asks = any(step.words and step.by == "worker" for step in plot.steps)
    if number in RESTRICTED or asks:
        return LINK_WORKERS, FRONT_STREET
    if plot.unrouted:
        # Too little is known of them, or nothing is signed with their sender: no team can be found.
        return LINK_WORKERS, BAKEHOUSE if number % 3 == 0 else rng.choice(SENDERS[:6])
    if number % 7 == 4 and not refused and all(step.by != "sender" and not step.words for step in plot.steps):
        return (LINK_WORKERS if number % 2 else rng.choice(SCHEMES[:5])), THEMSELF
    if number % 3 == 0:
        return LINK_WORKERS, rng.choice(SENDERS[:4])
    sender = rng.choice(SENDERS)
    # An introduction has no eligibility to fail, so it is not passed back.
    fits = [s for s in SCHEMES if s.place == sender.place and not (refused and s.introduction)]
    return rng.choice(fits), sender


def _keep(session: Session, stories: list[Story]) -> None:
    # Parents before children: the tables know no relationships to order them by.
    session.add_all(story.person for story in stories)
    session.flush()
    session.add_all(story.row for story in stories)
    session.flush()
    session.add_all(move for story in stories for move in story.moves)
    session.add_all(row for story in stories for row in story.more)
