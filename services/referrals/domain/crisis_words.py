"""Words that must not wait in a queue: somebody reads them today, and the page says whom to ring now.

Nothing is refused or passed back because of them, and nobody is told that a machine has read them: they put
the referral at the top with an alert. A false alert costs a minute, a miss may cost a life, so the lists are
generous; but an alert on every second text would be an alert nobody reads.

How a text is read: case, accents, quotation marks and apostrophes are taken away, hyphens become spaces,
stops and commas stand by themselves (a phrase never reaches over a stop). Then the harmless phrases are taken
out (`HARMLESS`: "killing time", "no suicidal thoughts", "bereaved by suicide"), and what is left is searched
for the phrases of `DANGER`, each under the danger it speaks of. The phrases are in `crisis_phrases`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from services.referrals.domain.crisis_phrases import DANGER, FORMS, HARMLESS

_APOSTROPHES = re.compile(r"['’‘ʼ`´′]")
_JOINS = re.compile(r"[-‐‑‒–—−_/]")
_STOPS = re.compile(r"[.!?;:…\n]+")
_OTHER = re.compile(r"[^\w\s.,]")
_NAMED = re.compile(r"<(\w+)>")


def _spelt_out(phrase: str) -> str:
    while _NAMED.search(phrase):
        phrase = _NAMED.sub(lambda found: FORMS[found[1]], phrase)
    return phrase


def _any_of(phrases: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(rf"\b(?:{_spelt_out(phrase)})(?:\b|(?<=\W)|$)" for phrase in phrases))


_HARMLESS = _any_of(HARMLESS)
_DANGER = {name: _any_of(phrases) for name, phrases in DANGER.items()}


def plain_words(text: str) -> str:
    """The text as it is searched: lower case, no accents or quotation marks, one space between words."""
    bare = "".join(
        char
        for char in unicodedata.normalize("NFKD", text)
        if not unicodedata.combining(char) and unicodedata.category(char) != "Cf"
    )
    bare = _JOINS.sub(" ", _APOSTROPHES.sub("", bare.casefold()))
    return " ".join(_OTHER.sub(" ", _STOPS.sub(" . ", bare).replace(",", " , ")).split())


def dangers_in(text: str | None) -> tuple[str, ...]:
    """The dangers (keys of `DANGER`) this text speaks of, in their order; empty where it speaks of none."""
    if not text:
        return ()
    left = _HARMLESS.sub(" ~ ", plain_words(text))
    return tuple(name for name, phrases in _DANGER.items() if phrases.search(left))


def has_crisis_words(*texts: str | None) -> bool:
    """Whether any of these texts speaks of danger to life or of violence now."""
    return any(dangers_in(text) for text in texts)
