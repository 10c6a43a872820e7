"""axe-core in the page under test, and what it found, in words."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from shared.web.assets import frontend_dir

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS: dict[str, Any] = {
    "runOnly": {"type": "tag", "values": TAGS},
    # Targets of 24 px are a rule of WCAG 2.2 that axe leaves off unless asked.
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong on `page` as it stands: rule, help and the elements; empty when clean.

    The page keeps its own strict Content-Security-Policy: the script is evaluated through the
    browser's debugger, which no policy concerns.
    """
    if not page.evaluate("() => typeof window.axe === 'object'"):
        source = (frontend_dir() / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
        session = page.context.new_cdp_session(page)
        session.send("Runtime.evaluate", {"expression": source})
        session.detach()
    found = page.evaluate("(options) => axe.run(document, options)", OPTIONS)
    return [
        f"{each['id']} ({each['impact']}): {each['help']}: "
        + "; ".join(_node(node) for node in each["nodes"])
        for each in found["violations"]
    ]


def _node(node: dict[str, Any]) -> str:
    return f"{' '.join(str(step) for step in node['target'])} {node['html'][:120]}"
