"""Documents of services, organisations and venues as the API takes and gives them: the one place for both."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from services.directory.domain import documents as docs
from services.directory.domain.capacity import Capacity
from services.directory.domain.listings import (
    AreaBasis,
    AreaKind,
    Ending,
    Frequency,
    IncomeBand,
    LocationType,
    OrganizationStatus,
    RouteIn,
    ServiceKind,
    ServiceStatus,
    SupportType,
)
from shared.strict_fields import Day, TrueOrFalse

_no_nul = validate.ContainsNoneOf("\0", error="A NUL character is no text.")
MOST_LETTERS = 10_000
MOST_ITEMS = 2_000


def _text(*, required: bool = False, most: int = MOST_LETTERS, blank: bool = False) -> fields.String:
    """A text; where it may be absent, null unless `blank`."""
    check = validate.And(validate.Length(max=most), _no_nul)
    if required:
        return fields.String(required=True, validate=check)
    if blank:
        return fields.String(load_default="", validate=check)
    return fields.String(load_default=None, allow_none=True, validate=check)


def _one_of(words: Any, **options: Any) -> fields.String:
    return fields.String(validate=validate.OneOf([str(word) for word in words]), **options)


def _some(inner: fields.Field[Any], **options: Any) -> fields.List[Any]:
    return fields.List(inner, load_default=list, validate=validate.Length(max=MOST_ITEMS), **options)


def _code() -> fields.String:
    return fields.String(validate=validate.And(validate.Length(min=1, max=60), _no_nul))


class TermSchema(Schema):
    """A word of a taxonomy by both codes."""

    taxonomy = fields.String(required=True, validate=validate.And(validate.Length(max=40), _no_nul))
    code = fields.String(required=True, validate=validate.And(validate.Length(max=60), _no_nul))


class PatchAreaSchema(Schema):
    """An area of the patch: a GSS code, of practices and networks an ODS code."""

    kind = _one_of(AreaKind, required=True)
    code = fields.String(required=True, validate=validate.And(validate.Length(max=9), _no_nul))


class PolygonSchema(Schema):
    """An area drawn on a map: `extent` is a GeoJSON Polygon or MultiPolygon."""

    name = _text(required=True, most=200)
    extent = fields.Dict(keys=fields.String(), required=True)


class OpeningSchema(Schema):
    """HSDS `schedule`; times are UK local."""

    freq = _one_of(Frequency, load_default=None, allow_none=True)
    interval = fields.Integer(load_default=1, strict=True)
    byday = _text(most=60)
    bymonthday = _text(most=120)
    dtstart = Day(load_default=None, allow_none=True)
    valid_from = Day(load_default=None, allow_none=True)
    valid_to = Day(load_default=None, allow_none=True)
    opens_at = fields.Time(load_default=None, allow_none=True, format="iso")
    closes_at = fields.Time(load_default=None, allow_none=True, format="iso")
    description = _text()
    schedule_link = _text(most=1_000)
    attending_type = _text(most=200)
    notes = _text()
    location_id = fields.UUID(load_default=None, allow_none=True)

    @validates_schema
    def _local(self, data: dict[str, Any], **_: Any) -> None:
        for name in ("opens_at", "closes_at"):
            if data.get(name) is not None and data[name].tzinfo is not None:
                raise ValidationError("Give a local time without an offset.", name)


class CostSchema(Schema):
    """HSDS `cost_option`."""

    option = _text(most=300)
    amount = fields.Decimal(load_default=None, allow_none=True, allow_nan=False, as_string=True)
    amount_description = _text()
    currency = fields.String(load_default="GBP", validate=validate.Length(equal=3))
    valid_from = Day(load_default=None, allow_none=True)
    valid_to = Day(load_default=None, allow_none=True)


class PhoneSchema(Schema):
    """HSDS `phone`."""

    number = _text(required=True, most=60)
    extension = _text(most=20)
    kind = _text(most=40)
    description = _text(most=300)
    languages = _some(_code())


class ContactPersonSchema(Schema):
    """HSDS `contact`."""

    name = _text(most=300)
    title = _text(most=300)
    department = _text(most=300)
    email = fields.Email(load_default=None, allow_none=True)
    phones = _some(fields.Nested(PhoneSchema))


class FoundAtSchema(Schema):
    """HSDS `service_at_location`."""

    location_id = fields.UUID(required=True)
    main = TrueOrFalse(load_default=False)


class ServiceDocSchema(Schema):
    """Everything a service's listing says. Publish it with `status` active: then it must be whole."""

    organization_id = fields.UUID(required=True)
    name = _text(required=True, most=300)
    kind = _one_of(ServiceKind, required=True)
    place_id = fields.UUID(load_default=None, allow_none=True)
    status = _one_of(ServiceStatus, load_default=str(ServiceStatus.INACTIVE))
    alternate_name = _text(most=300)
    description = _text(blank=True)
    alert = _text()
    url = _text(most=1_000)
    email = fields.Email(load_default=None, allow_none=True)
    phone = _text(most=60)
    contact_name = _text(most=300)
    connector_role = _text(most=60)
    support_type = _one_of(SupportType, load_default=None, allow_none=True)
    who_for = _text(blank=True)
    not_for = _text(blank=True)
    differs = _text(blank=True)
    routes_in = _some(_one_of(RouteIn))
    ending = _one_of(Ending, load_default=None, allow_none=True)
    discreet = TrueOrFalse(load_default=False)
    open_to_others = TrueOrFalse(load_default=False)
    invitation = _text()
    application_process = _text()
    accreditations = _text()
    free = TrueOrFalse(load_default=None, allow_none=True)
    fees_description = _text()
    hours = _text()
    interpretation_services = _text()
    languages = _some(_code())
    working_days = _some(fields.Integer(strict=True, validate=validate.Range(0, 6)))
    funders = _some(fields.String(validate=validate.And(validate.Length(min=1, max=300), _no_nul)))
    funded_until = Day(load_default=None, allow_none=True)
    minimum_age = fields.Integer(load_default=None, allow_none=True, strict=True)
    maximum_age = fields.Integer(load_default=None, allow_none=True, strict=True)
    area_basis = _some(_one_of(AreaBasis))
    area_words = _text(blank=True)
    circumstances = _some(_code())
    sender_sectors = _some(_code())
    terms = _some(fields.Nested(TermSchema))
    areas = _some(fields.Nested(PatchAreaSchema))
    polygons = _some(fields.Nested(PolygonSchema))
    schedules = _some(fields.Nested(OpeningSchema))
    costs = _some(fields.Nested(CostSchema))
    contacts = _some(fields.Nested(ContactPersonSchema))
    phones = _some(fields.Nested(PhoneSchema))
    locations = _some(fields.Nested(FoundAtSchema))
    team_ids = _some(fields.UUID())

    @post_load
    def _document(self, data: dict[str, Any], **_: Any) -> docs.ServiceDoc:
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in data.items()
        }
        values |= {
            "terms": frozenset(docs.Term(**one) for one in data["terms"]),
            "areas": frozenset(docs.PatchArea(**one) for one in data["areas"]),
            "polygons": tuple(docs.Polygon(**one) for one in data["polygons"]),
            "schedules": tuple(docs.Opening(**one) for one in data["schedules"]),
            "costs": tuple(docs.Cost(**one) for one in data["costs"]),
            "contacts": tuple(_contact(one) for one in data["contacts"]),
            "phones": _phones(data["phones"]),
            "locations": tuple(docs.FoundAt(**one) for one in data["locations"]),
            "team_ids": frozenset(data["team_ids"]),
        }
        return docs.ServiceDoc(**values)


