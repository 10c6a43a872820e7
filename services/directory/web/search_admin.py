"""For the forum's admin: the thesaurus of the search, and what was searched for and not there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from marshmallow import Schema, fields
from werkzeug.wrappers import Response

from services.directory.actions import thesaurus, unmet_needs
from services.directory.domain.search import MOST_LETTERS
from services.directory.domain.thesaurus import read_entry
from services.directory.domain.unmet_needs import FILTERS, SHOWN_FROM, WORDS
from services.directory.store.queries import words
from services.directory.web.page_numbers import number_asked
from shared.auth import Role, current_caller, needs
from shared.clock import now, uk_date
from shared.errors import Invalid
from shared.web import flash, forms
from shared.web.forms import Form

pages = Blueprint("search_admin", __name__)
looks_after_search = needs(Role.FORUM_ADMIN)
_WEEKS = 13


class EntrySchema(Schema):
    """One entry, a phrase to a line."""

    same = fields.String(load_default="", metadata={"label": "the words people type"})
    also = fields.String(load_default="", metadata={"label": "the words to look for as well"})
    need = fields.String(load_default="", metadata={"label": "the need"})


@pages.get("/search-words")
@looks_after_search
def thesaurus_page() -> str:
    """The entries, page by page, and what a search becomes."""
    typed = request.args.get("q", "").replace("\0", " ").strip()[:MOST_LETTERS]
    narrow = request.args.get("show", "").replace("\0", " ").strip()[:MOST_LETTERS]
    caller = current_caller()
    found = thesaurus.some_entries(caller, narrow, number_asked("page", 1))
    asked: dict[str, Any] = {name: text for name, text in (("q", typed), ("show", narrow)) if text}
    earlier, later = found.number - 1, found.number + 1
    return render_template(
        "directory/search_words.html",
        found=found,
        previous_url=url_for(".thesaurus_page", **asked, page=earlier) if earlier else None,
        next_url=url_for(".thesaurus_page", **asked, page=later) if later <= found.pages else None,
        understood=thesaurus.try_out(typed, caller) if typed else None,
        form=forms.blank(_TrySchema(), {"q": typed, "show": narrow}),
        typed=typed,
        narrow=narrow,
        need_names={need.code: need.name for need in words.needs()},
    )


@pages.get("/search-words/new")
@looks_after_search
def new() -> str:
    """The form of a new entry."""
    return _form_page(None, forms.blank(EntrySchema()))


@pages.post("/search-words/new")
@looks_after_search
def add() -> Response | tuple[str, int]:
    """Add it."""
    return _keep(None)


@pages.get("/search-words/<uuid:entry_id>")
@looks_after_search
def change(entry_id: UUID) -> str:
    """The form of an entry."""
    row = thesaurus.one_entry(entry_id, current_caller())
    typed = {"same": "\n".join(row.same), "also": "\n".join(row.also), "need": row.need or ""}
    return _form_page(entry_id, forms.blank(EntrySchema(), typed))


@pages.post("/search-words/<uuid:entry_id>")
@looks_after_search
def save(entry_id: UUID) -> Response | tuple[str, int]:
    """Change it."""
    thesaurus.one_entry(entry_id, current_caller())
    return _keep(entry_id)


@pages.post("/search-words/<uuid:entry_id>/remove")
@looks_after_search
def remove(entry_id: UUID) -> Response:
    """Remove it."""
    thesaurus.remove_entry(entry_id, by=current_caller(), at=now())
    flash.say("search_words_removed")
    return redirect(url_for(".thesaurus_page"), 303)


@pages.get("/unmet-needs")
@looks_after_search
def unmet() -> str:
    """What was searched for and not there, by week, area and need; small numbers are not shown."""
    since = uk_date(now()) - timedelta(weeks=_WEEKS)
    names = {need.code: need.name for need in words.needs()}
    names |= {WORDS: "Words that name no need", FILTERS: "No need named"}
    rows = unmet_needs.counted(current_caller(), since)
    return render_template(
        "directory/unmet_needs.html",
        rows=[
            (week, area or "Not said", names.get(need, need), count if count >= SHOWN_FROM else None)
            for week, area, need, count in rows
        ],
        weeks=_WEEKS,
        shown_from=SHOWN_FROM,
    )


class _TrySchema(Schema):
    q = fields.String(load_default="")
    show = fields.String(load_default="")


def _keep(entry_id: UUID | None) -> Response | tuple[str, int]:
    form = forms.read(EntrySchema())
    if form.ok:
        try:
            words.known_codes(need=form.data["need"] or None)
            entry = read_entry(form.data["same"], form.data["also"], form.data["need"] or None)
            thesaurus.keep_entry(entry_id, entry, by=current_caller(), at=now())
        except Invalid as wrong:
            form.refuse(wrong)
        else:
            flash.say("search_words_kept")
            return redirect(url_for(".thesaurus_page", q=entry.same[0]), 303)
    return _form_page(entry_id, form), form.status


def _form_page(entry_id: UUID | None, form: Form) -> str:
    kept = form.value("need")
    offered = [need for need in words.needs() if not need.retired or need.code == kept]
    items = [("", "None"), *((need.code, need.name) for need in offered)]
    return render_template(
        "directory/search_words_entry.html", form=form, entry_id=entry_id, need_items=items
    )
