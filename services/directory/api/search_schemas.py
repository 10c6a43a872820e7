"""What a search of the services takes and answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate

from services.directory.api.listing_schemas import ServiceSchema
from services.directory.domain.listings import RouteIn, ServiceKind
from services.directory.domain.postcodes import parse_postcode
from services.directory.domain.search import DAYS, FARTHEST, MOST_LETTERS, Part, Sort, Wanted
from shared.paging import MOST
from shared.plain_schema import PlainSchema
from shared.strict_fields import TrueOrFalse

_no_nul = validate.ContainsNoneOf("\0", error="A NUL character is no text.")
_code = validate.And(validate.Length(min=1, max=60), _no_nul)
_area = validate.Regexp(r"^[A-Z0-9]{3,9}\Z", error="Give a GSS code or an ODS code.")
_time = validate.Regexp(r"^([01][0-9]|2[0-3]):[0-5][0-9]\Z", error="Give a time as HH:MM.")


def _said(words: str) -> dict[str, str]:
    return {"description": words}


class _SearchSchema(Schema):
    """By what services may be searched; whatever is not named here is refused."""

    class Meta:
        """Refuse what is unknown."""

        unknown = RAISE

    q = fields.String(
        load_default="",
        validate=validate.And(validate.Length(max=MOST_LETTERS), _no_nul),
        metadata=_said("Words, or nearly those words; synonyms of the thesaurus are looked for as well."),
    )
    need = fields.String(load_default=None, validate=_code, metadata=_said("A code of GET /needs."))
    kind = fields.String(load_default=None, validate=validate.OneOf([str(kind) for kind in ServiceKind]))
    place = fields.String(load_default=None, validate=_code, metadata=_said("A place's code."))
    sector = fields.String(load_default=None, validate=_code)
    route = fields.String(load_default=None, validate=validate.OneOf([str(route) for route in RouteIn]))
    language = fields.String(load_default=None, validate=_code, metadata=_said("An ISO 639 code."))
    access = fields.String(
        load_default=None, validate=_code, metadata=_said("A code of the taxonomy of accessibility.")
    )
    age = fields.Integer(
        load_default=None,
        validate=validate.Range(min=0, max=120),
        metadata=_said("Whole years; services for other ages are left out."),
    )
    area = fields.String(
        load_default=None,
        validate=_area,
        metadata=_said("Only what serves this authority, ward, LSOA (GSS) or practice (ODS)."),
    )
    open_day = fields.String(load_default=None, validate=validate.OneOf(DAYS))
    open_part = fields.String(load_default=None, validate=validate.OneOf([str(part) for part in Part]))
    open_time = fields.String(load_default=None, validate=_time, metadata=_said("HH:MM, of `open_day`."))
    sort = fields.String(load_default=Sort.BEST, validate=validate.OneOf([str(sort) for sort in Sort]))
    limit = fields.Integer(load_default=25, validate=validate.Range(min=1, max=MOST))
    cursor = fields.String(
        load_default=None,
        validate=validate.Length(max=1000),
        metadata=_said("`next_cursor` of the page before, with the same search."),
    )

    @post_load
    def _together(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        if data["open_day"] is None:
            for name in ("open_part", "open_time"):
                if data[name] is not None:
                    raise ValidationError("Say which day: open_day.", name)
        if data.get("within") is not None and data.get("postcode") is None:
            raise ValidationError("Say from where: postcode.", "within")
        if data["sort"] == Sort.NEAREST and data.get("postcode") is None:
            raise ValidationError("Say from where: postcode.", "sort")
        return data


class ServiceQuerySchema(_SearchSchema):
    """Which services. A postcode is never in an address: POST /services/search takes one."""

    free = fields.Boolean(load_default=False)
    open_now = fields.Boolean(load_default=False)
    has_capacity = fields.Boolean(load_default=False)
    as_typed = fields.Boolean(load_default=False, metadata=_said("Mend no misspelt word."))
    facets = fields.Boolean(load_default=False, metadata=_said("Count the values of what is found."))


class ServiceSearchSchema(_SearchSchema):
    """Which services, from where."""

    free = TrueOrFalse(load_default=False)
    open_now = TrueOrFalse(load_default=False)
    has_capacity = TrueOrFalse(load_default=False)
    as_typed = TrueOrFalse(load_default=False, metadata=_said("Mend no misspelt word."))
    facets = TrueOrFalse(load_default=False, metadata=_said("Count the values of what is found."))
    postcode = fields.String(
        load_default=None,
        validate=validate.And(validate.Length(max=10), _no_nul),
        metadata=_said("Only what serves it or takes people from anywhere; distances are from it."),
    )
    within = fields.Integer(
        load_default=None, validate=validate.Range(min=1, max=FARTHEST), metadata=_said("Metres.")
    )

    @post_load
    def _spelt(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        if data["postcode"] is not None:
            data["postcode"] = parse_postcode(data["postcode"])
            if data["postcode"] is None:
                raise ValidationError("This is no postcode.", "postcode")
        return data


def wanted_of(query: Mapping[str, Any]) -> Wanted:
    """What was asked for, of either schema."""
    given = {name: value for name, value in query.items() if name not in ("facets", "open_time", "open_day")}
    time = query["open_time"]
    return Wanted(
        **given,
        open_day=DAYS.index(query["open_day"]) if query["open_day"] else None,
        open_minute=int(time[:2]) * 60 + int(time[3:]) if time else None,
    )


class ReasonSchema(Schema):
    """Why something was found."""

    kind = fields.String(metadata=_said("words, need, area, open, language, age or cost"))
    text = fields.String()


class MatchSchema(Schema):
    """How a service answers the search."""

    distance_metres = fields.Integer(
        allow_none=True, metadata=_said("Null without a postcode, and where no place may be told.")
    )
    reasons = fields.List(fields.Nested(ReasonSchema))


class ServiceFoundSchema(ServiceSchema):
    """A service that was found."""

    match = fields.Nested(MatchSchema)


class MissSchema(Schema):
    """What there would be without one filter."""

    without = fields.String()
    count = fields.Integer()
    nearest_metres = fields.Integer(allow_none=True)


class ServiceListSchema(PlainSchema):
    """One page of services, the best first."""

    items = fields.List(fields.Nested(ServiceFoundSchema))
    next_cursor = fields.String(allow_none=True)
    total = fields.Integer(metadata=_said("How many were found on all pages."))
    mended = fields.String(
        allow_none=True, metadata=_said("The words that were searched for where some were misspelt.")
    )
    some_words = fields.Boolean(
        metadata=_said("Few or none say all the words; those that say some of them follow.")
    )
    misses = fields.List(fields.Nested(MissSchema))
    facets = fields.Dict(
        keys=fields.String(),
        values=fields.Dict(keys=fields.String(), values=fields.Integer()),
        allow_none=True,
        metadata=_said(
            "How many of all that was found say each value, or would be found with it instead of the one"
            " chosen; `place` has `*` for what is of no one place. Null unless asked for."
        ),
    )
