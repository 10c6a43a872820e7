"""The routing snapshot in memory: everything the router reads, indexed so that it reads little.

Built once per version and shared by all requests of a process; nothing in it changes afterwards.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from services.referrals.domain.routing.docs import SELF_ROUTES, Organization, Place, Service
from services.referrals.domain.routing.people_docs import (
    Agreement,
    Circumstance,
    Member,
    Need,
    Residence,
    Team,
)
from services.referrals.domain.routing.readings import Readings
from services.referrals.domain.routing.turns import Turns

_Docs = Mapping[str, Mapping[str, Any]]
FRESH_FOR = timedelta(seconds=60)


@dataclass(frozen=True)
class Snapshot:
    """The parsed snapshot. Build it with `Snapshot.of`."""

    places: Mapping[str, Place] = field(default_factory=dict)
    organizations: Mapping[str, Organization] = field(default_factory=dict)
    services: Mapping[str, Service] = field(default_factory=dict)
    teams: Mapping[str, Team] = field(default_factory=dict)
    needs: Mapping[str, Need] = field(default_factory=dict)
    postcodes: Mapping[str, Residence] = field(default_factory=dict)
    team_members: Mapping[str, tuple[Member, ...]] = field(default_factory=dict)
    agreements: Mapping[str, tuple[Agreement, ...]] = field(default_factory=dict)
    schemes_of_place: Mapping[str, tuple[Service, ...]] = field(default_factory=dict)
    schemes_of_authority: Mapping[str, tuple[Service, ...]] = field(default_factory=dict)
    schemes_of_practice: Mapping[str, tuple[Service, ...]] = field(default_factory=dict)
    schemes_anywhere: tuple[Service, ...] = ()
    self_only: Turns = field(default_factory=Turns, compare=False)
    practice_place: Mapping[str, str] = field(default_factory=dict)
    circumstances: frozenset[str] = frozenset()
    circumstance_terms: Mapping[str, Circumstance] = field(default_factory=dict)
    as_of: datetime | None = None

    @classmethod
    def of(
        cls,
        items: Iterable[Mapping[str, Any]],
        as_of: datetime | None = None,
        readings: Readings | None = None,
    ) -> Snapshot:
        """From the snapshot's items `{kind, id, deleted, doc}`; of several with one id the last counts.

        Kinds that are not known are left aside. Postcodes may come here or be looked up by the store.
        `readings` kept by the caller from version to version spare reading what has not changed.
        """
        docs: dict[str, dict[str, Mapping[str, Any]]] = defaultdict(dict)
        for item in items:
            kind, ident = str(item["kind"]), str(item["id"])
            if item.get("deleted"):
                docs[kind].pop(ident, None)
            else:
                docs[kind][ident] = item["doc"]
        return replace(cls(), as_of=as_of).renewed(docs, frozenset(docs), readings or Readings())

    def renewed(self, docs: Mapping[str, _Docs], kinds: Collection[str], readings: Readings) -> Snapshot:
        """With the documents of `kinds` as they are now in `docs` (by kind and id); all else stays as it was.

        `readings` spare reading the documents that are the very same as before.
        """
        return replace(
            self,
            **{
                name: made
                for kind, make in _MAKERS.items()
                if kind in kinds
                for name, made in make(readings, docs.get(kind, {})).items()
            },
        )

    def is_fresh(self, at: datetime) -> bool:
        """No older than 60 seconds; an older one counts as *directory unavailable*."""
        return self.as_of is not None and at - self.as_of <= FRESH_FOR

    def partners(self, organization_id: str, on: date) -> frozenset[str]:
        """The organisations this one may send referrals to on the day, itself included."""
        valid = (a for a in self.agreements.get(organization_id, ()) if a.lets_refer(on))
        return frozenset({organization_id, *(a.other if a.one == organization_id else a.one for a in valid)})

    def need_words(self, codes: Iterable[str]) -> str:
        """Labels of needs as a phrase in a sentence."""
        labels = [self.needs[code].label if code in self.needs else code.replace("_", " ") for code in codes]
        return ", ".join(label[:1].lower() + label[1:] for label in labels)

    def neighbour_contact(self, place_id: str | None, authority: str) -> str:
        """Whom to ask in another authority, as the place tells it; empty when it does not."""
        place = self.places.get(place_id or "")
        found = [n.contact for n in place.neighbours if n.authority == authority] if place else []
        return found[0] if found else ""

    def team_of(self, service: Service) -> str | None:
        """The team whose queue takes this service's referrals: its first that exists."""
        return next((team for team in service.team_ids if team in self.teams), None) or (
            service.team_ids[0] if service.team_ids else None
        )


