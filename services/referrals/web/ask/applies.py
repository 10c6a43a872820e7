"""Which answers of the public pages hold beside the others: what no longer applies is dropped, not kept.

Whoever changes their mind (for whom it is, how old they are, which ways are safe) is asked again what the
change opens, and nothing is sent that was answered to a question that is not asked any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.referrals.domain.under_18 import age_then, is_asked
from services.referrals.web.ask.forms import CHANNELS, CHILD, OLD_ENOUGH, OTHER
from services.referrals.web.refer.kept import day, page_of
from shared.clock import uk_date

Content = Mapping[str, Any]
UNDER_18 = ("not_to_contact", "parental_responsibility")
OF_THE_PHONE = ("voicemail", "caller_id")
OF_ONE_PERSON = ("them", "about", "reach", "last")
"""Pages whose answers are about one person and hold for nobody else."""
HAS_TO_KNOW = "Somebody of 16 or over has to know that you ask for them"


def for_another(content: Content) -> bool:
    """Whether somebody asks for another."""
    return page_of(content, "who").get("who") == OTHER


def as_for_a_child(content: Content) -> bool:
    """Whether somebody asks for a child they look after, who is not asked."""
    return for_another(content) and page_of(content, "them").get("knows") == CHILD


def age_of(content: Content, at: datetime) -> int | None:
    """The age that was given; None where it was not."""
    about = page_of(content, "about")
    return age_then(uk_date(at), day(about.get("date_of_birth")), about.get("age"), uk_date(at))


def too_old_for_that(content: Content, at: datetime) -> bool:
    """Somebody asks as for a child who is too young to be asked, of one who is not."""
    age = age_of(content, at)
    return as_for_a_child(content) and age is not None and age >= OLD_ENOUGH


def wrong_with_age(content: Content, at: datetime) -> str:
    """What to mend in the age where somebody asks for a child; blank where nothing is."""
    if too_old_for_that(content, at):
        return HAS_TO_KNOW
    if as_for_a_child(content) and age_of(content, at) is None:
        return f"Give their age or date of birth. {HAS_TO_KNOW}"
    return ""


def asks_under_18(content: Content, at: datetime) -> bool:
    """Whether the questions about somebody under 18 are asked."""
    return as_for_a_child(content) or is_asked(age_of(content, at))


def last_asks(content: Content, at: datetime) -> tuple[str, ...]:
    """The fields of the last page for these answers; none: the page is left out.

    Nobody agrees for somebody else, and whether a surgery is told is asked once there is one.
    """
    agreements: tuple[str, ...] = ()
    if not for_another(content):
        known = page_of(content, "about").get("gp_practice")
        agreements = ("know_of_each_other", *(("feedback_to_gp",) if known else ()))
    return agreements + (UNDER_18 if asks_under_18(content, at) else ())


def is_answered(content: Content, name: str, at: datetime) -> bool:
    """Whether a page was answered, all that it asks now, so that it holds beside the other answers."""
    if name not in content:
        return False
    if name == "about":
        return not wrong_with_age(content, at)
    return name != "last" or set(last_asks(content, at)) <= set(page_of(content, "last"))


def changes_the_person(before: Content, after: Content) -> bool:
    """Whether it is for somebody else now than it was."""
    return "who" in before and for_another(before) != for_another(after)


def settled(before: Content, after: Content, at: datetime) -> dict[str, Any]:
    """`after` without whatever no longer applies, `before` being what was kept until now."""
    content = dict(after)
    if changes_the_person(before, after):
        for name in OF_ONE_PERSON:
            content.pop(name, None)
    if "reach" in content:
        content["reach"] = _ticked_only(page_of(content, "reach"))
    if "last" in content:
        last = page_of(content, "last")
        if page_of(before, "about").get("gp_practice") != page_of(content, "about").get("gp_practice"):
            # They agreed that one surgery is told, by its name.
            last.pop("feedback_to_gp", None)
        asked = last_asks(content, at)
        content["last"] = {name: value for name, value in last.items() if name in asked}
    return content


def _ticked_only(reach: Mapping[str, Any]) -> dict[str, Any]:
    ways = reach.get("ways") or ()
    left_out = {
        name
        for channel in CHANNELS
        if channel not in ways
        for name in (f"{channel}_value", f"{channel}_hours", f"{channel}_code_word")
    }
    if "phone" not in ways:
        left_out |= set(OF_THE_PHONE)
    return {name: None if name in left_out else value for name, value in reach.items()}
