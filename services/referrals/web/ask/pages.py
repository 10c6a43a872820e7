"""The pages on which somebody asks for help, one thing at a time. Each keeps its answers and leads on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from marshmallow import Schema
from werkzeug.wrappers import Response as BaseResponse

from services.referrals.actions.heeding import is_alert
from services.referrals.web.ask import shown
from services.referrals.web.ask.applies import (
    HAS_TO_KNOW,
    changes_the_person,
    for_another,
    is_answered,
    last_asks,
    settled,
    too_old_for_that,
    wrong_with_age,
)
from services.referrals.web.ask.body import referral_of
from services.referrals.web.ask.forms import (
    NOT_YET,
    AboutForm,
    LastForm,
    ReachForm,
    ThemForm,
    WhatForm,
    WhoForm,
)
from services.referrals.web.ask.kept import Kept, begin, forget, keep, kept_for
from services.referrals.web.ask.limits import form_limit
from services.referrals.web.facts import Facts
from services.referrals.web.refer.kept import for_form, page_of, with_page
from services.referrals.web.words import LANGUAGES
from shared import settings
from shared.auth import public
from shared.clock import now
from shared.errors import NotFound
from shared.web import flash, forms

blp = Blueprint("ask", __name__)
AWAY = "https://www.bbc.co.uk/weather"
FORMS: Mapping[str, type[Schema]] = {
    "who": WhoForm, "them": ThemForm, "what": WhatForm, "about": AboutForm, "reach": ReachForm,
    "last": LastForm,
}  # fmt: skip


@dataclass(frozen=True)
class Here:
    """One place's public pages, as this browser has them."""

    code: str
    place: Mapping[str, Any]
    facts: Facts
    kept: Kept | None

    @property
    def content(self) -> Mapping[str, Any]:
        """The answers so far."""
        return self.kept.content if self.kept else {}

    @property
    def danger(self) -> bool:
        """Words of danger were typed: whom to ring stands first from then on."""
        if "sent" in self.content:
            return bool(self.content["sent"]["alert"])
        return is_alert(referral_of(self.content, authority=None, practice_id=None, at=now()))


def here(code: str) -> Here:
    """The place of this address. Raises NotFound."""
    facts = Facts.now()
    place = facts.place_called(code)
    if place is None:
        raise NotFound
    return Here(code, place, facts, kept_for(code))


def page(at: Here, template: str, **given: Any) -> str:
    """A public page: who to ring now, and the way out that forgets."""
    return render_template(
        f"referrals/ask/{template}.html",
        code=at.code,
        place=at.place,
        ring=at.facts.ring_in(at.place["id"]),
        danger=at.danger,
        other=for_another(at.content),
        **given,
    )


@blp.get("/for-you")
@public
def places() -> Any:
    """Where somebody can ask; the one place's own page where there is one."""
    facts = Facts.now()
    found = facts.open_places()
    if len(found) == 1:
        return redirect(url_for(".start", code=found[0]["code"]))
    return render_template("referrals/ask/places.html", places=found, ring=facts.ring_in(None))


@blp.get("/for-you/leave")
@public
def leave() -> Response:
    """Forget what was typed, and go somewhere else at once."""
    return forget(make_response(redirect(AWAY)))


@blp.route("/for-you/<code>", methods=["GET", "POST"], endpoint="start")
@form_limit
@public
def start(code: str) -> Any:
    """What this is, who to ring now, and for whom it is."""
    at = here(code)
    going_back = bool(request.values.get("back")) and at.kept is not None and "sent" not in at.content
    if not going_back:
        # Whoever comes next to the same screen finds nothing of the one before.
        at = Here(code, at.place, at.facts, begin(code))
    form, ready = _read("who", at)
    if not ready:
        return page(at, "who", form=form, going_back=going_back), form.status
    return _keep(at, "who", form.data)


@blp.route("/for-you/<code>/them", methods=["GET", "POST"])
@form_limit
@public
def them(code: str) -> Any:
    """Who asks for somebody else, and whether that person knows and wants it."""
    return _step(code, "them")


@blp.get("/for-you/<code>/not-yet")
@public
def not_yet(code: str) -> Any:
    """Nobody is put into a queue behind their back: what to do instead, to read or to print."""
    at = here(code)
    return page(at, "not_yet", address=f"{settings.public_url('referrals')}/for-you/{code}")


