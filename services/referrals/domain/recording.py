"""Who may write down, after a referral was sent, what the person agreed to or took back.

Whoever speaks with the person about it: the sender, the team that has it, the person themself. The duty desk
chooses a team and has no way to reach the person, so it writes down only that a team may have the referral.
A coarse sender may ask for more as it could when it sent; that it did so, and how, stands in the record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from services.referrals.domain.life import Standing
from services.referrals.domain.sight_facts import AgreementFacts, Purpose
from services.referrals.domain.states import Who

_ALL = frozenset(Purpose)

RECORDED_BY: Mapping[Who, frozenset[Purpose]] = {
    Who.SENDER: _ALL,
    Who.WORKER: _ALL,
    Who.LEAD: _ALL,
    Who.PERSON: _ALL,
    Who.DUTY_DESK: frozenset({Purpose.SHARE_REFERRAL}),
}


def may_record(standing: Standing) -> frozenset[Purpose]:
    """The purposes for which this caller may write down an answer; none for those who only read."""
    return frozenset().union(*(RECORDED_BY.get(who, frozenset()) for who in standing.who))


def later_answer(answers: Iterable[AgreementFacts], new: AgreementFacts) -> AgreementFacts | None:
    """An answer of the same person about the same that was given after `new`; it would count, not `new`."""
    same = [a for a in answers if (a.recipient, a.purpose) == (new.recipient, new.purpose)]
    newest = max(same, key=_given, default=None)
    return newest if newest is not None and _given(newest) > new.at else None


def _given(answer: AgreementFacts) -> datetime:
    return answer.withdrawn_at or answer.at
