"""What beat runs for referrals, and how often."""

from shared.celery_app import Every

SCHEDULE: tuple[Every, ...] = (
    Every("referrals.refresh_snapshot", 2),
    Every("referrals.relay_outbox", 5),
    Every("referrals.route_unrouted", 10),
    Every("referrals.catch_up", 10),
    Every("referrals.seal_access_log", 60),
    Every("referrals.rescue_lost", 60),
    Every("referrals.chase_late", 60),
    Every("referrals.refresh_keys", 600),
    Every("referrals.clear_public_drafts", 600),
    Every("referrals.measure_waits", 3600),
    Every("referrals.clear_old", 24 * 3600),
)
