import threading

import pytest
from werkzeug.serving import make_server

from shared.auth.sessions import COOKIE
from shared.clock import now
from tests.builders.referrals_app import make_app
from tests.builders.referrals_world import fill
from tests.e2e import pages_referrals as job
from tests.e2e.conftest import open_tab

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def address(referrals_database):
    fill(now())
    server = make_server("127.0.0.1", 0, make_app(), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def sign_in(browser, address):
    contexts = []

    def open_as(who):
        context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
        context.set_default_timeout(15_000)
        context.add_cookies([{"name": COOKIE, "value": who, "url": address}])
        contexts.append(context)
        return open_tab(context)

    yield open_as
    for context in contexts:
        context.close()


def test_a_practice_refers_and_every_page_on_the_way_is_in_order(sign_in, address, check_page):
    page = sign_in("practice")
    page.goto(f"{address}/refer")
    check_page(page, "refer-start")
    page.get_by_role("button", name="See who can help").click()
    page.get_by_role("alert").wait_for()
    check_page(page, "refer-start-errors")
    job.start_referral(page, address)
    check_page(page, "refer-who")
    job.choose(page)
    check_page(page, "refer-about")
    job.tell_about(page)
    check_page(page, "refer-contact")
    job.say_how_to_reach(page)
    check_page(page, "refer-check")
    job.send(page)
    check_page(page, "refer-sent")
    page.goto(f"{address}/sent")
    check_page(page, "sent")
