"""What the pages of imports say of states, verdicts and kinds."""

from __future__ import annotations

from collections.abc import Mapping

from services.directory.domain.documents import Opening
from services.directory.domain.importing.codec import from_json
from services.directory.domain.importing.records import BatchState, RecordKind, Verdict
from services.directory.domain.opening_words import sentence

STATE_WORDS = {
    BatchState.MAPPING: {"text": "Columns to confirm", "colour": "yellow"},
    BatchState.READING: {"text": "Being read", "colour": "blue"},
    BatchState.CHECKING: {"text": "Being checked", "colour": "blue"},
    BatchState.CHECKED: {"text": "Checked, nothing kept yet", "colour": "yellow"},
    BatchState.APPLYING: {"text": "Being kept", "colour": "blue"},
    BatchState.APPLIED: {"text": "Kept", "colour": "green"},
    BatchState.ROLLING_BACK: {"text": "Being rolled back", "colour": "blue"},
    BatchState.ROLLED_BACK: {"text": "Rolled back", "colour": "grey"},
    BatchState.REFUSED: {"text": "Refused", "colour": "red"},
}
VERDICT_WORDS = {
    Verdict.NEW: {"text": "New", "colour": "green"},
    Verdict.CHANGED: {"text": "Changed", "colour": "blue"},
    Verdict.SAME: {"text": "The same", "colour": "grey"},
    Verdict.POSSIBLE_DUPLICATE: {"text": "Possible duplicate", "colour": "orange"},
    Verdict.REFUSED: {"text": "Refused", "colour": "red"},
}
KIND_WORDS: dict[str, tuple[str, str]] = {
    RecordKind.SERVICE: ("Service", "Services"),
    RecordKind.ORGANIZATION: ("Organisation", "Organisations"),
    RecordKind.LOCATION: ("Venue", "Venues"),
    RecordKind.TERM: ("Word of a taxonomy", "Words of taxonomies"),
}
# What a batch may count beside records of listings.
COUNTED_WORDS = {**KIND_WORDS, "postcode": ("Postcode", "Postcodes")}
# What is to be known of a row beside its verdict.
NOTED = "noted"
_SCHEDULES = "schedules"
FORMAT_WORDS = {
    "json": "HSDS or Open Referral UK JSON",
    "tabular": "HSDS tabular",
    "csv": "CSV",
    "xlsx": "Excel",
    "practices": "GP practices of NHS ODS (epraccur)",
    "postcodes": "Postcodes (ONSPD)",
}


def field_words(name: str) -> str:
    """A field's name as people read it."""
    return name.replace("_", " ").replace(".", ", ").strip() or "the whole row"


def said_words(said: Mapping[str, object]) -> list[tuple[str, str]]:
    """What a row says, field by field, without the ids that it is held together by."""
    return [
        (field_words(name).capitalize(), shown(value if name == _SCHEDULES else _without_ids(value), name))
        for name, value in said.items()
        if not name.endswith("_id") and _without_ids(value) not in (None, "", [], {})
    ]


def _without_ids(value: object) -> object:
    if isinstance(value, list):
        return [kept for one in value if (kept := _without_ids(one)) not in (None, "", [], {})]
    if isinstance(value, dict):
        if set(value) == {"location_id", "main"}:
            return "the main venue" if value["main"] else "another venue"
        return {name: one for name, one in value.items() if not str(name).endswith("_id")}
    return value


def shown(value: object, field: str = "") -> str:
    """A value of a document in one cell; of the field `schedules` as people say when it is open."""
    if value in (None, "", [], {}):
        return "nothing"
    if value is True:
        return "yes"
    if value is False:
        return "no"
    if isinstance(value, list):
        return "; ".join(shown(one, field) for one in value)
    if isinstance(value, dict):
        return _when(value) if field == _SCHEDULES else _parts(value)
    return str(value)


def _when(schedule: Mapping[str, object]) -> str:
    said = sentence(from_json(Opening, schedule)) or "a time that is not said"
    return f"{said} (at one venue)" if schedule.get("location_id") else said


def _parts(value: Mapping[str, object]) -> str:
    return ", ".join(f"{field_words(str(n))} {shown(v)}" for n, v in value.items() if v not in (None, "", []))
