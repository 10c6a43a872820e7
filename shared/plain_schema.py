"""A schema of what is JSON already: it is described, and not gone through value by value."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema


class PlainSchema(Schema):
    """Says in the API's description what is answered, and lets it through as it is.

    For long answers whose view makes plain JSON itself: going through thousands of values anew took longer
    than finding them. A test loads each such answer by its schema, which refuses what it does not describe.
    """

    def dump(self, obj: Any, *, many: bool | None = None) -> Any:  # noqa: ARG002 - as marshmallow calls it
        """As it is."""
        return obj
