"""The order of work: what must be read today, what comes sooner, and the rest in turn."""

from __future__ import annotations

ALERT, SOONER, ROUTINE = 0, 1, 2
"""An alert is words of crisis in any text of the referral, or a safeguarding concern."""

ALERT_WITHIN = 1
"""Working days within which somebody looks at an alert."""
