"""A JSON body, read so that it means one thing: RFC 8259, and I-JSON (RFC 7493) where it leaves a choice."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NoReturn

from shared.errors import Malformed

LONGEST_NAME = 60
_MOST_DIGITS = 400


def read_json(body: bytes) -> Any:
    """What the body holds.

    Raises Malformed where it is not JSON in UTF-8, has a name twice in one object, a number that is none
    (NaN, Infinity) or one of more digits than anything here has.
    """
    try:
        return json.loads(
            body.decode("utf-8"), object_pairs_hook=_once_each, parse_constant=_no_number, parse_int=_whole
        )
    except UnicodeDecodeError as wrong:
        raise Malformed("The body could not be read as JSON: it is not UTF-8.") from wrong
    except json.JSONDecodeError as wrong:
        where = f"line {wrong.lineno}, column {wrong.colno}"
        raise Malformed(f"The body could not be read as JSON: look at {where}.") from wrong


def _once_each(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise Malformed(f"“{name[:LONGEST_NAME]}” stands twice in one object: give it once.")
        found[name] = value
    return found


def _no_number(written: str) -> NoReturn:
    raise Malformed(f"{written} is not a number in JSON: give a number, or leave the field out.")


def _whole(written: str) -> int:
    if len(written) > _MOST_DIGITS:
        raise Malformed("A number in the body has too many digits.")
    return int(written)
