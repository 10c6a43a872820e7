"""When a listing may be published.

A scheme may not be published on a label alone: who for, not for ("nobody" is an answer), support type,
needs, area, routes in, capacity and "how we differ" are required. A community group may be when it has a
name, a contact and is open to others.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.directory.domain.listings import AreaBasis, RouteIn, ServiceKind
from shared.errors import FieldProblem, Invalid


@dataclass(frozen=True)
class Listing:
    """What the rules look at, of a service somebody wants to publish. `areas` are codes of its patch."""

    name: str
    kind: str
    who_for: str = ""
    not_for: str = ""
    differs: str = ""
    support_type: str | None = None
    ending: str | None = None
    needs: tuple[str, ...] = ()
    routes_in: tuple[str, ...] = ()
    area_basis: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    says_capacity: bool = False
    invitation: str = ""
    has_contact: bool = False
    open_to_others: bool = False


def missing_to_publish(listing: Listing) -> list[FieldProblem]:
    """What has to be said before `listing` may be published; empty when all is there."""
    found: list[FieldProblem] = []
    if not listing.name.strip():
        found.append(FieldProblem("/name", "Say what it is called."))
    if listing.kind == ServiceKind.SCHEME:
        found += _missing_of_scheme(listing)
    if listing.kind == ServiceKind.GROUP:
        found += _missing_of_group(listing)
    if listing.routes_in == (RouteIn.SELF,) and not listing.invitation.strip():
        found.append(
            FieldProblem("/invitation", "People come by themselves: write the invitation others may pass on.")
        )
    return found


def check_publishable(listing: Listing) -> None:
    """Raise `Invalid`, naming each field, unless `listing` may be published."""
    missing = missing_to_publish(listing)
    if missing:
        raise Invalid(missing)


def _missing_of_scheme(listing: Listing) -> list[FieldProblem]:
    wanted = (
        ("/who_for", listing.who_for.strip(), "Say who it is for; “anyone here” is an answer."),
        ("/not_for", listing.not_for.strip(), "Say who it is not for; “nobody” is an answer."),
        ("/differs", listing.differs.strip(), "Say how it differs from what others here offer."),
        ("/support_type", listing.support_type, "Say what kind of support it gives."),
        ("/ending", listing.ending, "Say who decides when the support ends."),
        ("/needs", listing.needs, "Name at least one need it meets."),
        ("/routes_in", listing.routes_in, "Say how people may come to it."),
        ("/area", _says_area(listing), "Name its area, or say that people may come from anywhere."),
        ("/capacity", listing.says_capacity, "Give a limit or the open places, or ask to be asked first."),
    )
    return [FieldProblem(pointer, words) for pointer, value, words in wanted if not value]


def _missing_of_group(listing: Listing) -> list[FieldProblem]:
    found = []
    if not listing.has_contact:
        found.append(FieldProblem("/contact", "Give a name, a telephone number or an e-mail address to ask."))
    if not listing.open_to_others:
        found.append(FieldProblem("/open_to_others", "Only groups that are open to others are listed."))
    return found


def _says_area(listing: Listing) -> bool:
    if AreaBasis.ANYWHERE in listing.area_basis:
        return True
    return bool(listing.area_basis and listing.areas)
