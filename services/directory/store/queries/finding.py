"""Finding by words: every word somewhere, or words that are spelt nearly so (pg_trgm)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, and_, literal, or_
from sqlalchemy.orm import InstrumentedAttribute

from shared.errors import Malformed

MOST_WORDS = 8
Text = InstrumentedAttribute[str]


def wanted_words(q: str) -> list[str]:
    """The words of a search, in lower case, the first eight. NUL, which no text here can hold, is dropped."""
    return q.replace("\0", " ").lower().split()[:MOST_WORDS]


def all_words(column: Text, words: list[str]) -> ColumnElement[bool]:
    """Every word is part of the text."""
    return and_(*(column.ilike(f"%{_plain(word)}%", escape="\\") for word in words))


def nearly(column: Text, words: list[str]) -> ColumnElement[bool]:
    """Every word, or the whole of them, is nearly part of the text (`pg_trgm.word_similarity_threshold`)."""
    return or_(all_words(column, words), literal(" ".join(words)).op("<%", is_comparison=True)(column))


def cursor_id(part: object) -> UUID:
    """The id inside a cursor. Raises Malformed where it is none."""
    try:
        return UUID(str(part))
    except ValueError as wrong:
        raise Malformed("This cursor is not one we gave. Start from the first page.") from wrong


def _plain(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
