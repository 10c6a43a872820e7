"""What beat runs for the directory, and how often."""

from shared.celery_app import Every

SCHEDULE: tuple[Every, ...] = (
    Every("directory.relay_outbox", 5),
    Every("directory.work_on_imports", 3),
    Every("directory.seal_access_log", 60),
    Every("directory.clear_old", 3600),
)
