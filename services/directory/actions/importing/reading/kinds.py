"""What a file is, by what it holds and not by its name."""

from __future__ import annotations

import csv
from typing import IO

from services.directory.actions.importing.reading.items import refuse
from services.directory.actions.importing.reading.zips import open_zip
from services.directory.domain.importing.records import Format
from services.directory.domain.ods import is_practice_line

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


def format_of(file: IO[bytes]) -> Format:
    """Raises Invalid for what cannot be imported, saying what can."""
    start = file.read(4096)
    file.seek(0)
    plain = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not plain:
        raise refuse("The file is empty.")
    if start.startswith(_OLD_EXCEL):
        raise refuse(
            "This is an old Excel file (.xls), or a locked one. Save it as .xlsx or CSV without a password."
        )
    if start.startswith(b"PK"):
        with open_zip(file) as packed:
            names = [name.rpartition("/")[2].lower() for name in packed.namelist()]
        file.seek(0)
        if "workbook.xml" in names:
            return Format.XLSX
        if "services.csv" in names or "service.csv" in names:
            return Format.TABULAR
        raise refuse("The zip holds neither services.csv (HSDS tabular) nor an Excel workbook.")
    if plain[:1] in (b"{", b"["):
        return Format.JSON
    if plain[:1] == b"<" or start.startswith(b"%PDF"):
        raise refuse("This is a web page, XML or a PDF. Import JSON (HSDS, Open Referral UK), CSV or XLSX.")
    if b"\0" in start and start[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise refuse("This is no text. Import JSON (HSDS, Open Referral UK), CSV or XLSX.")
    first = plain.partition(b"\n")[0].decode("utf-8", "replace")
    try:
        cells = next(csv.reader([first]))
    except csv.Error:
        # Broken as the first line it is; which others can be read is found out line by line.
        return Format.CSV
    return Format.PRACTICES if is_practice_line(cells) else Format.CSV
