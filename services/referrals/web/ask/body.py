"""From the answers of the public pages to what the action takes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from services.referrals.actions.new_referral import NewAgreement, NewContact, NewPerson, NewReferral
from services.referrals.domain.sight_facts import HELPERS
from services.referrals.domain.speaker import Speaker, Spoke
from services.referrals.domain.under_18 import Under18
from services.referrals.web.ask.applies import as_for_a_child, for_another, last_asks
from services.referrals.web.ask.forms import CHANNELS, HERE, NO_ADDRESS
from services.referrals.web.refer.kept import day, page_of

Content = Mapping[str, Any]


def referral_of(
    content: Content, *, authority: str | None, practice_id: UUID | None, at: datetime
) -> NewReferral:
    """All answers. `authority` is the place's council, `practice_id` the organisation of their GP surgery."""
    what = page_of(content, "what")
    return NewReferral(
        person=_person(content, authority, at),
        needs=tuple(what.get("needs") or ()),
        what_matters=what.get("what_matters"),
        route_in="self",
        agreement=_agreement(content, practice_id, at),
        under_18=_under_18(content, at),
        speaker=_speaker(content),
    )


def _person(content: Content, authority: str | None, at: datetime) -> NewPerson:
    about = page_of(content, "about")
    needs = [*(about.get("access_needs") or ()), about.get("access_other")]
    return NewPerson(
        given_name=about.get("name"),
        date_of_birth=day(about.get("date_of_birth")),
        age_estimate=about.get("age"),
        postcode=about.get("postcode"),
        no_fixed_abode=about.get("where") == NO_ADDRESS,
        present_in=authority if about.get("where") == HERE else None,
        contacts=_contacts(content, at),
        language=about.get("language"),
        access_needs=tuple(need for need in needs if need),
        gp_practice_ods=about.get("gp_practice"),
        registered=True if about.get("gp_practice") else None,
    )


def _contacts(content: Content, at: datetime) -> tuple[NewContact, ...]:
    reach = page_of(content, "reach")
    return tuple(
        NewContact(
            channel=channel,
            value=reach[f"{channel}_value"],
            safe=True,
            voicemail=_ticked(reach, "voicemail") if channel == "phone" else None,
            caller_id=_ticked(reach, "caller_id") if channel == "phone" else None,
            hours=reach.get(f"{channel}_hours"),
            code_word=reach.get(f"{channel}_code_word"),
            asked_by=_who_said(content),
            asked_at=at,
        )
        for channel in CHANNELS
        if channel in (reach.get("ways") or ()) and reach.get(f"{channel}_value")
    )


def _ticked(page: Content, name: str) -> bool | None:
    """A box that is empty is a question nobody answered, which means no."""
    return True if page.get(name) else None


def _who_said(content: Content) -> str:
    if not for_another(content):
        return "the person, on the public page"
    return "a family member or friend, on the public page"


def _agreement(content: Content, practice_id: UUID | None, at: datetime) -> tuple[NewAgreement, ...]:
    last = _last(content, at)
    recipients = {"know_of_each_other": HELPERS, "feedback_to_gp": str(practice_id) if practice_id else None}
    return tuple(
        NewAgreement(recipient, purpose, agreed=True, how="written", asked_by="the public page", at=at)
        for purpose, recipient in recipients.items()
        if last.get(purpose) and recipient
    )


def _under_18(content: Content, at: datetime) -> Under18 | None:
    last, is_child = _last(content, at), as_for_a_child(content)
    said = Under18(
        competent=False if is_child else None,
        parental_responsibility=last.get("parental_responsibility")
        or (_named(page_of(content, "them"), "the one who asks") if is_child else None),
        not_to_contact=last.get("not_to_contact"),
    )
    return None if said == Under18() else said


def _last(content: Content, at: datetime) -> dict[str, Any]:
    """The answers of the last page to what it asks now."""
    asked = last_asks(content, at)
    return {name: value for name, value in page_of(content, "last").items() if name in asked}


def _speaker(content: Content) -> Speaker:
    if not for_another(content):
        return Speaker(Spoke.PERSON.value)
    them = page_of(content, "them")
    return Speaker(Spoke.SOMEONE_FOR_THEM.value, them.get("name"), them.get("relation"))


def _named(them: Content, otherwise: str) -> str:
    return ", ".join(part for part in (them.get("name"), them.get("relation")) if part) or otherwise
