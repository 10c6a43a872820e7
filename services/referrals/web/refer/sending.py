"""Page 5 and what follows it: check, send once, the page of what is open already, the confirmation."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for

from services.referrals.actions.drafts import save_draft
from services.referrals.actions.list_views import DraftView
from services.referrals.actions.new_referral import NewReferral
from services.referrals.actions.read_referrals import read_referral
from services.referrals.actions.submit_referral import submit_referral
from services.referrals.actions.views import Submitted
from services.referrals.web.facts import Facts
from services.referrals.web.refer.body import practice_of, referral_of, target
from services.referrals.web.refer.choices import intake_for
from services.referrals.web.refer.forms import SendForm
from services.referrals.web.refer.pages import SENDERS, blp, open_draft
from services.referrals.web.refer.shown import check_parts, missing, next_steps, reached, remark
from services.referrals.web.referral.own_record import own_record
from services.referrals.web.words import STATES
from shared.auth import Caller, current_caller, needs
from shared.clock import now
from shared.errors import Conflict, Invalid
from shared.idempotency import Once, fingerprint
from shared.web import flash, forms

IN_FLIGHT_TRIES = 10
IN_FLIGHT_WAIT = 0.2


@blp.route("/refer/<uuid:draft_id>/check", methods=["GET", "POST"])
@needs(*SENDERS)
def check(draft_id: UUID) -> Any:
    """Everything that was answered, with ways back; sent once however often the button is pressed."""
    draft = open_draft(draft_id)
    if draft.data.get("sent"):
        flash.say("already-sent")
        return redirect(url_for(".sent", referral_id=draft.data["sent"]))
    if "check" not in reached(draft.data):
        return redirect(url_for(".start", draft_id=draft_id))
    if request.method == "POST":
        return _send(draft)
    return _check_page(draft)


@blp.get("/referrals/<uuid:referral_id>/sent")
@needs(*SENDERS)
def sent(referral_id: UUID) -> str:
    """Reference, what happens next and when, who to ring, and the text for one's own record."""
    by, at, facts = current_caller(), now(), Facts.now()
    view = read_referral(referral_id, by=by, at=at)
    return render_template(
        "referrals/refer/sent.html",
        referral=view,
        next_steps=next_steps(view, facts.next_action_days(by)),
        record=own_record(view, by, facts, at),
        ring=facts.ring(by),
    )


def _asked(draft: DraftView, by: Caller, facts: Facts, reason: str | None = None) -> NewReferral:
    service = facts.service(target(draft.data))
    team = service.get("organization_id") if service else None
    return referral_of(
        draft.data,
        organization_id=by.org,
        asked_by=by.name or "",
        at=now(),
        team_organization=UUID(str(team)) if team else None,
        practice_organization=facts.practice_id(practice_of(draft.data)),
        separate_reason=reason,
    )


def _check_page(draft: DraftView, problems: list[dict[str, str]] | None = None, status: int = 200) -> Any:
    by, facts = current_caller(), Facts.now()
    asked = _asked(draft, by, facts)
    page = render_template(
        "referrals/refer/check.html",
        draft_id=draft.id,
        reached=reached(draft.data),
        parts=check_parts(draft.data, asked, draft.id, facts, intake_for(draft.data, by)),
        missing=[*missing(asked, draft.id), *(problems or ())],
        remark=remark(asked),
        ring=facts.ring(by),
    )
    return page, status


def _send(draft: DraftView) -> Any:
    by, facts = current_caller(), Facts.now()
    form = forms.read(SendForm())
    reason = form.data.get("separate_reason") if form.ok else None
    if request.form.get("anyway") and not reason:
        form.fail("separate_reason", "Say why it is a separate request")
        return _already_open(draft, form, None)
    asked = _asked(draft, by, facts, reason)
    body = {"draft": dict(draft.data), "separate_reason": reason}
    once = Once(by.sub, "/refer", str(draft.id), fingerprint(body))
    try:
        done = _submit_when_free(asked, by, once)
    except Conflict as conflict:
        if conflict.slug != "already-open":
            return _check_page(draft, [_problem(draft, "/", conflict.detail)], 409)
        return _already_open(draft, form, conflict.extra.get("existing"))
    except Invalid as refused:
        return _check_page(draft, [_problem(draft, e.pointer, e.detail) for e in refused.errors], 422)
    # What was typed is with the team now; the draft keeps only where it went, for a second press.
    save_draft({"sent": str(done.referral.id)}, by=by, at=now(), draft_id=draft.id)
    if done.replayed:
        flash.say("already-sent")
    return redirect(url_for(".sent", referral_id=done.referral.id))


def _submit_when_free(asked: NewReferral, by: Caller, once: Once) -> Submitted:
    """A second press waits for the first and gets its answer."""
    for left in reversed(range(IN_FLIGHT_TRIES)):
        try:
            return submit_referral(asked, by=by, at=now(), once=once)
        except Conflict as conflict:
            if conflict.slug != "in-flight" or not left:
                raise
            time.sleep(IN_FLIGHT_WAIT)
    raise AssertionError("unreachable")


_PAGE_OF = (
    ("/person/contacts", "contact"),
    ("/person/access_needs", "contact"),
    ("/person/language", "contact"),
    ("/agreement", "contact"),
    ("/lawful_basis", "contact"),
    ("/needs", "start"),
    ("/wanted_from", "start"),
    ("/person/residence_on_date", "start"),
    ("/person/age_estimate", "start"),
    ("/target_service_id", "who"),
    ("/person", "about"),
    ("/referrer", "about"),
)


def _problem(draft: DraftView, pointer: str, detail: str) -> dict[str, str]:
    page = next((page for start, page in _PAGE_OF if pointer.startswith(start)), "about")
    return {"text": detail, "url": url_for(f".{page}", draft_id=draft.id)}


def _already_open(draft: DraftView, form: forms.Form, existing: Mapping[str, Any] | None) -> Any:
    """What is open, where it stands, what can be done; nothing was sent a second time."""
    labels = [str(action["label"]) for action in (existing or {}).get("available_actions", ())]
    page = render_template(
        "referrals/refer/already_open.html",
        draft_id=draft.id,
        form=form,
        existing=existing,
        possible=", ".join(labels) or "Nothing at present",
        states=STATES,
    )
    return page, 409
