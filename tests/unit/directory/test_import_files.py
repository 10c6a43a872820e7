"""Files of any kind: read piece by piece, or refused in words that say what to do."""

from __future__ import annotations

import io
import json
import tracemalloc
import zipfile
from contextlib import suppress
from itertools import islice
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.directory.actions.importing import limits
from services.directory.actions.importing.reading import zips
from services.directory.actions.importing.reading.items import Item
from services.directory.actions.importing.reading.json_items import json_items
from services.directory.actions.importing.reading.kinds import format_of
from services.directory.actions.importing.reading.long_numbers import InQuotes
from services.directory.actions.importing.reading.sheet_rows import (
    csv_rows,
    encoding_of,
    heading_row,
    xlsx_rows,
)
from shared.errors import Invalid
from shared.json_numbers import json_of_others


def items(text: str | bytes) -> list[Item]:
    return list(json_items(io.BytesIO(text.encode() if isinstance(text, str) else text)))


def why(refused: pytest.ExceptionInfo[Invalid]) -> str:
    return refused.value.errors[0].detail


def workbook(rows: list[list[Any]]) -> io.BytesIO:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file


@pytest.mark.parametrize(
    "text",
    [
        '[{"id": 1}, {"id": 2}]',
        '{"total_pages": 1, "contents": [{"id": 1}, {"id": 2}]}',
        '{"content": [{"id": 1}, {"id": 2}]}',
        '{"id": 1}\n\n{"id": 2}\n',
        '{"contents": [{"id": 1}]}\n{"contents": [{"id": 2}]}'.replace("\n", " "),
    ],
)
def test_lists_pages_and_lines_of_json_are_read(text: str) -> None:
    assert [one.said for one in items(text)] == [{"id": 1}, {"id": 2}]


@pytest.mark.parametrize("text", ['{"a": [1', "[}", '[{"a": "\\ud8', "[]"])
def test_broken_json_is_refused_whole(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        items(text)
    assert why(refused)


def test_a_hundred_thousand_brackets_fill_no_memory() -> None:
    deep = 100_000
    inner = b'{"a":' * deep + b"1" + b"}" * deep
    file = io.BytesIO(
        b'{"meta":' + b"[" * deep + b"]" * deep + b',"contents":[{"a":' + inner + b'},{"a":1}]}'
    )
    tracemalloc.start()
    try:
        read = list(json_items(file))
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert [bool(one.unreadable) for one in read] == [True, False]
    assert most < 50 * limits.MIB


def test_a_giant_among_the_items_is_passed_over_and_the_others_are_read() -> None:
    giant = {"id": "g", "list": [1] * (limits.MOST_EVENTS + 1)}
    deep: Any = 1
    for _ in range(limits.DEEPEST + 5):
        deep = {"d": deep}
    found = items(json.dumps([{"id": 1}, giant, deep, {"id": 2}]))
    assert [bool(one.unreadable) for one in found] == [False, True, True, False]


NUMBERS = {
    "9" * 19: "9" * 19,
    "-1" + "0" * 40: "-1" + "0" * 40,
    "9" * 200_000: "9" * 200_000,
    "1e400": "1e400",
    "1e" + "9" * 30: "1e" + "9" * 30,
    "0.5e-1": 0.05,
    "123456789012345678": 123456789012345678,
    "-0.25": -0.25,
}


@pytest.mark.parametrize("shape", ['[{"id": 1}, %s, {"id": 2}]', '{"id": 1}\n%s\n{"id": 2}'])
@pytest.mark.parametrize(("number", "kept"), NUMBERS.items())
def test_a_number_beyond_counting_is_kept_as_text_and_the_file_is_read_on(
    shape: str, number: str, kept: float | str
) -> None:
    odd = '{"id": "7", "words": "\\"12, 9e999\\\\", "minimum_age": %s}' % number  # noqa: UP031
    said = [one.said for one in items(shape % odd)]
    assert said == [{"id": 1}, {"id": "7", "words": '"12, 9e999\\', "minimum_age": kept}, {"id": 2}]


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.text()
        | st.floats(allow_nan=False, allow_infinity=False),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
        max_leaves=30,
    ),
    st.integers(1, 80),
)
def test_a_file_in_quotes_says_the_same_wherever_it_is_cut(said: Any, size: int) -> None:
    class Cut(io.BytesIO):
        def read(self, _: int | None = -1) -> bytes:
            return super().read(size)

    file = InQuotes(Cut(json.dumps(said).encode()))
    whole = b"".join(iter(file.read, b""))
    assert json.loads(whole) == json_of_others(json.dumps(said))


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(Invalid):
        kind = format_of(io.BytesIO(data))
        file = io.BytesIO(data)
        rows: Any = json_items(file) if kind == "json" else csv_rows(file, encoding_of(file)[0])
        for row in rows:
            assert row


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("Name,Town\r\nCafé,York\r\n".encode(), ""),
        ("\ufeffName;Town\nCafé;York\n".encode(), ""),
        ("Name\tTown\nCafé\tYork\n".encode("utf-16"), ""),
        ("Name,Town\nCafé,York\n".encode("cp1252"), "Windows-1252"),
    ],
)
def test_encodings_and_delimiters_are_found_out(data: bytes, words: str) -> None:
    encoding, said = encoding_of(io.BytesIO(data))
    assert words in said
    assert [cells for _, cells, _ in csv_rows(io.BytesIO(data), encoding)] == [
        {"Name": "Café", "Town": "York"}
    ]


