"""Check constraints said once: one of these words, only these words, never blank."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import CheckConstraint


def one_of(column: str, words: Iterable[str]) -> CheckConstraint:
    """`column` holds one of `words` (or null where the column allows it)."""
    return CheckConstraint(f"{column} in ({_quoted(words)})", name=f"{column}_known")


def only(column: str, words: Iterable[str]) -> CheckConstraint:
    """The text array `column` holds nothing but `words`."""
    return CheckConstraint(f"{column} <@ array[{_quoted(words)}]::text[]", name=f"{column}_known")


def not_blank(column: str) -> CheckConstraint:
    """`column` says something."""
    return CheckConstraint(f"btrim({column}) <> ''", name=f"{column}_said")


def weekdays(column: str) -> CheckConstraint:
    """The array `column` holds days of the week, Monday = 0."""
    return CheckConstraint(f"{column} <@ array[0,1,2,3,4,5,6]::smallint[]", name=f"{column}_weekdays")


def _quoted(words: Iterable[str]) -> str:
    return ", ".join("'" + str(word).replace("'", "''") + "'" for word in words)
