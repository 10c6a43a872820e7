"""Words that must not wait in a queue: somebody reads them today, and the page says whom to ring now.

Nothing is refused or passed back because of them, and nobody is told that a machine has read them: they put
the referral at the top with an alert. A false alert costs a minute; the list is therefore generous.
"""

from __future__ import annotations

import re

_PHRASES = (
    r"suicid\w*",
    r"(?:kill|hurt|harm(?:ing)?|cut(?:ting)?)\s+(?:my|him|her|them)sel(?:f|ves)",
    r"self[\s-]?harm\w*",
    r"end(?:ing)?\s+(?:it\s+all|(?:my|his|her|their)\s+life)",
    r"(?:want|wants|wanted|wish|going)\s+to\s+die",
    r"(?:can\s?not|can'?t|cannot)\s+(?:go|carry)\s+on",
    r"better\s+off\s+(?:dead|without\s+me)",
    r"no\s+(?:reason|point)\s+(?:to\s+live|(?:in\s+)?living)",
    r"overdos\w*",
    r"not\s+safe\s+tonight",
    r"(?:going|threaten\w*)\s+to\s+(?:kill|stab|hurt)",
)
_CRISIS = re.compile(r"\b(?:" + "|".join(_PHRASES) + r")\b", re.IGNORECASE)


def has_crisis_words(*texts: str | None) -> bool:
    """Whether any of these texts speaks of danger to life or of violence now."""
    return any(_CRISIS.search(text.replace("’", "'")) for text in texts if text)
