"""The Celery process of referrals (`celery --app services.referrals.worker:celery worker`)."""

from shared.celery_app import Nudge, make_celery

from .store.database import database

celery = make_celery("referrals", "services.referrals.tasks")
database.nudge = Nudge(celery, "referrals.relay_outbox", "referrals")
