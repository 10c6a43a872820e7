import re
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median

import pytest

from services.referrals.actions.public_drafts import clear_public_drafts
from services.referrals.demo import load as _  # noqa: F401
from shared.clock import now
from tests.builders.asking import ANSWERS, PLACE, Asker, reference_of
from tests.builders.referrals import one, rows
from tests.builders.referrals_journeys import send


@pytest.fixture
def asker(app):
    return Asker(app)


def row_of(page):
    return rows("select * from referral where reference = :r", r=reference_of(page))[0]


def count():
    return one("select count(*) from referral")


def test_a_smoke(asker):
    page = asker.ask()
    print(page.words)
    print(row_of(page))
    print(asker.get(asker.link()).words)
