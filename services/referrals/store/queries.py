"""Public facts for pages and the API: what the directory publishes. Nothing about any person is read here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from services.referrals.domain.routing.criteria import known_circumstances
from services.referrals.domain.routing.docs import Service
from services.referrals.store.database import database
from services.referrals.store.directory import Directory, read_directory
from shared.db import DATABASE_AWAY


@dataclass(frozen=True)
class NeedFact:
    """A need of the directory's taxonomy."""

    code: str
    label: str
    plain: str
    """How a person would say it."""
    sensitive: bool


def the_directory() -> Directory:
    """The copy of the directory, as new as the database has it; one query when nothing changed."""
    with database.transaction() as session:
        return read_directory(session)


def directory_if_it_answers() -> Directory | None:
    """The same; None while the database does not answer, for pages that say whom to ring whatever fails."""
    try:
        return the_directory()
    except DATABASE_AWAY:
        return None


def needs() -> tuple[NeedFact, ...]:
    """The taxonomy of needs, by label, with *other* last."""
    found = the_directory().snapshot.needs.values()
    return tuple(
        NeedFact(need.code, need.label, need.plain, need.sensitive)
        for need in sorted(found, key=lambda need: (need.code == "other", need.label))
    )


def circumstances() -> tuple[tuple[str, str, str], ...]:
    """What may be said of a person, by code: who that is in a sentence ("have …"), the question."""
    known = known_circumstances(the_directory().snapshot)
    return tuple((code, who, question) for code, (who, question) in known.items())


def emergency_numbers(place_id: UUID | None) -> tuple[Mapping[str, str], ...]:
    """Who to ring now in a place: `{name, number, when, what}`; empty where the place is not known."""
    place = the_directory().doc("place", place_id) or {}
    return tuple(place.get("emergency") or ())


def organisation_name(organization_id: UUID | None) -> str:
    """What an organisation is called; empty when it is not listed."""
    return the_directory().name("organization", organization_id)


def service_name(service_id: UUID | None) -> str:
    """What a service is called; empty when it is not listed."""
    return the_directory().name("service", service_id)


def services_of_place(place_id: UUID | None) -> tuple[Service, ...]:
    """The services of a place, by name."""
    found = the_directory().snapshot.services.values()
    return tuple(sorted((s for s in found if s.place_id == str(place_id)), key=lambda s: (s.name, s.id)))
