"""A body that would do for each act of the API, so that nothing but the id is wrong."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tests.builders.running_lives import CONTACT, in_days
from tests.builders.sent_by_each import LAC

ANY_ID = str(uuid4())
BODIES: dict[str, Any] = {
    "accept": {},
    "answer": {"answer": "In the morning."},
    "ask": {"question": "When?"},
    "complete": {"outcomes": [{"need": "loneliness", "outcome": "met"}], "ended_by": "worker"},
    "contact": CONTACT,
    "decline": {"reason": "no_capacity"},
    "fail": {"attempts": 3},
    "forget": {},
    "agreements": {
        "agreement": [
            {"recipient": "helpers", "purpose": "share_referral", "agreed": True, "how": "In person."}
        ]
    },
    "hold": {"reason": "waiting_list", "review_on": in_days(7)},
    "reassign": {"assignee_id": ANY_ID},
    "redirect": {"service_id": LAC, "reason": "Nearer."},
    "release": {"reason": "Leaving."},
    "reopen": {"reason": "Came back."},
    "resume": {},
    "route": {"service_id": LAC},
    "start": {"contact": CONTACT},
    "undo": {},
    "void": {"reason": "By mistake."},
    "withdraw": {"reason": "Not wanted."},
    "absences": {"from": in_days(1), "to": in_days(2)},
    "capacity": {"limit": 3},
}
"""By the last word of the address."""

FIELDS = {
    "reason": "no_capacity", "text": "words", "question": "When?", "answer": "Soon.", "mode": "phone",
    "review_on-day": "1", "review_on-month": "1", "review_on-year": "2027", "q": "words",
}  # fmt: skip
"""The same for the forms of the pages."""
