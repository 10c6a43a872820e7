"""Who spoke, and what was asked about somebody under 18, in the words of pages."""

from __future__ import annotations

from collections.abc import Iterable

from services.referrals.domain.speaker import Speaker, Spoke
from services.referrals.domain.under_18 import Ask, Under18

NOT_ASKED = "Not asked"
_WHO = {
    Spoke.PERSON: "The person themself",
    Spoke.SOMEONE_FOR_THEM: "Somebody for them",
    Spoke.PROFESSIONAL: "A colleague who refers them",
}
_LABELS = {
    "competent": "Can decide for themself",
    "parental_responsibility": "Parental responsibility",
    "not_to_contact": "Must not be contacted or told",
}


def speaker_words(speaker: Speaker) -> str:
    """`Somebody for them: Bea Example, her aunt`."""
    named = ", ".join(part for part in (speaker.name, speaker.relation) if part)
    who = _WHO[Spoke(speaker.who)]
    return f"{who}: {named}" if named else who


def under_18_rows(said: Under18 | None, asks: Iterable[Ask] = ()) -> list[tuple[str, str]]:
    """What was asked, and of `asks` what was not; nothing for an adult of whom nothing was said."""
    given = said or Under18()
    told = {
        "competent": None if given.competent is None else "Yes" if given.competent else "No",
        "parental_responsibility": given.parental_responsibility,
        "not_to_contact": given.not_to_contact,
    }
    still_open = {ask.field.rpartition(".")[2] for ask in asks}
    return [
        (label, told[name] or NOT_ASKED)
        for name, label in _LABELS.items()
        if told[name] or name in still_open
    ]
