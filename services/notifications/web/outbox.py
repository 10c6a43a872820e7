"""The outbox of the embedded run: every letter of this machine, as its recipient would read it.

Public, because the run is a demo of one machine with invented people; the pages are not registered in
production.
"""

from __future__ import annotations

import re

from flask import Blueprint, render_template, request
from markupsafe import Markup, escape

from services.notifications import config
from services.notifications.actions.caught_letters import read_letter, read_letters
from shared.auth import public
from shared.errors import NotFound

pages = Blueprint("outbox", __name__)
_ADDRESS = re.compile(r"https?://[^\s<>\"']+")


@pages.get("/outbox")
@public
def letters() -> str:
    """What was caught, newest first."""
    _only_here()
    return render_template("notifications/outbox.html", page=read_letters(request.args.get("cursor")))


@pages.get("/outbox/<int:letter_id>")
@public
def letter(letter_id: int) -> str:
    """One letter."""
    _only_here()
    found = read_letter(letter_id)
    return render_template("notifications/letter.html", letter=found, body=with_links(found.body))


def _only_here() -> None:
    if not config.catches_mail():
        raise NotFound


def with_links(text: str) -> Markup:
    """A letter as HTML: escaped, paragraphs and lines as they were, its web addresses clickable."""
    paragraphs = (
        Markup("<br>").join(_line(line) for line in each.splitlines()) for each in text.strip().split("\n\n")
    )
    return Markup("").join(Markup("<p>{}</p>").format(each) for each in paragraphs)


def _line(text: str) -> Markup:
    parts, reached = [], 0
    for found in _ADDRESS.finditer(text):
        address = found.group().rstrip(".,)")
        parts += [
            escape(text[reached : found.start()]),
            Markup('<a href="{0}" rel="noreferrer">{0}</a>').format(address),
        ]
        reached = found.start() + len(address)
    return Markup("").join([*parts, escape(text[reached:])])
