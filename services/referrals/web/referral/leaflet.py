"""A sheet of paper to hand over: what happens next, whom to ring, how to change one's mind.

It is the same for everybody but for the numbers of the place: no name, need, service, sender or reference, so
that whoever finds it learns nothing of the person. Whether paper is safe is asked each time, and not kept.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import render_template
from marshmallow import Schema, fields, validate

from services.referrals.actions.read_referrals import read_referral
from services.referrals.web.facts import Facts
from services.referrals.web.referral.pages import ANY_PART, blp
from shared.auth import current_caller, needs
from shared.clock import now
from shared.web import forms

SAFE, ORDINARY, LARGE = "yes", "ordinary", "large"


class LeafletForm(Schema):
    """Whether paper is safe for them, and how large the print."""

    safe = fields.String(
        required=True,
        validate=validate.OneOf([SAFE, "no"], error="Say whether paper is safe for them"),
        error_messages={"required": "Say whether paper is safe for them"},
    )
    size = fields.String(
        load_default=ORDINARY, validate=validate.OneOf([ORDINARY, LARGE], error="Choose a size of print")
    )


@blp.get("/referrals/<uuid:referral_id>/leaflet")
@needs(*ANY_PART)
def leaflet(referral_id: UUID) -> str:
    """The question that comes before the sheet."""
    return _question(referral_id, forms.blank(LeafletForm(), {"size": ORDINARY}))


@blp.post("/referrals/<uuid:referral_id>/leaflet")
@needs(*ANY_PART)
def leaflet_made(referral_id: UUID) -> Any:
    """The sheet where paper is safe; else the same words to be said, and nothing to be printed."""
    form = forms.read(LeafletForm())
    if not form.ok:
        return _question(referral_id, form), form.status
    view = read_referral(referral_id, by=current_caller(), at=now())
    return render_template(
        "referrals/referral/leaflet.html",
        referral=view,
        on_paper=form.data["safe"] == SAFE,
        large=form.data["size"] == LARGE,
        ring=Facts.now().ring(current_caller()),
    )


def _question(referral_id: UUID, form: forms.Form) -> str:
    view = read_referral(referral_id, by=current_caller(), at=now())
    return render_template("referrals/referral/leaflet_question.html", referral=view, form=form)
