"""The Celery process of referrals (`celery --app services.referrals.worker:celery worker`)."""

from services.referrals.store.database import database
from shared.celery_app import Nudge, make_celery

celery = make_celery("referrals", "services.referrals.tasks")
database.nudge = Nudge(celery, "referrals.relay_outbox", "referrals")
