"""May I ring, text, write or knock, now? Not asked means no, for every channel and every part of it.

A contact point counts only where somebody asked and the person said that it is safe. Hours are read in UK
time; hours written in words no rule can read must be read by the worker first (`Now.READ`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from services.referrals.domain.contact_hours import read_hours

_UK = ZoneInfo("Europe/London")


class Channel(StrEnum):
    """A way to reach a person. `via` is a place or a professional: "at the day centre", "through her GP"."""

    PHONE = "phone"
    TEXT = "text"
    EMAIL = "email"
    POST = "post"
    VISIT = "visit"
    VIA = "via"


class Aspect(StrEnum):
    """A part of a phone call that is asked about by itself."""

    VOICEMAIL = "voicemail"
    CALLER_ID = "caller_id"


class Now(StrEnum):
    """What a worker may do at this moment."""

    YES = "yes"
    NO = "no"
    READ = "read"


@dataclass(frozen=True)
class ContactPoint:
    """One contact point with its answers; None everywhere means "not asked", which is no."""

    channel: Channel
    value: str
    safe: bool | None = None
    voicemail: bool | None = None
    caller_id: bool | None = None
    hours: str | None = None
    code_word: str | None = None
    asked_by: str | None = None
    asked_at: datetime | None = None


@dataclass(frozen=True)
class Way:
    """One contact point as a worker sees it now, with the sentence to read before using it."""

    contact: ContactPoint
    now: Now
    words: str
    voicemail: bool
    show_number: bool
    code_word: str | None


def is_safe(contact: ContactPoint) -> bool:
    """Somebody asked and the answer was yes."""
    return contact.safe is True and bool(contact.value.strip())


def may(contact: ContactPoint, aspect: Aspect) -> bool:
    """Voicemail, or showing our number: only where the call itself is safe and this was asked too."""
    answer = contact.voicemail if aspect is Aspect.VOICEMAIL else contact.caller_id
    return contact.channel is Channel.PHONE and is_safe(contact) and answer is True


def way(contact: ContactPoint, at: datetime) -> Way:
    """What a worker may do with this contact point at `at` (aware UTC)."""
    now, words = _now(contact, at)
    return Way(
        contact=contact,
        now=now,
        words=words,
        voicemail=may(contact, Aspect.VOICEMAIL),
        show_number=may(contact, Aspect.CALLER_ID),
        code_word=contact.code_word if is_safe(contact) else None,
    )


def _now(contact: ContactPoint, at: datetime) -> tuple[Now, str]:
    if contact.safe is None:
        return Now.NO, "Not asked whether this is safe: do not use it."
    if not is_safe(contact):
        return Now.NO, "The person said that this is not safe."
    if not (contact.hours or "").strip():
        return Now.YES, "Safe at any time."
    windows = read_hours(contact.hours or "")
    if windows is None:
        return Now.READ, f"Read this first: {contact.hours}"
    local = at.astimezone(_UK)
    if any(window.holds(local.weekday(), local.time()) for window in windows):
        return Now.YES, f"Safe now ({contact.hours})."
    return Now.NO, f"Not now: safe {contact.hours}."


def ways(contacts: Iterable[ContactPoint], at: datetime) -> tuple[Way, ...]:
    """All contact points, those to be used now first, in the order they were given otherwise."""
    order = {Now.YES: 0, Now.READ: 1, Now.NO: 2}
    return tuple(sorted((way(contact, at) for contact in contacts), key=lambda found: order[found.now]))


def can_be_reached(contacts: Iterable[ContactPoint]) -> bool:
    """At least one way the person said is safe; a place or a professional counts."""
    return any(is_safe(contact) for contact in contacts)


def only_through(contacts: Iterable[ContactPoint]) -> str | None:
    """The place or professional that is the one safe way, or None when there is another or none."""
    safe = [contact for contact in contacts if is_safe(contact)]
    if safe and all(contact.channel is Channel.VIA for contact in safe):
        return safe[0].value
    return None


def channel_for_messages(contacts: Iterable[ContactPoint], channel: Channel) -> ContactPoint | None:
    """The contact point a neutral message of the system may use on this channel, if the person said so.

    A message cannot read hours in words nor give a code word, so such a contact point is for people only.
    """
    for contact in contacts:
        if contact.channel is channel and is_safe(contact) and not contact.code_word and not contact.hours:
            return contact
    return None
