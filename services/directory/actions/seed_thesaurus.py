"""The thesaurus a new directory begins with, from the file beside this module."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from services.directory.domain.thesaurus import Entry
from services.directory.store.thesaurus_reading import put_seed

_FILE = Path(__file__).with_name("thesaurus.txt")


def put_thesaurus(session: Session, at: datetime) -> int:
    """Put it in where there is no thesaurus yet, in the caller's transaction; returns how many entries."""
    return put_seed(session, seed_entries(), at)


def seed_entries() -> tuple[Entry, ...]:
    """What the file says, in its order."""
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    return tuple(_entry(line) for line in lines if line and not line.startswith(";"))


def _entry(line: str) -> Entry:
    words, _, need = line.partition("#")
    same, _, also = words.partition(">")
    return Entry(_split(same), _split(also), need.strip() or None)


def _split(words: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in words.split(",") if one.strip())
