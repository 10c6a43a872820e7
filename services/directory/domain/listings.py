"""The words a listing is made of. Sectors, connector roles and needs are data and not here.

`ServiceStatus` is HSDS 3.0's `service.status`; weekdays count from Monday = 0, as in Python.
"""

from __future__ import annotations

from enum import StrEnum


class ServiceKind(StrEnum):
    """What is offered."""

    SCHEME = "scheme"
    GROUP = "group"
    ACTIVITY = "activity"
    ADVICE = "advice"
    VENUE_OFFER = "venue_offer"


class SupportType(StrEnum):
    """How help is given."""

    INFORMATION = "information"
    BRIEF_SUPPORT = "brief_support"
    SUSTAINED_ONE_TO_ONE = "sustained_one_to_one"
    ACCOMPANYING = "accompanying"
    GROUP_BUILDING = "group_building"


class ServiceStatus(StrEnum):
    """HSDS 3.0 `service.status`."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    DEFUNCT = "defunct"
    TEMPORARILY_CLOSED = "temporarily closed"


class RouteIn(StrEnum):
    """How a person may come to a service."""

    PROFESSIONAL = "professional"
    SELF = "self"
    INTRODUCTION = "introduction"
    INVITATION = "invitation"


class Ending(StrEnum):
    """Who says that the help is at its end."""

    BY_WORKER = "by_worker"
    BY_PERSON = "by_person"


class AreaBasis(StrEnum):
    """What ties a person to the area: any one of those named is enough."""

    RESIDENT = "resident"
    REGISTERED = "registered"
    PRESENT = "present"
    ANYWHERE = "anywhere"


class AreaKind(StrEnum):
    """What a service area is made of: GSS codes of authorities, wards, LSOAs; ODS codes of others."""

    AUTHORITY = "authority"
    WARD = "ward"
    LSOA = "lsoa"
    PRACTICE = "practice"
    PCN = "pcn"


class LocationType(StrEnum):
    """HSDS 3.0 `location.location_type`."""

    PHYSICAL = "physical"
    POSTAL = "postal"
    VIRTUAL = "virtual"


class Frequency(StrEnum):
    """HSDS 3.0 `schedule.freq` (RFC 5545)."""

    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"


class Audience(StrEnum):
    """For whom a narrative of a service is written."""

    REFERRER = "referrer"
    LINK_WORKER = "link_worker"
    PERSON = "person"


class FieldGroup(StrEnum):
    """The parts of a listing that are verified on their own."""

    CONTACT = "contact"
    ELIGIBILITY = "eligibility"
    HOURS = "hours"
    CAPACITY = "capacity"
    DESCRIPTION = "description"


class IncomeBand(StrEnum):
    """A year's income of an organisation in pounds; the first two are the community sector."""

    NONE = "none"
    UNDER_5K = "<5k"
    UNDER_10K = "5k-<10k"
    UNDER_100K = "10k-<100k"
    OVER_100K = ">=100k"


class TeamKind(StrEnum):
    """What a team's queue is for."""

    SCHEME = "scheme"
    DUTY_DESK = "duty_desk"


class OrganizationStatus(StrEnum):
    """Whether an organisation still works; a closed one stays, so that old records keep their names."""

    ACTIVE = "active"
    CLOSED = "closed"


# Working days until somebody has to look again, by state, where a place says nothing else.
NEXT_ACTION_DAYS = {"received": 2, "accepted": 5, "asked": 5}

KIND_WORDS = {
    ServiceKind.SCHEME: "Scheme",
    ServiceKind.GROUP: "Group",
    ServiceKind.ACTIVITY: "Activity",
    ServiceKind.ADVICE: "Advice",
    ServiceKind.VENUE_OFFER: "Place to go",
}
SUPPORT_WORDS = {
    SupportType.INFORMATION: "Information",
    SupportType.BRIEF_SUPPORT: "A few conversations",
    SupportType.SUSTAINED_ONE_TO_ONE: "One to one, for as long as it is useful",
    SupportType.ACCOMPANYING: "Going along with somebody",
    SupportType.GROUP_BUILDING: "Bringing people together",
}
ROUTE_WORDS = {
    RouteIn.PROFESSIONAL: "A professional refers",
    RouteIn.SELF: "People come themselves",
    RouteIn.INTRODUCTION: "Anybody introduces, with the person’s agreement",
    RouteIn.INVITATION: "By an invitation passed on",
}
ENDING_WORDS = {
    Ending.BY_WORKER: "The worker and the person agree when it is done",
    Ending.BY_PERSON: "The person says when it ends; there is no time limit",
}
BASIS_WORDS = {
    AreaBasis.RESIDENT: "people who live in the area",
    AreaBasis.REGISTERED: "people registered with a practice in the area",
    AreaBasis.PRESENT: "people who can be met in the area",
    AreaBasis.ANYWHERE: "people from anywhere",
}
# For whom a text is written, and what it is good for.
AUDIENCE_WORDS = {
    Audience.REFERRER: "People who refer",
    Audience.LINK_WORKER: "Link workers",
    Audience.PERSON: "The person themself",
}
