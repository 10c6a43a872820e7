"""Listings of an organisation: the list, a new one, its task list, its sections, publishing and closing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from services.directory.actions.listing import services as actions
from services.directory.actions.listing.services import Draft
from services.directory.actions.listing.writers import ChangedSince, may_write
from services.directory.actions.people import find_organizations
from services.directory.domain.document_json import version_of
from services.directory.domain.listing_sections import (
    BY_SLUG,
    CAPACITY,
    KIND_HINTS,
    OFFERED,
    SECTIONS,
    WORDS,
    section_of,
)
from services.directory.domain.listings import ServiceKind
from services.directory.store.queries.listings import listings_of
from services.directory.web.listing import placed_sections, said_sections, timed_sections
from services.directory.web.listing.around import listing_tabs
from services.directory.web.listing.form_fields import line
from services.directory.web.listing.now_says import now_says
from services.directory.web.listing.section_page import SectionPage
from services.directory.web.listing_words import KINDS
from shared.auth import Caller, Role, current_caller, needs
from shared.clock import now
from shared.errors import Invalid, NotFound
from shared.web import flash, forms
from shared.web.forms import Form

pages = Blueprint("listings", __name__)
pages.add_app_template_global(listing_tabs)
_CHANGED = "Somebody else changed this section while you wrote. Look at what it says now, and save again."
writes_listings = needs(Role.ORG_ADMIN, Role.FORUM_ADMIN)
SECTION_PAGES: dict[str, SectionPage] = {
    page.section.slug: page for page in (*said_sections.PAGES, *placed_sections.PAGES, *timed_sections.PAGES)
}
STATES = {
    "active": {"text": "Published", "colour": "green"},
    "inactive": {"text": "Draft", "colour": "grey"},
    "temporarily closed": {"text": "Closed for a time", "colour": "yellow"},
    "defunct": {"text": "Closed", "colour": "red"},
}
_SAID = {
    "publish": "listing_published",
    "unpublish": "listing_unpublished",
    "close_for_a_time": "listing_closed_for_a_time",
    "close_for_good": "listing_closed",
    "back_to_draft": "listing_back",
}


class AddSchema(Schema):
    """A new listing."""

    kind = fields.String(
        required=True,
        validate=validate.OneOf([str(kind) for kind in ServiceKind]),
        metadata={"label": "what kind of thing it is"},
    )
    name = line("what it is called", required=True)


@pages.get("/listings")
@writes_listings
def start() -> Response | str:
    """One's own organisation; the forum's admin may look for another."""
    by = current_caller()
    own = _own_organization(by)
    if not by.has(Role.FORUM_ADMIN):
        if own is None:
            raise NotFound
        return redirect(url_for(".of", organization_id=own))
    wanted = request.args.get("q", "").replace("\0", "").strip()
    found = find_organizations(wanted, by) if wanted else []
    return render_template("directory/listing/find.html", found=found, wanted=wanted, own=own)


@pages.get("/listings/<uuid:organization_id>")
@writes_listings
def of(organization_id: UUID) -> str:
    """Everything the organisation lists, finished or not, and its venues."""
    all_listed = listings_of(organization_id) if may_write(current_caller(), organization_id) else None
    if all_listed is None:
        raise NotFound
    return render_template("directory/listing/list.html", all=all_listed, states=STATES, kinds=dict(KINDS))


@pages.get("/listings/<uuid:organization_id>/add")
@writes_listings
def add(organization_id: UUID) -> str:
    """What kind of thing, and what it is called."""
    return _add_page(organization_id, forms.blank(AddSchema()))


@pages.post("/listings/<uuid:organization_id>/add")
@writes_listings
def add_send(organization_id: UUID) -> Response | tuple[str, int]:
    """Begin a draft."""
    form = forms.read(AddSchema())
    if form.ok:
        made = actions.add_service(
            organization_id, form.data["name"], form.data["kind"], by=current_caller(), at=now()
        )
        flash.say("listing_begun")
        return redirect(url_for(".service", service_id=made), 303)
    return _add_page(organization_id, form), form.status


@pages.get("/listings/services/<uuid:service_id>")
@writes_listings
def service(service_id: UUID) -> str:
    """The task list: what is said, what is missing, what may be done."""
    return _task_list(actions.draft(service_id, current_caller()))


@pages.get("/listings/services/<uuid:service_id>/<slug>")
@writes_listings
def section(service_id: UUID, slug: str) -> str:
    """One section's form."""
    one = actions.draft(service_id, current_caller())
    page = _page_of(slug)
    form = forms.blank(page.schema(), page.shown(one.doc))
    return _section_page(one, page, form, seen=version_of(one.doc, page.section.fields))


