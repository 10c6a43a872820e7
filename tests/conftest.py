"""What every test finds: settings, engines when asked for, and no way out of this machine.

Databases (each clean, with its tables, once for each test module; the address is in the environment):
`directory_database`, `referrals_database`, `notifications_database`; `databases` is all three; and
`blank_database` is one with nothing in it. `valkey` is an empty broker. Whoever asks for none of them
starts no engine. `chromium` is the browser's path.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from shared.embedded.engines import url_setting
from shared.settings import SERVICES
from tests import engines
from tests.chromium import MISSING, find_chromium
from tests.loopback import refuse_other_addresses
from tests.nginx import MISSING as NGINX_MISSING
from tests.nginx import find_nginx
from tests.stack import stack

__all__ = ["stack"]

# Before any test module is imported: services read their settings when first used.
engines.settle(os.environ.get("PYTEST_XDIST_WORKER", "main"))
refuse_other_addresses()


def pytest_unconfigure() -> None:
    """End the engines with the run."""
    engines.finish()


LONG = ("tests/integration/embedded/", "tests/integration/whole/")


def programs_missing() -> dict[str, str]:
    """Marks whose tests need a program that is not here, each with what to say of it."""
    wanted = {"e2e": (find_chromium, MISSING), "gateway": (find_nginx, NGINX_MISSING)}
    return {mark: words for mark, (find, words) in wanted.items() if not find()}


def _place(item: pytest.Item) -> tuple[bool, bool]:
    deep = item.get_closest_marker("deep") is not None
    return deep or not item.get_closest_marker("e2e"), deep or not item.nodeid.startswith(LONG)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where there is no browser or no nginx their tests are left out, and the end of the run says so.

    Of the short suite the files that take longest come first, so that no process is left alone with one of
    them at the end. The deep checks share one running place, and some change it: they keep their order.
    """
    items.sort(key=_place)
    missing = programs_missing()
    left_out = [item for item in items if any(item.get_closest_marker(mark) for mark in missing)]
    if left_out:
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A CI run without a browser or nginx fails, whatever else it did."""
    if os.environ.get("CI") and programs_missing() and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what was not tried."""
    for words in programs_missing().values():
        terminalreporter.section("NOT TRIED", red=True, bold=True)
        terminalreporter.line(words, red=True, bold=True)


@pytest.fixture(scope="session")
def servers() -> Iterator[engines.Servers]:
    """PostgreSQL and Valkey, started now if no test asked before."""
    servers = engines.Servers(os.environ.get("PYTEST_XDIST_WORKER", "main"))
    yield servers
    engines.close_pools()


@pytest.fixture(scope="module")
def directory_database(servers: engines.Servers) -> Iterator[str]:
    """The directory's clean database; its address."""
    yield servers.fresh("directory")
    servers.drop("directory")


@pytest.fixture(scope="module")
def referrals_database(servers: engines.Servers) -> Iterator[str]:
    """The referrals' clean database; its address."""
    yield servers.fresh("referrals")
    servers.drop("referrals")


@pytest.fixture(scope="module")
def notifications_database(servers: engines.Servers) -> Iterator[str]:
    """The notifications' clean database; its address."""
    yield servers.fresh("notifications")
    servers.drop("notifications")


@pytest.fixture(scope="module")
def databases(
    directory_database: str, referrals_database: str, notifications_database: str
) -> dict[str, str]:
    """All three clean databases: setting name → address."""
    addresses = (directory_database, referrals_database, notifications_database)
    return dict(zip((url_setting(service) for service in SERVICES), addresses, strict=True))


@pytest.fixture(scope="module")
def blank_database(servers: engines.Servers) -> Iterator[str]:
    """A database with nothing in it, for tests of what services share; its address."""
    yield servers.blank()
    servers.drop("blank")


@pytest.fixture(scope="module")
def valkey(servers: engines.Servers) -> str:
    """This worker's empty part of the broker; its address, which is REDIS_URL."""
    return servers.flush()


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's path; tests that ask for it carry the mark `e2e`."""
    path = find_chromium()
    if path is None:
        raise RuntimeError(MISSING)
    return path
