"""Every text of a request, where it stands and how long it may be."""

from __future__ import annotations

from collections.abc import Iterator

from services.referrals.actions.free_text import LONGEST_LINE, LONGEST_TEXT
from services.referrals.actions.new_referral import NewPerson, NewReferral

LONGEST_LANGUAGE = 35
"""What BCP 47 recommends to be ready for."""
Text = tuple[str, str | None, int]


def texts_of(new: NewReferral) -> Iterator[Text]:
    """`(JSON pointer, text, longest)` of each."""
    yield from _of_person(new.person)
    yield "/what_matters", new.what_matters, LONGEST_TEXT
    yield "/priority_reason", new.priority_reason, LONGEST_TEXT
    yield "/separate_reason", new.separate_reason, LONGEST_TEXT
    for place, one in enumerate(new.agreement):
        yield from _lines(f"/agreement/{place}", one, "recipient", "how", "asked_by")
    if new.external is not None:
        yield "/external/source_system", new.external[0], LONGEST_LINE
        yield "/external/id", new.external[1], LONGEST_LINE
    yield from _lines("/referrer", new.referrer, "name", "role", "email")
    yield from _lines("/under_18", new.under_18, "parental_responsibility", "not_to_contact")
    yield from _lines("/speaker", new.speaker, "name", "relation")


def _of_person(person: NewPerson) -> Iterator[Text]:
    names = ("given_name", "family_name", "nhs_number", "postcode", "gp_practice_ods", "present_in")
    yield from _lines("/person", person, *names)
    yield "/person/language", person.language, LONGEST_LANGUAGE
    for place, line in enumerate(person.address_lines):
        yield f"/person/address_lines/{place}", line, LONGEST_LINE
    for place, need in enumerate(person.access_needs):
        yield f"/person/access_needs/{place}", need, LONGEST_LINE
    for place, contact in enumerate(person.contacts):
        yield from _lines(f"/person/contacts/{place}", contact, "value", "hours", "code_word", "asked_by")


def _lines(pointer: str, part: object, *names: str) -> Iterator[Text]:
    """The named texts of one part; nothing where the part was left out."""
    if part is not None:
        for name in names:
            yield f"{pointer}/{name}", getattr(part, name), LONGEST_LINE