@pages.post("/listings/services/<uuid:service_id>/<slug>")
@writes_listings
def save_section(service_id: UUID, slug: str) -> Response | tuple[str, int]:
    """Keep one section; what is wrong, or was changed meanwhile, is said and nothing typed is lost."""
    by, page = current_caller(), _page_of(slug)
    one = actions.draft(service_id, by)
    form = forms.read(page.schema(), placed_sections.with_uploaded(request.form))
    # What was typed is read against what was shown: rows that stay are known by their place in it.
    seen = request.form.get("seen", "")
    if seen != version_of(one.doc, page.section.fields):
        return _changed_page(one, page, form, None), 409
    if form.ok:
        try:
            values = page.meant(form.data, one.doc)
            actions.change_service(service_id, values, seen=seen, by=by, at=now())
        except Invalid as wrong:
            form.refuse(wrong, page.names)
        except ChangedSince as since:
            return _changed_page(actions.draft(service_id, by), page, form, since), 409
        else:
            return _after_save(service_id, slug)
    return _section_page(one, page, form, seen=seen), form.status


@pages.post("/listings/services/<uuid:service_id>/do/<act>")
@writes_listings
def do(service_id: UUID, act: str) -> Response | tuple[str, int]:
    """Publish, take back, close, open again."""
    if act not in _SAID:
        raise NotFound
    try:
        actions.set_status(service_id, act, by=current_caller(), at=now())
    except Invalid:
        return _task_list(actions.draft(service_id, current_caller()), refused=True), 422
    flash.say(_SAID[act])
    return redirect(url_for(".service", service_id=service_id), 303)


@pages.get("/listings/services/<uuid:service_id>/close")
@writes_listings
def close(service_id: UUID) -> str:
    """Say what closing for good does, and ask."""
    one = actions.draft(service_id, current_caller())
    if "close_for_good" not in OFFERED[one.doc.status]:
        raise NotFound("This listing is closed already.")
    return render_template("directory/listing/close.html", one=one)


def _page_of(slug: str) -> SectionPage:
    if slug not in SECTION_PAGES:
        raise NotFound
    return SECTION_PAGES[slug]


def _after_save(service_id: UUID, slug: str) -> Response:
    flash.say("listing_saved")
    if request.form.get("then") == "more":
        return redirect(url_for(".section", service_id=service_id, slug=slug), 303)
    return redirect(url_for(".service", service_id=service_id), 303)


def _task_list(one: Draft, *, refused: bool = False) -> str:
    missing: dict[str, list[str]] = {}
    for problem in one.missing:
        missing.setdefault(section_of(problem.pointer), []).append(problem.detail)
    tasks: list[dict[str, Any]] = [
        {
            "slug": each.slug,
            "title": each.title,
            "hint": each.hint,
            "href": url_for(".section", service_id=one.id, slug=each.slug),
            "missing": missing.get(each.slug, []),
            "said": _says_something(one, each.slug),
        }
        for each in SECTIONS
    ]
    return render_template(
        "directory/listing/service.html",
        one=one,
        tasks=tasks,
        missing_here={"capacity": missing.get(CAPACITY, []), "words": missing.get(WORDS, [])},
        refused=refused,
        states=STATES,
        kinds=dict(KINDS),
        offered=OFFERED[one.doc.status],
        problems=[
            {"text": problem.detail, "href": _where(one, section_of(problem.pointer))}
            for problem in one.missing
        ],
    )


def _where(one: Draft, slug: str) -> str:
    if slug in BY_SLUG:
        return url_for(".section", service_id=one.id, slug=slug)
    return url_for("listing_parts.capacity", service_id=one.id)


def _says_something(one: Draft, slug: str) -> bool:
    shown = SECTION_PAGES[slug].shown(one.doc)
    return any(value not in (None, "", (), [], False) for value in shown.values())


def _section_page(
    one: Draft,
    page: SectionPage,
    form: Form,
    *,
    seen: str,
    changed: dict[str, Any] | None = None,
) -> str:
    return render_template(
        f"directory/listing/{page.section.slug}.html",
        one=one,
        section=page.section,
        form=form,
        seen=seen,
        changed=changed,
        choices=page.choices(one.doc),
    )


def _changed_page(one: Draft, page: SectionPage, form: Form, since: ChangedSince | None) -> str:
    """What was typed stays, with what the section says now beside it; to send again is to mean it."""
    last = since.last if since is not None else actions.last_change_of(one.id)
    differing = now_says(page.schema(), form, page.shown(one.doc))
    form.errors = {}
    form.fail("", _CHANGED)
    return _section_page(
        one,
        page,
        form,
        seen=version_of(one.doc, page.section.fields),
        changed={"last": last, "differing": differing},
    )


def _add_page(organization_id: UUID, form: Form) -> str:
    if not may_write(current_caller(), organization_id):
        raise NotFound
    all_listed = listings_of(organization_id)
    if all_listed is None:
        raise NotFound
    kinds = [{"value": value, "text": text, "hint": KIND_HINTS[value]} for value, text in KINDS]
    return render_template("directory/listing/add.html", form=form, all=all_listed, kinds=kinds)


def _own_organization(by: Caller) -> UUID | None:
    """The acting organisation where the caller looks after it, else the first they do."""
    theirs = [m.org for m in by.memberships if m.role is Role.ORG_ADMIN]
    if by.org in theirs:
        return by.org
    return theirs[0] if theirs else None
