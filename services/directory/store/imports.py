"""Imports: batches with the file they came in, a row for each record with its verdict, and where from."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Boolean, ForeignKey, Index, Integer, LargeBinary, String, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.directory.domain.importing.records import BatchState, Format, RecordKind, Verdict
from services.directory.store.constraints import not_blank, one_of
from services.directory.store.table import Table

_EMPTY_OBJECT = text("'{}'::jsonb")
_EMPTY_LIST = text("'[]'::jsonb")
_NO = text("false")


class ImportBatch(Table):
    """One import, from the upload to its end. `counts` are of verdicts, by kind of record.

    `organization_id` is the one organisation whose listings it may touch; None where it may touch all.
    `sector` is that of organisations that come new. `tries` is how often the step at hand was
    begun. `made_by` is the account's id, or `console`. `done` of
    `total` says how far the step at hand has come.
    """

    __tablename__ = "import_batch"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    source: Mapped[str] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(Text)
    format: Mapped[str | None] = mapped_column(String(10))
    size: Mapped[int] = mapped_column(BigInteger)
    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("organization.id"))
    sector: Mapped[str | None] = mapped_column(ForeignKey("sector.code"))
    mapping: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=_EMPTY_OBJECT, default=dict)
    headings: Mapped[list[Any]] = mapped_column(JSONB, server_default=_EMPTY_LIST, default=list)
    state: Mapped[str] = mapped_column(String(15))
    total: Mapped[int | None] = mapped_column(Integer)
    done: Mapped[int] = mapped_column(Integer, server_default=text("0"), default=0)
    tries: Mapped[int] = mapped_column(Integer, server_default=text("0"), default=0)
    counts: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=_EMPTY_OBJECT, default=dict)
    notes: Mapped[list[Any]] = mapped_column(JSONB, server_default=_EMPTY_LIST, default=list)
    why: Mapped[list[Any]] = mapped_column(JSONB, server_default=_EMPTY_LIST, default=list)
    keep_duplicates: Mapped[bool] = mapped_column(Boolean, server_default=_NO, default=False)
    even_changed: Mapped[bool] = mapped_column(Boolean, server_default=_NO, default=False)
    made_by: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    rolled_back_at: Mapped[datetime | None]

    __table_args__ = (
        not_blank("source"),
        one_of("state", BatchState),
        one_of("format", Format),
        Index("ix_import_batch_made_at", "made_at", "id"),
        Index("ix_import_batch_organization", "organization_id"),
    )


class PostcodeBefore(Table):
    """How a postcode was before a load of postcodes changed it; `was_there` is False where it came new."""

    __tablename__ = "postcode_before"

    batch_id: Mapped[UUID] = mapped_column(
        ForeignKey("import_batch.id", ondelete="CASCADE"), primary_key=True
    )
    pcds: Mapped[str] = mapped_column(String(8), primary_key=True)
    was_there: Mapped[bool]
    authority: Mapped[str | None] = mapped_column(String(9))
    ward: Mapped[str | None] = mapped_column(String(9))
    lsoa: Mapped[str | None] = mapped_column(String(9))
    lat: Mapped[float | None]
    lon: Mapped[float | None]


class ImportChunk(Table):
    """A piece of the file of a batch, all but the last of the same size; gone when it has been read."""

    __tablename__ = "import_chunk"

    batch_id: Mapped[UUID] = mapped_column(
        ForeignKey("import_batch.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)


class ImportPart(Table):
    """A line of one table of a tabular file, kept until its services have been put together."""

    __tablename__ = "import_part"

    batch_id: Mapped[UUID] = mapped_column(
        ForeignKey("import_batch.id", ondelete="CASCADE"), primary_key=True
    )
    part: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    own_id: Mapped[str] = mapped_column(Text)
    owner_id: Mapped[str] = mapped_column(Text)
    said: Mapped[dict[str, Any]] = mapped_column(JSONB)

    __table_args__ = (
        Index("ix_import_part_owner", "batch_id", "part", "owner_id"),
        Index("ix_import_part_own", "batch_id", "part", "own_id"),
    )


class ImportRow(Table):
    """One record of a batch. `said` is what it says, `before` and `after` the documents when it was applied.

    `why` are problems of a refused one, `notes` what else is to be known. `keys` tell it from others of the
    same name (`domain/importing/matching.py`). `raw` is what came, whole: nothing is lost.
    """

    __tablename__ = "import_row"

    batch_id: Mapped[UUID] = mapped_column(
        ForeignKey("import_batch.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    place: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    plain_name: Mapped[str] = mapped_column(Text)
    external_id: Mapped[str] = mapped_column(Text)
    external_record_id: Mapped[UUID]
    record_id: Mapped[UUID]
    verdict: Mapped[str | None] = mapped_column(String(20))
    why: Mapped[list[Any]] = mapped_column(JSONB, server_default=_EMPTY_LIST, default=list)
    notes: Mapped[list[Any]] = mapped_column(JSONB, server_default=_EMPTY_LIST, default=list)
    changes: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=_EMPTY_OBJECT, default=dict)
    keys: Mapped[list[Any]] = mapped_column(JSONB, server_default=_EMPTY_LIST, default=list)
    said: Mapped[dict[str, Any]] = mapped_column(JSONB)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    raw: Mapped[Any] = mapped_column(JSONB)

    __table_args__ = (
        one_of("kind", RecordKind),
        one_of("verdict", Verdict),
        Index("ix_import_row_kind", "batch_id", "kind", "number"),
        Index("ix_import_row_verdict", "batch_id", "verdict", "number"),
        Index("ix_import_row_external_record", "batch_id", "external_record_id"),
        Index("ix_import_row_plain_name", "batch_id", "kind", "plain_name"),
    )


class Provenance(Table):
    """A record of ours and what it is called where it came from: once for each batch that brought it."""

    __tablename__ = "provenance"

    batch_id: Mapped[UUID] = mapped_column(
        ForeignKey("import_batch.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    source: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(12))
    external_id: Mapped[str] = mapped_column(Text)
    record_id: Mapped[UUID]
    seen_at: Mapped[datetime]

    __table_args__ = (
        one_of("kind", RecordKind),
        Index("ix_provenance_record", "record_id"),
        Index("ix_provenance_external", "source", "kind", "external_id"),
    )
