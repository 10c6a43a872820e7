"""One item of a feed (HSDS 3, Open Referral UK 3 or 1, or a row put into that shape) as records.

Whatever comes, it comes out as records: with problems it is refused, it never stops the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from services.directory.domain.documents import FoundAt
from services.directory.domain.importing import own_copy, own_sheet
from services.directory.domain.importing.codec import storable
from services.directory.domain.importing.own_sheet import NAME_OF_NEW, OwnRow
from services.directory.domain.importing.reading_bodies import location_fields, organization_fields
from services.directory.domain.importing.reading_services import named_needs, service_fields
from services.directory.domain.importing.records import Problem, Record, RecordKind, plain_name, record_id
from services.directory.domain.importing.values import Said
from services.directory.domain.importing.words_said import OURS, term_record, words_of

LONGEST_ID = 300
# Not of the document: the sector a new organisation gets where its row says none.
SECTOR_OF_NEW = "_sector"


@dataclass(frozen=True)
class Source:
    """Where a batch comes from: its name, by which its ids are told from others'; the sector of what is new.

    `own` (id, name) is the organisation of rows that name none; where it is None, they make one of their own
    name. `needs` are codes and names of needs, in lower case, to the code.
    """

    name: str
    sector: str
    own: tuple[UUID, str] | None = None
    needs: Mapping[str, str] = field(default_factory=dict)


def records_of(item: Any, where: str, source: Source, raw: Any = None) -> list[Record]:
    """The records of one item: words, the organisation, the venues, the service. Never raises."""
    whole = storable(item if raw is None else raw)
    if not isinstance(item, Mapping):
        problem = Problem("", "This is not an object with named fields, so nothing could be read from it.")
        return [_refused(source, where, whole, problem)]
    said = Said(item)
    owner = _organization(said, where, source)
    venues = _venues(said, where, source, owner.record_id)
    service = _service(said, where, source, owner, venues, whole)
    words = {word.term: word for one in (said, said.inner("organization")) for word in words_of(one)}
    terms = [term_record(where, word) for word in words.values() if word.taxonomy not in OURS]
    return [*terms, owner, *(record for record, _, _ in venues), service]


def refused_row(source: Source, where: str, raw: Any, detail: str) -> Record:
    """A row that could not be read at all."""
    return _refused(source, where, storable(raw), Problem("", detail))


def _refused(source: Source, where: str, raw: Any, problem: Problem) -> Record:
    own = record_id(source.name, RecordKind.SERVICE, f"unread:{where}")
    return Record(RecordKind.SERVICE, where, "(unreadable)", "", own, problems=(problem,), raw=raw)


def _organization(said: Said, where: str, source: Source) -> Record:
    inner = said.inner("organization")
    theirs = Said(inner.raw, [])
    exact: dict[str, Any] | None = None
    wrong: list[Problem] = []
    if isinstance(said.raw, OwnRow):
        exact, wrong = own_sheet.organization_fields(said.raw)
    elif theirs.raw and own_copy.is_ours(said.raw):
        exact = own_copy.organization_fields(theirs.raw, whole=own_copy.is_whole(said.raw))
    fields = organization_fields(theirs) if exact is None else exact
    external = theirs.line("id", most=LONGEST_ID) or said.line("organization_id", most=LONGEST_ID)
    name = fields.get("name") or fields.get(NAME_OF_NEW) or said.line("organization_name", most=LONGEST_ID)
    if not name and not external and source.own is not None:
        return Record(
            RecordKind.ORGANIZATION, where, source.own[1], str(source.own[0]), source.own[0], raw={}
        )
    problems = tuple(wrong)
    if not name and not external:
        name = said.line("name", most=LONGEST_ID)
        if not name:
            problems = (Problem("organization", "It names no organisation. Say who offers it."),)
    external = external or plain_name(name or where)
    if name:
        if NAME_OF_NEW not in fields:
            fields["name"] = name
        fields[SECTOR_OF_NEW] = source.sector
    raw = storable(theirs.raw) or {"name": name}
    return Record(
        kind=RecordKind.ORGANIZATION,
        where=where,
        name=name or external,
        external_id=external,
        record_id=record_id(source.name, RecordKind.ORGANIZATION, external),
        said=fields,
        problems=problems,
        notes=tuple(theirs.notes),
        raw=raw,
    )


def _venues(said: Said, where: str, source: Source, owner: UUID) -> list[tuple[Record, str, Said]]:
    """The venues, each once, with the id of the service there and what is said of the service there."""
    found: dict[UUID, tuple[Record, str, Said]] = {}
    for there in said.all("service_at_locations"):
        wrong: list[Problem] = []
        theirs = Said(there.inner("location").raw, [])
        exact: dict[str, Any] | None = None
        if isinstance(said.raw, OwnRow):
            exact, wrong = own_sheet.location_fields(said.raw)
        elif theirs.raw and own_copy.is_ours(said.raw):
            exact = own_copy.location_fields(theirs.raw, whole=own_copy.is_whole(said.raw))
        fields = location_fields(theirs) if exact is None else exact
        external = theirs.line("id", most=LONGEST_ID) or there.line("location_id", most=LONGEST_ID)
        if not fields and not external and not wrong:
            continue
        if external is None:
            told = (fields.get("name"), fields.get("address_1"), fields.get("postal_code"))
            external = "|".join(plain_name(part or "") for part in told)
        own = record_id(source.name, RecordKind.LOCATION, external)
        if said.raw.get("linkwork") or isinstance(said.raw, OwnRow):
            fields["organization_id"] = _uuid(theirs.line("organization_id")) or owner
        else:
            fields["organization_id"] = owner
        record = Record(
            kind=RecordKind.LOCATION,
            where=where,
            name=fields.get("name", external),
            external_id=external,
            record_id=own,
            said=fields,
            problems=tuple(wrong),
            notes=tuple(theirs.notes),
            raw=storable(theirs.raw),
        )
        found.setdefault(own, (record, there.line("id") or "", there))
    return list(found.values())


def _service(
    said: Said,
    where: str,
    source: Source,
    owner: Record,
    venues: list[tuple[Record, str, Said]],
    raw: Any,
) -> Record:
    postcode = next((v.said.get("postal_code") for v, _, _ in venues if v.said.get("postal_code")), "")
    name = said.line("name") or ""
    external = said.line("id", most=LONGEST_ID) or "|".join(
        (plain_name(owner.name), plain_name(name), postcode or "")
    )
    own = record_id(source.name, RecordKind.SERVICE, external)
    at = [(there_id, record.record_id, there) for record, there_id, there in venues]
    problems = list(owner.problems)
    if isinstance(said.raw, OwnRow):
        fields, wrong = own_sheet.service_fields(said.raw)
        problems += [*wrong, *(one for record, _, _ in venues for one in record.problems)]
    else:
        exact = own_copy.service_fields(said.raw)
        fields = service_fields(said, at) if exact is None else exact
    if not fields.get("name"):
        problems.append(Problem("name", "It has no name. Say what it is called."))
    if source.needs and (needs := named_needs(said, source.needs)):
        fields["terms"] = fields.get("terms", frozenset()) | needs
    fields["organization_id"] = owner.record_id
    main = _uuid(said.inner("linkwork").line("main_location_id")) or (at[0][1] if at else None)
    if at and isinstance(said.raw, OwnRow):
        fields[own_sheet.MAIN_VENUE] = str(at[0][1])
    elif at:
        mains = [venue for _, venue, _ in at if venue == main] or [at[0][1]]
        ordered = sorted((venue for _, venue, _ in at), key=lambda venue: (venue != mains[0], venue))
        fields["locations"] = tuple(FoundAt(venue, main=venue == mains[0]) for venue in ordered)
    return Record(
        kind=RecordKind.SERVICE,
        where=where,
        name=fields.get("name", "(no name)"),
        external_id=external,
        record_id=own,
        said=fields,
        problems=tuple(problems),
        notes=tuple(said.notes),
        raw=raw,
    )


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
