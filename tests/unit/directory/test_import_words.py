"""What the pages of imports say of a row, in words."""

from __future__ import annotations

from datetime import time
from uuid import uuid4

from services.directory.domain.documents import Opening
from services.directory.domain.importing.codec import to_json
from services.directory.web.import_words import said_words, shown

WORKSHOP = Opening(freq="WEEKLY", byday="MO", opens_at=time(9), closes_at=time(13))


def test_when_it_is_open_is_said_as_people_say_it() -> None:
    monthly = Opening(freq="MONTHLY", byday="2TH", opens_at=time(19), closes_at=time(0), location_id=uuid4())
    said = dict(said_words({"schedules": to_json((WORKSHOP, monthly)), "name": "Men’s workshop"}))
    assert said == {
        "Schedules": "Every Monday, 9am to 1pm; "
        "The second Thursday of the month, 7pm to midnight (at one venue)",
        "Name": "Men’s workshop",
    }


def test_times_that_change_are_said_so_too() -> None:
    assert shown(to_json([WORKSHOP]), "schedules") == "Every Monday, 9am to 1pm"
    assert shown([], "schedules") == "nothing"
    assert shown(to_json([Opening()]), "schedules") == "a time that is not said"
    assert shown(to_json([Opening(description="By arrangement")]), "schedules") == "By arrangement"
