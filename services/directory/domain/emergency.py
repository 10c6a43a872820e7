"""Whom to ring now: the numbers that are right everywhere in England, the most pressing first."""

from __future__ import annotations

from typing import NamedTuple


class Number(NamedTuple):
    """Whom to ring, when, and what happens then."""

    name: str
    number: str
    when: str
    what: str


NATIONAL: tuple[Number, ...] = (
    Number(
        "Police, fire or ambulance",
        "999",
        "Somebody may die or come to serious harm now",
        "Ask for the service you need. If you cannot speak, press 55 when you are asked to.",
    ),
    Number(
        "NHS 111, mental health option",
        "111",
        "You or somebody else is in crisis, or cannot go on",
        "Choose option 2 to speak to somebody trained in mental health, day and night.",
    ),
    Number(
        "NHS 111",
        "111",
        "You need medical help and it is not an emergency",
        "Day and night. Also at 111.nhs.uk.",
    ),
    Number(
        "Samaritans",
        "116 123",
        "You want to talk to somebody who listens, about anything",
        "Free, day and night, from any telephone.",
    ),
    Number(
        "National domestic abuse helpline",
        "0808 2000 247",
        "Somebody close to you hurts, frightens or controls you",
        "Free and confidential, day and night.",
    ),
    Number(
        "Police, not an emergency",
        "101",
        "Something has happened and nobody is in danger now",
        "Day and night.",
    ),
)


def with_local(*local: Number) -> tuple[Number, ...]:
    """The national numbers with a place's own among them, before the last, which is no emergency."""
    return (*NATIONAL[:-1], *local, NATIONAL[-1])
