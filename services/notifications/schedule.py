"""What beat runs for notifications, and how often. Each sweep finds what a nudge missed."""

from shared.celery_app import Every

SCHEDULE: tuple[Every, ...] = (
    Every("notifications.send_due", 2),
    Every("notifications.plan_messages", 5),
    Every("notifications.catch_up", 10),
    Every("notifications.take_back_leases", 15),
    Every("notifications.check_mail_server", 60),
    Every("notifications.seal_access_log", 60),
    Every("notifications.refresh_keys", 600),
    Every("notifications.clear_old", 24 * 3600),
)
