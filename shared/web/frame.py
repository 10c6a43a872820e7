"""The frame around every page: header, ways across the three services, footer, and what is behind them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import quote

from flask import Flask, current_app, g, render_template, request, url_for
from jinja2 import ChainableUndefined, ChoiceLoader, FileSystemBytecodeCache, PackageLoader
from jinja2.bccache import Bucket

from shared import settings
from shared.auth.guard import public
from shared.web import dates, flash
from shared.web.assets import init_assets
from shared.web.csrf import init_csrf
from shared.web.headers import init_headers
from shared.web.prefix import init_prefix

DOCS_ENDPOINT = "linkwork_docs"
_EXTENSION = "linkwork_frame"
FILTERS: tuple[Callable[..., Any], ...] = (
    dates.uk_date,
    dates.uk_datetime,
    dates.uk_time,
    dates.short_date,
    dates.days_since,
    dates.wait,
    dates.phone_link,
)
GLOBALS: tuple[Callable[..., Any], ...] = (settings.public_url,)


class _CompiledTemplates(FileSystemBytecodeCache):
    """Keeps compiled templates between processes: a worker's first page takes 0.1 s and not 1.2 s."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep `bucket`, or go on without where the disk is full or may not be written."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


class HasRole(Protocol):
    """A membership, as far as the header cares."""

    @property
    def role(self) -> str: ...


class SignedIn(Protocol):
    """A signed-in caller, as far as the header cares (`shared.auth.Caller` is one)."""

    @property
    def name(self) -> str | None: ...

    @property
    def memberships(self) -> Sequence[HasRole]: ...


@dataclass(frozen=True)
class NavItem:
    """A link of the navigation, to `path` of `service`.

    With `roles`, only those who hold one of them see it. `signed_in`: True for anybody signed in,
    False for nobody signed in, None for everybody. `key` names the count shown beside it. Pages under the
    paths `also` are reached through this link, so it is the current one there too.
    """

    label: str
    service: str
    path: str
    roles: tuple[str, ...] = ()
    signed_in: bool | None = None
    key: str = ""
    also: tuple[str, ...] = ()

    def is_for(self, caller: SignedIn | None) -> bool:
        """True when `caller` (None: nobody signed in) sees this link."""
        if self.roles:
            return caller is not None and any(m.role in self.roles for m in caller.memberships)
        return self.signed_in is None or self.signed_in is (caller is not None)


@dataclass(frozen=True)
class WayOut:
    """What a page has round it whose reader may be in danger, or watched.

    Whom to ring now as `{name, number, when, what}`, whose numbers these are, the address that forgets what
    was typed and leads away, and the one to begin at again.
    """

    numbers: Sequence[Mapping[str, str]]
    place: str
    exit_through: str
    begin: str


class FindWayOut(Protocol):
    """Of the page that is asked for; None where it needs none. `failed`: the store may be away."""

    def __call__(self, *, failed: bool) -> WayOut | None: ...


def no_way_out(**_: bool) -> None:
    """For a service whose pages are all for people at work."""


