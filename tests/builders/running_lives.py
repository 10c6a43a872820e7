"""Referrals in the running product, sent and worked on by the demo's systems."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from shared.clock import now, uk_date
from tests.builders.bodies import referral_body
from tests.stack import Stack

WORKER, PRACTICE = "demo-linkworker", "demo-practice"
CONTACT = {"mode": "phone", "attended": True, "length": 20}


def in_days(days: int) -> str:
    """The day so many days from now, as the API takes it."""
    return (uk_date(now()) + timedelta(days=days)).isoformat()


def send(stack: Stack, client: str = PRACTICE, **changes: Any) -> dict[str, Any]:
    """A referral as `client` has just sent it; the answer."""
    answer = stack.call(client, "POST", "/referrals", referral_body(**changes))
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def act(stack: Stack, referral_id: str, name: str, client: str = WORKER, **body: Any) -> dict[str, Any]:
    """One act that is possible; the answer."""
    answer = stack.call(client, "POST", f"/referrals/{referral_id}/{name}", body)
    assert answer.status_code == 200, f"{name}: {answer.text}"
    return dict(answer.json())


def in_every_state(stack: Stack) -> dict[str, str]:
    """One referral of the practice in each state, made now: state → id."""
    made = {
        state: send(stack)["id"]
        for state in ("received", "asked", "accepted", "in-progress", "on-hold", "completed", "rejected")
    }
    act(stack, made["asked"], "ask", question="Which day suits them?")
    act(stack, made["rejected"], "decline", reason="no_capacity")
    for state in ("accepted", "in-progress", "on-hold", "completed"):
        act(stack, made[state], "accept")
    for state in ("in-progress", "completed"):
        act(stack, made[state], "start", contact=CONTACT)
    act(stack, made["on-hold"], "hold", reason="waiting_list", review_on=in_days(14))
    outcomes = [{"need": "loneliness", "outcome": "met"}]
    act(stack, made["completed"], "complete", outcomes=outcomes, ended_by="worker")
    return made
