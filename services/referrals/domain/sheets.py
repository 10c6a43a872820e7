"""One CSV file that people write by hand: a first line of column names, then one thing in each line.

A line that cannot be taken has its own problems, each at a column; the others are not touched by it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from shared.errors import Invalid

MOST_ROWS = 5_000
MOST_BYTES = 10_000_000
LONGEST_CELL = 4_000
_YES, _NO = frozenset({"yes", "y", "true", "1"}), frozenset({"no", "n", "false", "0"})


@dataclass(frozen=True)
class Problem:
    """What is wrong with one cell and how to mend it; `column` is empty where it is the whole line."""

    column: str
    words: str


@dataclass
class Line:
    """One line and what was found wrong with it. `number` counts as an editor does: column names are 1."""

    number: int
    cells: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, column: str, words: str) -> None:
        """One more problem."""
        if not any(known.column == column for known in self.problems):
            self.problems.append(Problem(column, words))

    def text(self, column: str) -> str | None:
        """What the cell says, without blanks around; None where it says nothing."""
        return self.cells.get(column) or None

    def said(self, column: str, why: str = "This must be said.") -> str:
        """As `text`; a problem where the cell is empty."""
        found = self.text(column)
        if found is None:
            self.refuse(column, why)
        return found or ""

    def yes(self, column: str) -> bool | None:
        """`yes` or `no`; None where it was not asked."""
        text = (self.text(column) or "").lower()
        if text and text not in _YES | _NO:
            self.refuse(column, "Say yes or no, or leave it empty where nobody asked.")
        return text in _YES if text in _YES | _NO else None

    def day(self, column: str) -> date | None:
        """A day written 2026-11-22."""
        text = self.text(column)
        if text is None:
            return None
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII):
            try:
                return date.fromisoformat(text)
            except ValueError:
                pass
        self.refuse(column, "Write a day of the calendar as 2026-11-22.")
        return None

    def whole(self, column: str) -> int | None:
        """A whole number."""
        text = self.text(column)
        if text is not None and not re.fullmatch(r"[0-9]{1,6}", text, re.ASCII):
            self.refuse(column, "Write a whole number.")
            return None
        return int(text) if text is not None else None

    def words(self, column: str) -> tuple[str, ...]:
        """The words of a cell that holds several with blanks or semicolons between, each once."""
        return tuple(dict.fromkeys(word for word in re.split(r"[\s;,]+", self.text(column) or "") if word))

    def parts(self, column: str) -> tuple[str, ...]:
        """The parts of a cell between semicolons."""
        return tuple(part.strip() for part in (self.text(column) or "").split(";") if part.strip())

    def one_of(self, column: str, known: Iterable[str], otherwise: str) -> str:
        """One of the words that are known; `otherwise` where the cell is empty."""
        text, words = self.text(column), tuple(known)
        if text is not None and text not in words:
            self.refuse(column, f"Write one of: {', '.join(words)}.")
            return otherwise
        return text or otherwise


def read_lines(lines: Iterable[str], *, required: Sequence[str], optional: Sequence[str]) -> list[Line]:
    """The lines of a CSV file, empty ones left out.

    Raises Invalid where the file as a whole cannot be read: over 10 million characters or 5,000 rows, no CSV,
    a column that lacks, is named twice or that nobody knows (a misspelt one would say nothing).
    """
    reader = csv.reader(_bounded(lines), strict=True)
    try:
        head = [name.strip().lower() for name in next(reader, [])]
        _check_head(head, required, optional)
        found: list[Line] = []
        for cells in reader:
            if any(map(str.strip, cells)):
                found.append(_line(reader.line_num, head, cells))
            if len(found) > MOST_ROWS:
                raise Invalid.field("/file", f"More than {MOST_ROWS} rows: load them in parts.")
    except csv.Error as wrong:
        number = reader.line_num
        raise Invalid.field(
            "/file", f"Line {number} cannot be read as CSV: look for a lone quote."
        ) from wrong
    return found


def _bounded(lines: Iterable[str]) -> Iterator[str]:
    left = MOST_BYTES
    for line in lines:
        left -= len(line)
        if left < 0:
            raise Invalid.field("/file", f"More than {MOST_BYTES} characters: load it in parts.")
        yield line


def _check_head(head: Sequence[str], required: Sequence[str], optional: Sequence[str]) -> None:
    lacking = [name for name in required if name not in head]
    if lacking:
        raise Invalid.field("/file", f"The first line has no column {', '.join(lacking)}.")
    unknown = [name for name in head if name not in (*required, *optional)]
    if unknown:
        raise Invalid.field("/file", f"No column is called {', '.join(map(repr, unknown))[:200]}.")
    if len(set(head)) < len(head):
        raise Invalid.field("/file", "A column is named twice.")


def _line(number: int, head: Sequence[str], cells: Sequence[str]) -> Line:
    short = (*cells, *[""] * (len(head) - len(cells)))
    line = Line(number, {name: cell.strip() for name, cell in zip(head, short, strict=False)})
    if len(cells) > len(head):
        line.refuse("", "The line has more cells than the first line: put quotes around a comma.")
    for name, cell in line.cells.items():
        if len(cell) > LONGEST_CELL:
            line.refuse(name, f"Write at most {LONGEST_CELL} characters.")
    return line
