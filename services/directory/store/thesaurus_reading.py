"""The thesaurus read and written; what its phrases are to PostgreSQL is worked out when they are written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import bindparam, select, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Session

from services.directory.domain.thesaurus import Entry
from services.directory.store.thesaurus import ThesaurusEntry

_SPACE = UUID("7d6f1d9c-51a4-5d6f-9c5e-8f0f6f3f2a10")
# The stems of a phrase in their order: what the words of a search are compared with.
STEMS = (
    "select coalesce(string_agg(lexeme, ' ' order by positions[1], lexeme), '')"
    " from unnest(to_tsvector('linkwork', {phrase}))"
)
_WORKED_OUT = text(
    f"select n, ({STEMS.format(phrase='phrase')}) as key, phraseto_tsquery('linkwork', phrase)::text as query"  # noqa: S608
    " from unnest(cast(:phrases as text[])) with ordinality as one(phrase, n) order by n"
).bindparams(bindparam("phrases", type_=ARRAY(TEXT)))
_WORDS = text("""
insert into search_word (word, letters)
select word, (select string_agg(one, '' order by one) from unnest(string_to_array(word, null)) as one)
from (select distinct regexp_split_to_table(lower(unaccent(phrase)), '[^a-z]+') as word
    from unnest(cast(:phrases as text[])) as phrase) as split
where length(word) between 3 and 30 order by word
on conflict do nothing
""").bindparams(bindparam("phrases", type_=ARRAY(TEXT)))


def entries(session: Session) -> Sequence[ThesaurusEntry]:
    """All entries, by their first word."""
    return session.scalars(select(ThesaurusEntry).order_by(ThesaurusEntry.same, ThesaurusEntry.id)).all()


def put_entry(session: Session, row: ThesaurusEntry, entry: Entry) -> None:
    """Say in `row` what `entry` says, worked out for the search."""
    phrases = [*entry.same, *entry.also]
    worked_out = session.execute(_WORKED_OUT, {"phrases": phrases}).all()
    session.execute(_WORDS, {"phrases": phrases})
    row.same, row.also, row.need = list(entry.same), list(entry.also), entry.need
    row.keys = [key for _, key, _ in worked_out[: len(entry.same)]]
    row.queries = [query for _, _, query in worked_out]


def put_seed(session: Session, seed: Iterable[Entry], at: datetime) -> int:
    """Put the entries in where there is none at all; returns how many. What somebody removed stays away."""
    if session.scalar(select(ThesaurusEntry.id).limit(1)) is not None:
        return 0
    rows = []
    for entry in seed:
        row = ThesaurusEntry(id=uuid5(_SPACE, entry.same[0]), changed_at=at, changed_by="Linkwork")
        put_entry(session, row, entry)
        rows.append(row)
    session.add_all(rows)
    return len(rows)
