"""A person's own account: password, second step, sign-ins, and whom they act for."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.directory import config
from services.directory.actions import accounts, passwords, second_factor, sessions
from services.directory.domain.accounts import ROLE_WORDS
from services.directory.domain.sessions import safe_next
from services.directory.limits import sign_in_limit
from services.directory.web import cookies
from services.directory.web.account_words import EVENT_WORDS
from services.directory.web.identity_forms import (
    ActingSchema,
    ChangePasswordSchema,
    CodeSchema,
    PasswordSchema,
)
from services.directory.web.qr_codes import as_svg, in_groups
from shared.auth import current_caller, signed_in
from shared.clock import now
from shared.errors import Conflict, Invalid, NotFound, TooMany
from shared.web import flash, forms

pages = Blueprint("account", __name__)


@pages.get("/account")
@signed_in
def account() -> str:
    """Everything about one's own account."""
    own = accounts.own_account(current_caller(), now())
    return render_template("directory/account.html", own=own, role_words=ROLE_WORDS, event_words=EVENT_WORDS)


@pages.get("/account/password")
@signed_in
def password() -> str:
    """The form for another password."""
    return render_template("directory/account_password.html", form=forms.blank(ChangePasswordSchema()))


@pages.post("/account/password")
@sign_in_limit
@signed_in
def password_send() -> Response:
    """Change it."""
    form = forms.read(ChangePasswordSchema())

    def change() -> None:
        passwords.change(current_caller(), form.data["old"], form.data["password"], now())

    if _done(form, change):
        flash.say("password_changed")
        return redirect(url_for(".account"), 303)
    return _page("account_password.html", form)


@pages.get("/account/second-step")
@signed_in
def second_step() -> Response:
    """A key to set up, as a QR code and as text."""
    return _second_step(forms.blank(CodeSchema()))


@pages.post("/account/second-step")
@sign_in_limit
@signed_in
def second_step_send() -> Response:
    """Switch it on with a first code; recovery codes are shown this once."""
    form = forms.read(CodeSchema())
    made: list[str] = []

    def confirm() -> None:
        made.extend(second_factor.confirm(current_caller(), form.data["code"], now()))

    if _done(form, confirm):
        # What waited for a second step is in the token from now on.
        cookies.keep(sessions.again(current_caller(), now()))
        return _recovery_codes(made)
    return _second_step(form)


@pages.get("/account/second-step/off")
@signed_in
def second_step_off() -> Response:
    """Ask for the password first."""
    return _page("second_step_off.html", forms.blank(PasswordSchema()))


@pages.post("/account/second-step/off")
@sign_in_limit
@signed_in
def second_step_off_send() -> Response:
    """Turn it off."""
    form = forms.read(PasswordSchema())

    def turn_off() -> None:
        passwords.turn_off_second_factor(current_caller(), form.data["password"], now())

    if _done(form, turn_off):
        flash.say("second_step_off")
        return redirect(url_for(".account"), 303)
    return _page("second_step_off.html", form)


@pages.get("/account/recovery-codes")
@signed_in
def recovery_codes() -> Response:
    """Ask for the password first."""
    return _page("recovery_codes_again.html", forms.blank(PasswordSchema()))


@pages.post("/account/recovery-codes")
@sign_in_limit
@signed_in
def recovery_codes_send() -> Response:
    """Ten new ones, shown this once."""
    form = forms.read(PasswordSchema())
    made: list[str] = []

    def replace() -> None:
        made.extend(passwords.replace_recovery_codes(current_caller(), form.data["password"], now()))

    if _done(form, replace):
        return _recovery_codes(made)
    return _page("recovery_codes_again.html", form)


@pages.post("/account/sessions/end")
@signed_in
def end_session() -> Response:
    """End one of one's own sign-ins."""
    by, sid = current_caller(), request.form.get("sid", "")
    if sid == by.session:
        sessions.sign_out(by, now())
        cookies.forget()
        flash.say("signed_out")
        return redirect(url_for("home.home"), 303)
    try:
        sessions.end_one(by, sid, now())
    except NotFound:
        # Ended meanwhile, which is what was wanted.
        flash.say("session_gone")
    else:
        flash.say("session_ended")
    return redirect(url_for(".account"), 303)


@pages.post("/account/sign-out-everywhere")
@signed_in
def sign_out_everywhere() -> Response:
    """End every sign-in, this one too."""
    sessions.sign_out_everywhere(current_caller(), now())
    cookies.forget()
    flash.say("signed_out_everywhere")
    return redirect(url_for("home.home"), 303)


@pages.get("/acting")
@signed_in
def acting() -> str:
    """Which organisation to act for."""
    by = current_caller()
    values = {"organization": by.org, "next": request.args.get("next", "")}
    return _acting(forms.blank(ActingSchema(), values))


@pages.post("/acting")
@signed_in
def acting_send() -> Response:
    """Act for it from now on."""
    form = forms.read(ActingSchema())
    if form.ok:
        try:
            cookies.keep(sessions.act_for(current_caller(), form.data["organization"], now()))
        except NotFound:
            form.fail("organization", "Choose one of your organisations")
        else:
            target = safe_next(form.data["next"], config.origins(), config.issuer() + "/")
            return redirect(target, 303)
    return make_response(_acting(form), form.status)


def _acting(form: forms.Form) -> str:
    own = accounts.own_account(current_caller(), now())
    roles: dict[str, tuple[str, list[str]]] = {}
    for held in own.held:
        words = roles.setdefault(str(held.organization_id), (held.organization, []))[1]
        if ROLE_WORDS[held.role] not in words:
            words.append(ROLE_WORDS[held.role])
    items = [{"value": key, "text": name, "hint": ", ".join(words)} for key, (name, words) in roles.items()]
    return render_template("directory/acting.html", form=form, items=items)


def _done(form: forms.Form, act: Callable[[], None]) -> bool:
    """True when the form was right and the act worked; else the form says what to mend."""
    if not form.ok:
        return False
    try:
        act()
    except Invalid as wrong:
        form.refuse(wrong)
    except (Conflict, TooMany) as refused:
        form.fail("", refused.detail)
    return form.ok


def _page(template: str, form: forms.Form) -> Response:
    return make_response(render_template(f"directory/{template}", form=form), form.status)


def _second_step(form: forms.Form) -> Response:
    try:
        secret, uri = second_factor.start(current_caller(), now())
    except Conflict:
        return redirect(url_for(".account"), 303)
    page = render_template(
        "directory/second_step.html", form=form, svg=as_svg(uri), key=in_groups(secret), during_sign_in=False
    )
    return make_response(page, form.status)


def _recovery_codes(made: list[str]) -> Response:
    return make_response(
        render_template("directory/recovery_codes.html", codes=made, next_url=url_for(".account"))
    )
