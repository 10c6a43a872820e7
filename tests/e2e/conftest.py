"""A real browser for the pages: `page`, `plain_page`, `axe`, `shoot` and `check_page`.

`page` is a tab of its own for each test (1280 px wide); `plain_page` is one without JavaScript. Whatever
goes wrong in the console, and every request to another machine, is noted and makes `check_page` fail.
Screenshots go to the folder SCREENSHOTS, else to a temporary one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    FloatRect,
    Page,
    Request,
    Response,
    sync_playwright,
)
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from shared.web import assets
from tests.e2e.axe import violations

NARROW, WIDE = 375, 1280
HEIGHT = 900
# A picture shows no more than this of a page, in px.
TALLEST = 8000
# As root in a closed network: no sandbox, and nothing that calls its maker.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOOPBACK = {"localhost", "127.0.0.1"}

Axe = Callable[[Page], list[str]]
Shoot = Callable[[Page, str], list[Path]]
CheckPage = Callable[[Page, str], None]


class Noted:
    """What went wrong in a tab, beside what the test looks at."""

    def __init__(self, page: Page) -> None:
        self.faults: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("request", self._request)
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        # The browser calls the status of an error page an error; of parts of a page, _response speaks.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.faults.append(f"console: {message.text}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            self.faults.append(f"{response.status} for {response.url}")

    def _request(self, request: Request) -> None:
        host = urlsplit(request.url).hostname
        if host and host not in LOOPBACK:
            self.faults.append(f"request to {host}")


_noted: dict[Page, Noted] = {}


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """Chromium, headless, once for the run."""
    absent = assets.missing()
    if absent:
        raise RuntimeError(f"Pages cannot be tried without their style sheet and script: {absent}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Cookies and storage of one test; open more tabs with `open_tab(context)`."""
    context = browser.new_context(viewport={"width": WIDE, "height": HEIGHT}, locale="en-GB")
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A tab."""
    return open_tab(context)


@pytest.fixture
def plain_page(browser: Browser) -> Iterator[Page]:
    """A tab without JavaScript."""
    context = browser.new_context(
        viewport={"width": WIDE, "height": HEIGHT}, locale="en-GB", java_script_enabled=False
    )
    context.set_default_timeout(15_000)
    yield open_tab(context)
    context.close()


def open_tab(context: BrowserContext) -> Page:
    """Another tab of the same person, watched like the first."""
    page = context.new_page()
    _noted[page] = Noted(page)
    return page


@pytest.fixture(scope="session")
def axe() -> Axe:
    """`axe(page)`: what axe-core finds wrong, in words; empty when clean."""
    return violations


@pytest.fixture(scope="session")
def shoot(tmp_path_factory: pytest.TempPathFactory) -> Shoot:
    """`shoot(page, name)`: whole-page pictures at 375 and 1280 px; the files."""
    folder = Path(os.environ.get("SCREENSHOTS") or tmp_path_factory.mktemp("screenshots"))
    folder.mkdir(parents=True, exist_ok=True)

    def shoot(page: Page, name: str) -> list[Path]:
        return [_at_width(page, width, folder / f"{name}-{width}.png") for width in (NARROW, WIDE)]

    return shoot


@pytest.fixture
def check_page(shoot: Shoot, request: pytest.FixtureRequest) -> CheckPage:
    """`check_page(page, name)`: fails with all that is wrong with a page at 375 and 1280 px.

    axe-core is clean, there is one h1 and a title, nothing scrolls sideways, nothing was said in the
    console, nothing was asked of another machine. Leaves screenshots where SCREENSHOTS says.
    axe-core looks at 375 px; the deep checks, which come to every page, have it look at both.
    """
    looked_through = (NARROW, WIDE) if request.node.get_closest_marker("deep") else (NARROW,)

    def check(page: Page, name: str) -> None:
        faults = list(_noted[page].faults) if page in _noted else []
        for width in (NARROW, WIDE):
            page.set_viewport_size({"width": width, "height": HEIGHT})
            _settle(page)
            found = violations(page) if width in looked_through else []
            faults += [f"{width} px: {fault}" for fault in [*_shape(page), *found]]
        # Pictures take as long as the rest together: only where somebody wants to look at them.
        if os.environ.get("SCREENSHOTS"):
            shoot(page, name)
        assert not faults, f"{name} ({page.url}):\n" + "\n".join(faults)

    return check


def _settle(page: Page) -> None:
    """Let the navigation fold away what no longer fits: it waits a moment after the window changed."""
    with suppress(PlaywrightTimeout):
        page.wait_for_function(
            "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth", timeout=3000
        )


def _shape(page: Page) -> list[str]:
    faults = []
    headings = page.locator("h1").count()
    if headings != 1:
        faults.append(f"{headings} h1")
    if not page.title().endswith("Linkwork"):
        faults.append(f"the title is {page.title()!r}")
    needed, given = page.evaluate(
        "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    if needed > given:
        faults.append(f"scrolls sideways: {needed} px in {given} px; {page.evaluate(_WIDEST)}")
    faults += [f"a word is broken: {word}" for word in page.evaluate(_BROKEN)]
    return faults


_WIDEST = """() => [...document.querySelectorAll("body *")]
    .filter((e) => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .slice(0, 5).map((e) => e.tagName + "." + e.className).join(", ")"""

# Words of headings, keys, labels and buttons that go over two lines; addresses of the API may.
_BROKEN = """() => {
    const broken = [];
    const where = "h1, h2, h3, dt, th, label, legend, button, a.nhsuk-button, .nhsuk-tag";
    for (const one of document.querySelectorAll(where)) {
        const texts = document.createTreeWalker(one, NodeFilter.SHOW_TEXT);
        for (let text = texts.nextNode(); text; text = texts.nextNode()) {
            if (text.parentElement.closest(".app-endpoint__path, .app-code")) continue;
            for (const word of text.data.matchAll(/[^\\s\\u00ad/–—-]+/g)) {
                const range = document.createRange();
                range.setStart(text, word.index);
                range.setEnd(text, word.index + word[0].length);
                const lines = new Set([...range.getClientRects()].map((r) => Math.round(r.top)));
                if (lines.size > 1) broken.push(word[0]);
            }
        }
    }
    return broken;
}"""


def _at_width(page: Page, width: int, path: Path) -> Path:
    page.set_viewport_size({"width": width, "height": HEIGHT})
    height = min(page.evaluate("() => document.documentElement.scrollHeight"), TALLEST)
    clip: FloatRect = {"x": 0, "y": 0, "width": width, "height": height}
    page.screenshot(path=path, full_page=True, clip=clip, timeout=60_000)
    return path
