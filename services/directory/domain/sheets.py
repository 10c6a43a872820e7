"""CSV files people write by hand: a first line of column names, then one thing in each line.

A column that is not in the file says nothing; an empty cell of one that is says "none". Several words in a
cell stand with blanks or semicolons between. Every problem names its file, its line and its column.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from services.directory.domain.postcodes import parse_postcode
from shared.errors import Invalid

MOST_ROWS = 50_000
LONGEST_CELL = 4000
_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_YES, _NO = frozenset({"yes", "y", "true", "1"}), frozenset({"no", "n", "false", "0", ""})


@dataclass(frozen=True)
class Columns:
    """What a file may say: columns that every file of its kind has, and those it may leave out.

    `by` are the columns that say together which thing a line is about: two lines may not be about one.
    """

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    by: tuple[str, ...] = ("key",)


@dataclass(frozen=True)
class Row:
    """One line. `number` counts as an editor does: the line of column names is 1."""

    file: str
    number: int
    cells: Mapping[str, str]

    def refuse(self, column: str, words: str) -> Invalid:
        """The error that says what is wrong with a cell."""
        return Invalid.field(f"/{self.file}/{self.number}/{column}", f"{column}: {words}")

    def has(self, column: str) -> bool:
        """True where the file has this column."""
        return column in self.cells

    def text(self, column: str) -> str:
        """What the cell says, without blanks around; empty where it says nothing."""
        return self.cells.get(column, "")

    def said(self, column: str) -> str:
        """What the cell says. Raises Invalid where it is empty."""
        if not self.text(column):
            raise self.refuse(column, "This must be said.")
        return self.text(column)

    def key(self, column: str = "key") -> str:
        """A short name of our own, such as `front-street-surgery`. Raises Invalid."""
        text = self.said(column)
        if not _KEY.fullmatch(text):
            raise self.refuse(column, "Use small letters, digits and hyphens, 60 at most.")
        return text

    def words(self, column: str) -> list[str]:
        """The words of a cell that holds several, each once."""
        return (
            list(dict.fromkeys(re.split(r"[\s;,]+", self.text(column).strip()))) if self.text(column) else []
        )

    def whole(self, column: str) -> int | None:
        """A whole number. Raises Invalid."""
        text = self.text(column)
        if not text:
            return None
        if not re.fullmatch(r"[0-9]{1,6}", text):
            raise self.refuse(column, "This must be a whole number.")
        return int(text)

    def yes(self, column: str) -> bool:
        """`yes` or `no`; empty is no. Raises Invalid."""
        text = self.text(column).lower()
        if text not in _YES | _NO:
            raise self.refuse(column, "Say yes or no.")
        return text in _YES

    def day(self, column: str) -> date | None:
        """A day written 2026-11-22. Raises Invalid."""
        text = self.text(column)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            raise self.refuse(column, "Write the day as 2026-11-22.") from None

    def postcode(self, column: str) -> str | None:
        """A postcode as it is stored. Raises Invalid."""
        text = self.text(column)
        found = parse_postcode(text) if text else None
        if text and found is None:
            raise self.refuse(column, "This is not a postcode.")
        return found

    def one_of(self, column: str, known: Iterable[str]) -> str | None:
        """One of the words that are known. Raises Invalid naming them."""
        text = self.text(column)
        if text and text not in (words := tuple(known)):
            raise self.refuse(column, f"This must be one of: {', '.join(words)}.")
        return text or None

    def all_of(self, column: str, known: Iterable[str]) -> list[str]:
        """Words that are all known. Raises Invalid naming the first that is not."""
        found, words = self.words(column), tuple(known)
        for word in found:
            if word not in words:
                raise self.refuse(column, f"{word!r} must be one of: {', '.join(words)}.")
        return found


def read_sheet(file: str, lines: Iterable[str], columns: Columns) -> list[Row]:
    """The rows of a CSV file, empty lines left out.

    Raises Invalid for columns that lack or that nobody knows (a misspelt one would say nothing), a row with
    more cells than columns, a cell over 4,000 characters or with a NUL, and more than 50,000 rows.
    """
    reader = csv.reader(lines, strict=True)
    try:
        head = [name.strip().lower() for name in next(reader, [])]
        _check_head(file, head, columns)
        said = (cells for cells in reader if any(map(str.strip, cells)))
        rows = [_row(file, reader.line_num, head, cells) for cells in islice(said, MOST_ROWS + 1)]
    except csv.Error as wrong:
        raise Invalid.field(
            f"/{file}/{reader.line_num}", f"Line {reader.line_num} cannot be read as CSV."
        ) from wrong
    if len(rows) > MOST_ROWS:
        raise Invalid.field(f"/{file}", f"More than {MOST_ROWS} rows: load them in parts.")
    return rows


def _check_head(file: str, head: Sequence[str], columns: Columns) -> None:
    lacking = [name for name in columns.required if name not in head]
    if lacking:
        raise Invalid.field(f"/{file}/1", f"The first line has no column {', '.join(lacking)}.")
    unknown = [name for name in head if name not in (*columns.required, *columns.optional)]
    if unknown:
        raise Invalid.field(f"/{file}/1", f"No column is called {', '.join(map(repr, unknown))}.")
    if len(set(head)) < len(head):
        raise Invalid.field(f"/{file}/1", "A column is named twice.")


def _row(file: str, number: int, head: Sequence[str], cells: Sequence[str]) -> Row:
    if len(cells) > len(head):
        raise Invalid.field(f"/{file}/{number}", f"Line {number} has more cells than the first line.")
    for name, cell in zip(head, cells, strict=False):
        if len(cell) > LONGEST_CELL or "\0" in cell:
            raise Invalid.field(f"/{file}/{number}/{name}", f"Line {number}: {name} is too long to be taken.")
    short = (*cells, *[""] * (len(head) - len(cells)))
    return Row(file, number, {name: cell.strip() for name, cell in zip(head, short, strict=True)})
