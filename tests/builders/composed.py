"""A place of docker-compose.yml brought up from nothing: `post`, `settings`, `place` and `visitor`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Letters

from shared.settings import SERVICES
from tests.builders.compose import read_env_file, variables
from tests.builders.containers import Place, a_place, in_order
from tests.builders.documented import block, in_a_shell
from tests.builders.gateway import Browser, Reached, leads_to
from tests.engines import free_ports
from tests.stack import PASSWORD, eventually

ORIGIN = "https://linkwork.example"
HOMES = {service: f"{ORIGIN}/{service}/" for service in SERVICES}
SIGN_IN = HOMES["directory"] + "sign-in"


class Kept(Letters):
    """A mail server's memory."""

    def __init__(self) -> None:
        super().__init__()
        self.letters: list[Message] = []

    def handle_message(self, message: Message) -> None:
        self.letters.append(message)


@pytest.fixture(name="post", scope="session")
def the_post() -> Iterator[tuple[int, Kept]]:
    """A mail server: its port and what came."""
    kept, port = Kept(), free_ports(1)[0]
    server = Controller(kept, hostname="127.0.0.1", port=port)
    server.start()
    yield port, kept
    server.stop()


@pytest.fixture(name="settings", scope="session")
def the_settings(post: tuple[int, Kept], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The file .env as the documented commands make it, but for the mail server."""
    where = tmp_path_factory.mktemp("env")
    commands = [line for line in block("With Docker Compose").splitlines() if "docker compose up" not in line]
    in_a_shell("\n".join(commands), where)
    assert (where / ".env").stat().st_mode & 0o077 == 0
    made = read_env_file((where / ".env").read_text())
    assert {name for name, default in variables().items() if default is None} <= set(made)
    return made | {"SMTP_URL": f"smtp://127.0.0.1:{post[0]}"}


@pytest.fixture(name="place", scope="session")
def the_place(settings: dict[str, str]) -> Iterator[Place]:
    """Everything up, in the order the file says; each health check says no before and yes after."""
    with a_place(settings) as place:
        place.copy_code()
        bring_up(place, is_first=True)
        place.once("directory", "linkwork-directory", "load-demo", "--yes-this-is-a-demo")
        eventually(lambda: ready(place, "referrals"), within=60)
        place.once("referrals", "linkwork-referrals", "load-demo")
        yield place


def bring_up(place: Place, *, is_first: bool = False) -> None:
    """What is not running is started as Compose does it: after those it waits for; then all are well."""
    for name in in_order(place.containers):
        each = place.containers[name]
        for other, condition in each.waits_for.items():
            if condition == "service_healthy":
                place.until_well(other)
        if each.ask is None:
            place.once(name)
        elif name not in place.running:
            assert not is_first or not place.is_well(name), name
            place.start(name)
    for name in place.running:
        place.until_well(name)


@pytest.fixture(name="visitor")
def the_visitor(place: Place) -> Browser:
    """A browser in front of the gateway."""
    return Browser(Reached(place.at["gateway"], place.front))


def ready(place: Place, service: str) -> bool:
    answer = Browser(Reached(place.at["gateway"], place.front)).get(f"{ORIGIN}/{service}/readyz")
    return answer.status_code == 200


def enter(browser: Browser, name: str, url: str = SIGN_IN) -> str:
    return leads_to(url, browser.send(url, email=f"{name}@demo.example", password=PASSWORD))


def token(browser: Browser, client: str) -> dict[str, str]:
    answer = browser.client.post(
        "/directory/oauth/token",
        base_url=ORIGIN,
        data={"grant_type": "client_credentials"},
        auth=(client, f"{client}-secret"),
    )
    assert answer.status_code == 200, answer.text
    return {"Authorization": f"Bearer {answer.json['access_token']}"}


class AtReferrals:
    """The pages of referrals as those who fill in its forms know them, but below the gateway."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    def post(self, path: str, answers: dict[str, str]) -> SimpleNamespace:
        """The form at `path`, filled in and sent; where that leads, as the service itself calls it."""
        url = f"{ORIGIN}/referrals{path}"
        token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', self.browser.get(url).text)
        assert token, url
        answer = self.browser.client.post(
            f"/referrals{path}",
            base_url=ORIGIN,
            data={"csrf_token": token[1], **answers},
            headers={"Referer": url},
        )
        to = urlsplit(leads_to(url, answer)).path if answer.status_code == 302 else ""
        assert to.startswith("/referrals/") or not to
        return SimpleNamespace(
            status=answer.status_code, location=to.removeprefix("/referrals"), words=answer.text
        )
