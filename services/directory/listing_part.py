"""What the listings (organisations, services, teams, link workers) add to the directory's process."""

from __future__ import annotations

from flask import Blueprint as PageBlueprint

from services.directory.api import link_workers as link_worker_api
from services.directory.api import needs, places, routing_snapshot, writing
from services.directory.api import services as service_api
from services.directory.web import (
    export,
    help_now,
    imports,
    link_workers,
    maps,
    search_admin,
    service_search,
    wards,
)
from services.directory.web.listing import bodies as listing_bodies
from services.directory.web.listing import pages as listing_pages
from services.directory.web.listing import parts as listing_parts
from services.directory.web.listing import word_pages as listing_words
from shared.smorest import Blueprint
from shared.web import Message

API_BLUEPRINTS: tuple[Blueprint, ...] = (
    service_api.blp,
    writing.blp,
    link_worker_api.blp,
    needs.blp,
    places.blp,
    routing_snapshot.blp,
)
PAGE_BLUEPRINTS: tuple[PageBlueprint, ...] = (
    # The list of services joins the pages of one service.
    service_search.pages,
    link_workers.pages,
    wards.pages,
    maps.pages,
    help_now.pages,
    export.pages,
    listing_pages.pages,
    listing_parts.pages,
    listing_bodies.pages,
    listing_words.pages,
    search_admin.pages,
    imports.pages,
)
MESSAGES: dict[str, Message] = {
    **imports.MESSAGES,
    "capacity_changed": Message("What you can take is changed. Whoever refers sees it within seconds."),
    "absence_recorded": Message("The absence is written down. Whoever refers sees it within seconds."),
    "listing_begun": Message("The listing is begun. Nobody else sees it until it is published."),
    "listing_saved": Message("Saved."),
    "listing_published": Message("The listing is published. Whoever searches finds it within seconds."),
    "listing_unpublished": Message("The listing is a draft again. Nobody else sees it."),
    "listing_closed_for_a_time": Message("The listing says that it is closed for the time being."),
    "listing_closed": Message("The listing is closed. Nobody is sent there any more."),
    "listing_back": Message("The listing is a draft again."),
    "listing_words_out": Message("The text is taken out of the listing."),
    "word_saved": Message("Saved. Whoever writes, refers or searches sees it within seconds."),
    "word_moved": Message("The word is moved."),
    "word_retired": Message("The word is retired: it is offered no more, and stays where it is said."),
    "word_offered": Message("The word is offered again."),
    "venue_added": Message("The venue is written down."),
    "search_words_kept": Message("The words are kept. They count from the next search on."),
    "search_words_removed": Message("The words are removed."),
    "absence_ended": Message("The absence is ended."),
}
