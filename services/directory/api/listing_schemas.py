"""What the listing API answers."""

from __future__ import annotations

from marshmallow import Schema, fields

from services.directory.api.document_schemas import (
    ContactPersonSchema,
    CostSchema,
    OpeningSchema,
    PhoneSchema,
)
from shared.plain_schema import PlainSchema


class OrganizationSchema(Schema):
    """An organisation, as far as a listing names it."""

    id = fields.UUID()
    name = fields.String()
    sector = fields.String()


class NamedSchema(Schema):
    """Something by its name."""

    id = fields.UUID()
    name = fields.String()


class CodeSchema(Schema):
    """A code and its name."""

    code = fields.String()
    name = fields.String()


class CriteriaSchema(Schema):
    """Whom a service takes."""

    min_age = fields.Integer(allow_none=True)
    max_age = fields.Integer(allow_none=True)
    area_basis = fields.List(fields.String())
    circumstances = fields.List(fields.String())
    sectors = fields.List(fields.String(), metadata={"description": "Sectors of senders; empty takes all."})


class AreaSchema(Schema):
    """The patch, in words and codes."""

    words = fields.String()
    authorities = fields.List(fields.String())
    wards = fields.List(fields.String())
    lsoas = fields.List(fields.String())
    practices = fields.List(fields.String())


class WaitSchema(Schema):
    """How long until somebody can start, and what that rests on."""

    days = fields.Integer(allow_none=True)
    basis = fields.String(
        metadata={"description": "measured (ten or more started in 90 days), declared or unknown"}
    )
    measured_at = fields.DateTime(allow_none=True)


class CapacitySchema(Schema):
    """What a service can take now."""

    words = fields.String()
    limit = fields.Integer(allow_none=True)
    open_places = fields.Integer(allow_none=True)
    declared_wait_days = fields.Integer(allow_none=True)
    wait = fields.Nested(WaitSchema)
    open_now = fields.Integer(
        allow_none=True, metadata={"description": "People it has now; null below ten and where unknown."}
    )
    paused = fields.Boolean(metadata={"description": "Paused on this day."})
    paused_until = fields.Date(allow_none=True)
    ask_first = fields.Boolean()


class LocationSchema(Schema):
    """Where a service is found; null where that is told to nobody."""

    name = fields.String()
    address_1 = fields.String(allow_none=True)
    city = fields.String(allow_none=True)
    postal_code = fields.String(allow_none=True)
    latitude = fields.Float(allow_none=True)
    longitude = fields.Float(allow_none=True)


class ContactSchema(Schema):
    """How to reach a service."""

    name = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)
    email = fields.String(allow_none=True)
    url = fields.String(allow_none=True)


class SessionSchema(Schema):
    """A regular session in a practice; Monday is 0."""

    practice_ods = fields.String()
    weekday = fields.Integer()
    name = fields.String()


class CheckedSchema(Schema):
    """When somebody last made sure of it."""

    freshness = fields.String(metadata={"description": "current, overdue or never_checked"})
    verified_at = fields.DateTime(allow_none=True)
    valid_until = fields.Date(allow_none=True)


class ServiceSchema(PlainSchema):
    """A published service: public facts only."""

    id = fields.UUID()
    name = fields.String()
    description = fields.String()
    organization = fields.Nested(OrganizationSchema)
    place = fields.Nested(CodeSchema, allow_none=True)
    kind = fields.String()
    connector_role = fields.String(allow_none=True)
    support_type = fields.String(allow_none=True)
    status = fields.String()
    who_for = fields.String()
    not_for = fields.String()
    differs = fields.String()
    needs = fields.List(fields.String())
    routes_in = fields.List(fields.String())
    ending = fields.String(allow_none=True)
    discreet = fields.Boolean()
    criteria = fields.Nested(CriteriaSchema)
    area = fields.Nested(AreaSchema)
    sessions = fields.List(fields.Nested(SessionSchema))
    capacity = fields.Nested(CapacitySchema)
    languages = fields.List(fields.String())
    working_days = fields.List(fields.Integer())
    location = fields.Nested(LocationSchema, allow_none=True)
    cost = fields.String(allow_none=True)
    contact = fields.Nested(ContactSchema)
    invitation = fields.String(allow_none=True)
    checked = fields.Nested(CheckedSchema)


