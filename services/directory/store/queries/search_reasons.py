"""Why a service was found, in words for a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.directory.domain.languages import LANGUAGES
from services.directory.domain.search import DAY_NAMES, Part, Reason
from services.directory.store.queries.search_terms import Terms
from services.directory.store.queries.services import ServiceView

_MOST_WORDS = 4


@dataclass(frozen=True)
class Said:
    """A phrase of the search that a service says: as it was typed, or as `instead`."""

    typed: str
    instead: str | None


def reasons(
    terms: Terms, view: ServiceView, said: Sequence[Said], serves: str | None, needs: Mapping[str, str]
) -> tuple[Reason, ...]:
    """What of the search it answers, the words first; `needs` are the names of those it speaks of."""
    found = [Reason("words", text) for text in _words(said)]
    wanted = terms.wanted
    found += [
        Reason("need", f"Helps with {name}") for code, name in needs.items() if code in view.parts.needs
    ]
    if serves == "serves" and terms.spot is not None:
        found.append(Reason("area", f"Serves {terms.spot.name}"))
    elif serves == "anywhere":
        found.append(Reason("area", "Takes people from anywhere"))
    elif serves == "ask":
        found.append(Reason("area", "For people with certain practices: ask whether yours is one"))
    if wanted.open_now:
        found.append(Reason("open", "Open now"))
    if wanted.open_day is not None:
        found.append(Reason("open", open_words(wanted.open_day, wanted.open_part, wanted.open_minute)))
    if wanted.language:
        found.append(Reason("language", f"Speaks {LANGUAGES.get(wanted.language, wanted.language)}"))
    if wanted.age is not None:
        found.append(Reason("age", f"Takes people aged {wanted.age}"))
    if wanted.free:
        found.append(Reason("cost", "Free"))
    return tuple(found)


def open_words(day: int, part: str | None, minute: int | None) -> str:
    """Such as "Open Tuesday evening" and "Open Tuesday at 19:00"."""
    if minute is not None:
        return f"Open {DAY_NAMES[day]} at {minute // 60}:{minute % 60:02}"
    return f"Open {DAY_NAMES[day]} {Part(part)}" if part else f"Open {DAY_NAMES[day]}"


def _words(said: Sequence[Said]) -> list[str]:
    """Each phrase once: as typed where it is said so, else as what it is said."""
    exact = {one.typed for one in said if one.instead is None}
    shown = dict.fromkeys(one.typed for one in said)
    texts = []
    for typed in shown:
        if typed in exact:
            texts.append(f"Says “{typed}”")
        else:
            other = next(one.instead for one in said if one.typed == typed)
            texts.append(f"Says “{other}”, which is near to “{typed}”")
    return texts[:_MOST_WORDS]
