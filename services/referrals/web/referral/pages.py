"""One referral: its page, its acts, undo."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for

from services.referrals.actions.choices import team_choices, team_members
from services.referrals.actions.ending import undo_last
from services.referrals.actions.read_referrals import read_history, read_referral
from services.referrals.actions.record_agreement import agreement_choices
from services.referrals.actions.views import Done, ReferralView
from services.referrals.domain.states import Act
from services.referrals.web.facts import Facts
from services.referrals.web.referral.act_calls import do
from services.referrals.web.referral.act_fields import Choices, fields_of
from services.referrals.web.referral.act_forms import SCHEMAS
from services.referrals.web.referral.act_words import PAGES, ActPage
from services.referrals.web.referral.own_record import own_record
from services.referrals.web.referral.shown import AGREEMENT, buttons_of, may_record, reach, referral_page
from services.referrals.web.words import STATES
from shared.auth import Role, current_caller, needs
from shared.clock import now
from shared.errors import Conflict, Invalid, NotFound
from shared.web import flash, forms

blp = Blueprint("referral", __name__)
ANY_PART = (Role.SENDER, Role.WORKER, Role.LEAD, Role.DUTY_DESK, Role.SAFEGUARDING_LEAD)
FROM_QUEUE = "queue"
LAST_LOOKS = frozenset({Act.REDIRECT.value, Act.ROUTE.value, Act.VOID.value, AGREEMENT})
"""What may leave nothing to see for whoever did it."""


@blp.get("/referrals/<uuid:referral_id>")
@needs(*ANY_PART)
def show(referral_id: UUID) -> str:
    """The referral as the reader may see it."""
    by, at = current_caller(), now()
    view = read_referral(referral_id, by=by, at=at)
    history = read_history(referral_id, by=by, at=at)
    page = referral_page(view, list(history), back=None)
    return render_template(
        "referrals/referral/show.html",
        referral=view,
        page=page,
        states=STATES,
        record=own_record(view, by, Facts.now(), at),
        ring=Facts.now().ring(by) if page.warning else None,
    )


@blp.get("/referrals/<uuid:referral_id>/<act>")
@needs(*ANY_PART)
def act(referral_id: UUID, act: str) -> Any:
    """The small page of one act; what is not possible now is said with what is."""
    page = _page_of(act)
    view = read_referral(referral_id, by=current_caller(), at=now())
    possible = {button.act for button in buttons_of(view)} | ({AGREEMENT} if may_record(view) else set())
    if act not in possible:
        words = f"“{page.title}” is not possible as things stand."
        return _conflict(view, words, heading="That is not possible now"), 409
    form = forms.blank(SCHEMAS[act](), _first_values(act, view))
    return _act_page(act, view, form)


@blp.post("/referrals/<uuid:referral_id>/<act>")
@needs(*ANY_PART)
def act_send(referral_id: UUID, act: str) -> Any:
    """Do it; errors show the page again with everything typed."""
    _page_of(act)
    by, at = current_caller(), now()
    form = forms.read(SCHEMAS[act]())
    if form.ok:
        try:
            done = do(act, referral_id, form.data, by=by, at=at)
        except Invalid as refused:
            form.refuse(refused, names=_POINTERS)
        except Conflict as conflict:
            view = read_referral(referral_id, by=by, at=at)
            return _conflict(view, conflict.detail, form.values), 409
        else:
            # The offer to undo says what was done; everything else is said once on the next page.
            if done.referral.emergency:
                flash.say("danger")
            elif done.referral.undo_until is None:
                flash.say(f"done-{act}")
            return redirect(_after(act, done))
    view = read_referral(referral_id, by=by, at=at)
    return _act_page(act, view, form), form.status


@blp.post("/referrals/<uuid:referral_id>/undo")
@needs(Role.WORKER, Role.LEAD)
def undo(referral_id: UUID) -> Any:
    """Take back one's own last act within a minute."""
    by, at = current_caller(), now()
    try:
        undo_last(referral_id, by=by, at=at)
    except Conflict as conflict:
        return _conflict(read_referral(referral_id, by=by, at=at), conflict.detail), 409
    flash.say("done-undo")
    if request.form.get("from") == FROM_QUEUE:
        return redirect(url_for("lists.queue"))
    return redirect(url_for(".show", referral_id=referral_id))


