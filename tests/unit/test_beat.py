from services.beat import SCHEDULES, beat_schedule, celery
from shared.celery_app import Every


def test_a_task_is_put_on_its_service_s_queue_and_lapses_before_the_next():
    made = beat_schedule({"apples": (Every("apples.pick", 5),), "pears": (Every("pears.count", 60),)})
    assert made == {
        "apples.pick": {
            "task": "apples.pick",
            "schedule": 5,
            "options": {"queue": "apples", "expires": 5},
        },
        "pears.count": {
            "task": "pears.count",
            "schedule": 60,
            "options": {"queue": "pears", "expires": 60},
        },
    }


def test_beat_runs_every_service_s_schedule_and_has_no_task_of_its_own():
    entries = [every for schedule in SCHEDULES.values() for every in schedule]
    assert len(celery.conf.beat_schedule) == len(entries) > 0
    assert not [name for name in celery.tasks if not name.startswith("celery.")]


def test_every_scheduled_task_is_named_after_the_service_whose_queue_it_goes_to():
    for service, schedule in SCHEDULES.items():
        assert schedule
        assert all(every.name.startswith(f"{service}.") and every.seconds > 0 for every in schedule)
