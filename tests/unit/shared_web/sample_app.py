"""A small service that uses every part of `shared.web`. It exists for the tests alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from flask import Flask, redirect, render_template, request, url_for
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from shared.auth.guard import public
from shared.errors import Conflict, Invalid, Unauthenticated
from shared.http import init_http
from shared.web import Message, NavItem, flash, forms, frame, openapi_page
from shared.web.fields import DateParts, YesNoNotAsked

AT = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
WORDS = {
    "received": {"text": "Received", "colour": "blue"},
    "accepted": {"text": "Accepted", "colour": "green"},
    "on-hold": {"text": "Waiting", "colour": "yellow"},
}
EMERGENCY = [
    {"name": "Emergency services", "number": "999", "when": "any time", "what": "a life is in danger"},
    {"name": "NHS 111, option 2", "number": "111", "when": "any time", "what": "a mental health crisis"},
    {
        "name": "Council safeguarding (invented)",
        "number": "01632 960111",
        "when": "8:30am to 5pm",
        "what": "",
    },
]
NAV = (
    NavItem("Find help", "directory", "/"),
    NavItem("Refer someone", "referrals", "/refer", roles=("sender", "worker")),
    NavItem("Queue", "referrals", "/queue", roles=("worker",)),
    NavItem("Sent", "referrals", "/sent", roles=("sender",)),
    NavItem("Notices", "notifications", "/", signed_in=True, key="notices"),
    NavItem("Refer yourself", "referrals", "/self", signed_in=False),
)


@dataclass(frozen=True)
class Member:
    role: str


@dataclass(frozen=True)
class Person:
    name: str | None
    memberships: tuple[Member, ...]


WORKER = Person("Wilma Example", (Member("worker"),))


class ContactSchema(Schema):
    value = fields.String(required=True, metadata={"label": "the number or address"})
    safe = YesNoNotAsked()


class ReferSchema(Schema):
    name = fields.String(validate=validate.Length(max=100), metadata={"label": "the name"})
    postcode = fields.String(required=True, metadata={"label": "a postcode"})
    born = DateParts(latest=AT.date, load_default=None, metadata={"label": "the date of birth"})
    needs = fields.List(
        fields.String(validate=validate.OneOf(["loneliness", "housing"])),
        required=True,
        metadata={"label": "at least one need"},
    )
    route = fields.String(
        required=True, validate=validate.OneOf(["here", "phone"]), metadata={"label": "how they asked"}
    )
    sector = fields.String(validate=validate.OneOf(["health", "housing"]), load_default=None)
    matters = fields.String(validate=validate.Length(max=500), metadata={"label": "what matters"})
    phone_safe = YesNoNotAsked()
    agreed = fields.Boolean(load_default=False)
    contacts = fields.List(fields.Nested(ContactSchema), load_default=list)


def make_app(who: Person | None = WORKER, **settings: Any) -> Flask:
    """The sample, with `who` signed in (None: nobody)."""
    app = Flask(__name__, template_folder=str(Path(__file__).parent / "templates"))
    app.config.update(settings)
    init_http(app, "referrals")
    _add_pages(app)
    frame(
        app,
        service="referrals",
        nav=NAV,
        who=lambda: who,
        organisation=lambda: "Haxby Lane Surgery (invented)",
        counts={"notices": lambda: 3},
        messages={"sent": Message("The referral is sent.")},
        csrf_key="a-key-for-tests-only",
    )
    openapi_page.register(app, spec=lambda: OPENAPI)
    return app


def _add_pages(app: Flask) -> None:
    app.add_url_rule("/refer", view_func=public(refer), methods=["GET", "POST"])
    app.add_url_rule("/queue", view_func=public(queue))
    app.add_url_rule("/empty", view_func=public(empty))
    app.add_url_rule("/self", view_func=public(self_page))
    app.add_url_rule("/person", view_func=public(person))
    app.add_url_rule("/accept", view_func=public(accept), methods=["POST"])
    app.add_url_rule("/broken", view_func=public(broken))
    app.add_url_rule("/taken", view_func=public(taken))
    app.add_url_rule("/ended", view_func=public(ended), methods=["GET", "POST"])
    app.add_url_rule("/api/v1/things", view_func=public(things), methods=["POST"])


def refer() -> Response | str | tuple[str, int]:
    if request.method == "GET":
        form = forms.blank(ReferSchema(), {"postcode": "YO24 3BZ", "phone_safe": None})
        return render_template("sample/refer.html", form=form, numbers=EMERGENCY)
    form = forms.read(ReferSchema())
    if form.ok and form.data["postcode"] == "XX1 1XX":
        form.refuse(Invalid.field("/person/postcode", "No such postcode is known here"))
    if form.ok:
        flash.say("sent")
        return redirect(url_for("queue"))
    return render_template("sample/refer.html", form=form, numbers=EMERGENCY), form.status


def queue() -> str:
    filters = forms.blank(FilterSchema(), {"state": "received"})
    people = [
        ("Ada Example", "Loneliness", "received", datetime(2026, 11, 10, 9, tzinfo=UTC), "today"),
        ("Bartholomew Longname-Sample", "Housing, money and debt", "on-hold",
         datetime(2026, 11, 21, 9, tzinfo=UTC), "24 November 2026"),
        ("<b>Cleo</b> Example", "Bereavement", "accepted", datetime(2026, 11, 22, 9, tzinfo=UTC), None),
    ]  # fmt: skip
    return render_template("sample/queue.html", filters=filters, people=people, words=WORDS, at=AT)


class FilterSchema(Schema):
    state = fields.String()


def empty() -> str:
    return render_template("sample/empty.html")


def self_page() -> str:
    return render_template("sample/self.html", numbers=EMERGENCY)


def person() -> str:
    return render_template("sample/person.html", words=WORDS, born=date(1952, 5, 3), at=AT)


def accept() -> Response:
    return redirect(url_for("person"))


def broken() -> str:
    raise ZeroDivisionError("marker-of-the-inside")


def taken() -> str:
    raise Conflict("Somebody else accepted this a moment ago.")


def ended() -> str:
    raise Unauthenticated


def things() -> dict[str, bool]:
    return {"kept": True}


REFERRAL = {"application/json": {"schema": {"$ref": "#/components/schemas/Referral"}}}
OPENAPI: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Referrals API", "version": "v1"},
    "tags": [{"name": "Referrals", "description": "One person, from first request to outcome."}],
    "paths": {
        "/api/v1/referrals": {
            "post": {
                "tags": ["Referrals"],
                "summary": "Send a referral",
                "description": "Stored and owned at once.\n\nSent twice, it is one referral.",
                "x-needs": "any of: sender, worker",
                "parameters": [
                    {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string"},
                     "description": "Your own key; sent again, the first answer is given again."}
                ],
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ReferralIn"}}},
                },
                "responses": {
                    "201": {
                        "description": "Received",
                        "content": REFERRAL,
                    },
                    "409": {"description": "Already open"},
                    "default": {"$ref": "#/components/responses/PROBLEM"},
                },
            }
        },
        "/api/v1/referrals/{referral_id}": {
            "parameters": [
                {"name": "referral_id", "in": "path", "required": True,
                 "schema": {"type": "string", "format": "uuid"}}
            ],
            "get": {
                "tags": ["Referrals"],
                "summary": "Read a referral",
                "responses": {
                    "200": {
                        "description": "OK",
                        "content": REFERRAL,
                    }
                },
            },
        },
        "/healthz": {"get": {"responses": {"200": {"description": "Alive"}}}},
    },
    "components": {
        "responses": {"PROBLEM": {"description": "Problem details"}},
        "schemas": {
            "Person": {
                "type": "object",
                "required": ["given_name"],
                "properties": {
                    "given_name": {"type": "string", "maxLength": 100, "examples": ["Ada"]},
                    "date_of_birth": {"type": ["string", "null"], "format": "date",
                                      "description": "Leave out when unknown."},
                },
            },
            "ReferralIn": {
                "type": "object",
                "required": ["person", "needs"],
                "properties": {
                    "person": {"$ref": "#/components/schemas/Person"},
                    "needs": {"type": "array", "items": {"type": "string"}},
                    "safeguarding": {"enum": ["yes", "no", "not_known"]},
                },
            },
            "Referral": {
                "type": "object",
                "properties": {
                    "id": {"type": "string", "format": "uuid"},
                    "available_actions": {
                        "type": "array",
                        "items": {"type": "object", "properties": {"act": {"type": "string"}}},
                    },
                },
            },
        },
    },
}  # fmt: skip
