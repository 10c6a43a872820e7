"""Documents already read: from one version of the snapshot to the next only what changed is read again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from services.referrals.domain.routing.docs import Doc

_Value = TypeVar("_Value")


class Readings:
    """Values by kind and id, each with the very document it was read from.

    A document counts as unchanged when it is the same object; what is no longer given is forgotten.
    """

    def __init__(self) -> None:
        self._kept: dict[str, dict[str, tuple[Doc, Any]]] = {}

    def read(self, kind: str, docs: Mapping[str, Doc], make: Callable[[Doc], _Value]) -> dict[str, _Value]:
        """The values of these documents by id, made by `make` only where the document is new."""
        before = self._kept.get(kind, {})
        now: dict[str, tuple[Doc, Any]] = {}
        for ident, doc in docs.items():
            kept = before.get(ident)
            now[ident] = kept if kept is not None and kept[0] is doc else (doc, make(doc))
        self._kept[kind] = now
        return {ident: value for ident, (_doc, value) in now.items()}
