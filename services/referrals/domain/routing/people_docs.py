"""The snapshot's documents about teams, members, needs, sharing agreements and postcodes, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.referrals.domain.routing.docs import Doc, Session, _day, _id, _strings, _text
from services.referrals.domain.sight_facts import Purpose


@dataclass(frozen=True)
class Team:
    """The people who work a queue."""

    id: str
    name: str
    organization_id: str
    place_id: str | None
    kind: str
    service_ids: tuple[str, ...]

    @classmethod
    def of(cls, doc: Doc) -> Team:
        """From a `team` document."""
        return cls(
            id=str(doc["id"]),
            name=_text(doc, "name"),
            organization_id=_text(doc, "organization_id"),
            place_id=_id(doc, "place_id"),
            kind=_text(doc, "kind"),
            service_ids=_strings(doc, "service_ids"),
        )


@dataclass(frozen=True)
class Absence:
    """Days away, both included; covered or not."""

    first: date
    last: date | None
    covered: bool

    def holds(self, on: date) -> bool:
        """Whether this day is inside."""
        return self.first <= on and (self.last is None or on <= self.last)


@dataclass(frozen=True)
class Member:
    """A person of a team, as far as choosing a service needs it: languages, days, absences, sessions."""

    id: str
    account_id: str | None
    team_id: str | None
    role: str
    languages: frozenset[str]
    absences: tuple[Absence, ...]
    sessions: tuple[Session, ...]

    @classmethod
    def of(cls, doc: Doc) -> Member:
        """From a `member` document; an absence without a first day is left out."""
        absences = tuple(
            Absence(first, _day(a.get("to")), bool(a.get("cover_account_id")))
            for a in doc.get("absences") or ()
            if (first := _day(a.get("from"))) is not None
        )
        sessions = tuple(
            Session(_text(s, "practice_ods"), int(s.get("weekday") or 0), _text(s, "name"))
            for s in doc.get("sessions") or ()
        )
        return cls(
            id=str(doc["id"]),
            account_id=_id(doc, "account_id"),
            team_id=_id(doc, "team_id"),
            role=_text(doc, "role"),
            languages=frozenset(_strings(doc, "languages")),
            absences=absences,
            sessions=sessions,
        )

    def absence(self, on: date) -> Absence | None:
        """The absence this day falls in, if any."""
        return next((a for a in self.absences if a.holds(on)), None)


@dataclass(frozen=True)
class Need:
    """A need code with its label; `sensitive` ones are shown to the holder alone."""

    code: str
    label: str
    plain: str
    sensitive: bool
    retired: bool = False

    @classmethod
    def of(cls, doc: Doc) -> Need:
        """From a `need` document."""
        code = _text(doc, "code") or str(doc["id"])
        return cls(
            code,
            _text(doc, "label") or code,
            _text(doc, "plain"),
            bool(doc.get("sensitive")),
            bool(doc.get("retired")),
        )


@dataclass(frozen=True)
class Circumstance:
    """What a service may be for alone: `who` follows "people who", `question` settles it.

    `{organization}` in them stands for the organisation that offers the service.
    """

    code: str
    who: str
    question: str
    retired: bool

    @classmethod
    def of(cls, doc: Doc) -> Circumstance:
        """From a `circumstance` document."""
        code = _text(doc, "code") or str(doc["id"])
        return cls(code, _text(doc, "who"), _text(doc, "question"), bool(doc.get("retired")))


@dataclass(frozen=True)
class Agreement:
    """A signed sharing agreement between two organisations, in either direction.

    `purposes` are what it covers (`share_referral`, ...); one that names none covers all.
    """

    one: str
    other: str
    valid_from: date
    valid_until: date | None
    purposes: tuple[str, ...] = ()

    @classmethod
    def of(cls, doc: Doc) -> Agreement:
        """From an `agreement` document; without a first day it is valid from the beginning."""
        return cls(
            one=_text(doc, "organization_a"),
            other=_text(doc, "organization_b"),
            valid_from=_day(doc.get("valid_from")) or date.min,
            valid_until=_day(doc.get("valid_until")),
            purposes=_strings(doc, "purposes"),
        )

    def lets_refer(self, on: date) -> bool:
        """Whether referrals may cross on this day, both end days included."""
        if self.purposes and Purpose.SHARE_REFERRAL not in self.purposes:
            return False
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)


@dataclass(frozen=True)
class Residence:
    """Where somebody lives or will live, as far as known. Without an authority the place is not known.

    `private` marks an address such as a refuge: it decides area, and enters no distance and no sentence.
    """

    authority: str | None = None
    authority_name: str = ""
    ward: str | None = None
    lsoa: str | None = None
    point: tuple[float, float] | None = None
    private: bool = False
    postcode: str | None = None

    @classmethod
    def of(cls, doc: Doc, *, private: bool = False) -> Residence:
        """From a `postcode` document."""
        has_point = doc.get("lat") is not None and doc.get("lon") is not None
        return cls(
            authority=_id(doc, "authority"),
            authority_name=_text(doc, "authority_name"),
            ward=_id(doc, "ward"),
            lsoa=_id(doc, "lsoa"),
            point=(float(doc["lat"]), float(doc["lon"])) if has_point else None,
            private=private,
            postcode=_id(doc, "id"),
        )
