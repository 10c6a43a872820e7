"""Plays one case of the scenario bank: its facts become the router's, and the router answers."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from services.referrals.domain.life import RouteIn
from services.referrals.domain.routing.answer import Entry, Routes
from services.referrals.domain.routing.people_docs import Residence
from services.referrals.domain.routing.person import PersonFacts, Sender
from services.referrals.domain.routing.ranking import MeasuredWait
from services.referrals.domain.routing.route import choose, consider, route
from services.referrals.domain.routing.snapshot import Snapshot
from services.referrals.domain.safe_contact import Channel, ContactPoint, channel_for_messages
from services.referrals.domain.same_request import Identity, request_keys
from services.referrals.domain.sight import Sight, what_may_see
from services.referrals.domain.sight_facts import (
    AgreementFacts,
    CallerFacts,
    MemberOf,
    ReferralFacts,
    SharingFacts,
)
from services.referrals.domain.states import State

_CALLER = uuid.uuid5(uuid.NAMESPACE_URL, "scenario-caller")
_GUARD_KEY = b"scenario bank, no secret"


@dataclass(frozen=True)
class Played:
    """All that the expectations may ask about."""

    routes: Routes
    chosen: Entry | None
    target: Entry | None
    sights: tuple[tuple[str, Sight, State], ...]
    message_channels: tuple[str, ...]
    keys: Mapping[str, frozenset[str]]


def play(given: Mapping[str, Any], snapshot: Snapshot) -> Played:
    """The outcome of a case at noon on its day."""
    on = date.fromisoformat(given["on"])
    at = datetime.combine(on, time(12, 0), tzinfo=UTC)
    person = person_facts(given, snapshot)
    measured = {ident: MeasuredWait(**told) for ident, told in given.get("measured", {}).items()}
    routes = route(person, snapshot, at, measured)
    target = given.get("target")
    return Played(
        routes=routes,
        chosen=choose(routes),
        target=consider(target, person, snapshot, at, measured) if target else None,
        sights=tuple(_sight(told, on) for told in given.get("lookers", ())),
        message_channels=_message_channels(given),
        keys={org: _keys(org, given) for org in given.get("also_sent_by", ())},
    )


def person_facts(given: Mapping[str, Any], snapshot: Snapshot) -> PersonFacts:
    """The router's facts from a case's; what the case leaves out is not known."""
    told = given["person"]
    sender = snapshot.organizations.get(given.get("sender") or "")
    then = told.get("residence_on_date")
    return PersonFacts(
        needs=frozenset(given.get("needs", ())),
        route_in=RouteIn(given["route_in"]),
        sender=Sender(sender.id, sender.sector, sender.place_id) if sender else Sender(),
        date_of_birth=_day(told.get("date_of_birth")),
        age_estimate=told.get("age_estimate"),
        residence=_residence(told, snapshot),
        residence_then=_residence(then, snapshot) if then else None,
        no_fixed_abode=told.get("no_fixed_abode", False),
        practice_ods=told.get("gp_practice_ods"),
        registered=told.get("registered"),
        language=told.get("language"),
        circumstances=told.get("circumstances", {}),
        wanted_from=_day(given.get("wanted_from")),
        safe_weekdays=frozenset(told.get("safe_weekdays", ())),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _residence(told: Mapping[str, Any], snapshot: Snapshot) -> Residence | None:
    if told.get("authority"):
        return Residence(authority=told["authority"], authority_name=told.get("authority_name", ""))
    found = snapshot.postcodes.get(told.get("postcode") or "")
    if found is not None and told.get("private_address"):
        return Residence(
            found.authority, "", found.ward, found.lsoa, None, private=True, postcode=found.postcode
        )
    return found


def _id(name: str) -> uuid.UUID:
    """Readable names of a case as the ids the rules of sight take."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"scenario-{name}")


def _sight(told: Mapping[str, Any], on: date) -> tuple[str, Sight, State]:
    """What somebody sees of a referral described in the case; all organisations named have agreements."""
    referral = told["referral"]
    sender, owner = _id(referral["sender"]), _id(referral["owner"])
    facts = ReferralFacts(
        state=State(referral.get("state", "received")),
        sender_org=sender,
        owner_org=owner,
        owner_team=_id(referral["owner"] + "-team"),
        sender_sector=referral["sender_sector"],
        restricted=referral.get("restricted", False),
        author_id=_id("author"),
    )
    member = MemberOf(_id(told["of"]), _id(told["of"] + "-team"), told["role"])
    account = _id("author") if told.get("author") else _CALLER
    agreements = [
        AgreementFacts(
            str(_id(a["recipient"])), a["purpose"], a["agreed"], datetime.combine(on, time(9), UTC)
        )
        for a in told.get("agreement", ())
    ]
    seen = what_may_see(
        CallerFacts(account, (member,)),
        facts,
        agreements,
        [SharingFacts(sender, owner, date(2026, 1, 1))],
        on,
    )
    return told["who"], seen, facts.state


def _message_channels(given: Mapping[str, Any]) -> tuple[str, ...]:
    contacts = [
        ContactPoint(**{**told, "channel": Channel(told["channel"])}) for told in given.get("contacts", ())
    ]
    written = (Channel.TEXT, Channel.EMAIL, Channel.POST)
    return tuple(channel.value for channel in written if channel_for_messages(contacts, channel))


def _keys(org: str, given: Mapping[str, Any]) -> frozenset[str]:
    told = given["person"]
    identity = Identity(
        given_name=told.get("given_name"),
        family_name=told.get("family_name"),
        date_of_birth=_day(told.get("date_of_birth")),
        postcode=told.get("postcode"),
    )
    found = request_keys(_GUARD_KEY, _id(org), identity, needs=given.get("needs", ()))
    return frozenset(key.digest for key in found)
