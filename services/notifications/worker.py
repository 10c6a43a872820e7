"""The Celery process: `celery --app services.notifications.worker:celery worker -Q notifications`."""

from typing import Any

from celery.signals import worker_ready

from shared.celery_app import Nudge, make_celery

celery = make_celery("notifications", "services.notifications.tasks")


@worker_ready.connect(weak=False)
def ask_the_mail_server_at_once(sender: Any = None, **_: Any) -> None:
    """Until somebody asked it nobody can say whether letters go, and beat first asks after a minute."""
    if sender is not None and sender.app is celery:
        Nudge(celery, "notifications.check_mail_server", "notifications")()