def _organizations(readings: Readings, docs: _Docs) -> dict[str, Any]:
    found = readings.read("organization", docs, Organization.of)
    practices = {o.ods_code: o.place_id for o in found.values() if o.ods_code and o.place_id}
    return {"organizations": found, "practice_place": practices}


def _services(readings: Readings, docs: _Docs) -> dict[str, Any]:
    found = readings.read("service", docs, Service.of)
    asked = frozenset(code for service in found.values() for code in service.circumstances)
    return {"services": found, "circumstances": asked, **_indexes(found.values())}


def _needs(readings: Readings, docs: _Docs) -> dict[str, Any]:
    return {"needs": {need.code: need for need in readings.read("need", docs, Need.of).values()}}


def _circumstances(readings: Readings, docs: _Docs) -> dict[str, Any]:
    found = readings.read("circumstance", docs, Circumstance.of)
    return {"circumstance_terms": {one.code: one for one in found.values()}}


def _members(readings: Readings, docs: _Docs) -> dict[str, Any]:
    return {"team_members": _by_team(readings.read("member", docs, Member.of).values())}


def _agreements(readings: Readings, docs: _Docs) -> dict[str, Any]:
    return {"agreements": _by_party(readings.read("agreement", docs, Agreement.of).values())}


_MAKERS: Mapping[str, Callable[[Readings, _Docs], dict[str, Any]]] = {
    "place": lambda readings, docs: {"places": readings.read("place", docs, Place.of)},
    "organization": _organizations,
    "service": _services,
    "team": lambda readings, docs: {"teams": readings.read("team", docs, Team.of)},
    "need": _needs,
    "circumstance": _circumstances,
    "postcode": lambda readings, docs: {"postcodes": readings.read("postcode", docs, Residence.of)},
    "member": _members,
    "agreement": _agreements,
}
"""What each kind of document makes: fields of the snapshot."""


def _by_team(members: Iterable[Member]) -> dict[str, tuple[Member, ...]]:
    found: dict[str, list[Member]] = defaultdict(list)
    for member in members:
        if member.team_id:
            found[member.team_id].append(member)
    return {team: tuple(sorted(people, key=lambda m: m.id)) for team, people in found.items()}


def _by_party(agreements: Iterable[Agreement]) -> dict[str, tuple[Agreement, ...]]:
    found: dict[str, list[Agreement]] = defaultdict(list)
    for agreement in agreements:
        found[agreement.one].append(agreement)
        found[agreement.other].append(agreement)
    return {party: tuple(signed) for party, signed in found.items()}


def _indexes(services: Iterable[Service]) -> dict[str, Any]:
    place: dict[str, list[Service]] = defaultdict(list)
    authority: dict[str, list[Service]] = defaultdict(list)
    practice: dict[str, list[Service]] = defaultdict(list)
    self_only: dict[tuple[str, str], list[Service]] = defaultdict(list)
    anywhere: list[Service] = []
    for service in services:
        if service.status != "active":
            continue
        if service.kind != "scheme":
            if service.routes_in and service.routes_in <= SELF_ROUTES and not service.discreet:
                for need in service.needs:
                    self_only[(service.place_id or "", need)].append(service)
            continue
        place[service.place_id or ""].append(service)
        for code in service.area.authorities:
            authority[code].append(service)
        for code in service.area.practices:
            practice[code].append(service)
        if "anywhere" in service.criteria.area_basis and service.place_id is None:
            anywhere.append(service)
    return {
        "schemes_of_place": _frozen(place),
        "schemes_of_authority": _frozen(authority),
        "schemes_of_practice": _frozen(practice),
        "self_only": Turns(_frozen(self_only)),
        "schemes_anywhere": tuple(anywhere),
    }


_Key = TypeVar("_Key")


def _frozen(index: Mapping[_Key, list[Service]]) -> dict[_Key, tuple[Service, ...]]:
    return {key: tuple(found) for key, found in index.items()}