class CapacityPartSchema(Schema):
    """What a service that comes new can take."""

    limit = fields.Integer(load_default=None, allow_none=True, strict=True)
    open_places = fields.Integer(load_default=None, allow_none=True, strict=True)
    declared_wait_days = fields.Integer(load_default=None, allow_none=True, strict=True)
    paused = TrueOrFalse(load_default=False)
    paused_until = Day(load_default=None, allow_none=True)
    ask_first = TrueOrFalse(load_default=False)

    @post_load
    def _capacity(self, data: dict[str, Any], **_: Any) -> Capacity:
        return Capacity(**data)


class NewServiceSchema(Schema):
    """A new listing and what it can take."""

    listing = fields.Nested(ServiceDocSchema, required=True)
    capacity = fields.Nested(CapacityPartSchema, load_default=Capacity)


class IdentifierSchema(Schema):
    """HSDS `organization_identifier`; `scheme` is an org-id.guide code."""

    scheme = _text(required=True, most=20)
    identifier = _text(required=True, most=40)


class OrganizationDocSchema(Schema):
    """Everything an organisation says of itself."""

    name = _text(required=True, most=300)
    sector = _text(required=True, most=40)
    alternate_name = _text(most=300)
    description = _text(blank=True)
    place_id = fields.UUID(load_default=None, allow_none=True)
    income_band = _one_of(IncomeBand, load_default=None, allow_none=True)
    email = fields.Email(load_default=None, allow_none=True)
    phone = _text(most=60)
    website = _text(most=1_000)
    logo = _text(most=1_000)
    uri = _text(most=1_000)
    address = _text(most=1_000)
    postal_code = _text(most=8)
    host_id = fields.UUID(load_default=None, allow_none=True)
    parent_id = fields.UUID(load_default=None, allow_none=True)
    status = _one_of(OrganizationStatus, load_default=str(OrganizationStatus.ACTIVE))
    closed_on = Day(load_default=None, allow_none=True)
    identifiers = _some(fields.Nested(IdentifierSchema))
    terms = _some(fields.Nested(TermSchema))

    @post_load
    def _document(self, data: dict[str, Any], **_: Any) -> docs.OrganizationDoc:
        return docs.OrganizationDoc(
            **data
            | {
                "identifiers": frozenset(docs.Identifier(**one) for one in data["identifiers"]),
                "terms": frozenset(docs.Term(**one) for one in data["terms"]),
            }
        )


