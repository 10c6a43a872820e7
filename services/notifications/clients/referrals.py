"""What we ask referrals: who may be told of an event, now."""

from __future__ import annotations

from uuid import UUID

from services.notifications.domain.audience import Audience, read_audience
from shared.errors import Unavailable
from shared.http_client import ServiceClient

client = ServiceClient("notifications", "referrals")


def ask_audience(referral_id: UUID, event_type: str, event_id: str) -> Audience:
    """Who may be told at this moment. Raises NotFound where the referral is not there, and Unavailable."""
    answer = client.get(
        f"/api/v1/referrals/{referral_id}/audience", {"event": event_type, "event_id": event_id}
    )
    try:
        return read_audience(answer, referral_id)
    except (KeyError, TypeError, ValueError, AttributeError) as wrong:
        raise Unavailable("The referrals service gave an answer we cannot read.") from wrong
