"""When a listing may be published.

A scheme may not be published on a label alone: who for, not for ("nobody" is an answer), support type,
needs, area, routes in, capacity and "how we differ" are required. A community group may be when it has a
name, a contact and is open to others.
"""

from __future__ import annotations

from services.directory.domain.capacity import Capacity
from services.directory.domain.documents import ServiceDoc
from services.directory.domain.listings import AreaBasis, RouteIn, ServiceKind
from services.directory.domain.taxonomies import NEEDS
from shared.errors import FieldProblem, Invalid


def missing_to_publish(doc: ServiceDoc, capacity: Capacity) -> list[FieldProblem]:
    """What has to be said before a service may be published; empty when all is there."""
    found: list[FieldProblem] = []
    if not doc.name.strip():
        found.append(FieldProblem("/name", "Say what it is called."))
    if doc.kind == ServiceKind.SCHEME:
        found += _missing_of_scheme(doc, capacity)
    if doc.kind == ServiceKind.GROUP:
        found += _missing_of_group(doc)
    if doc.routes_in == (RouteIn.SELF,) and not (doc.invitation or "").strip():
        found.append(
            FieldProblem("/invitation", "People come by themselves: write the invitation others may pass on.")
        )
    return found


def check_publishable(doc: ServiceDoc, capacity: Capacity) -> None:
    """Raise `Invalid`, naming each field, unless the service may be published."""
    missing = missing_to_publish(doc, capacity)
    if missing:
        raise Invalid(missing)


def _missing_of_scheme(doc: ServiceDoc, capacity: Capacity) -> list[FieldProblem]:
    says_capacity = capacity.limit is not None or capacity.open_places is not None or capacity.ask_first
    wanted = (
        ("/who_for", doc.who_for.strip(), "Say who it is for; “anyone here” is an answer."),
        ("/not_for", doc.not_for.strip(), "Say who it is not for; “nobody” is an answer."),
        ("/differs", doc.differs.strip(), "Say how it differs from what others here offer."),
        ("/support_type", doc.support_type, "Say what kind of support it gives."),
        ("/ending", doc.ending, "Say who decides when the support ends."),
        ("/needs", doc.codes(NEEDS), "Name at least one need it meets."),
        ("/routes_in", doc.routes_in, "Say how people may come to it."),
        ("/area", _says_area(doc), "Name its area, or say that people may come from anywhere."),
        ("/capacity", says_capacity, "Give a limit or the open places, or ask to be asked first."),
    )
    return [FieldProblem(pointer, words) for pointer, value, words in wanted if not value]


def _missing_of_group(doc: ServiceDoc) -> list[FieldProblem]:
    found = []
    if not (doc.contact_name or doc.phone or doc.email or doc.contacts or doc.phones):
        found.append(FieldProblem("/contact", "Give a name, a telephone number or an e-mail address to ask."))
    if not doc.open_to_others:
        found.append(FieldProblem("/open_to_others", "Only groups that are open to others are listed."))
    return found


def _says_area(doc: ServiceDoc) -> bool:
    if AreaBasis.ANYWHERE in doc.area_basis:
        return True
    return bool(doc.area_basis and (doc.areas or doc.polygons))