@blp.route("/for-you/<code>/what", methods=["GET", "POST"])
@form_limit
@public
def what(code: str) -> Any:
    """What matters, in their own words."""
    return _step(code, "what")


@blp.route("/for-you/<code>/about", methods=["GET", "POST"])
@form_limit
@public
def about(code: str) -> Any:
    """What helps to find the right team."""
    return _step(code, "about")


@blp.route("/for-you/<code>/reach", methods=["GET", "POST"])
@form_limit
@public
def reach(code: str) -> Any:
    """How and when it is safe to reach them."""
    return _step(code, "reach")


@blp.route("/for-you/<code>/last", methods=["GET", "POST"])
@form_limit
@public
def last(code: str) -> Any:
    """What they agree to."""
    return _step(code, "last")


def _step(code: str, name: str) -> Any:
    at = here(code)
    if at.kept is None or name not in steps_of(at.content):
        return start_again(code)
    form, ready = _read(name, at)
    if ready:
        _look(name, form, at)
    elif request.method == "GET" and name == "about" and name in at.content:
        _look_at_age(form, at.content)
    if not ready or not form.ok:
        status = form.status if request.method == "POST" else 200
        return page(at, name, form=form, **shown.choices(name, at.content, at.place, at.facts)), status
    return _keep(at, name, form.data)


def start_again(code: str) -> BaseResponse:
    """Nothing is kept here, or not any more."""
    flash.say("ask-again")
    return redirect(url_for(".start", code=code))


def _read(name: str, at: Here) -> tuple[forms.Form, bool]:
    """The form of a page, and whether it was sent and is right."""
    schema = FORMS[name](only=last_asks(at.content, now())) if name == "last" else FORMS[name]()
    if request.method == "POST":
        form = forms.read(schema)
        return form, form.ok
    return forms.blank(schema, for_form(schema, page_of(at.content, name))), False


def _look(name: str, form: forms.Form, at: Here) -> None:
    """What only the other answers or the place can tell."""
    content = with_page(at.content, name, form.data)
    if name == "what" and any(code not in at.facts.need_labels() for code in form.data["needs"]):
        form.fail("needs", "Choose from the list")
    if name == "about" and form.data["gp_practice"] not in _practices(at):
        form.fail("gp_practice", "Choose from the list")
    if name == "about" and form.data["language"] not in {None, *LANGUAGES}:
        form.fail("language", "Choose from the list")
    if name == "about":
        _look_at_age(form, content)
    if name == "them" and too_old_for_that(content, now()):
        form.fail("knows", f"{HAS_TO_KNOW}. If the age you gave is wrong, mend that first")
    if name == "reach" and not form.data["ways"] and not at.danger:
        form.fail("ways", "Tick at least one way that is safe")


def _look_at_age(form: forms.Form, content: Mapping[str, Any]) -> None:
    """Of a child who is not asked, the age has to be known, and below that of one who is."""
    if wrong := wrong_with_age(content, now()):
        form.fail("date_of_birth" if page_of(content, "about").get("date_of_birth") else "age", wrong)


def _practices(at: Here) -> set[str | None]:
    return {None, *(ods for ods, _ in at.facts.practices_in(str(at.place["id"])))}


def _keep(at: Here, name: str, data: Mapping[str, Any]) -> Response:
    content = settled(at.content, with_page(at.content, name, data), now())
    if name == "them" and data["knows"] == NOT_YET:
        # Nothing of somebody who does not know of it is kept.
        return forget(make_response(redirect(url_for(".not_yet", code=at.code))))
    order = steps_of(content)
    # What is mended from the last page leads back to it, or to what has to be asked because of it.
    mended = name in at.content and not changes_the_person(at.content, content)
    following = order[-1] if mended else order[min(order.index(name) + 1, len(order) - 1)]
    return keep(
        at.kept or begin(at.code), content, make_response(redirect(url_for(f".{following}", code=at.code)))
    )


def steps_of(content: Mapping[str, Any]) -> tuple[str, ...]:
    """The pages for these answers, as far as they can be opened: those answered and the one after."""
    if "sent" in content:
        return ()
    at = now()
    order = ["who", *(["them"] if for_another(content) else []), "what", "about", "reach"]
    if last_asks(content, at):
        order.append("last")
    order.append("check")
    answered = next((n for n, name in enumerate(order) if not is_answered(content, name, at)), len(order))
    return tuple(order[: answered + 1])
