"""What an import is made of: one record for each thing a row speaks of, and what becomes of it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

_SPACE = uuid5(NAMESPACE_URL, "urn:linkwork:import")


class RecordKind(StrEnum):
    """What a record is; in the order in which one needs another."""

    TERM = "term"
    ORGANIZATION = "organization"
    LOCATION = "location"
    SERVICE = "service"


class Verdict(StrEnum):
    """What keeping a record would do, or did."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    POSSIBLE_DUPLICATE = "possible_duplicate"
    REFUSED = "refused"


class BatchState(StrEnum):
    """How far an import has come. Those that end in -ing are the worker's to go on with."""

    MAPPING = "mapping"
    READING = "reading"
    CHECKING = "checking"
    CHECKED = "checked"
    APPLYING = "applying"
    APPLIED = "applied"
    ROLLING_BACK = "rolling_back"
    ROLLED_BACK = "rolled_back"
    REFUSED = "refused"


AT_WORK = (BatchState.READING, BatchState.CHECKING, BatchState.APPLYING, BatchState.ROLLING_BACK)


class Format(StrEnum):
    """What a file is."""

    JSON = "json"
    TABULAR = "tabular"
    CSV = "csv"
    XLSX = "xlsx"
    PRACTICES = "practices"
    POSTCODES = "postcodes"


@dataclass(frozen=True)
class Problem:
    """What is wrong with one field, and how to mend it."""

    field: str
    detail: str


@dataclass(frozen=True)
class Record:
    """One thing a row speaks of. `said` are fields of its document, by name, that the row says something of.

    `where` is where it stands in the file, in words. With `problems` it is refused; `notes` are said of what
    was mended or left out. `raw` is what came, whole.
    """

    kind: RecordKind
    where: str
    name: str
    external_id: str
    record_id: UUID
    said: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()
    raw: Any = None


def record_id(source: str, kind: RecordKind, external_id: str) -> UUID:
    """The id a record keeps here: its own where that is a UUID, else one made of its source and its id."""
    try:
        return UUID(external_id)
    except ValueError:
        return uuid5(_SPACE, f"{source}\n{kind}\n{external_id}")


def plain_name(name: str) -> str:
    """A name without case, accents, punctuation and the words everybody adds, to compare by."""
    bare = (
        unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower().replace("&", " and ")
    )
    words = re.findall(r"[a-z0-9]+", bare.replace("'", "").replace("&", " and "))
    kept = [word for word in words if word not in {"the", "ltd", "limited", "cic", "cio", "and"}]
    return " ".join(kept or words) or name.strip().lower()
