"""What notifications promises the others: the real answer has the shape of the example."""

import json
from pathlib import Path

from services.notifications.actions.plan_messages import plan_messages
from services.notifications.actions.receive_events import receive_events
from services.notifications.actions.send_messages import send_due
from tests.builders.notifications import AT, LATER, event, partner
from tests.builders.notifications_browser import Api, trust_the_directory

EXAMPLE = Path(__file__).parents[2] / "contract" / "examples" / "notifications" / "messages.json"


def shape(value):
    """Names and types; a list is as its first item."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    return [shape(value[0])] if isinstance(value, list) and value else type(value).__name__


def test_the_messages_are_answered_as_the_example_says(app, neighbours, post_office):
    trust_the_directory()
    told = event("referral.accepted.v1")
    neighbours.tells(told, neighbours.account())
    receive_events([told], AT)
    plan_messages(AT)
    send_due(LATER, "worker")
    answer = Api(app, partner()).get(f"/messages?referral_id={told['subject']}").json
    promised = json.loads(EXAMPLE.read_text())
    assert shape(answer) == shape(promised)
    same = ("event_type", "channel", "status", "subject", "reference", "recipient_kind", "due_at", "name")
    assert {k: answer["items"][0][k] for k in same} == {k: promised["items"][0][k] for k in same}
