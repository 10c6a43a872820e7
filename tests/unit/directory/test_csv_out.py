"""Cells of a sheet: safe to open, and undone to what they said."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.directory.domain.csv_out import as_said, safe

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "'", "＝")
cells = st.text(max_size=20) | st.builds(lambda a, b: a + b, st.sampled_from(STARTS), st.text(max_size=10))
nested = st.builds(lambda n, cell: "'" * n + cell, st.integers(0, 3), cells)


@given(nested)
def test_what_is_made_safe_is_undone_exactly(cell: str) -> None:
    assert as_said(safe(cell)) == cell


@given(nested)
def test_no_cell_begins_as_a_formula(cell: str) -> None:
    assert not safe(cell).startswith(tuple(set(STARTS) - {"'"}))


@pytest.mark.parametrize(
    "cell", ["=1+1", "+44 1632 960100", "-5", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("x")']
)
def test_what_a_spreadsheet_would_reckon_with_begins_with_an_apostrophe(cell: str) -> None:
    assert safe(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["", "Tea and talk", "'Tea'", "a=b", "1-2", " =1"])
def test_what_is_harmless_is_left_alone(cell: str) -> None:
    assert safe(cell) == cell
    assert as_said(cell) == cell


@given(st.lists(nested, min_size=1, max_size=4))
def test_a_row_comes_back_as_it_was(row: list[str]) -> None:
    written = io.StringIO(newline="")
    csv.writer(written).writerow([safe(cell) for cell in row])
    written.seek(0)
    (read,) = csv.reader(written)
    assert [as_said(cell) for cell in read] == row