def test_a_row_with_too_many_cells_is_refused_and_the_next_is_read() -> None:
    rows = list(csv_rows(io.BytesIO(b"Name,Town\nTea, talk, York\nChoir,Leeds\n"), "utf-8"))
    assert [bool(trouble) for _, _, trouble in rows] == [True, False]


def test_a_workbook_is_read_row_by_row() -> None:
    file = workbook([["Name", "Age", "Free"], ["Tea", 18, True], [None, None, None], ["Choir", 1.5, None]])
    assert format_of(file) == "xlsx"
    assert heading_row(file, is_workbook=True) == ["Name", "Age", "Free"]
    assert [cells for _, cells, _ in xlsx_rows(file)] == [
        {"Name": "Tea", "Age": "18", "Free": "yes"},
        {"Name": "Choir", "Age": "1.5"},
    ]


def test_a_runaway_sheet_is_refused_in_words() -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["Name"])
    sheet.append(["Tea"])
    for _ in range(limits.MOST_EMPTY_ROWS + 5):
        sheet.append([""])
    file = io.BytesIO()
    book.save(file)
    with pytest.raises(Invalid) as refused:
        list(xlsx_rows(file))
    assert "empty rows" in why(refused)


def test_a_zip_that_would_burst_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("services.csv", b"0" * (30 * limits.MIB))
    file.seek(0)
    with pytest.raises(Invalid) as refused:
        format_of(file)
    assert "far more than its size" in why(refused)
    monkeypatch.setattr(zips, "MOST_UNPACKED", 1000)
    with pytest.raises(Invalid) as refused:
        zips.open_zip(file)
    assert "in parts" in why(refused)


@pytest.mark.parametrize(
    "data", [b"", b"  \n", b"PK\x03\x04broken", b"<html>", b"%PDF-1", b"\xd0\xcf\x11\xe0", b"a\0b"]
)
def test_what_cannot_be_imported_is_refused_saying_what_can(data: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        format_of(io.BytesIO(data))
    assert why(refused)


@pytest.mark.parametrize("first", [b"a\rb,c", b"a,b\r\rc", b'"a\rb",c\r'])
def test_a_lone_carriage_return_is_no_error_of_ours(first: bytes) -> None:
    assert format_of(io.BytesIO(first)) == "csv"


def test_a_broken_sheet_in_utf_16_comes_to_an_end() -> None:
    file = io.BytesIO(b"\xff\xfe" + "a,b\n1,2\n".encode("utf-16-le") + b"x")
    with pytest.raises(Invalid) as refused:
        list(islice(csv_rows(file, encoding_of(file)[0]), 100))
    assert "UTF-16" in why(refused)


def test_a_row_of_a_million_cells_is_refused_and_only_its_beginning_kept() -> None:
    file = io.BytesIO(b"a,b\n1,2" + b",x" * 1_000_000 + b"\n3,4\n")
    (_, cells, trouble), following = csv_rows(file, "utf-8-sig")
    assert trouble
    assert len(cells) < 300
    assert following[1] == {"a": "3", "b": "4"}