class VenueSchema(Schema):
    """A venue as anybody may see it; `accessibility` in words."""

    name = fields.String()
    description = fields.String()
    address = fields.String()
    postal_code = fields.String(allow_none=True)
    transportation = fields.String(allow_none=True)
    location_type = fields.String()
    accessibility = fields.List(fields.String())


class ShownOpeningSchema(OpeningSchema):
    """A regular time; which venue it is of is not said by id."""

    class Meta:
        """Without the venue's id."""

        exclude = ("location_id",)


class TextSchema(Schema):
    """A text for one audience, and the organisations that stand by it."""

    text = fields.String()
    signed_by = fields.List(fields.String())
    review_on = fields.Date()


class FurtherFactsSchema(Schema):
    """What one service says besides: hours, prices, people, venues, texts."""

    alternate_name = fields.String(allow_none=True)
    alert = fields.String(allow_none=True)
    application_process = fields.String(allow_none=True)
    accreditations = fields.String(allow_none=True)
    interpretation_services = fields.String(allow_none=True)
    funders = fields.List(fields.String())
    free = fields.Boolean(allow_none=True)
    hours = fields.String(allow_none=True, metadata={"description": "In the words it came in."})
    opens = fields.String(
        metadata={"description": "Now or next, such as “Opens today at 6pm”; may be empty."}
    )
    times = fields.List(fields.String(), metadata={"description": "Its schedules as sentences."})
    costs = fields.List(fields.String(), metadata={"description": "Its prices as sentences."})
    schedules = fields.List(fields.Nested(ShownOpeningSchema))
    cost_options = fields.List(fields.Nested(CostSchema))
    contacts = fields.List(fields.Nested(ContactPersonSchema))
    phones = fields.List(fields.Nested(PhoneSchema))
    venues = fields.List(fields.Nested(VenueSchema))
    only_for = fields.List(fields.String())
    texts = fields.Dict(
        keys=fields.String(metadata={"description": "referrer, link_worker or person"}),
        values=fields.Nested(TextSchema),
        metadata={"description": "Those meant for whoever asks: without a token the one for a person."},
    )


class WholeServiceSchema(ServiceSchema, FurtherFactsSchema):
    """A published service with all its public facts."""


class AbsenceSchema(Schema):
    """Days away and who covers."""

    id = fields.UUID()
    from_on = fields.Date(data_key="from")
    to_on = fields.Date(data_key="to")
    cover = fields.Nested(NamedSchema, allow_none=True)


class LinkWorkerSchema(Schema):
    """A link worker as listed for practitioners."""

    id = fields.UUID()
    name = fields.String()
    role = fields.Nested(CodeSchema)
    organization = fields.Nested(OrganizationSchema)
    hosted = fields.Boolean(metadata={"description": "Hosted by the organisation, not employed."})
    teams = fields.List(fields.Nested(NamedSchema))
    services = fields.List(fields.Nested(NamedSchema))
    needs = fields.List(fields.String())
    languages = fields.List(fields.String())
    working_days = fields.List(fields.Integer())
    about = fields.String()
    phone = fields.String(allow_none=True)
    email = fields.String(allow_none=True)
    away = fields.Nested(AbsenceSchema, allow_none=True)
    specialisms = fields.List(fields.String(), metadata={"description": "Needs they know most about."})
    there_today = fields.Boolean()
    covers_for = fields.List(fields.Nested(NamedSchema), metadata={"description": "Who is away today."})


class LinkWorkerListSchema(Schema):
    """One page of link workers."""

    items = fields.List(fields.Nested(LinkWorkerSchema))
    next_cursor = fields.String(allow_none=True)


class NeedSchema(Schema):
    """A need, as the taxonomy has it; `plain` is how a person would say it."""

    code = fields.String()
    name = fields.String()
    plain = fields.String()
    sensitive = fields.Boolean()
    retired = fields.Boolean(metadata={"description": "Offered no more; still said where it was."})


class NeedListSchema(Schema):
    """All needs."""

    items = fields.List(fields.Nested(NeedSchema))
    next_cursor = fields.String(allow_none=True)


class NumberSchema(Schema):
    """Whom to ring now."""

    name = fields.String()
    number = fields.String()
    when = fields.String()
    what = fields.String()


class HelpNowSchema(Schema):
    """Whom to ring now in a place."""

    place = fields.Nested(CodeSchema)
    numbers = fields.List(fields.Nested(NumberSchema))
