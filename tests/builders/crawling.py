"""Which pages somebody can come to by following links, read over plain HTTP."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from shared.settings import PORT_OFFSET, SERVICES
from tests.builders.routes import Route, match
from tests.builders.visitors import Visitor, links_of

HOMES = tuple((service, "/") for service in SERVICES)
MOST_PAGES = 400
# "Exit this page" goes to another site at once.
LEADS_AWAY = frozenset({"referrals /for-you/leave"})


@dataclass(frozen=True)
class Shown:
    """A page somebody was shown. Pages of one kind are made by the same template."""

    route: Route
    kind: str
    service: str
    path: str


@dataclass
class Crawl:
    """What one person came to. `texts`: the HTML by service and path; `chosen` is the reader's own."""

    pages: list[Shown] = field(default_factory=list)
    chosen: list[Shown] = field(default_factory=list)
    reached: set[Route] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)


def crawl(visitor: Visitor, *, also: Iterable[tuple[str, str]] = (), times: int = 2) -> Crawl:
    """From the three homes (and `also`) breadth-first; each kind of page at most `times` times.

    A link that leads to an error is a fault, and so is one to an address no service knows; what is in
    `also` may be refused. Links in a letter are not followed: they are for whom the letter is to.
    """
    found, tried = Crawl(), set(also)
    seen: set[tuple[str, str]] = set()
    counted: Counter[str] = Counter()
    waiting = deque([*HOMES, *also])
    while waiting and counted.total() < MOST_PAGES:
        service, path = waiting.popleft()
        if (service, path) in seen:
            continue
        seen.add((service, path))
        known = match(service, urlsplit(path).path)
        if known is None:
            found.faults.append(f"{service} {path}: no such address")
            continue
        route, values = known
        kind = kind_of(route, values)
        if not route.is_page or counted[kind] >= times:
            continue
        answer = visitor.get(service, path)
        if (service, path) in tried and answer.status_code == 404:
            continue
        counted[kind] += 1
        found.reached.add(route)
        if answer.is_redirect and kind in LEADS_AWAY:
            continue
        if answer.ok and answer.headers.get("Content-Disposition", "").startswith("attachment"):
            # A file to take away: no page, and a browser stays where it is.
            continue
        if answer.is_redirect:
            waiting.appendleft(_inside(visitor, answer.url, answer.headers["Location"]))
        elif answer.status_code == 200:
            found.pages.append(Shown(route, kind, service, path))
            found.texts[f"{service} {path}"] = answer.text
            leads = links_of(visitor.stack, answer.url, answer.text)
            waiting.extend(lead for lead in leads if not _of_letters(service, path) or _of_letters(*lead))
        else:
            found.faults.append(f"{service} {path}: {answer.status_code}")
    return found


def kind_of(route: Route, values: Mapping[str, Any]) -> str:
    """The rule; each act of a referral is a kind of its own."""
    return f"{route.service} {route.rule}" + (f" {values['act']}" if "act" in values else "")


def _of_letters(service: str, path: str) -> bool:
    return service == "notifications" and path.startswith("/outbox")


def _inside(visitor: Visitor, url: str, location: str) -> tuple[str, str]:
    parts = urlsplit(urljoin(url, location))
    services = {visitor.stack.base + offset: service for service, offset in PORT_OFFSET.items()}
    assert parts.port in services, f"{url} sends people to {location}"
    return services[parts.port], (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
