"""The demo's lists as CSV files beside this module: easy to read, easy to mend."""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of `<name>.csv` by column name; a blank cell is an empty string."""
    with (_HERE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def areas() -> dict[str, Any]:
    """`areas.json`: `areas` [code, kind, name] and `postcodes` [pcds, authority, ward, lsoa, lat, long].

    Contains National Statistics and OS data © Crown copyright and database right; Royal Mail data © Royal
    Mail copyright and database right. A handful of facts under the Open Government Licence v3.
    """
    found: dict[str, Any] = json.loads((_HERE / "areas.json").read_text(encoding="utf-8"))
    return found


def words(cell: str) -> list[str]:
    """The words of a cell that lists several, with blanks between."""
    return cell.split()


def ages(cell: str) -> tuple[int | None, int | None]:
    """The youngest and the oldest of `18-` or `11-25`; nobody of an empty cell."""
    youngest, _, oldest = cell.partition("-")
    return int(youngest) if youngest else None, int(oldest) if oldest else None
