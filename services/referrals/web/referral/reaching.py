"""Safe contact in words: what a worker reads before making contact. Not asked means no."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import phonenumbers

from services.referrals.domain.safe_contact import Channel, ContactPoint, Way
from shared.web.dates import uk_date

_BRITISH = 44
_DO = {
    Channel.PHONE: "Ring {value}",
    Channel.TEXT: "Text {value}",
    Channel.EMAIL: "E-mail {value}",
    Channel.POST: "Write to {value}",
    Channel.VISIT: "Visit {value}",
    Channel.VIA: "Reach them through {value}",
}
_DO_NOT = {
    Channel.PHONE: "ring",
    Channel.TEXT: "text",
    Channel.EMAIL: "e-mail",
    Channel.POST: "write",
    Channel.VISIT: "visit",
    Channel.VIA: "go through others",
}


@dataclass(frozen=True)
class WayLine:
    """One way to reach them: `title` what to do, `detail` what to mind; `now` is yes, read or no."""

    title: str
    detail: str
    now: str


@dataclass(frozen=True)
class Reach:
    """All that matters before contact is made. `never` lists what must not be done."""

    ways: tuple[WayLine, ...]
    never: str
    access: str
    asked: str
    any: bool
    whom_to_ask: str
    not_to_contact: str


def reach_of(
    ways: Iterable[Way],
    access_needs: Iterable[str],
    language: str,
    *,
    not_to_contact: str | None,
    may_ask_sender: bool,
) -> Reach:
    """The block "Reaching them": safe ways first, then what not to do."""
    found = tuple(ways)
    usable = [way for way in found if way.contact.safe is True]
    open_channels = {way.contact.channel for way in usable}
    needs = [*access_needs, *([f"to speak {language}"] if language else [])]
    return Reach(
        ways=tuple(_line(way) for way in usable),
        never=_never(open_channels, found),
        access=", ".join(needs),
        asked=_asked(usable),
        any=bool(usable),
        not_to_contact=not_to_contact or "",
        whom_to_ask=f"Ask {'whoever sent this' if may_ask_sender else 'your lead or the duty desk'} first.",
    )


def _line(way: Way) -> WayLine:
    contact = way.contact
    notes = [way.words]
    if contact.channel is Channel.PHONE:
        notes.append("A voicemail is fine." if way.voicemail else "Leave no voicemail.")
        notes.append("Your number may show." if way.show_number else "Withhold your number.")
    if way.code_word:
        notes.append(f"Code word: {way.code_word}.")
    return WayLine(_DO[contact.channel].format(value=as_shown(contact)), " ".join(notes), way.now.value)


def _never(open_channels: set[Channel], found: tuple[Way, ...]) -> str:
    """Channels that are not open, each with why: said not safe, or not asked."""
    refused = {way.contact.channel for way in found if way.contact.safe is False}
    shut = [channel for channel in Channel if channel not in open_channels and channel is not Channel.VIA]
    said_no = [_DO_NOT[channel] for channel in shut if channel in refused]
    not_asked = [_DO_NOT[channel] for channel in shut if channel not in refused]
    parts = []
    if said_no:
        parts.append(f"{_listed(said_no)} (they said it is not safe)")
    if not_asked:
        parts.append(f"{_listed(not_asked)} (not asked)")
    return "; ".join(parts)


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _asked(usable: list[Way]) -> str:
    asked = [(way.contact.asked_at, way.contact.asked_by) for way in usable if way.contact.asked_at]
    if not asked:
        return "Ask again at the first contact which ways are safe."
    at, by = max(asked, key=lambda each: each[0].timestamp() if each[0] else 0)
    told = f"Asked on {uk_date(at)}" + (f" by {by}" if by else "")
    return f"{told}. Ask again at the first contact which ways are safe."


def as_shown(contact: ContactPoint) -> str:
    """A British number as people here write it; everything else as it was given."""
    if contact.channel not in (Channel.PHONE, Channel.TEXT):
        return contact.value
    try:
        number = phonenumbers.parse(contact.value, "GB")
    except phonenumbers.NumberParseException:
        return contact.value
    at_home = number.country_code == _BRITISH
    style = (
        phonenumbers.PhoneNumberFormat.NATIONAL if at_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return phonenumbers.format_number(number, style)