@dataclass(frozen=True)
class Frame:
    """What the frame of one service was given."""

    service: str
    nav: Sequence[NavItem]
    who: Callable[[], SignedIn | None]
    organisation: Callable[[], str | None]
    counts: Mapping[str, Callable[[], int | None]] = field(default_factory=dict)

    def view(self) -> dict[str, Any]:
        """All that `linkwork/page.html` needs about the caller and the navigation."""
        bare = bool(g.get("linkwork_bare"))
        caller = None if bare else self.who()
        directory = settings.public_url("directory")
        can_return = request.method in ("GET", "HEAD")
        here = settings.public_url(self.service) + (request.path if can_return else "/")
        shown = [item for item in self.nav if item.is_for(caller)]
        current = self._current(shown)
        return {
            "service": self.service,
            "home": directory + "/",
            "caller": caller,
            "knows_caller": not bare,
            "organisation": self.organisation() if caller is not None else None,
            "nav": [self._link(item, caller, item is current) for item in shown],
            "sign_in": f"{directory}/sign-in?next={quote(here, safe='')}",
            "sign_out": f"{directory}/sign-out",
            "help_now": f"{directory}/help-now",
            "docs": url_for(DOCS_ENDPOINT) if DOCS_ENDPOINT in current_app.view_functions else None,
        }

    def _link(self, item: NavItem, caller: SignedIn | None, current: bool) -> dict[str, Any]:
        count = self.counts.get(item.key) if item.key and caller is not None else None
        return {
            "text": item.label,
            "href": self.address(item),
            "current": current,
            "count": count() if count is not None else None,
        }

    def address(self, item: NavItem) -> str:
        """Where a link leads: a path inside this service, a full address for the others."""
        if item.service == self.service:
            return request.script_root + item.path
        return settings.public_url(item.service) + item.path

    def _current(self, shown: Sequence[NavItem]) -> NavItem | None:
        here = request.path.rstrip("/") + "/"
        under = [
            (len(path), item)
            for item in shown
            for path in (item.path, *item.also)
            if item.service == self.service and here.startswith(path.rstrip("/") + "/")
        ]
        return max(under, key=lambda pair: pair[0], default=(0, None))[1]


def frame(
    app: Flask,
    *,
    service: str,
    nav: Sequence[NavItem],
    who: Callable[[], SignedIn | None],
    organisation: Callable[[], str | None] = lambda: None,
    counts: Mapping[str, Callable[[], int | None]] | None = None,
    messages: Mapping[str, flash.Message] | None = None,
    csrf_key: str | None = None,
    way_out: FindWayOut = no_way_out,
    images: Sequence[str] = (),
) -> None:
    """Give `app` its pages' frame and everything behind it; `shared.web` shows how.

    `images` are origins, beside its own, that its pages show pictures from (the tiles of a map).
    Raises MissingSetting where neither `csrf_key` nor the setting CSRF_KEY is given.
    """
    key = csrf_key or settings.required("CSRF_KEY")
    _prepare_templates(app)
    shown = Frame(service, tuple(nav), who, organisation, dict(counts or {}))
    app.extensions[_EXTENSION] = shown
    app.jinja_env.globals["frame_view"] = shown.view
    app.jinja_env.globals["flash_message"] = flash.take
    app.jinja_env.globals["way_out"] = way_out
    init_assets(app)
    init_prefix(app, service)
    init_headers(app, images)
    init_csrf(app, service, key)
    flash.init_flash(app, service, messages or {}, key)

    @app.get("/accessibility", endpoint="linkwork_accessibility")
    @public
    def accessibility() -> str:
        return render_template("linkwork/accessibility.html")


def _prepare_templates(app: Flask) -> None:
    """Our templates and the NHS's behind the service's own.

    Flask escapes by file name and would leave the NHS's `.jinja` files unescaped: everything is
    escaped here. The NHS macros ask for chainable undefined values.
    """
    env = app.jinja_env
    env.undefined = ChainableUndefined
    env.autoescape = True
    # The NHS macros are written for this; without it half of a page is blank lines.
    env.trim_blocks = env.lstrip_blocks = True
    own = [env.loader] if env.loader is not None else []
    env.loader = ChoiceLoader([*own, PackageLoader("shared.web"), PackageLoader("nhsuk_frontend_jinja")])
    env.bytecode_cache = _compiled_templates()
    for each in FILTERS:
        env.filters[each.__name__] = each
    for each in GLOBALS:
        env.globals[each.__name__] = each


def _compiled_templates() -> _CompiledTemplates | None:
    """The cache, in a folder only this user may write; None where there can be no such folder."""
    try:
        # Jinja's key knows a template's text but not the options above: change the number with them.
        return _CompiledTemplates(pattern="linkwork-1-%s.cache")
    except (RuntimeError, OSError):
        return None
