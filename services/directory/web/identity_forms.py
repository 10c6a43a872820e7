"""The forms of signing in, accounts and people."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

_TYPED_AS_IS = {"strip": False}


class SignInSchema(Schema):
    """Who, and the password."""

    email = fields.String(
        required=True, validate=validate.Length(max=254), metadata={"label": "your e-mail address"}
    )
    password = fields.String(
        required=True,
        validate=validate.Length(max=1000),
        metadata={"label": "your password", **_TYPED_AS_IS},
    )
    next = fields.String(load_default="")


class CodeSchema(Schema):
    """A code of the authenticator, or a recovery code."""

    code = fields.String(required=True, validate=validate.Length(max=40), metadata={"label": "the code"})


class EmailSchema(Schema):
    """An address."""

    email = fields.String(
        required=True, validate=validate.Length(max=254), metadata={"label": "your e-mail address"}
    )


class MailboxSchema(Schema):
    """Where an organisation's news goes."""

    email = fields.String(
        required=True, validate=validate.Length(max=254), metadata={"label": "the mailbox’s e-mail address"}
    )


class PasswordSchema(Schema):
    """The password one has, to prove who is sitting there."""

    password = fields.String(
        required=True,
        validate=validate.Length(max=1000),
        metadata={"label": "your password", **_TYPED_AS_IS},
    )


class NewPasswordSchema(Schema):
    """A new password, typed once: it can be shown, so nothing is gained by typing it twice."""

    password = fields.String(required=True, metadata={"label": "a new password", **_TYPED_AS_IS})


class ChangePasswordSchema(Schema):
    """The old password and the new."""

    old = fields.String(
        required=True,
        validate=validate.Length(max=1000),
        metadata={"label": "the password you have now", **_TYPED_AS_IS},
    )
    password = fields.String(required=True, metadata={"label": "a new password", **_TYPED_AS_IS})


class JoinSchema(Schema):
    """Somebody new: a name and a password."""

    name = fields.String(required=True, validate=validate.Length(max=200), metadata={"label": "your name"})
    password = fields.String(required=True, metadata={"label": "a password", **_TYPED_AS_IS})


class ActingSchema(Schema):
    """Which organisation to act for."""

    organization = fields.UUID(required=True, metadata={"label": "the organisation you act for"})
    next = fields.String(load_default="")


class InviteSchema(Schema):
    """Who is invited, to be what."""

    email = fields.String(
        required=True, validate=validate.Length(max=254), metadata={"label": "their e-mail address"}
    )
    roles = fields.List(fields.String(), required=True, metadata={"label": "at least one role"})
    team_ids = fields.List(fields.UUID(), load_default=list, metadata={"label": "a team"})
