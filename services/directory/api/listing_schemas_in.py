"""What the listing API takes."""

from __future__ import annotations

from marshmallow import RAISE, Schema, fields, validate

from shared.paging import MOST
from shared.strict_fields import Day, TrueOrFalse

_q = {"description": "Words, or nearly those words; at most 200 characters."}
_no_nul = validate.ContainsNoneOf("\0", error="A NUL character is no text.")
_need = {"description": "A code of GET /needs."}
_cursor = {"description": "`next_cursor` of the page before."}


class _Query(Schema):
    """A query string; parameters that are not named here are refused."""

    class Meta:
        """Refuse what is unknown."""

        unknown = RAISE

    q = fields.String(load_default="", validate=validate.And(validate.Length(max=200), _no_nul), metadata=_q)
    need = fields.String(load_default=None, validate=validate.Length(max=60), metadata=_need)
    limit = fields.Integer(load_default=25, validate=validate.Range(min=1, max=MOST))
    cursor = fields.String(load_default=None, validate=validate.Length(max=1000), metadata=_cursor)


class LinkWorkerQuerySchema(_Query):
    """Which link workers."""

    sector = fields.String(load_default=None, validate=validate.Length(max=40))
    language = fields.String(load_default=None, validate=validate.Length(max=20))
    covers = fields.String(
        load_default=None,
        validate=validate.Regexp(r"^(ward:[EWSN][0-9]{8}|practice:[A-Z0-9]{3,9})$"),
        metadata={"description": "`ward:` and its GSS code, or `practice:` and its ODS code."},
    )
    today = fields.Boolean(
        load_default=False,
        truthy={"true"},
        falsy={"false"},
        metadata={"description": "Only those there today, and those there who cover for one who is away."},
    )


class CapacityBodySchema(Schema):
    """What a service can take; what is left out is not said."""

    limit = fields.Integer(load_default=None, allow_none=True)
    open_places = fields.Integer(load_default=None, allow_none=True)
    declared_wait_days = fields.Integer(load_default=None, allow_none=True)
    paused = TrueOrFalse(load_default=False)
    paused_until = Day(load_default=None, allow_none=True)
    ask_first = TrueOrFalse(load_default=False)


class AbsenceBodySchema(Schema):
    """Days away, first and last included, and who covers (a link worker's id)."""

    from_ = Day(required=True, data_key="from", attribute="from_on")
    to = Day(required=True, attribute="to_on")
    cover_id = fields.UUID(load_default=None, allow_none=True)
