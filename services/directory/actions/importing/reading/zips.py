"""Zip files, looked at before anything in them is unpacked."""

from __future__ import annotations

import zipfile
from typing import IO

from services.directory.actions.importing.limits import MIB, MOST_RATIO, MOST_UNPACKED
from services.directory.actions.importing.reading.items import refuse

MOST_MEMBERS = 2_000


def open_zip(file: IO[bytes]) -> zipfile.ZipFile:
    """The archive. Raises Invalid where it is none, is locked, or would unpack to far more than its size."""
    try:
        packed = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError) as wrong:
        raise refuse(
            "It cannot be read as a zip file: it breaks off. Get it anew from its source."
        ) from wrong
    members = packed.infolist()
    unpacked = sum(one.file_size for one in members)
    squeezed = sum(one.compress_size for one in members)
    trouble = ""
    if len(members) > MOST_MEMBERS:
        trouble = f"It holds more than {MOST_MEMBERS} files: that is no file of listings."
    elif unpacked > MOST_UNPACKED:
        trouble = f"Unpacked it is over {MOST_UNPACKED // MIB} MiB: import it in parts."
    elif unpacked > 10 * MIB and unpacked > squeezed * MOST_RATIO:
        trouble = (
            "It would unpack to far more than its size, as only empty or repeated cells do. Clear them out."
        )
    elif any(one.flag_bits & 1 for one in members):
        trouble = "It is locked with a password: save it without one."
    if trouble:
        packed.close()
        raise refuse(trouble)
    return packed
