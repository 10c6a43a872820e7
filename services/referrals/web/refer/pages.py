"""The pages of *Refer someone*. Each saves its part of the draft and leads to the next one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.referrals.actions.check_routes import check_routes
from services.referrals.actions.drafts import discard_draft, list_drafts, read_draft, save_draft
from services.referrals.actions.list_views import DraftView
from services.referrals.actions.views import RoutesView
from services.referrals.domain.intake import INTRODUCTION
from services.referrals.domain.life import RouteIn
from services.referrals.domain.under_18 import QUESTIONS, is_asked
from services.referrals.web.facts import Facts
from services.referrals.web.refer import choices
from services.referrals.web.refer.body import ANY, age_when_wanted, referral_of
from services.referrals.web.refer.forms import ChooseForm, about_form, asked_only, contact_form, start_form
from services.referrals.web.refer.kept import for_form, page_of, with_page
from services.referrals.web.refer.questions import answers_schema, as_form, merged, questions_of
from services.referrals.web.refer.shown import choice_words, known_words, offers, reached
from shared.auth import Caller, Role, current_caller, needs
from shared.clock import now
from shared.errors import Invalid
from shared.web import flash, forms

blp = Blueprint("refer", __name__)
SENDERS = (Role.SENDER, Role.WORKER, Role.LEAD, Role.DUTY_DESK)
PHONE = "phone"
# Answers that change who can help: the choice made from the old list is asked again.
_NEXT = {"start": "refer.who", "choice": "refer.about", "about": "refer.contact", "contact": "refer.check"}


@blp.route("/refer", methods=["GET", "POST"], endpoint="start_new")
@needs(*SENDERS)
def start_new() -> Any:
    """Page 1 of a new referral; sending it makes the draft."""
    return _start(None, on_phone=False)


@blp.route("/refer/on-the-phone", methods=["GET", "POST"])
@needs(*SENDERS)
def on_phone() -> Any:
    """The same pages in the order of a call, with what to say."""
    return _start(None, on_phone=True)


@blp.route("/refer/<uuid:draft_id>/start", methods=["GET", "POST"])
@needs(*SENDERS)
def start(draft_id: UUID) -> Any:
    """Page 1 again, with everything kept."""
    draft = open_draft(draft_id)
    return _start(draft, on_phone=draft.data.get("mode") == PHONE)


def _start(draft: DraftView | None, *, on_phone: bool) -> Any:
    by, facts = current_caller(), Facts.now()
    kept = page_of(draft.data, "start") if draft else {"route_in": choices.usual_route(by)}
    route = choices.route_of(request.form.get("route_in") or request.args.get("as") or kept.get("route_in"))
    schema = start_form(route)
    if request.method == "POST":
        form = forms.read(schema)
        known = facts.need_labels()
        if form.ok and any(code not in known for code in form.data.get("needs", ())):
            form.fail("needs", "Choose from the list")
        if form.ok:
            return _save(draft, _started(draft, form.data, by, facts, on_phone=on_phone), "start")
    else:
        form = forms.blank(schema, for_form(schema, {**kept, "route_in": route}))
    page = render_template(
        "referrals/refer/start.html",
        form=form,
        on_phone=on_phone,
        draft_id=draft.id if draft else None,
        reached=reached(draft.data) if draft else frozenset(),
        drafts=0 if draft else len(_unsent(by)),
        needs=facts.needs(),
        where=choices.where(facts),
        route_choices=choices.routes_in(by),
        introduction=route == RouteIn.INTRODUCTION,
        ring=facts.ring(by),
    )
    return page, form.status


def _started(
    draft: DraftView | None, data: Mapping[str, Any], by: Caller, facts: Facts, *, on_phone: bool
) -> dict[str, Any]:
    """The draft after page 1, without what the way they come does not ask."""
    content: dict[str, Any] = dict(draft.data) if draft else {"mode": PHONE if on_phone else "desk"}
    introduced = bool(draft) and choices.intake_for(content, by) is INTRODUCTION
    content = with_page(content, "start", data)
    intake = choices.intake_for(content, by)
    if intake is not INTRODUCTION:
        content["start"]["gp_practice"] = facts.practice_of(by)
        if introduced:
            # A referral asks more than an introduction did: these pages are answered again.
            content = {page: kept for page, kept in content.items() if page not in ("about", "contact")}
    return asked_only(content, intake)


@blp.route("/refer/<uuid:draft_id>/who", methods=["GET", "POST"])
@needs(*SENDERS)
def who(draft_id: UUID) -> Any:
    """Page 2: who can take this person and why, who cannot, what is not known."""
    draft = open_draft(draft_id)
    routes, refused = _routes(draft)
    if routes is None:
        return refused
    if request.method == "POST":
        form = forms.read(ChooseForm())
        listed = {str(entry["service_id"]) for entry in (*routes.eligible, *routes.unknown)} | {ANY}
        if form.ok and form.data["choice"] not in listed:
            form.fail("choice", "The list has changed. Choose again")
        if form.ok:
            return _save(draft, with_page(draft.data, "choice", form.data), "choice")
    else:
        form = forms.blank(ChooseForm(), page_of(draft.data, "choice"))
    return _who_page(draft, routes, form), form.status


@blp.post("/refer/<uuid:draft_id>/answers")
@needs(*SENDERS)
def answers(draft_id: UUID) -> Any:
    """What was not known, answered; the list is made again."""
    draft = open_draft(draft_id)
    routes, refused = _routes(draft)
    if routes is None:
        return refused
    intake = choices.intake_for(draft.data, current_caller())
    asked = forms.read(answers_schema(choices.asked_of(questions_of(routes.unknown, []), intake)))
    if not asked.ok:
        chosen = forms.blank(ChooseForm(), page_of(draft.data, "choice"))
        return _who_page(draft, routes, chosen, asked), asked.status
    content = {**draft.data, "answers": merged(page_of(draft.data, "answers"), asked.data)}
    save_draft(content, by=current_caller(), at=now(), draft_id=draft.id)
    return redirect(url_for(".who", draft_id=draft.id))


@blp.route("/refer/<uuid:draft_id>/about", methods=["GET", "POST"])
@needs(*SENDERS)
def about(draft_id: UUID) -> Any:
    """Page 3: at most ten fields."""
    draft = open_draft(draft_id)
    facts, by = Facts.now(), current_caller()
    start, given = page_of(draft.data, "start"), page_of(draft.data, "about")
    found = {**page_of(draft.data, "answers"), **{key: v for key, v in start.items() if v}}
    intake = choices.intake_for(draft.data, by)
    schema = about_form(intake)
    if request.method == "POST":
        form = forms.read(schema)
        if form.ok:
            return _save(draft, with_page(draft.data, "about", form.data), "about")
    else:
        usual = {
            "gp_practice": found.get("gp_practice_ods") or found.get("gp_practice"),
            "priority": "routine",
        }
        form = forms.blank(schema, for_form(schema, given or usual))
    page = render_template(
        "referrals/refer/about.html",
        form=form,
        draft_id=draft.id,
        reached=reached(draft.data),
        on_phone=draft.data.get("mode") == PHONE,
        intake=intake,
        introduction=intake is INTRODUCTION,
        kept={"date_of_birth": found.get("date_of_birth"), "postcode": found.get("postcode")},
        known=_known(draft, facts, by),
        going_to=choice_words(draft.data, facts) or "Nobody chosen yet",
        practices=choices.practices(facts),
        ring=facts.ring(by),
    )
    return page, form.status


@blp.route("/refer/<uuid:draft_id>/contact", methods=["GET", "POST"])
@needs(*SENDERS)
def contact(draft_id: UUID) -> Any:
    """Page 4: safe contact, access needs, agreement and the lawful basis."""
    draft = open_draft(draft_id)
    by, facts = current_caller(), Facts.now()
    age = age_when_wanted(draft.data, now())
    intake = choices.intake_for(draft.data, by)
    ways = choices.ways_of(intake)
    schema = contact_form(intake)
    if request.method == "POST":
        form = forms.read(schema)
        if form.ok and intake is INTRODUCTION and form.data["share_referral"] is False:
            form.fail("share_referral", "They said no, so nothing is sent. Delete what you typed")
        if form.ok:
            basis = {"lawful_basis": choices.usual_basis(by)}
            content = with_page(draft.data, "contact", basis | form.data)
            return _save(draft, asked_only(content, intake), "contact")
    else:
        given = page_of(draft.data, "contact")
        values = given or {"lawful_basis": choices.usual_basis(by), "asked_by": by.name}
        values["contacts"] = choices.ways_to_show(ways, given, page_of(draft.data, "about"), draft.data)
        form = forms.blank(schema, for_form(schema, values))
    page = render_template(
        "referrals/refer/contact.html",
        form=form,
        draft_id=draft.id,
        reached=reached(draft.data),
        on_phone=draft.data.get("mode") == PHONE,
        ways=ways,
        intake=intake,
        introduction=intake is INTRODUCTION,
        age=age,
        young=QUESTIONS if is_asked(age) else None,
        **choices.contact_choices(draft.data, facts, by),
    )
    return page, form.status


@blp.get("/refer/drafts")
@needs(*SENDERS)
def drafts() -> str:
    """What the reader began and has not sent."""
    by, facts = current_caller(), Facts.now()
    found = [_draft_row(draft, facts, by) for draft in _unsent(by)]
    return render_template("referrals/refer/drafts.html", drafts=found)


@blp.post("/refer/<uuid:draft_id>/delete")
@needs(*SENDERS)
def delete(draft_id: UUID) -> Response:
    """Nothing was sent; what was typed goes."""
    discard_draft(draft_id, by=current_caller())
    flash.say("draft-deleted")
    return redirect(url_for(".drafts"))


def open_draft(draft_id: UUID) -> DraftView:
    """The reader's own draft. Raises NotFound for anybody else's."""
    return read_draft(draft_id, by=current_caller())


def _unsent(by: Caller) -> list[DraftView]:
    """A sent one stays for a while, without what was typed, so that a second press finds where it went."""
    return [draft for draft in list_drafts(by=by) if not draft.data.get("sent")]


def _save(draft: DraftView | None, content: Mapping[str, Any], page: str) -> Response:
    saved = save_draft(dict(content), by=current_caller(), at=now(), draft_id=draft.id if draft else None)
    return redirect(url_for(_NEXT[page], draft_id=saved.id))


def _routes(draft: DraftView) -> tuple[RoutesView | None, Any]:
    """The routes answer, or the page on which a fact has to be mended first."""
    by, at = current_caller(), now()
    asked = referral_of(draft.data, organization_id=by.org, asked_by=by.name or "", at=at)
    try:
        return check_routes(asked, by=by, at=at), None
    except Invalid:
        return None, redirect(url_for(".start", draft_id=draft.id))


def _who_page(draft: DraftView, routes: RoutesView, form: forms.Form, asked: forms.Form | None = None) -> str:
    by, facts = current_caller(), Facts.now()
    eligible, unknown, refused = (
        offers(entries, facts) for entries in (routes.eligible, routes.unknown, routes.not_eligible)
    )
    questions = choices.asked_of(
        questions_of(routes.unknown, choices.practices(facts)), choices.intake_for(draft.data, by)
    )
    schema = answers_schema(questions)
    kept = for_form(schema, as_form(page_of(draft.data, "answers")))
    asked = asked or forms.blank(schema, kept)
    return render_template(
        "referrals/refer/who.html",
        form=form,
        asked=asked,
        forms=[form, asked],
        draft_id=draft.id,
        reached=reached(draft.data),
        known=_known(draft, facts, by),
        eligible=eligible,
        unknown=unknown,
        discreet=[each for each in eligible if each["discreet"]],
        not_eligible=[each for each in refused if not each["invitation"]],
        invitations=[each for each in refused if each["invitation"]],
        questions=questions,
        stale=not routes.fresh,
        ring=facts.ring(by),
    )


def _known(draft: DraftView, facts: Facts, by: Caller) -> str:
    at = now()
    asked = referral_of(draft.data, organization_id=by.org, asked_by="", at=at)
    return known_words(asked.person, asked.needs, facts.need_labels(), at)


def _draft_row(draft: DraftView, facts: Facts, by: Caller) -> dict[str, Any]:
    asked = referral_of(draft.data, organization_id=by.org, asked_by="", at=now())
    name = " ".join(part for part in (asked.person.given_name, asked.person.family_name) if part)
    open_pages = reached(draft.data)
    last = next(page for page in ("check", "contact", "about", "who", "start") if page in open_pages)
    return {
        "id": draft.id,
        "title": name or "Name not given yet",
        "about": known_words(asked.person, asked.needs, facts.need_labels(), now()),
        "updated_at": draft.updated_at,
        "url": url_for(f".{last}", draft_id=draft.id),
    }
