"""The directory ward by ward: a list to read, and the same on paper."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from functools import lru_cache, partial

from flask import Blueprint, Response, render_template, request, url_for

from services.directory.domain.taxonomies import NEEDS
from services.directory.limits import booklet_limit
from services.directory.store.queries.wards import (
    ListedService,
    WardListing,
    ward_listing,
    ward_page,
    wards,
)
from services.directory.store.queries.words import places_with_numbers
from services.directory.web.booklet import (
    booklet,
    chapter_of,
    chapters,
    contact_lines,
    venue_lines,
    when_lines,
)
from services.directory.web.listing_words import needs_words
from services.directory.web.page_numbers import number_asked
from shared.auth import public
from shared.clock import now, uk_date
from shared.errors import NotFound

pages = Blueprint("wards", __name__)
# A booklet is the same for everybody until something of it changes, or the day does.
_KEPT_SECONDS = 3600


@pages.get("/wards")
@public
def all_wards() -> str:
    """Every ward of every place."""
    return render_template("directory/wards.html", wards=wards())


@pages.get("/wards/<code>")
@public
def ward(code: str) -> str:
    """What there is for the people of one ward, page by page."""
    found, on = ward_page(code, number_asked("page", 1)), uk_date(now())
    if found is None:
        raise _none_such()
    listing, ward = found.listing, found.listing.ward
    return render_template(
        "directory/ward.html",
        ward=ward,
        found=found,
        chapters=[(need, services) for need, services, _ in chapters(listing) if services],
        also=partial(_also, listing),
        previous_url=url_for(".ward", code=ward.code, page=found.number - 1) if found.number > 1 else None,
        next_url=url_for(".ward", code=ward.code, page=found.number + 1)
        if found.number < found.pages
        else None,
        when=when_lines,
        where=venue_lines,
        contact=contact_lines,
        on=on,
    )


@pages.get("/wards/<code>/booklet.pdf")
@public
@booklet_limit
def paper(code: str) -> Response:
    """The same on paper."""
    listing, on = _found(code), uk_date(now())
    numbers = tuple(
        (number.name, number.number)
        for each in places_with_numbers()
        if each.place.name == listing.ward.place
        for number in each.numbers
    )
    answer = Response(_printed(_Key(listing, numbers, on)), mimetype="application/pdf")
    name = "".join(letter if letter.isalnum() else "-" for letter in listing.ward.name)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{on.isoformat()}.pdf"'
    answer.headers["Cache-Control"] = f"public, max-age={_KEPT_SECONDS}"
    answer.set_etag(hashlib.sha256(answer.get_data()).hexdigest()[:32])
    answer.make_conditional(request)
    return answer


class _Key:
    """A booklet to be, compared by what it says."""

    def __init__(self, listing: WardListing, numbers: tuple[tuple[str, str], ...], on: date) -> None:
        self.listing, self.numbers, self.on = listing, numbers, on
        self._said = (listing, numbers, on)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self._said == other._said

    def __hash__(self) -> int:
        ids = tuple(one.id for one in self.listing.services)
        return hash((self.listing.ward.code, self.listing.changed_at, ids, self.on))


@lru_cache(maxsize=16)
def _printed(key: _Key) -> bytes:
    # Without the time of day, so that one booklet is the same file all day and in every process.
    at = datetime(key.on.year, key.on.month, key.on.day, tzinfo=UTC)
    return booklet(key.listing, key.numbers, key.on, at)


def _found(code: str) -> WardListing:
    listing = ward_listing(code)
    if listing is None:
        raise _none_such()
    return listing


def _none_such() -> NotFound:
    return NotFound("There is no such ward here.")


def _also(listing: WardListing, one: ListedService) -> str:
    """The needs it meets beside the one that it stands under."""
    under = chapter_of(listing, one)
    codes = set(one.doc.codes(NEEDS))
    labels = dict(listing.needs)
    return needs_words([code for code, name in listing.needs if code in codes and name != under], labels)
