"""Rows of CSV and XLSX sheets, one by one, as mappings of heading to text."""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time
from typing import IO, Any
from xml.etree.ElementTree import ParseError

import openpyxl
from defusedxml import DefusedXmlException
from openpyxl.utils.exceptions import InvalidFileException

from services.directory.actions.importing import limits
from services.directory.actions.importing.reading.items import refuse
from services.directory.actions.importing.reading.zips import open_zip

Row = tuple[int, dict[str, str], str]
_TRIES = (
    ("utf-8-sig", ""),
    ("cp1252", "It is not UTF-8, so it was read as Windows-1252: look at accents and £."),
)
csv.field_size_limit(limits.MIB)


def encoding_of(file: IO[bytes]) -> tuple[str, str]:
    """The encoding of a whole file and what to say of it. Raises Invalid where it is none that is known."""
    start = file.read(4)
    file.seek(0)
    if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        if not _decodes(file, "utf-16"):
            raise refuse("It begins as UTF-16 and does not go on so. Save it again as “CSV UTF-8”.")
        return "utf-16", ""
    for name, words in _TRIES:
        if _decodes(file, name):
            return name, words
    raise refuse("It is neither UTF-8 nor Windows-1252. Save it again as “CSV UTF-8”.")


def csv_rows(file: IO[bytes], encoding: str, seen: list[str] | None = None) -> Iterator[Row]:
    """(line, heading → text, what is wrong with the row); `seen` is given the headings.

    Raises Invalid for a file without headings.
    """
    head: list[str] | None = None
    for number, cells, trouble in csv_lines(file, encoding):
        if head is None:
            if trouble:
                raise refuse("Its first line cannot be read as CSV.")
            head = headings(cells)
            if seen is not None:
                seen += head
        else:
            yield (number, {}, trouble) if trouble else _row(number, head, cells)
    if head is None:
        raise refuse("It is empty: the first line should name the columns.")


def csv_lines(file: IO[bytes], encoding: str) -> Iterator[tuple[int, list[str], str]]:
    """(line, cells, what is wrong with the line) of a CSV without headings, or of its first line too."""
    reader = csv.reader(_text(file, encoding), delimiter=_delimiter(file, encoding))
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, UnicodeError):
            yield reader.line_num, [], "This line cannot be read as CSV: look for a quote that is not closed."
            continue
        if reader.line_num > limits.MOST_ROWS * 10:
            raise refuse(f"It has more than {limits.MOST_ROWS * 10} lines: import it in parts.")
        if any(cell.strip() for cell in cells):
            yield reader.line_num, cells, ""


def xlsx_rows(file: IO[bytes], seen: list[str] | None = None) -> Iterator[Row]:
    """As `csv_rows`, of the first sheet of a workbook. Raises Invalid for one that is none, or runs away."""
    try:
        # Its packing is looked at before anything is unpacked.
        with open_zip(file) as packed:
            words = next(
                (one for one in packed.infolist() if one.filename.endswith("sharedStrings.xml")), None
            )
            if words is not None and words.file_size > limits.MOST_SHARED_WORDS:
                raise refuse("It holds too much text for one workbook: save it as CSV and import that.")
        file.seek(0)
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError, ParseError,
            DefusedXmlException, TypeError, AttributeError) as wrong:  # fmt: skip
        raise _no_workbook() from wrong
    try:
        yield from _sheet_rows(book, seen)
    except (
        ParseError,
        DefusedXmlException,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        IndexError,
        TypeError,
    ) as wrong:
        raise _no_workbook() from wrong
    finally:
        book.close()


def _no_workbook() -> Exception:
    return refuse("It cannot be read as an Excel workbook. Open it, save it again as .xlsx, or as CSV.")


def _sheet_rows(book: Any, seen: list[str] | None) -> Iterator[Row]:
    if not book.worksheets:
        raise refuse("The workbook has no sheet.")
    sheet = book.worksheets[0]
    sheet.reset_dimensions()
    head: list[str] | None = None
    empty = filled = 0
    for number, cells in enumerate(sheet.iter_rows(max_col=limits.MOST_COLUMNS, values_only=True), start=1):
        texts = [cell_text(cell) for cell in cells]
        if not any(texts):
            empty += 1
            if empty > limits.MOST_EMPTY_ROWS:
                raise refuse(
                    f"The sheet has more than {limits.MOST_EMPTY_ROWS} empty rows by row {number}. Select "
                    "them, delete them, save, and try again."
                )
            continue
        empty = 0
        filled += 1
        if filled > limits.MOST_ROWS:
            raise refuse(f"The sheet has more than {limits.MOST_ROWS} rows: import it in parts.")
        if head is None:
            while texts and not texts[-1]:
                texts.pop()
            head = headings(texts)
            if seen is not None:
                seen += head
        else:
            yield _row(number, head, texts)
    if head is None:
        raise refuse("The first sheet is empty: its first row should name the columns.")


def headings(cells: Sequence[str]) -> list[str]:
    """The names of the columns, each once; one without a name is called by its place. Raises Invalid."""
    if len(cells) > limits.MOST_COLUMNS:
        raise refuse(f"It has more than {limits.MOST_COLUMNS} columns. Delete those that are empty.")
    found: list[str] = []
    for number, cell in enumerate(cells, start=1):
        name = " ".join(cell.replace("\0", "").split())[:100] or f"Column {number}"
        while name in found:
            name += " (again)"
        found.append(name)
    return found


def cell_text(value: Any) -> str:
    """A cell as somebody reads it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time(0):
        return value.date().isoformat()
    return str(value).strip()


def _row(number: int, head: Sequence[str], cells: Sequence[str]) -> Row:
    said = {name: cell for name, cell in zip(head, cells, strict=False) if cell}
    more = [cell for cell in cells[len(head) :] if cell.strip()]
    if more:
        kept = more[: limits.MOST_COLUMNS]
        beyond = {f"(beyond) {n}": cell[: limits.LONGEST_CELL] for n, cell in enumerate(kept, start=1)}
        return (
            number,
            said | beyond,
            "It has more cells than there are headings: put text with commas in quotes.",
        )
    long = next((name for name, cell in said.items() if len(cell) > limits.LONGEST_CELL), None)
    if long is not None:
        return number, {}, f"“{long}” is longer than {limits.LONGEST_CELL} letters: shorten it."
    return number, said, ""


def _text(file: IO[bytes], encoding: str) -> io.TextIOWrapper:
    file.seek(0)
    return io.TextIOWrapper(file, encoding=encoding, newline="")


def _delimiter(file: IO[bytes], encoding: str) -> str:
    file.seek(0)
    first = file.read(64 * 1024).decode(encoding, "ignore").partition("\n")[0]
    file.seek(0)
    return max((",", ";", "\t", "|"), key=first.count)


def _decodes(file: IO[bytes], encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while piece := file.read(limits.MIB):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    finally:
        file.seek(0)
    return True


def heading_row(file: IO[bytes], is_workbook: bool) -> list[str]:
    """The headings of a sheet. Raises Invalid where it has none."""
    seen: list[str] = []
    rows = xlsx_rows(file, seen) if is_workbook else csv_rows(file, encoding_of(file)[0], seen)
    next(rows, None)
    return seen


def first_rows(rows: Iterable[Row], most: int) -> list[dict[str, str]]:
    """The first rows of a sheet, to be shown beside its headings."""
    found = []
    for _, cells, _ in rows:
        found.append(cells)
        if len(found) == most:
            break
    return found
