"""The Celery process of referrals (`celery --app services.referrals.worker:celery worker`)."""

from typing import Any

from celery.signals import worker_ready

from services.referrals.store.database import database
from shared.celery_app import Nudge, make_celery

celery = make_celery("referrals", "services.referrals.tasks")
database.nudge = Nudge(celery, "referrals.relay_outbox", "referrals")


@worker_ready.connect(weak=False)
def refresh_at_once(sender: Any = None, **_: Any) -> None:
    """After a long stop the copy of the directory is old: bring it up to date before beat first asks."""
    if sender is not None and sender.app is celery:
        Nudge(celery, "referrals.refresh_snapshot", "referrals")()
