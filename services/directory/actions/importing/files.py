"""The file of a batch, kept in the database in pieces: whichever process works on it can read it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import IO
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from services.directory.actions.importing.limits import CHUNK, MIB, MOST_BYTES
from services.directory.actions.importing.reading.items import refuse
from services.directory.store.database import database
from services.directory.store.imports import ImportChunk


def put_file(session: Session, batch_id: UUID, file: IO[bytes], most: int = MOST_BYTES) -> int:
    """Keep a file; returns its size in bytes. Raises Invalid for one larger than `most`."""
    size = 0
    for position, piece in enumerate(_pieces(file)):
        size += len(piece)
        if size > most:
            raise refuse(
                f"The file is over {most // MIB} MiB. "
                + (
                    "Import it in parts."
                    if most == MOST_BYTES
                    else "Import it from a terminal, by its address, or in parts."
                )
            )
        session.add(ImportChunk(batch_id=batch_id, position=position, data=piece))
        session.flush()
        session.expunge_all()
    return size


def drop_file(session: Session, batch_id: UUID) -> None:
    """Forget the file of a batch."""
    session.execute(delete(ImportChunk).where(ImportChunk.batch_id == batch_id))


def open_file(batch_id: UUID) -> IO[bytes]:
    """The file of a batch, to be read from anywhere in it; one piece of it is in memory at a time."""
    return io.BufferedReader(_Pieces(batch_id), 64 * 1024)  # type: ignore[type-var]


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := _whole_piece(file):
        yield piece


def _whole_piece(file: IO[bytes]) -> bytes:
    # A stream may give less than it was asked for; all pieces but the last have to be of one size.
    piece = b""
    while len(piece) < CHUNK and (more := file.read(CHUNK - len(piece))):
        piece += more
    return piece


class _Pieces(io.RawIOBase):
    def __init__(self, batch_id: UUID) -> None:
        self.batch_id = batch_id
        self.at = 0
        self._held: tuple[int, bytes] = (-1, b"")
        with database.transaction() as session:
            last, size = session.execute(
                select(func.max(ImportChunk.position), func.sum(func.length(ImportChunk.data))).where(
                    ImportChunk.batch_id == batch_id
                )
            ).one()
        self.size = int(size or 0)
        self.last = -1 if last is None else int(last)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self.at, io.SEEK_END: self.size}[whence]
        if start + offset < 0:
            raise OSError("before the beginning of the file")
        self.at = start + offset
        return self.at

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        piece = self._piece(self.at // CHUNK)
        found = piece[self.at % CHUNK :][: len(buffer)]
        buffer[: len(found)] = found
        self.at += len(found)
        return len(found)

    def _piece(self, position: int) -> bytes:
        if position > self.last:
            return b""
        if self._held[0] != position:
            with database.transaction() as session:
                data = session.scalar(
                    select(ImportChunk.data).where(
                        ImportChunk.batch_id == self.batch_id, ImportChunk.position == position
                    )
                )
            self._held = (position, data or b"")
        return self._held[1]
