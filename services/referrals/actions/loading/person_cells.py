"""The person, the ways to reach them and their answers, as one line of a file tells them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from uuid import UUID

from services.referrals.actions.new_referral import NewAgreement, NewContact, NewPerson
from services.referrals.domain.safe_contact import Channel
from services.referrals.domain.sheets import Line
from services.referrals.domain.sight_facts import HELPERS, Purpose
from services.referrals.domain.under_18 import Under18
from services.referrals.domain.working_days import UK, uk_day
from services.referrals.store.directory import Directory

CONTACTS: tuple[str, ...] = tuple(channel.value for channel in Channel)
"""Each channel is a column; the answer, whether it is safe, stands in the one called so with `_safe`."""

AGREED: dict[Purpose, str] = {purpose: f"agreed_{purpose.value}" for purpose in Purpose}

COLUMNS: tuple[str, ...] = (
    "given_name",
    "family_name",
    "date_of_birth",
    "age_estimate",
    "nhs_number",
    "postcode",
    "no_fixed_abode",
    "address_lines",
    "language",
    "access_needs",
    "gp_practice_ods",
    *(name for channel in CONTACTS for name in (channel, f"{channel}_safe")),
    "voicemail",
    "caller_id",
    "hours",
    "code_word",
    "contact_asked_by",
    "contact_asked_on",
    *AGREED.values(),
    "agreed_how",
    "agreed_alone",
    "agreed_asked_by",
    "agreed_on",
    "competent",
    "parental_responsibility",
    "not_to_contact",
)


def moment_of(day: date, at: datetime) -> datetime:
    """A moment of a UK day of which no more is known: its noon, but never after `at`."""
    return min(datetime.combine(day, time(12), tzinfo=UK).astimezone(UTC), at)


def read_person(line: Line, at: datetime) -> NewPerson:
    """The person; what is not said is not known."""
    return NewPerson(
        given_name=line.text("given_name"),
        family_name=line.text("family_name"),
        date_of_birth=line.day("date_of_birth"),
        age_estimate=line.whole("age_estimate"),
        nhs_number=line.text("nhs_number"),
        postcode=line.text("postcode"),
        no_fixed_abode=bool(line.yes("no_fixed_abode")),
        address_lines=line.parts("address_lines"),
        contacts=_contacts(line, at),
        language=line.text("language"),
        access_needs=line.parts("access_needs"),
        gp_practice_ods=line.text("gp_practice_ods"),
    )


def _contacts(line: Line, at: datetime) -> tuple[NewContact, ...]:
    asked_on = _said_on(line, "contact_asked_on", at)
    found = []
    for channel in CONTACTS:
        value, safe = line.text(channel), line.yes(f"{channel}_safe")
        if value is None:
            if safe is not None:
                line.refuse(channel, "Say which: the answer whether it is safe stands beside an empty cell.")
            continue
        by_phone = channel == Channel.PHONE
        found.append(
            NewContact(
                channel=channel,
                value=value,
                safe=safe,
                voicemail=line.yes("voicemail") if by_phone else None,
                caller_id=line.yes("caller_id") if by_phone else None,
                hours=line.text("hours"),
                code_word=line.text("code_word"),
                asked_by=line.text("contact_asked_by") if safe is not None else None,
                asked_at=asked_on if safe is not None else None,
            )
        )
    return tuple(found)


def read_agreements(
    line: Line, *, sender: UUID, holder: UUID, directory: Directory, at: datetime
) -> tuple[NewAgreement, ...]:
    """The person's answers to what they were asked: yes or no; an empty cell was not asked."""
    practice = directory.practice_id((line.text("gp_practice_ods") or "").upper())
    recipients = {
        Purpose.SHARE_REFERRAL: str(holder),
        Purpose.KNOW_OF_EACH_OTHER: HELPERS,
        Purpose.FEEDBACK_TO_SENDER: str(sender),
        Purpose.FEEDBACK_TO_GP: str(practice) if practice else None,
    }
    asked_on = _said_on(line, "agreed_on", at)
    found = []
    for purpose, column in AGREED.items():
        agreed, recipient = line.yes(column), recipients[purpose]
        if agreed is None:
            continue
        if recipient is None:
            line.refuse(
                column, "The directory has no practice of this gp_practice_ods: say it, or leave this empty."
            )
            continue
        found.append(
            NewAgreement(
                recipient=recipient,
                purpose=purpose.value,
                agreed=agreed,
                how=line.text("agreed_how"),
                alone=line.yes("agreed_alone"),
                asked_by=line.text("agreed_asked_by"),
                at=asked_on,
            )
        )
    return tuple(found)


def read_under_18(line: Line) -> Under18 | None:
    """What was asked about somebody under 18; None where nothing was."""
    said = Under18(line.yes("competent"), line.text("parental_responsibility"), line.text("not_to_contact"))
    return None if said == Under18() else said


def _said_on(line: Line, column: str, at: datetime) -> datetime | None:
    day = line.day(column)
    if day is not None and day > uk_day(at):
        line.refuse(column, "This day is still to come.")
    return moment_of(day, at) if day is not None else None
