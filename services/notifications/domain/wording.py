"""The words of a notice: plain, short and neutral. A template may use the allowed fields and no others.

A template is a text file: `Subject:` of the letter, `Notice:` for the inbox inside Linkwork, then the
letter. Sender, subject and text name no need, condition, service or person.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Template as Text

from services.notifications.domain.rules import Template

ALLOWED: frozenset[str] = frozenset({"reference", "link"})
FOLDER = Path(__file__).parent / "templates"
NO_REFERENCE = "shown when you sign in"


@dataclass(frozen=True)
class Wording:
    """The words of one template, their fields still open."""

    subject: str
    notice: str
    letter: Text


def wording(template: Template) -> Wording:
    """The words of `template`. Raises ValueError where its file is not of the form this takes."""
    return _read(str(template))


def letter_text(template: Template, *, link: str, reference: str) -> str:
    """The letter as it is sent."""
    words = wording(template)
    return words.letter.substitute(link=link, reference=reference or NO_REFERENCE)


@cache
def _read(name: str) -> Wording:
    footer = (FOLDER / "_footer.txt").read_text(encoding="utf-8")
    return parse((FOLDER / f"{name}.txt").read_text(encoding="utf-8"), footer)


def parse(text: str, footer: str = "") -> Wording:
    """The words in a template's text. Raises ValueError naming what it may not have."""
    head, _, body = text.partition("\n\n")
    headers = dict(line.split(": ", 1) for line in head.splitlines())
    if set(headers) != {"Subject", "Notice"}:
        raise ValueError("A template begins with the lines Subject and Notice, and a blank line.")
    letter = Text(body.rstrip("\n") + "\n" + footer)
    wrong = set(letter.get_identifiers()) - ALLOWED
    if wrong or not letter.is_valid():
        raise ValueError(f"A template may not use these fields: {', '.join(sorted(wrong)) or '$'}.")
    if "$" in head:
        raise ValueError("The lines Subject and Notice are the same for everybody: no field goes there.")
    return Wording(headers["Subject"], headers["Notice"], letter)
