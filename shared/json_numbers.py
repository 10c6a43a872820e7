"""JSON of others whose numbers may be beyond what can be counted with: those are kept as text."""

from __future__ import annotations

import json
import math
import re
from typing import Any

_WHOLE = re.compile(r"-?[0-9]{1,18}")


def is_countable(number: str) -> bool:
    """Whether a number, as JSON writes it, is whole within 18 digits, or a fraction that is not infinite."""
    if _WHOLE.fullmatch(number):
        return True
    if not re.search(r"[.eE]", number):
        return False
    try:
        return math.isfinite(float(number))
    except ValueError:
        return False


def json_of_others(text: str | bytes) -> Any:
    """What the text says; a number that is not countable, NaN or Infinity, as text.

    Raises ValueError where it is no JSON, RecursionError where it is too deep.
    """
    return json.loads(text, parse_int=_whole, parse_float=_fraction, parse_constant=str)


def _whole(number: str) -> int | str:
    return int(number) if is_countable(number) else number


def _fraction(number: str) -> float | str:
    return float(number) if is_countable(number) else number
