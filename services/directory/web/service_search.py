"""Find help: services by words, need, place, times and more; from a postcode, which is in no address.

The form is sent by POST. Without a postcode it leads on to an address that can be kept and passed on; with
one the answer comes at once, and its further pages are asked for in the same way.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import redirect, render_template, request, url_for
from marshmallow import Schema, fields
from werkzeug.wrappers import Response

from services.directory.actions.unmet_needs import note_unmet
from services.directory.domain.postcodes import parse_postcode
from services.directory.domain.search import (
    DAYS,
    FARTHEST,
    METRES_PER_MILE,
    MOST_LETTERS,
    Part,
    Sort,
    Wanted,
    postcode_in,
)
from services.directory.moments import moment
from services.directory.store.queries import words
from services.directory.store.queries.map_points import venues_on_map
from services.directory.store.queries.search import search_services
from services.directory.web.search_words import NOTHING, choices, chosen_words, misses_words, results_words
from services.directory.web.services import pages
from shared.auth import Role, public
from shared.auth.guard import caller_or_none
from shared.clock import now, uk_date
from shared.errors import Invalid
from shared.web import forms
from shared.web.forms import Form

__all__ = ["pages", "wanted_of"]


class SearchSchema(Schema):
    """The search form; whatever is typed finds something or nothing."""

    q = fields.String(load_default="")
    postcode = fields.String(load_default="", metadata={"label": "the postcode"})
    within = fields.String(load_default="")
    need = fields.String(load_default="")
    kind = fields.String(load_default="")
    place = fields.String(load_default="")
    open = fields.String(load_default="")
    part = fields.String(load_default="")
    time = fields.String(load_default="")
    age = fields.String(load_default="")
    language = fields.String(load_default="")
    access = fields.String(load_default="")
    sector = fields.String(load_default="")
    route = fields.String(load_default="")
    free = fields.String(load_default="")
    room = fields.String(load_default="")
    sort = fields.String(load_default="")
    size = fields.String(load_default="")
    typed = fields.String(load_default="")
    cursor = fields.String(load_default="")


NAMES = tuple(SearchSchema().fields)


@pages.get("/services")
@public
def services() -> str:
    """Everything published, or what a search without a postcode finds; open to anybody."""
    given = {name: request.args.get(name, "").strip() for name in NAMES if name != "postcode"}
    # A postcode typed among the words of an address is taken for what it is.
    given["q"], given["postcode"] = _without_postcode(given["q"])
    return _page(forms.blank(SearchSchema(), given), given)


@pages.post("/services")
@public
def search() -> Response | tuple[str, int]:
    """What the form finds."""
    form = forms.read(SearchSchema())
    given = {name: form.value(name).replace("\0", "").strip() for name in NAMES}
    given["q"], among = _without_postcode(given["q"])
    typed = given["postcode"] or among
    if not typed:
        return redirect(url_for(".services", **_said(given)), 303)
    known = parse_postcode(typed)
    if known is None:
        form.fail("postcode", "Enter a postcode, such as YO24 3BZ")
        return _page(form, given | {"postcode": ""}), 422
    given["postcode"] = known
    shown = forms.blank(SearchSchema(), given)
    try:
        return _page(shown, given), 200
    except Invalid as wrong:
        shown.refuse(wrong)
        return _page(shown, given | {"postcode": ""}), 422


def wanted_of(given: Mapping[str, str]) -> Wanted:
    """What was asked for; what means nothing is left out."""
    day = DAYS.index(given["open"]) if given["open"] in DAYS else None
    postcode = given["postcode"] or None
    nearest = given["sort"] == Sort.NEAREST and postcode is not None
    return Wanted(
        q=given["q"].replace("\0", " ")[:MOST_LETTERS],
        as_typed=given["typed"] == "yes",
        need=_code(given["need"]),
        kind=_code(given["kind"]),
        place=_code(given["place"]),
        sector=_code(given["sector"]),
        route=_code(given["route"]),
        language=_code(given["language"]),
        access=_code(given["access"]),
        free=given["free"] == "yes",
        age=_number(given["age"], 120),
        postcode=postcode,
        within=_metres(given["within"]) if postcode else None,
        open_day=day,
        open_part=given["part"] if day is not None and given["part"] in list(Part) else None,
        open_minute=_minute(given["time"]) if day is not None else None,
        open_now=given["open"] == "now",
        has_capacity=given["room"] == "yes",
        sort=Sort.NEAREST if nearest else Sort.BEST,
        limit=int(given["size"]) if given["size"] in ("50", "100") else Wanted.limit,
        cursor=given["cursor"] or None,
    )


def _page(form: Form, given: dict[str, str]) -> str:
    at = now()
    wanted = wanted_of(given)
    found = search_services(wanted, moment(at), facets=True)
    note_unmet(wanted, found, at)
    needs = words.needs()
    labels = {need.code: need.name for need in needs}
    on = uk_date(at)
    said = _said(given)
    venues = venues_on_map([hit.view.service.id for hit in found.hits])
    caller = caller_or_none()
    offered = choices(
        [words.Code(need.code, need.name, need.retired) for need in needs],
        words.places(),
        words.sectors(),
        words.accessibility(),
        found.facets,
        given,
    )
    return render_template(
        "directory/services.html",
        form=form,
        searched=bool(_said(given | {"cursor": ""})),
        found=found,
        results=results_words(found.hits, labels, venues, on),
        misses=misses_words(found.misses, given),
        said=said,
        instead=given["q"] if found.understood.mended else "",
        choices=offered,
        chosen=chosen_words(wanted, offered, given),
        nothing=NOTHING,
        looks_after_search=caller is not None and caller.has(Role.FORUM_ADMIN),
    )


def _said(given: Mapping[str, str]) -> dict[str, Any]:
    """What was given, without the blanks; where the form goes on from."""
    return {name: value for name, value in given.items() if value}


def _without_postcode(q: str) -> tuple[str, str]:
    rest, found = postcode_in(q)
    return rest, found or ""


def _code(text: str) -> str | None:
    return text.replace("\0", "") or None


def _number(text: str, most: int) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 and int(text) <= most else None


def _metres(miles: str) -> int | None:
    number = _number(miles, 60)
    return min(round(number * METRES_PER_MILE), FARTHEST) if number else None


def _minute(text: str) -> int | None:
    hours, colon, minutes = text.partition(":")
    hour, minute = _number(hours, 23), _number(minutes, 59)
    return None if not colon or hour is None or minute is None else hour * 60 + minute
