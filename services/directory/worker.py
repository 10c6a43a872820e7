"""The Celery process of the directory (`celery --app services.directory.worker:celery worker`)."""

from services.directory.store.database import database
from shared.celery_app import Nudge, make_celery

celery = make_celery("directory", "services.directory.tasks")
database.nudge = Nudge(celery, "directory.relay_outbox", "directory")