def _page_of(act: str) -> ActPage:
    if act not in PAGES:
        raise NotFound
    return PAGES[act]


def _first_values(act: str, view: ReferralView) -> Mapping[str, Any]:
    if act == Act.COMPLETE.value and view.sent is not None:
        return {"outcomes": [{"need": need.code} for need in view.sent.needs]}
    return {}


_POINTERS = {
    "/contact/mode": "mode",
    "/contact/attended": "attended",
    "/contact/length": "length",
    "/contact/at": "on",
    "/at": "on",
    "/reason": "reason",
    "/text": "text",
    "/team_id": "team",
    "/service_id": "team",
    "/attempts": "made",
    "/agreement/0/recipient": "about",
    "/agreement/0/purpose": "about",
    "/agreement/0/how": "how",
    "/agreement/0/asked_by": "asked_by",
    "/agreement/0/at": "on",
    "/outcomes": "outcomes-0-outcome",
}


def _act_page(act: str, view: ReferralView, form: forms.Form) -> str:
    by, at = current_caller(), now()
    choices = Choices(
        view=view,
        agreements=agreement_choices(view.id, by=by, at=at) if act == AGREEMENT else (),
        members=team_members(view.id, by=by, at=at) if act == Act.REASSIGN.value else (),
        teams=team_choices(view.id, by=by, at=at) if act in (Act.ROUTE.value, Act.REDIRECT.value) else (),
    )
    page = {
        "who": _who(view),
        "reach": reach(view),
        "fields": fields_of(act, choices),
        "teams": choices.teams,
        "open_questions": [question for question in view.questions if question.answer is None],
    }
    return render_template(
        "referrals/referral/act.html",
        act=PAGES[act],
        page=page,
        referral=view,
        form=form,
        # Whoever answers, or ends it, may be the one who hears of danger.
        ring=Facts.now().ring(by) if act in _HEARING else None,
    )


_HEARING = frozenset(
    act.value for act in (Act.ANSWER, Act.DECLINE, Act.COMPLETE, Act.FAIL, Act.WITHDRAW, Act.VOID)
)


def _who(view: ReferralView) -> str:
    """Whom the page is about; never in the title or the address."""
    state = STATES[view.status]["text"]
    if view.sent is None:
        return f"{state}, {_waiting(view.wait_days)}"
    return f"{view.sent.person.full_name}: {state.lower()}, {_waiting(view.wait_days)}"


def _waiting(days: int) -> str:
    return "waiting since today" if days == 0 else f"waiting {days} {'day' if days == 1 else 'days'}"


def _after(act: str, done: Done) -> str:
    if request.form.get("from") == FROM_QUEUE:
        return url_for("lists.queue", done=done.referral.id)
    if not buttons_of(done.referral) and act in LAST_LOOKS:
        # What was passed on may be out of one's sight.
        return url_for("home.home")
    return url_for(".show", referral_id=done.referral.id)


def _conflict(
    view: ReferralView,
    detail: str,
    typed: Mapping[str, Any] | None = None,
    heading: str = "This has changed since you opened it",
) -> str:
    """What is possible now, with nothing typed lost."""
    return render_template(
        "referrals/referral/conflict.html",
        heading=heading,
        referral=view,
        detail=detail,
        buttons=buttons_of(view),
        typed=_typed(typed or {}),
    )


_TYPED_LABELS = {
    "question": "Your question",
    "answer": "Your answer",
    "text": "Your note",
    "note": "Your note",
    "reason_text": "Your reason",
}


def _typed(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    found = []
    for name, value in values.items():
        label = _TYPED_LABELS.get(name.rsplit("-", 1)[-1])
        if label and isinstance(value, str) and value.strip():
            found.append((label, value))
    return found
