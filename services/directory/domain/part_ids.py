"""Ids that follow from where a thing stands: the same each time the same listing is kept or told."""

from __future__ import annotations

from uuid import NAMESPACE_URL, UUID, uuid5

# A contact or telephone said in the listing's own row, and not in a list.
OWN = "own"


def taxonomy_id(code: str) -> UUID:
    """The id of a taxonomy: the same in every directory that has one of this code."""
    return uuid5(NAMESPACE_URL, f"urn:linkwork:taxonomy:{code}")


def part_id(owner: UUID, part: str, position: int | str) -> UUID:
    """The id of a part: the same as long as it stands in the same place of its owner."""
    return uuid5(owner, f"{part}:{position}")


def venue_id(service_id: UUID, location_id: UUID) -> UUID:
    """The id of a service at a location."""
    return uuid5(service_id, location_id.hex)


def area_id(service_id: UUID, kind: str, code: str) -> UUID:
    """The id of one area of a patch."""
    return uuid5(service_id, f"area:{kind}:{code}")


def identifier_id(organization_id: UUID, scheme: str, identifier: str) -> UUID:
    """The id of what others call an organisation."""
    return uuid5(organization_id, f"{scheme}:{identifier}")


def attribute_id(owner: UUID, taxonomy: str, code: str) -> UUID:
    """The id of a word said of something."""
    return uuid5(owner, f"term:{taxonomy}:{code}")
