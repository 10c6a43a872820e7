"""Public facts of the place that pages choose from: needs, places, practices, who to ring now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.referrals.store.queries import the_directory
from shared.auth import Caller

# Numbers that hold everywhere in England, for a caller whose place is not known.
EVERYWHERE: tuple[Mapping[str, str], ...] = (
    {"name": "Emergency services", "number": "999", "when": "", "what": "if somebody may die or be harmed"},
    {"name": "NHS 111", "number": "111", "when": "day and night", "what": "choose 2 for mental health"},
)


@dataclass(frozen=True)
class Ring:
    """Who to ring now: `{name, number, when, what}`, and whose place it is."""

    numbers: tuple[Mapping[str, str], ...]
    place: str


@dataclass(frozen=True)
class Facts:
    """The directory's copy as pages read it, once for each request."""

    directory: Any

    @classmethod
    def now(cls) -> Facts:
        """As the copy stands."""
        return cls(the_directory())

    def ring(self, caller: Caller | None) -> Ring:
        """The numbers of the caller's place."""
        return self.ring_in(caller.place if caller else None)

    def ring_in(self, place_id: UUID | None) -> Ring:
        """The numbers of a place."""
        place = self.directory.doc("place", place_id)
        if place is None or not place.get("emergency"):
            return Ring(EVERYWHERE, "")
        return Ring(tuple(place["emergency"]), str(place["name"]))

    def needs(self) -> list[dict[str, str]]:
        """The needs in plain words, in the order of their labels, *other* last."""
        found = sorted(
            self.directory.snapshot.needs.values(), key=lambda need: (need.code == "other", need.label)
        )
        return [
            {"value": need.code, "text": need.label, "hint": need.plain if need.plain != need.label else ""}
            for need in found
            if not need.retired
        ]

    def need_labels(self) -> dict[str, str]:
        """Code → label."""
        return {need.code: need.label for need in self.directory.snapshot.needs.values()}

    def places(self) -> list[tuple[str, str]]:
        """`(authority, name)` of each place, the first authority standing for it."""
        found = self.directory.snapshot.places.values()
        return sorted(((p.authorities[0], p.name) for p in found if p.authorities), key=lambda each: each[1])

    def place_called(self, code: str) -> Mapping[str, Any] | None:
        """The place with this code, where somebody keeps its front door."""
        return next((place for place in self.open_places() if place["code"] == code), None)

    def open_places(self) -> list[Mapping[str, Any]]:
        """Places with a duty desk, by name."""
        found = self.directory.docs.get("place", {}).values()
        return sorted((doc for doc in found if doc.get("duty_team_id")), key=lambda doc: str(doc["name"]))

    def practices(self) -> list[tuple[str, str]]:
        """`(ods, name)` of the GP practices, by name."""
        found = self.directory.snapshot.organizations.values()
        return sorted(
            ((o.ods_code, o.name) for o in found if o.ods_code and o.sector == "health"),
            key=lambda each: each[1],
        )

    def practices_in(self, place_id: str) -> list[tuple[str, str]]:
        """The GP practices of a place."""
        organizations = self.directory.snapshot.organizations.values()
        here = {o.ods_code for o in organizations if o.place_id == place_id}
        return [each for each in self.practices() if each[0] in here]

    def practice_id(self, ods_code: str | None) -> UUID | None:
        """The organisation of the GP practice with this ODS code; None where it is not listed."""
        found: UUID | None = self.directory.practice_id(ods_code)
        return found

    def practice_of(self, caller: Caller) -> str | None:
        """The sender's own ODS code where the sender is a practice."""
        found = self.directory.snapshot.organizations.get(str(caller.org))
        return found.ods_code if found and found.sector == "health" else None

    def is_discreet(self, team_id: UUID) -> bool:
        """Whether any service of this team is one that others must not hear of."""
        snapshot = self.directory.snapshot
        team = snapshot.teams.get(str(team_id))
        found = (snapshot.services.get(each) for each in (team.service_ids if team else ()))
        return any(service.discreet for service in found if service is not None)

    def organization_name(self, organization_id: UUID | None) -> str:
        """What an organisation is called."""
        return str(self.directory.name("organization", organization_id))

    def service(self, service_id: str | UUID | None) -> Mapping[str, Any] | None:
        """One service's published document."""
        found: Mapping[str, Any] | None = self.directory.doc("service", service_id)
        return found

    def teams(self, ids: frozenset[UUID]) -> list[tuple[UUID, str]]:
        """`(id, name)` of these teams, by name."""
        return sorted(
            ((team, str(self.directory.name("team", team, "Team"))) for team in ids), key=lambda each: each[1]
        )

    def next_action_days(self, caller: Caller) -> Mapping[str, int]:
        """The place's defaults in working days; empty where the place is not known."""
        place = self.directory.doc("place", caller.place) if caller.place else None
        return dict(place.get("next_action_days") or {}) if place else {}
