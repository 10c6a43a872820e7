"""Documents, and parts of them, as JSON that a table holds, and back without loss."""

from __future__ import annotations

import math
import types
from collections.abc import Callable, Hashable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, time
from decimal import Decimal
from functools import cache
from typing import Any, Union, cast, get_args, get_origin, get_type_hints
from uuid import UUID

DEEPEST = 40
_BY_TEXT: dict[Any, Any] = {
    UUID: UUID,
    Decimal: Decimal,
    date: date.fromisoformat,
    time: time.fromisoformat,
}


def to_json(value: Any) -> Any:  # noqa: PLR0911
    """A document, a part of one, or a mapping of fields, as plain JSON."""
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if names := _names(cast("Hashable", type(value))):
        return {name: to_json(getattr(value, name)) for name in names}
    if isinstance(value, Mapping):
        return {str(name): to_json(inner) for name, inner in value.items()}
    if isinstance(value, frozenset):
        return sorted((to_json(inner) for inner in value), key=str)
    if isinstance(value, (list, tuple)):
        return [to_json(inner) for inner in value]
    if isinstance(value, (UUID, Decimal, date, time)):
        return str(value)
    return value


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind)) if is_dataclass(kind) else ()


def said_from_json(kind: type[Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of a document of this kind, as `to_json` wrote them."""
    readers = _readers(cast("Hashable", kind))
    return {name: readers[name](value) for name, value in said.items() if name in readers}


def from_json(kind: type[Any], written: Mapping[str, Any]) -> Any:
    """A whole document, as `to_json` wrote it."""
    return kind(**said_from_json(kind, written))


def fits(hint: Any, value: Any) -> bool:  # noqa: PLR0911
    """Whether a value is what its hint says, all inside it too: a whole document, or a part of one."""
    origin, inside = get_origin(hint), get_args(hint)
    if hint is Any:
        return True
    if origin in (Union, types.UnionType):
        return any(fits(one, value) for one in inside)
    if origin in (tuple, frozenset):
        return isinstance(value, origin) and all(fits(inside[0], one) for one in value)
    if origin is not None:
        return isinstance(value, Mapping)
    if hint is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if not isinstance(value, hint):
        return False
    return not is_dataclass(hint) or all(
        fits(of, getattr(value, name)) for name, of in _hints(cast("Hashable", hint)).items()
    )


def storable(value: Any, depth: int = 0) -> Any:  # noqa: PLR0911
    """What came from outside, as PostgreSQL's jsonb can hold it; what it cannot hold is put into words."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return value if abs(value) < 10**100 else "(a number too long to keep)"
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if depth >= DEEPEST and isinstance(value, (Mapping, list, tuple)):
        return "(nested too deeply to keep)"
    if isinstance(value, Mapping):
        return {_text(str(name)): storable(inner, depth + 1) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [storable(inner, depth + 1) for inner in value]
    return _text(str(value))


def _text(text: str) -> str:
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


@cache
def _readers(kind: Any) -> dict[str, Callable[[Any], Any]]:
    return {name: _reader(hint) for name, hint in _hints(kind).items()}


def _reader(hint: Any) -> Callable[[Any], Any]:
    """What reads a value of this type; made once, for a hundred thousand rows are read by it."""
    origin, inside = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _reader(next(one for one in inside if one is not type(None)))
    if origin in (tuple, frozenset):
        each = _reader(inside[0])
        return lambda value: None if value is None else origin(each(one) for one in value)
    if isinstance(hint, type) and is_dataclass(hint):
        return lambda value: None if value is None else from_json(hint, value)
    if hint in _BY_TEXT:
        of_text = _BY_TEXT[hint]
        return lambda value: of_text(value) if isinstance(value, str) else value
    return lambda value: value
