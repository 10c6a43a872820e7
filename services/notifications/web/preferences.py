"""What somebody wants to hear by e-mail."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from marshmallow import Schema, fields
from werkzeug.wrappers import Response

from services.notifications.actions.preferences import choose_wanted, read_wanted
from services.notifications.domain.rules import OPTIONAL, Template
from services.notifications.web.words import ALWAYS, KINDS
from shared.auth import current_caller, signed_in
from shared.clock import now
from shared.web import flash, forms

pages = Blueprint("preferences", __name__)
NO_SUCH_KIND = "Choose from the kinds in the list"


class PreferencesSchema(Schema):
    """The kinds to be sent by e-mail."""

    email = fields.List(
        fields.Enum(Template, by_value=True, error_messages={"unknown": NO_SUCH_KIND}),
        load_default=list,
        metadata={"label": "what to send by e-mail"},
    )


@pages.route("/preferences", methods=["GET", "POST"])
@signed_in
def preferences() -> Response | str | tuple[str, int]:
    """Choose; without a choice everything is sent."""
    if request.method == "GET":
        wanted = sorted(str(each) for each in read_wanted(current_caller()))
        return _page(forms.blank(PreferencesSchema(), {"email": wanted}))
    form = forms.read(PreferencesSchema())
    chosen = form.data.get("email", [])
    if form.ok and not set(chosen) <= set(OPTIONAL):
        form.fail("email", NO_SUCH_KIND)
    if not form.ok:
        return _page(form), form.status
    choose_wanted(current_caller(), chosen, now())
    flash.say("chosen")
    return redirect(url_for("preferences.preferences"))


def _page(form: forms.Form) -> str:
    items = [{"value": str(kind), "text": text, "hint": hint} for kind, (text, hint) in KINDS.items()]
    return render_template("notifications/preferences.html", form=form, items=items, always=ALWAYS)
