"""The pages beside the list of listings, and who sees which of them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request, url_for

from shared.auth import Role
from shared.auth.guard import caller_or_none

_ADMINS = (Role.ORG_ADMIN, Role.FORUM_ADMIN)
_FORUM = (Role.FORUM_ADMIN,)
_PAGES = (
    ("Listings", "listings.start", _ADMINS),
    ("Imports", "imports.imports", _ADMINS),
    ("Export", "export.start", _ADMINS),
    ("Words of listings", "listing_words.start", _FORUM),
    ("Words of the search", "search_admin.thesaurus_page", _FORUM),
    ("What was not found", "search_admin.unmet", _FORUM),
)


@dataclass(frozen=True)
class Tab:
    """A link to one of these pages; `current` on it and on those under it."""

    text: str
    href: str
    current: bool


def listing_tabs() -> list[Tab]:
    """Those the caller may open, in the order in which they are shown."""
    caller = caller_or_none()
    links = [
        (text, url_for(endpoint))
        for text, endpoint, roles in _PAGES
        if caller is not None and caller.has(*roles)
    ]
    here = request.script_root + request.path
    return [Tab(text, href, f"{here}/".startswith(f"{href}/")) for text, href in links]
