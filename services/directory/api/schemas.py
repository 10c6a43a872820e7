"""What the identity routes take and answer."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

MOST_IDS = 500


class RenewSchema(Schema):
    """A person's token, which may have ended."""

    token = fields.String(required=True, validate=validate.Length(min=1, max=16_000))


class LookupSchema(Schema):
    """Ids of accounts."""

    ids = fields.List(fields.UUID(), required=True, validate=validate.Length(max=MOST_IDS))


class AccountSchema(Schema):
    """An account, for the sender of a message."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True)
    active = fields.Boolean(required=True)
    organizations = fields.List(fields.UUID(), required=True)


class AccountListSchema(Schema):
    """Accounts in the order asked for; unknown ids are left out."""

    items = fields.List(fields.Nested(AccountSchema), required=True)


class ByEmailSchema(Schema):
    """Is this the address of somebody in this organisation?"""

    email = fields.String(required=True, validate=validate.Length(min=3, max=254))
    organization_id = fields.UUID(required=True)


class MemberSchema(Schema):
    """Whether it is, and whose account."""

    member = fields.Boolean(required=True)
    account_id = fields.UUID(allow_none=True, required=True)


class LetterSchema(Schema):
    """Where a letter goes and where it leads."""

    to = fields.String(required=True)
    url = fields.String(required=True)
    template = fields.String(required=True)


class MailboxLookupSchema(Schema):
    """Ids of organisations."""

    ids = fields.List(fields.UUID(), required=True, validate=validate.Length(max=MOST_IDS))


class MailboxSchema(Schema):
    """The mailbox of an organisation that is in use, for the sender of a message."""

    organization_id = fields.UUID(required=True)
    email = fields.String(required=True)


class MailboxListSchema(Schema):
    """Mailboxes; organisations without one, and closed ones, are left out."""

    items = fields.List(fields.Nested(MailboxSchema), required=True)
