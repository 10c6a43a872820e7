"""The addresses of a feed, the same for both standards."""

from __future__ import annotations

from functools import cache
from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, Response, request

from services.directory.feeds.answering import answer, envelope, init_open_answers, lines
from services.directory.feeds.asking import Query, read_query, read_values
from services.directory.feeds.description import OF_ONE, describe
from services.directory.feeds.parameters import TAKEN
from services.directory.feeds.standards import HSDS, ORUK, Standard
from services.directory.store.queries import feed_pages
from services.directory.store.queries.feed_pages import Collection, Told
from shared import settings
from shared.auth.guard import public
from shared.clock import now
from shared.errors import NotFound

COLLECTIONS: dict[str, Collection] = {
    "services": feed_pages.SERVICES,
    "organizations": feed_pages.ORGANIZATIONS,
    "service_at_locations": feed_pages.VENUES,
    "taxonomies": feed_pages.TAXONOMIES,
    "taxonomy_terms": feed_pages.TERMS,
}
STANDARDS = (ORUK, HSDS)


def register(app: Flask) -> None:
    """Both feeds, on `app`. Call it before the security headers are."""
    init_open_answers(app, tuple(f"/{standard.path}/" for standard in STANDARDS))
    for standard in STANDARDS:
        app.register_blueprint(_feed(standard))


def _feed(standard: Standard) -> Blueprint:
    feed = Blueprint(f"feed_{standard.path}", __name__, url_prefix=f"/{standard.path}")

    @cache
    def described() -> dict[str, Any]:
        return describe(standard, _address(standard))

    @feed.get("/")
    @public
    def about() -> Response:
        """Which standard, in which version, and where it is described."""
        read_values(request.args, ())
        return answer(
            {
                "version": standard.version,
                "profile": standard.profile,
                "openapi_url": f"{_address(standard)}/openapi.json",
            }
        )

    @feed.get("/openapi.json")
    @public
    def openapi() -> Response:
        """The description of this feed."""
        return answer(described())

    for name in COLLECTIONS:
        _add_collection(feed, standard, name)
    return feed


def _add_collection(feed: Blueprint, standard: Standard, name: str) -> None:
    @public
    def some() -> Response:
        return _list(standard, name)

    @public
    def one(own_id: UUID) -> Response:
        return _one(standard, name, own_id)

    feed.add_url_rule(f"/{name}", f"list_{name}", some, methods=["GET"])
    feed.add_url_rule(f"/{name}/<uuid:own_id>", f"one_of_{name}", one, methods=["GET"])


def _list(standard: Standard, name: str) -> Response:
    query = read_query(request.args, TAKEN[name])
    collection, told = COLLECTIONS[name], _told(query)
    if query.ndjson:
        each = feed_pages.each_of(collection, query.asked, told)
        return lines(_written(standard, name, query, thing, facts) for thing, facts in each)
    page = feed_pages.page_of(collection, query.asked, told, number=query.page, size=query.per_page)
    contents = [_written(standard, name, query, thing, page.facts) for thing in page.things]
    return answer(envelope(contents, total=page.total, number=query.page, size=query.per_page))


def _one(standard: Standard, name: str, own_id: UUID) -> Response:
    values = read_values(request.args, OF_ONE.get(name, ()))
    told = Told(now(), whole=True, services=bool(values.get("full_service")))
    found = feed_pages.one_of(COLLECTIONS[name], own_id, told)
    if found is None:
        raise NotFound("There is none with this id, or it never was published.")
    return answer(standard.writers[name].whole(*found))


def _told(query: Query) -> Told:
    whole = (query.full or query.full_service) and not query.minimal
    return Told(now(), whole=whole, services=query.full_service)


def _written(standard: Standard, name: str, query: Query, thing: Any, facts: Any) -> dict[str, Any]:
    if query.minimal:
        return standard.minimal(thing)
    writers = standard.writers[name]
    write = writers.whole if query.full or query.full_service else writers.listed
    return write(thing, facts)


def _address(standard: Standard) -> str:
    return f"{settings.public_url('directory')}/{standard.path}"
