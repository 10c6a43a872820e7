"""Signing in and out."""

from __future__ import annotations

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.directory import config
from services.directory.actions import sessions, signing_in
from services.directory.actions.signing_in import CodeWanted, SignedIn, Visit
from services.directory.domain.sessions import browser_family, safe_next
from services.directory.limits import wrong_sign_in_limit
from services.directory.web import cookies
from services.directory.web.identity_forms import CodeSchema, SignInSchema
from services.directory.web.qr_codes import as_svg, in_groups
from shared.auth import current_caller, public
from shared.auth.guard import caller_or_none
from shared.clock import now
from shared.errors import Invalid, TooMany, Unauthenticated
from shared.web import flash, forms

pages = Blueprint("signing_in", __name__)


@pages.get("/sign-in")
@public
def sign_in() -> Response:
    """The form; whoever is signed in goes straight on."""
    target = _next(request.args.get("next"))
    if caller_or_none() is not None:
        return redirect(target)
    # The service they were at found out, and sent them here: this page says it.
    g.signed_out_because = g.get("signed_out_because") or request.args.get("why")
    form = forms.blank(SignInSchema(), {"next": target if target != _home() else ""})
    return _page("sign_in.html", form)


@pages.post("/sign-in")
@wrong_sign_in_limit
@public
def sign_in_send() -> Response:
    """Check the password."""
    form = forms.read(SignInSchema())
    if form.ok:
        visit = _visit(form.data["next"])
        try:
            done = signing_in.sign_in(form.data["email"], form.data["password"], visit, now())
        except Invalid as wrong:
            form.refuse(wrong)
        except TooMany as wait:
            return _wait("sign_in.html", form, wait)
        else:
            _leave_old_session()
            if isinstance(done, SignedIn):
                return _go_on(done)
            return _ask_code(done)
    return _page("sign_in.html", form)


@pages.get("/sign-in/code")
@public
def code() -> Response:
    """The form for a code, after the password."""
    try:
        wants_set_up = signing_in.waits_for_set_up(cookies.step(), now())
    except Unauthenticated:
        return _start_again()
    if wants_set_up:
        return redirect(url_for(".set_up"))
    return _page("sign_in_code.html", forms.blank(CodeSchema()))


@pages.post("/sign-in/code")
@wrong_sign_in_limit
@public
def code_send() -> Response:
    """Finish with a code."""
    form = forms.read(CodeSchema())
    if form.ok:
        try:
            return _go_on(signing_in.give_code(cookies.step(), form.data["code"], _visit(None), now()))
        except Invalid as wrong:
            form.refuse(wrong)
        except TooMany as wait:
            return _wait("sign_in_code.html", form, wait)
        except Unauthenticated:
            return _start_again()
    return _page("sign_in_code.html", form)


@pages.get("/sign-in/set-up")
@public
def set_up() -> Response:
    """Set up the second step, for roles that need one."""
    return _set_up_page(forms.blank(CodeSchema()))


@pages.post("/sign-in/set-up")
@wrong_sign_in_limit
@public
def set_up_send() -> Response:
    """Finish by setting it up."""
    form = forms.read(CodeSchema())
    if form.ok:
        try:
            done = signing_in.set_up_and_finish(cookies.step(), form.data["code"], _visit(None), now())
        except Invalid as wrong:
            form.refuse(wrong)
        except TooMany as wait:
            response = _set_up_page(form)
            response.headers["Retry-After"] = str(wait.retry_after)
            return response
        except Unauthenticated:
            return _start_again()
        else:
            cookies.keep(done.token)
            response = make_response(
                render_template(
                    "directory/recovery_codes.html", codes=done.recovery_codes, next_url=_after(done)
                )
            )
            cookies.forget_step(response)
            cookies.know_browser(response, done.browser_token)
            return response
    return _set_up_page(form)


@pages.get("/sign-out")
@public
def sign_out() -> Response:
    """Ask first: a link must not sign anybody out."""
    if caller_or_none() is None:
        return redirect(_home())
    return make_response(render_template("directory/sign_out.html"))


@pages.post("/sign-out")
@public
def sign_out_send() -> Response:
    """End this session here and at the other services."""
    if caller_or_none() is not None:
        sessions.sign_out(current_caller(), now())
    cookies.forget()
    flash.say("signed_out")
    return redirect(_home(), 303)


def _visit(target: str | None) -> Visit:
    family = browser_family(request.headers.get("User-Agent", ""))
    return Visit(request.remote_addr, family, _next(target), cookies.browser())


def _next(target: str | None) -> str:
    return safe_next(target, config.origins(), _home())


def _home() -> str:
    return config.issuer() + "/"


def _after(done: SignedIn) -> str:
    return url_for("account.acting", next=done.next_url) if done.choose else done.next_url


def _go_on(done: SignedIn) -> Response:
    cookies.keep(done.token)
    response = make_response(redirect(_after(done), 303))
    cookies.forget_step(response)
    cookies.know_browser(response, done.browser_token)
    return response


def _ask_code(wanted: CodeWanted) -> Response:
    response = make_response(redirect(url_for(".set_up" if wanted.set_up else ".code"), 303))
    cookies.keep_step(response, wanted.token)
    return response


def _leave_old_session() -> None:
    """Whoever signs in over another sign-in leaves that one."""
    before = caller_or_none()
    if before is not None:
        sessions.sign_out(before, now())
        cookies.forget()


def _start_again() -> Response:
    flash.say("start_again")
    response = make_response(redirect(url_for(".sign_in"), 303))
    cookies.forget_step(response)
    return response


def _wait(template: str, form: forms.Form, wait: TooMany) -> Response:
    form.fail("", wait.detail)
    response = _page(template, form)
    response.status_code = wait.status
    response.headers["Retry-After"] = str(wait.retry_after)
    return response


def _page(template: str, form: forms.Form) -> Response:
    return make_response(render_template(f"directory/{template}", form=form), form.status)


def _set_up_page(form: forms.Form) -> Response:
    try:
        secret, uri = signing_in.set_up_secret(cookies.step(), now())
    except Unauthenticated:
        return _start_again()
    page = render_template(
        "directory/second_step.html", form=form, svg=as_svg(uri), key=in_groups(secret), during_sign_in=True
    )
    return make_response(page, form.status)
