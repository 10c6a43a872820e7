"""From what a draft keeps to what the actions take: the same values the API makes of its JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from services.referrals.actions.new_referral import (
    NewAgreement,
    NewContact,
    NewPerson,
    NewReferral,
    Referrer,
    ResidenceThen,
)
from services.referrals.domain.sight_facts import HELPERS
from services.referrals.domain.speaker import Speaker, Spoke
from services.referrals.domain.under_18 import Under18, age_then
from services.referrals.web.refer.forms import AGREEMENTS, NO_FIXED_ABODE, NOT_REGISTERED
from services.referrals.web.refer.kept import day, page_of
from shared.clock import uk_date

PLACE = "place:"
CIRCUMSTANCES = "circumstances."
ANY = "any"
Content = Mapping[str, Any]


def referral_of(
    content: Content,
    *,
    organization_id: UUID | None,
    asked_by: str,
    at: datetime,
    team_organization: UUID | None = None,
    practice_organization: UUID | None = None,
    separate_reason: str | None = None,
) -> NewReferral:
    """The whole draft. The person agreed or not that `team_organization`, the chosen service's, sees it and
    that `practice_organization`, their GP practice, is told how it goes."""
    start, about, contact = (page_of(content, page) for page in ("start", "about", "contact"))
    return NewReferral(
        person=person_of(content, asked_by=contact.get("asked_by") or asked_by, at=at),
        needs=tuple(start.get("needs") or ()),
        what_matters=about.get("what_matters"),
        priority=about.get("priority") or "routine",
        priority_reason=about.get("priority_reason") if about.get("priority") == "sooner" else None,
        wanted_from=wanted_from(content),
        route_in=str(start.get("route_in") or "professional"),
        target_service_id=target(content),
        lawful_basis=contact.get("lawful_basis"),
        agreement=_agreements(
            contact,
            {
                "share_referral": str(team_organization) if team_organization else HELPERS,
                "know_of_each_other": HELPERS,
                "feedback_to_sender": str(organization_id) if organization_id else None,
                # Nobody else is told as their practice: where it is not known there is nobody to agree about.
                "feedback_to_gp": str(practice_organization) if practice_organization else None,
            },
            asked_by=contact.get("asked_by") or asked_by,
            at=at,
        ),
        safeguarding=str(about.get("safeguarding") or "not_known"),
        restricted=bool(contact.get("restricted")),
        referrer=_referrer(about),
        separate_reason=separate_reason,
        under_18=_under_18(contact),
        speaker=_speaker(about),
    )


def target(content: Content) -> UUID | None:
    """The service somebody chose; None lets Linkwork find the right one."""
    choice = page_of(content, "choice").get("choice")
    return UUID(choice) if choice and choice != ANY else None


def wanted_from(content: Content) -> Any:
    """The day help is wanted from: the answer to a question counts before what was given at first."""
    answers, start = page_of(content, "answers"), page_of(content, "start")
    return day(answers.get("wanted_from")) or day(start.get("wanted_from"))


def person_of(content: Content, *, asked_by: str, at: datetime) -> NewPerson:
    """The person, each fact from wherever it was given last."""
    start, answers, about, contact = (
        page_of(content, page) for page in ("start", "answers", "about", "contact")
    )
    born = (
        day(about.get("date_of_birth"))
        or day(answers.get("date_of_birth"))
        or day(start.get("date_of_birth"))
    )
    where = start.get("where") or ""
    practice = about.get("gp_practice") or answers.get("gp_practice_ods") or start.get("gp_practice")
    needs = [*contact.get("access_needs", ()), contact.get("access_other")]
    return NewPerson(
        given_name=about.get("given_name"),
        family_name=about.get("family_name"),
        date_of_birth=born,
        age_estimate=start.get("age_estimate") if born is None else None,
        nhs_number=about.get("nhs_number"),
        postcode=about.get("postcode") or answers.get("postcode") or start.get("postcode"),
        no_fixed_abode=where == NO_FIXED_ABODE,
        address_lines=tuple(line.strip() for line in [about.get("address") or ""] if line.strip()),
        contacts=_contacts(contact, asked_by=asked_by, at=at),
        language=contact.get("language"),
        access_needs=tuple(need for need in needs if need),
        gp_practice_ods=practice if practice != NOT_REGISTERED else None,
        registered=None if not practice else practice != NOT_REGISTERED,
        residence_then=_residence(start, answers),
        circumstances={
            key.removeprefix(CIRCUMSTANCES): value
            for key, value in answers.items()
            if key.startswith(CIRCUMSTANCES) and isinstance(value, bool)
        },
        present_in=where.removeprefix(PLACE) if where.startswith(PLACE) else None,
    )


def practice_of(content: Content) -> str | None:
    """The ODS code of their GP practice, from wherever it was given last."""
    start, answers, about = (page_of(content, page) for page in ("start", "answers", "about"))
    given = about.get("gp_practice") or answers.get("gp_practice_ods") or start.get("gp_practice")
    return given if given != NOT_REGISTERED else None


def _residence(start: Content, answers: Content) -> ResidenceThen | None:
    starts = day(start.get("later_from"))
    postcode = answers.get("residence_on_date") or start.get("later_postcode")
    if postcode and starts:
        return ResidenceThen(postcode=postcode, starts_on=starts)
    return None


def _contacts(contact: Content, *, asked_by: str, at: datetime) -> tuple[NewContact, ...]:
    return tuple(
        NewContact(
            channel=way["channel"],
            value=way["value"],
            safe=way.get("safe"),
            voicemail=way.get("voicemail"),
            caller_id=way.get("caller_id"),
            hours=way.get("hours"),
            code_word=way.get("code_word"),
            asked_by=asked_by if way.get("safe") is not None else None,
            asked_at=at if way.get("safe") is not None else None,
        )
        for way in contact.get("contacts") or ()
        if way.get("value")
    )


def _agreements(
    contact: Content, recipients: Mapping[str, str | None], *, asked_by: str, at: datetime
) -> tuple[NewAgreement, ...]:
    return tuple(
        NewAgreement(
            recipient=recipient,
            purpose=purpose,
            agreed=contact[purpose],
            how=contact.get("how"),
            alone=contact.get("alone"),
            asked_by=asked_by,
            at=at,
        )
        for purpose in AGREEMENTS
        if (recipient := recipients[purpose]) and contact.get(purpose) is not None
    )


def age_when_wanted(content: Content, at: datetime) -> int | None:
    """The age on the day help is wanted, as far as the draft tells."""
    person = person_of(content, asked_by="", at=at)
    on = wanted_from(content) or uk_date(at)
    return age_then(on, person.date_of_birth, person.age_estimate, uk_date(at))


def _under_18(contact: Content) -> Under18 | None:
    said = Under18(
        contact.get("competent"), contact.get("parental_responsibility"), contact.get("not_to_contact")
    )
    return None if said == Under18() else said


def _speaker(about: Content) -> Speaker | None:
    """Who was on the line; a professional's name and role are the referrer's."""
    who = about.get("line_who")
    if who != Spoke.SOMEONE_FOR_THEM:
        return Speaker(who) if who else None
    return Speaker(who, about.get("speaker_name"), about.get("speaker_relation"))


def _referrer(about: Content) -> Referrer | None:
    if about.get("line_who") not in (None, Spoke.PROFESSIONAL) or not about.get("line_name"):
        return None
    return Referrer(name=about["line_name"], role=about.get("line_role"), email=about.get("line_email"))
