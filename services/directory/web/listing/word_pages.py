"""The words that listings are made of, for the forum's admin."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from marshmallow import Schema, fields
from werkzeug.wrappers import Response

from services.directory.actions.listing import word_lists
from services.directory.actions.listing import words as actions
from services.directory.actions.listing.words import WordDoc
from services.directory.actions.listing.writers import ChangedSince
from services.directory.domain.taxonomies import CIRCUMSTANCES, NEEDS
from services.directory.web.listing.form_fields import line, words
from shared.auth import Role, current_caller, needs
from shared.clock import now
from shared.errors import Invalid, NotFound
from shared.web import flash, forms
from shared.web.forms import Form

pages = Blueprint("listing_words", __name__)
forum_only = needs(Role.FORUM_ADMIN)


class WordSchema(Schema):
    """A word of a list."""

    name = line("what it is called", required=True, most=120)
    plain = line("the words", most=300, absent="")
    description = words("what it means", most=1_000, absent="")
    sensitive = fields.Boolean(load_default=False)
    parent = line("the word above it", most=120)
    term_uri = line("the web address", most=1_000)


class ListSchema(Schema):
    """A further list."""

    name = line("what the list is called", required=True, most=120)
    description = words("what it is for", most=1_000, absent="")
    uri = line("the web address", most=1_000)


@pages.get("/words")
@forum_only
def start() -> str:
    """All lists."""
    return render_template("directory/listing/word_lists.html", lists=word_lists.word_lists(current_caller()))


@pages.get("/words/new-list")
@forum_only
def new_list() -> str:
    """The form of a further list."""
    return render_template("directory/listing/word_list_add.html", form=forms.blank(ListSchema()))


@pages.post("/words/new-list")
@forum_only
def new_list_send() -> Response | tuple[str, int]:
    """Add it."""
    form = forms.read(ListSchema())
    if form.ok:
        data = form.data
        try:
            code = actions.add_list(
                data["name"], data["description"] or "", data["uri"], by=current_caller(), at=now()
            )
        except Invalid as wrong:
            form.refuse(wrong)
        else:
            flash.say("word_saved")
            return redirect(url_for(".of", code=code), 303)
    return render_template("directory/listing/word_list_add.html", form=form), form.status


@pages.get("/words/<code>")
@forum_only
def of(code: str) -> str:
    """A list's words in order, and where each is used."""
    by = current_caller()
    one = word_lists.word_list(_known(code), by)
    wanted = request.args.get("q", "").replace("\0", "").strip()
    return render_template(
        "directory/listing/words_of_list.html",
        list=one,
        entries=word_lists.entries(one.code, by, wanted=wanted),
        wanted=wanted,
        most=word_lists.MOST_SHOWN,
    )


@pages.get("/words/<code>/add")
@forum_only
def add(code: str) -> str:
    """The form of a new word."""
    return _word_page(code, forms.blank(WordSchema()))


@pages.post("/words/<code>/add")
@forum_only
def add_send(code: str) -> Response | tuple[str, int]:
    """Add it."""
    form = forms.read(WordSchema())
    if form.ok:
        try:
            actions.add_word(_known(code), _meant(form.data), by=current_caller(), at=now())
        except Invalid as wrong:
            form.refuse(wrong)
        else:
            flash.say("word_saved")
            return redirect(url_for(".of", code=code), 303)
    return _word_page(code, form), form.status


@pages.get("/words/<code>/<key>")
@forum_only
def word(code: str, key: str) -> str:
    """One word: its form, its place, where it is used."""
    doc, seen = actions.word_to_write(_known(code), _known(key), current_caller())
    return _word_page(code, forms.blank(WordSchema(), _shown(doc)), key=key, seen=seen)


@pages.post("/words/<code>/<key>")
@forum_only
def save_word(code: str, key: str) -> Response | tuple[str, int]:
    """Say it anew."""
    by, form, status = current_caller(), forms.read(WordSchema()), 422
    seen = request.form.get("seen", "")
    if form.ok:
        try:
            actions.change_word(_known(code), _known(key), _meant(form.data), seen=seen, by=by, at=now())
        except Invalid as wrong:
            form.refuse(wrong)
        except ChangedSince:
            doc, seen = actions.word_to_write(code, key, by)
            form.fail("", f"Somebody else changed this. It is now “{doc.name}”: look, and save again.")
            status = 409
        else:
            flash.say("word_saved")
            return redirect(url_for(".of", code=code), 303)
    return _word_page(code, form, key=key, seen=seen), status


@pages.post("/words/<code>/<key>/<act>")
@forum_only
def do(code: str, key: str, act: str) -> Response:
    """One place up or down; offer it no more, or again."""
    by = current_caller()
    if act in ("up", "down"):
        actions.move_word(_known(code), _known(key), act == "up", by=by, at=now())
        flash.say("word_moved")
        return redirect(url_for(".word", code=code, key=key), 303)
    if act not in ("retire", "offer"):
        raise NotFound
    actions.retire_word(_known(code), _known(key), act == "retire", by=by, at=now())
    flash.say("word_retired" if act == "retire" else "word_offered")
    return redirect(url_for(".of", code=code), 303)


def _word_page(code: str, form: Form, key: str | None = None, seen: str = "") -> str:
    by = current_caller()
    one = word_lists.word_list(_known(code), by)
    return render_template(
        "directory/listing/word.html",
        list=one,
        entry=word_lists.entry(one.code, key, by) if key else None,
        form=form,
        seen=seen,
        is_circumstance=one.code == CIRCUMSTANCES,
        is_need=one.code == NEEDS,
    )


def _known(text: str) -> str:
    return text.replace("\0", "")


def _shown(doc: WordDoc) -> dict[str, Any]:
    return {**vars(doc), "sensitive": "yes" if doc.sensitive else ""}


def _meant(data: dict[str, Any]) -> WordDoc:
    return WordDoc(
        "",
        data["name"],
        data["plain"] or "",
        data["description"] or "",
        data["sensitive"],
        data["parent"],
        data["term_uri"],
    )
