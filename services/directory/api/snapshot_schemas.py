"""What the routing snapshot is asked with, and what it answers."""

from __future__ import annotations

from marshmallow import RAISE, Schema, fields, validate


class SnapshotQuerySchema(Schema):
    """From which version on."""

    class Meta:
        """Refuse what is unknown."""

        unknown = RAISE

    after = fields.Integer(load_default=0, validate=validate.Range(min=0, max=2**62))
    limit = fields.Integer(load_default=2000, validate=validate.Range(min=1, max=5000))


class SnapshotItemSchema(Schema):
    """One item as it stands now; `doc` is null where it was deleted."""

    kind = fields.String()
    id = fields.String()
    deleted = fields.Boolean()
    doc = fields.Dict(allow_none=True)


class SnapshotSchema(Schema):
    """One page of the routing snapshot."""

    epoch = fields.UUID(allow_none=True)
    version = fields.Integer()
    as_of = fields.DateTime()
    more = fields.Boolean()
    items = fields.List(fields.Nested(SnapshotItemSchema))
