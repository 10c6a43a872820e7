"""Check and send, once; the confirmation; and a private link for whoever asks for one."""

from __future__ import annotations

import time
from datetime import date
from typing import Any
from uuid import UUID

from flask import make_response, redirect, request, url_for

from services.referrals.actions.ask_for_help import PUBLIC, Asked, ask_for_help
from services.referrals.actions.new_referral import NewReferral
from services.referrals.actions.public_drafts import key_of
from services.referrals.actions.status_links import make_status_link
from services.referrals.domain.status_links import LASTS
from services.referrals.web.ask import shown
from services.referrals.web.ask.body import referral_of
from services.referrals.web.ask.forms import SendForm
from services.referrals.web.ask.kept import Kept, keep, mark_of
from services.referrals.web.ask.limits import form_limit, sent_limit
from services.referrals.web.ask.pages import Here, blp, here, page, start_again, steps_of
from services.referrals.web.refer.kept import page_of
from shared import settings
from shared.auth import public
from shared.clock import now
from shared.errors import Conflict, FieldProblem, Invalid
from shared.idempotency import Once, fingerprint
from shared.web import forms

IN_FLIGHT_TRIES = 20
IN_FLIGHT_WAIT = 0.2
PRESS_AGAIN = "Nothing was sent yet. Please press Send once more."
OTHER_WINDOW = "The answers were changed in another window. Look through them again, then press Send."
_PAGE_OF = (
    ("/person/contacts", "reach"),
    ("/what_matters", "what"),
    ("/needs", "what"),
    ("/speaker", "them"),
    ("/under_18", "last"),
    ("/person", "about"),
)


@blp.route("/for-you/<code>/check", methods=["GET", "POST"])
@sent_limit
@public
def check(code: str) -> Any:
    """Everything that was answered; sent once however often the button is pressed."""
    at = here(code)
    if "sent" in at.content:
        return redirect(url_for(".sent", code=code))
    if at.kept is None or "who" not in at.content:
        return start_again(code)
    if (reached := steps_of(at.content)[-1]) != "check":
        # Something is still to be answered, or does not hold beside another answer: that page says what.
        return redirect(url_for(f".{reached}", code=code))
    return _send(at, at.kept) if request.method == "POST" else _check_page(at)


@blp.get("/for-you/<code>/sent")
@public
def sent(code: str) -> Any:
    """What happens next and by when, a reference, who to ring now."""
    at = here(code)
    if "sent" not in at.content:
        return start_again(code)
    return _sent_page(at)


@blp.post("/for-you/<code>/sent")
@form_limit
@public
def private_link(code: str) -> Any:
    """A private link, because somebody asked for one; it is shown in this answer and never again."""
    at = here(code)
    if "sent" not in at.content:
        return start_again(code)
    token = make_status_link(UUID(at.content["sent"]["id"]), at=now())
    return _sent_page(at, f"{settings.public_url('referrals')}/your-request/{token}")


def _asked(at: Here) -> NewReferral:
    practice = page_of(at.content, "about").get("gp_practice")
    return referral_of(
        at.content,
        authority=next(iter(at.place.get("authorities") or ()), None),
        practice_id=at.facts.practice_id(practice),
        at=now(),
    )


def _check_page(at: Here, problems: tuple[dict[str, str], ...] = (), status: int = 200) -> Any:
    rows = shown.check_rows(at.content, _asked(at), at.code, at.facts)
    seen = mark_of(at.kept, at.content) if at.kept else ""
    return page(at, "check", rows=rows, problems=problems, seen=seen), status


def _send(at: Here, kept: Kept) -> Any:
    form = forms.read(SendForm())
    if not form.ok or form.data["website"]:
        return _check_page(at, ({"text": PRESS_AGAIN, "url": ""},), 422)
    if form.data["seen"] not in (None, mark_of(kept, at.content)):
        return _check_page(at, ({"text": OTHER_WINDOW, "url": ""},), 409)
    asked = _asked(at)
    try:
        done = _ask_when_free(asked, UUID(str(at.place["id"])), kept)
    except Invalid as refused:
        return _check_page(at, tuple(_problem(at, each) for each in refused.errors), 422)
    # What was typed is with the team now; here stays only what the confirmation says.
    said = {
        "id": str(done.referral_id),
        "reference": done.reference,
        "look_by": done.look_by.isoformat() if done.look_by else None,
        "alert": done.alert,
        "reachable": bool(asked.person.contacts),
        "at": now().isoformat(),
    }
    content = {"place": at.code, "who": at.content["who"], "sent": said}
    return keep(kept, content, make_response(redirect(url_for(".sent", code=at.code))))


def _ask_when_free(asked: NewReferral, place_id: UUID, kept: Kept) -> Asked:
    """A second press waits for the first and gets its answer."""
    once = Once(PUBLIC, "/for-you", key_of(kept.secret), fingerprint("sent"))
    at = asked.agreement[0].at if asked.agreement else None
    for left in reversed(range(IN_FLIGHT_TRIES)):
        try:
            return ask_for_help(asked, place_id=place_id, at=at or now(), once=once)
        except Conflict as conflict:
            if conflict.slug != "in-flight" or not left:
                raise
            time.sleep(IN_FLIGHT_WAIT)
    raise AssertionError("unreachable")


def _problem(at: Here, problem: FieldProblem) -> dict[str, str]:
    name = next((name for start, name in _PAGE_OF if problem.pointer.startswith(start)), "about")
    return {"text": problem.detail, "url": url_for(f".{name}", code=at.code)}


def _sent_page(at: Here, link: str | None = None) -> str:
    said = at.content["sent"]
    look_by = date.fromisoformat(said["look_by"]) if said["look_by"] else None
    return page(at, "sent", said=said, look_by=look_by, link=link, days=LASTS.days)
