"""The sections in which a listing is written: which fields of its document each has."""

from __future__ import annotations

from dataclasses import dataclass

from services.directory.domain.listings import ServiceKind, ServiceStatus


@dataclass(frozen=True)
class Section:
    """A part of a listing that is read and saved on its own; `fields` are of `ServiceDoc`."""

    slug: str
    title: str
    hint: str
    fields: tuple[str, ...]


WHAT = Section(
    "what",
    "What it is",
    "Its name, what it does, what it helps with and how it differs",
    (
        "name", "alternate_name", "kind", "description", "alert", "url", "support_type", "connector_role",
        "ending", "differs", "terms", "accreditations", "funders", "funded_until",
    ),
)  # fmt: skip
WHO = Section(
    "who",
    "Who it is for and who it is not for",
    "In words, by age, and only for some",
    ("who_for", "not_for", "minimum_age", "maximum_age", "circumstances", "sender_sectors"),
)
COMING = Section(
    "coming",
    "How people come",
    "Ways in, the invitation to pass on, and whose queue it is",
    ("routes_in", "invitation", "application_process", "open_to_others", "discreet", "team_ids"),
)
AREA = Section(
    "area",
    "The area it serves",
    "Councils, wards, neighbourhoods, practices, or an area drawn on a map",
    ("area_basis", "areas", "polygons", "area_words", "place_id"),
)
VENUES = Section("venues", "Where it meets", "Its venues, the main one first", ("locations",))
WHEN = Section("when", "When it is open", "Days and times", ("schedules", "hours", "working_days"))
COST = Section("cost", "What it costs", "Free, or what people pay", ("free", "costs", "fees_description"))
CONTACTS = Section(
    "contacts",
    "Contact people and telephones",
    "Whom to ask",
    ("contact_name", "phone", "email", "contacts", "phones"),
)
LANGUAGES = Section(
    "languages", "Languages", "Spoken there, and interpreters", ("languages", "interpretation_services")
)
SECTIONS: tuple[Section, ...] = (WHAT, WHO, COMING, AREA, VENUES, WHEN, COST, CONTACTS, LANGUAGES)
BY_SLUG = {section.slug: section for section in SECTIONS}
# Not part of the document: what it can take is its own word, and texts have versions of their own.
CAPACITY, WORDS = "capacity", "words"

# Where something that is missing is said: by the pointers of domain/publishing.py.
_POINTED = {"/needs": WHAT.slug, "/area": AREA.slug, "/capacity": CAPACITY, "/contact": CONTACTS.slug}

# What may be done with a listing, by its status.
OFFERED: dict[str, tuple[str, ...]] = {
    ServiceStatus.INACTIVE: ("publish", "close_for_good"),
    ServiceStatus.ACTIVE: ("unpublish", "close_for_a_time", "close_for_good"),
    ServiceStatus.TEMPORARILY_CLOSED: ("publish", "unpublish", "close_for_good"),
    ServiceStatus.DEFUNCT: ("back_to_draft",),
}
BECOMES: dict[str, ServiceStatus] = {
    "publish": ServiceStatus.ACTIVE,
    "unpublish": ServiceStatus.INACTIVE,
    "back_to_draft": ServiceStatus.INACTIVE,
    "close_for_a_time": ServiceStatus.TEMPORARILY_CLOSED,
    "close_for_good": ServiceStatus.DEFUNCT,
}
KIND_HINTS: dict[str, str] = {
    ServiceKind.SCHEME: "Link workers or others who meet people and connect them to support",
    ServiceKind.GROUP: "People who meet: a coffee morning, a choir, peer support",
    ServiceKind.ACTIVITY: "Something to do: a walk, a class, a garden",
    ServiceKind.ADVICE: "Somebody who knows about money, housing, rights or health",
    ServiceKind.VENUE_OFFER: "A place to be: a warm space, a library corner",
}


def section_of(pointer: str) -> str:
    """The section in which the field at this JSON pointer is written; the first where none has it."""
    if pointer in _POINTED:
        return _POINTED[pointer]
    name = pointer.strip("/").split("/")[0]
    return next((section.slug for section in SECTIONS if name in section.fields), WHAT.slug)