class WayInSchema(Schema):
    """HSDS `accessibility`; `code` is a word of the taxonomy of accessibility."""

    code = _text(most=60)
    description = _text()
    details = _text()
    url = _text(most=1_000)


class LocationDocSchema(Schema):
    """A venue. A private one leaves the directory by no way but this, and only to those who write it."""

    organization_id = fields.UUID(required=True)
    name = _text(required=True, most=300)
    location_type = _one_of(LocationType, load_default=str(LocationType.PHYSICAL))
    description = _text(blank=True)
    transportation = _text()
    external_identifier = _text(most=40)
    external_identifier_type = _text(most=20)
    address_1 = _text(most=1_000)
    city = _text(most=300)
    state_province = _text(most=300)
    postal_code = _text(most=8)
    country = fields.String(load_default="GB", validate=validate.Length(equal=2))
    latitude = fields.Float(load_default=None, allow_none=True, allow_nan=False)
    longitude = fields.Float(load_default=None, allow_none=True, allow_nan=False)
    private = TrueOrFalse(load_default=False)
    accessibility = _some(fields.Nested(WayInSchema))

    @post_load
    def _document(self, data: dict[str, Any], **_: Any) -> docs.LocationDoc:
        return docs.LocationDoc(
            **data | {"accessibility": tuple(docs.WayIn(**w) for w in data["accessibility"])}
        )


class KeptServiceSchema(Schema):
    """A kept listing: its id and all it says."""

    id = fields.UUID()
    listing = fields.Nested(ServiceDocSchema)


class KeptOrganizationSchema(Schema):
    """A kept organisation."""

    id = fields.UUID()
    organization = fields.Nested(OrganizationDocSchema)


class KeptLocationSchema(Schema):
    """A kept venue."""

    id = fields.UUID()
    location = fields.Nested(LocationDocSchema)


def _contact(one: dict[str, Any]) -> docs.ContactPerson:
    return docs.ContactPerson(**one | {"phones": _phones(one["phones"])})


def _phones(rows: list[dict[str, Any]]) -> tuple[docs.Telephone, ...]:
    return tuple(docs.Telephone(**one | {"languages": tuple(one["languages"])}) for one in rows)
