"""Looks at a referral before it is sent: every field that cannot be taken is named, all at once.

What is not known is left out and never refused. Texts are kept as they were written; only characters that
no one can see or store (control characters, half surrogates) are refused.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, timedelta

from email_validator import EmailNotValidError, validate_email

from services.referrals.actions.check_agreement import check_agreements, check_asked, recipient_of
from services.referrals.actions.findings import Findings
from services.referrals.actions.free_text import problems_of
from services.referrals.actions.heeding import is_alert
from services.referrals.actions.holding import agreements_of
from services.referrals.actions.new_referral import (
    NewContact,
    NewPerson,
    NewReferral,
    ResidenceThen,
)
from services.referrals.actions.request_texts import texts_of
from services.referrals.domain.holding import CONSENT, anybody_agreed, said_no
from services.referrals.domain.identifiers import (
    PostcodeKind,
    read_birth_date,
    read_nhs_number,
    read_ods_code,
    read_phone,
    read_postcode,
)
from services.referrals.domain.intake import must_say_needs
from services.referrals.domain.life import RouteIn
from services.referrals.domain.routing.criteria import known_circumstances
from services.referrals.domain.safe_contact import Channel
from services.referrals.domain.speaker import Spoke
from services.referrals.domain.working_days import uk_day
from services.referrals.store.directory import Directory
from shared.errors import FieldProblem, Invalid
from shared.json_text import pointer_step

LAWFUL_BASES = ("public_task", "legitimate_interests", "explicit_consent", "vital_interests")
PRIORITIES = ("routine", "sooner")
SAFEGUARDING = ("yes", "no", "not_known")
NO_PRACTICE = frozenset({"V81997", "V81998", "V81999"})
"""ODS codes that stand for no registered practice, not applicable and not known."""

MOST_LISTED = 30
OLDEST = 130
FURTHEST = timedelta(days=731)


def check_referral(new: NewReferral, directory: Directory, at: datetime) -> NewReferral:
    """The referral with its identifiers in their written form. Raises Invalid naming every bad field."""
    found = Findings()
    person = _check_all(new, found, directory, at)
    if must_say_needs(new.route_in) and not new.needs and not (new.what_matters or "").strip():
        found.add("/needs", "Give at least one need, or say what matters to the person.")
    if new.lawful_basis is None:
        found.add("/lawful_basis", f"Choose one of: {', '.join(LAWFUL_BASES)}.")
    if new.route_in == RouteIn.SELF and not is_alert(new) and not any(c.safe for c in new.person.contacts):
        found.add("/person/contacts", "Give at least one way to reach you that is safe.")
    if new.priority == "sooner" and not is_alert(new) and not (new.priority_reason or "").strip():
        found.add("/priority_reason", "Say why they should be seen sooner.")
    if new.lawful_basis == CONSENT and not is_alert(new) and not anybody_agreed(agreements_of(new, at)):
        found.add("/agreement", "Explicit consent is the basis only where the person agreed: say with whom.")
    if new.route_in == RouteIn.INTRODUCTION and not is_alert(new) and said_no(agreements_of(new, at)):
        found.add("/agreement", "They said no to being introduced, so nothing is kept: do not send this.")
    if found.problems:
        raise Invalid(found.problems)
    return replace(
        new,
        person=person,
        agreement=tuple(
            replace(one, recipient=recipient_of(one, person.gp_practice_ods, directory))
            for one in new.agreement
        ),
        restricted=new.restricted or bool(new.restricted_to),
    )


def check_question(new: NewReferral, directory: Directory, at: datetime) -> NewReferral:
    """As `check_referral`, for a question about routes: whatever is known may be given, nothing must be."""
    found = Findings()
    person = _check_all(new, found, directory, at)
    if found.problems:
        raise Invalid(found.problems)
    return replace(new, person=person)


def _check_all(new: NewReferral, found: Findings, directory: Directory, at: datetime) -> NewPerson:
    _check_lengths(new)
    for pointer, text, longest in texts_of(new):
        found.problems += problems_of(text, pointer, longest)
    on = uk_day(at)
    person = _check_person(new.person, found, at)
    _check_needs(new, found, directory)
    _check_circumstances(new.person, found, directory)
    _check_choices(new, found)
    _check_wanted(new.wanted_from, found, on)
    alert = is_alert(new)
    check_agreements(
        new.agreement, found, practice_ods=person.gp_practice_ods, directory=directory, at=at, alert=alert
    )
    if not alert:
        _check_contradictions(new, found, directory)
    if new.external is not None:
        for name, value in zip(("source_system", "id"), new.external, strict=True):
            if not value.strip():
                found.add(f"/external/{name}", "Leave external out, or give both its parts.")
    if new.referrer is not None and not new.referrer.name.strip():
        found.add("/referrer/name", "Give the name of whoever asks.")
    if new.separate_reason is not None and not new.separate_reason.strip():
        found.add("/separate_reason", "Say why this is a separate request, or leave it out.")
    return person


def _check_contradictions(new: NewReferral, found: Findings, directory: Directory) -> None:
    """What a sender is asked to settle, but never where somebody is in danger."""
    if new.person.date_of_birth is not None and new.person.age_estimate is not None:
        found.add("/person/age_estimate", "Give the date of birth or an age, not both.")
    for place, account in enumerate(new.restricted_to):
        if directory.complete and account not in directory.members:
            found.add(f"/restricted_to/{place}", "Nobody in the directory has this account: give another id.")


def _check_lengths(new: NewReferral) -> None:
    """Lists that are too long are refused before anything in them is looked at. Raises Invalid."""
    person = new.person
    lists: dict[str, Collection[object]] = {
        "/needs": new.needs,
        "/agreement": new.agreement,
        "/restricted_to": new.restricted_to,
        "/person/contacts": person.contacts,
        "/person/address_lines": person.address_lines,
        "/person/access_needs": person.access_needs,
        "/person/circumstances": person.circumstances,
    }
    long = [pointer for pointer, given in lists.items() if len(given) > MOST_LISTED]
    if long:
        raise Invalid([FieldProblem(pointer, f"Give at most {MOST_LISTED}.") for pointer in long])


def _check_person(person: NewPerson, found: Findings, at: datetime) -> NewPerson:
    on = uk_day(at)
    number = practice = postcode = then = None
    registered, homeless = person.registered, person.no_fixed_abode
    if person.nhs_number:
        number = found.read(read_nhs_number, person.nhs_number, pointer="/person/nhs_number")
    if person.gp_practice_ods:
        practice = found.read(read_ods_code, person.gp_practice_ods, pointer="/person/gp_practice_ods")
        if practice in NO_PRACTICE:
            registered, practice = False if practice == "V81997" else registered, None
    if person.postcode:
        read = found.read(read_postcode, person.postcode, pointer="/person/postcode")
        if read is not None and read.kind is PostcodeKind.PLACE:
            postcode = read.value
        elif read is not None:
            homeless = homeless or read.kind is PostcodeKind.NO_FIXED_ABODE
    if person.date_of_birth is not None:
        found.read(read_birth_date, person.date_of_birth, on, pointer="/person/date_of_birth")
    if person.age_estimate is not None and not 0 <= person.age_estimate <= OLDEST:
        found.add("/person/age_estimate", f"Give an age from 0 to {OLDEST}, or leave it out.")
    if person.residence_then is not None:
        then = _check_residence(person.residence_then, found, on)
    contacts = tuple(
        _check_contact(one, found, f"/person/contacts/{place}", at)
        for place, one in enumerate(person.contacts)
    )
    return replace(
        person,
        given_name=_known(person.given_name),
        family_name=_known(person.family_name),
        nhs_number=number,
        gp_practice_ods=practice,
        registered=registered,
        postcode=postcode,
        no_fixed_abode=homeless,
        age_estimate=None if person.date_of_birth else person.age_estimate,
        residence_then=then,
        contacts=contacts,
        language=_known(person.language),
    )


def _known(text: str | None) -> str | None:
    return text if text and text.strip() else None


def _check_residence(then: ResidenceThen, found: Findings, on: date) -> ResidenceThen | None:
    pointer = "/person/residence_on_date"
    read = found.read(read_postcode, then.postcode, pointer=f"{pointer}/postcode")
    if abs(then.starts_on - on) > FURTHEST:
        found.add(f"{pointer}/from", "Give a day within two years.")
    if read is None or read.kind is not PostcodeKind.PLACE:
        return None
    return replace(then, postcode=read.value)


def _check_contact(contact: NewContact, found: Findings, pointer: str, at: datetime) -> NewContact:
    value = contact.value
    found.one_of(f"{pointer}/channel", contact.channel, tuple(Channel))
    if not value.strip():
        found.add(f"{pointer}/value", "Say how: a number, an address, a place or a professional.")
    elif contact.channel in (Channel.PHONE, Channel.TEXT):
        read = found.read(read_phone, value, pointer=f"{pointer}/value")
        value = read.e164 if read is not None else value
    elif contact.channel == Channel.EMAIL and not is_email(value):
        found.add(f"{pointer}/value", "Enter an e-mail address in the form name@example.org.")
    check_asked(contact.asked_at, found, f"{pointer}/asked_at", at)
    return replace(contact, value=value)


def is_email(text: str) -> bool:
    """Whether this has the form of an e-mail address; nobody is asked whether it exists."""
    try:
        validate_email(text.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return False
    return True


def _check_needs(new: NewReferral, found: Findings, directory: Directory) -> None:
    known = directory.snapshot.needs
    for place, code in enumerate(new.needs):
        if known and code not in known:
            found.add(f"/needs/{place}", f"Choose from: {', '.join(sorted(known))}.")


def _check_circumstances(person: NewPerson, found: Findings, directory: Directory) -> None:
    known = known_circumstances(directory.snapshot)
    for code in person.circumstances:
        if code not in known:
            pointer = f"/person/circumstances/{pointer_step(code)}"
            found.add(pointer, f"Choose from: {', '.join(sorted(known))}.")


def _check_choices(new: NewReferral, found: Findings) -> None:
    found.one_of("/priority", new.priority, PRIORITIES)
    found.one_of("/route_in", new.route_in, tuple(RouteIn))
    found.one_of("/safeguarding", new.safeguarding, SAFEGUARDING)
    if new.speaker is not None:
        found.one_of("/speaker/who", new.speaker.who, tuple(Spoke))
    if new.lawful_basis is not None:
        found.one_of("/lawful_basis", new.lawful_basis, LAWFUL_BASES)


def _check_wanted(wanted: date | None, found: Findings, on: date) -> None:
    if wanted is None:
        return
    if wanted < on:
        found.add("/wanted_from", "Give today or a day to come, or leave it out.")
    elif wanted > on + FURTHEST:
        found.add("/wanted_from", "Give a day within two years.")
