"""A page costs the same number of queries however long its list is."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event

from services.referrals.store.database import database
from shared.clock import now
from tests.builders.referrals_journeys import send


@contextmanager
def counted():
    """Counts the statements sent to the database meanwhile."""
    statements = []

    def note(_connection, _cursor, statement, *_):
        statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def cost(browser, path):
    browser.get(path)
    with counted() as statements:
        assert browser.get(path).status == 200
    return len(statements)


@pytest.mark.parametrize(
    ("who", "path", "most"),
    [
        ("worker", "/queue", 8),
        ("worker", "/my-people", 8),
        ("lead", "/team", 10),
        ("desk", "/unrouted", 8),
        ("practice", "/sent", 8),
    ],
)
def test_a_list_costs_the_same_with_one_row_and_with_more(browser, who, path, most):
    reader, practice = browser(who), browser("practice")
    send(practice, about={"given_name": f"One{now().timestamp()}"})
    before = cost(reader, path)
    for number in range(2):
        taken = send(practice, about={"given_name": f"More{number}{now().timestamp()}"})
        browser("colleague").post(f"{taken}/accept")
        send(practice, about={"given_name": f"Again{number}{now().timestamp()}"})
    assert cost(reader, path) == before
    assert before <= most


def test_the_page_of_a_referral_costs_the_same_after_more_has_happened(browser):
    path = send(browser("practice"), about={"given_name": f"Ada{now().timestamp()}"})
    worker = browser("worker")
    worker.post(f"{path}/accept")
    before = cost(worker, path)
    for question in ("Which days?", "Which bus?"):
        worker.post(f"{path}/ask", {"question": question})
        browser("practice").post(f"{path}/answer", {"answer": "Any."})
    assert cost(worker, path) == before
    assert before <= 25
