"""A filter's number is how many rows it shows: the condition of the counts is the rule of the rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text

from services.referrals.actions.list_counts import count_list
from services.referrals.actions.scopes import scope_of
from services.referrals.actions.seeing import see
from services.referrals.domain.sight_facts import Sharing, SharingFacts
from services.referrals.domain.states import OPEN, State
from services.referrals.store.database import database
from services.referrals.store.directory import Directory, forget
from services.referrals.store.referrals import agreements_of
from services.referrals.store.tables import AgreementRow, PersonRecord, Referral
from services.referrals.store.visible import visible
from shared.auth.caller import Caller, Kind, Membership, Role
from shared.clock import now, uk_date
from tests.builders.referrals import as_system, one, sent
from tests.builders.referrals_world import fill, ident

PLACES, ORGS, ACCOUNTS = ([uuid4() for _ in range(count)] for count in (2, 4, 3))
TEAMS = {uuid4(): org for org in ORGS for _ in range(2)}
DESKS = {place: list(TEAMS)[number] for number, place in enumerate(PLACES)}
BASES = ("public_task", "explicit_consent")
STATES = sorted(state.value for state in OPEN - {State.REQUESTED} | {State.COMPLETED, State.CANCELLED})


@dataclass
class Chance:
    """Everything sight depends on, drawn at random."""

    rng: Random

    def maybe(self, values, nothing=0.3):
        return None if self.rng.random() < nothing else self.rng.choice(values)

    def directory(self) -> Directory:
        today = uk_date(now())
        signed = [
            SharingFacts(
                a,
                b,
                today - timedelta(days=self.rng.choice((-1, 0, 9))),
                self.maybe([today, today - timedelta(days=1), today + timedelta(days=1)]),
                self.rng.choice(((), ("share_referral",), ("feedback_to_sender",))),
            )
            for a in ORGS
            for b in ORGS
            if a < b and self.rng.random() < 0.7
        ]
        docs = {
            "team": {str(team): {"organization_id": str(org)} for team, org in TEAMS.items()},
            "place": {str(place): {"duty_team_id": str(desk)} for place, desk in DESKS.items()},
        }
        return Directory(docs=docs, sharing=Sharing(signed))

    def caller(self) -> Caller:
        members = []
        for _ in range(self.rng.randint(1, 3)):
            team = self.maybe(list(TEAMS))
            org = TEAMS[team] if team else self.rng.choice(ORGS)
            members.append(Membership(org, self.rng.choice(list(Role)), team))
        return Caller(str(self.rng.choice(ACCOUNTS)), Kind.PERSON, ORGS[0], "health", None, tuple(members))

    def row(self, person: UUID) -> Referral:
        named = self.rng.sample(ACCOUNTS, self.rng.choice((0, 0, 1)))
        at, status = now(), self.rng.choice(STATES)
        team = self.rng.choice(list(TEAMS))
        worked = status in ("accepted", "in-progress", "on-hold")
        return Referral(
            id=uuid4(), reference=f"T-{self.rng.randrange(10**12)}", status=status, person_id=person,
            place_id=self.rng.choice(PLACES), sender_org_id=self.maybe(ORGS, 0.1),
            author_id=self.maybe(ACCOUNTS), client="test", route_in="professional", needs=["loneliness"],
            priority="routine", urgency=2, safeguarding="no", lawful_basis=self.rng.choice(BASES),
            restricted=self.rng.random() < 0.3, restricted_to=named,
            routing_state=self.rng.choice(("routed", "unrouted")), escalated=self.rng.random() < 0.2,
            discreet=False, received_team_id=team, owner_team_id=team, owner_org_id=TEAMS[team],
            assignee_id=self.rng.choice(ACCOUNTS) if worked else None, next_action_at=at, submitted_at=at,
            review_on=uk_date(at), taken_up_at=self.maybe([at], 0.6), updated_at=at,
            closed_at=None if State(status) in OPEN else at,
        )  # fmt: skip

    def answers(self, row: Referral) -> list[AgreementRow]:
        recipients = ["helpers", str(row.owner_org_id), str(row.owner_org_id), str(self.rng.choice(ORGS))]
        moments = [now() - timedelta(hours=hours) for hours in range(3)]
        return [
            AgreementRow(
                referral_id=row.id,
                recipient=self.rng.choice(recipients),
                purpose=self.rng.choice(("share_referral", "share_referral", "know_of_each_other")),
                agreed=self.rng.random() < 0.6,
                at=self.rng.choice(moments),
                withdrawn_at=self.maybe(moments, 0.8),
            )
            for _ in range(self.rng.randint(0, 4))
        ]


@pytest.mark.parametrize("seed", range(6))
def test_what_is_counted_is_what_the_rules_let_through(clean, seed):
    chance, at = Chance(Random(seed)), now()
    with database.transaction() as session:
        person = PersonRecord(id=uuid4(), created_at=at, updated_at=at)
        session.add(person)
        session.flush()
        rows = [chance.row(person.id) for _ in range(120)]
        session.add_all(rows)
        session.flush()
        session.add_all(answer for row in rows for answer in chance.answers(row))
        session.flush()
        agreements = agreements_of(session, [row.id for row in rows])
        seen = hidden = 0
        for _ in range(25):
            by, directory = chance.caller(), chance.directory()
            condition = visible(scope_of(by, directory), directory.sharing, uk_date(at))
            counted = set(session.scalars(select(Referral.id).where(condition)))
            shown = {row.id for row in rows if not see(by, row, agreements[row.id], directory, at).nothing}
            assert counted == shown, by
            seen, hidden = seen + len(shown), hidden + len(rows) - len(shown)
        assert min(seen, hidden) > 100
        session.rollback()


def counts(who, view):
    return count_list(view, by=as_system(who), at=now())


def listed(system, who, view, **query):
    return len(system(who).get("/referrals", view=view, **query).json["items"])


def test_a_tab_counts_no_row_whose_agreement_was_withdrawn(system):
    made = [sent(system) for _ in range(3)]
    assert counts("worker", "queue").of("received") == listed(system, "worker", "queue") == 3
    withdraw = """
        update agreement set withdrawn_at = now() where referral_id = :id and purpose = 'share_referral'
    """
    with database.transaction() as session:
        session.execute(text("update referral set next_action_at = now() - interval '1 day'"))
        assert session.execute(text(withdraw), {"id": made[0]["id"]}).rowcount > 0
    assert counts("worker", "queue").of("received") == listed(system, "worker", "queue") == 2
    assert counts("worker", "queue").overdue() == 2


def test_a_tab_counts_no_row_after_the_agreement_between_the_two_has_ended(system):
    sent(system)
    with database.transaction() as session:
        session.execute(
            text("""
            update directory_item set doc = doc || '{"valid_until": "2026-01-31"}' where kind = 'agreement'
        """)
        )
    forget()
    assert counts("worker", "queue").of() == listed(system, "worker", "queue") == 0
    fill(now())
    assert counts("worker", "queue").of() == listed(system, "worker", "queue") == 1


def test_what_somebody_has_taken_on_is_counted_whatever_is_withdrawn_later(system):
    made = sent(system)
    system("worker").act(made["id"], "accept", assignee_id=str(ident("worker")))
    with database.transaction() as session:
        session.execute(text("update agreement set withdrawn_at = now()"))
    assert one("select count(*) from referral where taken_up_at is not null") == 1
    assert counts("worker", "queue").of() == 1
