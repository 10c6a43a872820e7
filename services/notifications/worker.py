"""The Celery process: `celery --app services.notifications.worker:celery worker -Q notifications`."""

from shared.celery_app import make_celery

celery = make_celery("notifications", "services.notifications.tasks")
