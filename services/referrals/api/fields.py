"""Fields of the API's bodies, with sentences that say how to mend what was sent."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from marshmallow import ValidationError, fields, validate

Messages = dict[str, str | list[Any] | dict[Any, Any]]


def text(description: str, **options: Any) -> fields.String:
    """Words, kept as they are written; left out or null where not known."""
    messages: Messages = {"invalid": "Write this as text."}
    return fields.String(
        **_optional(options),
        error_messages=messages,
        metadata=_said(description, options),
    )


def one_of(description: str, choices: tuple[str, ...], **options: Any) -> fields.String:
    """One of a few codes."""
    check = validate.OneOf(choices, error="Choose one of: {choices}.")
    return fields.String(**_optional(options), validate=check, metadata=_said(description, options))


def day(description: str, **options: Any) -> fields.Date:
    """A calendar day."""
    messages: Messages = {"invalid": "Give a day as YYYY-MM-DD.", "format": "Give a day as YYYY-MM-DD."}
    return fields.Date(
        **_optional(options),
        error_messages=messages,
        metadata=_said(description, options),
    )


def moment(description: str, **options: Any) -> fields.AwareDateTime:
    """A moment; without an offset it is taken as UTC."""
    messages: Messages = {"invalid": "Give a time as 2026-11-22T10:00:00Z."}
    return fields.AwareDateTime(
        **_optional(options),
        default_timezone=UTC,
        error_messages=messages,
        metadata=_said(description, options),
    )


def yes_no(description: str, **options: Any) -> fields.Boolean:
    """True or false; null or left out where it was not asked."""
    return fields.Boolean(
        **_optional(options),
        truthy={True},
        falsy={False},
        error_messages={"invalid": "Give true or false."},
        metadata=_said(description, options),
    )


def ident(description: str, **options: Any) -> fields.UUID:
    """The id of something."""
    messages: Messages = {"invalid_uuid": "Give an id in the form 6f1c2a34-0000-4000-8000-000000000000."}
    return fields.UUID(
        **_optional(options),
        error_messages=messages,
        metadata=_said(description, options),
    )


def whole(description: str, **options: Any) -> fields.Integer:
    """A whole number."""
    messages: Messages = {"invalid": "Give a whole number.", "too_large": "This number is too large."}
    return fields.Integer(
        **_optional(options),
        strict=True,
        error_messages=messages,
        metadata=_said(description, options),
    )


class TextList(fields.List[str]):
    """A list of texts."""

    def __init__(self, description: str, **options: Any) -> None:
        options.setdefault("load_default", ())
        super().__init__(
            fields.String(error_messages={"invalid": "Write this as text."}),
            metadata=_said(description, options),
            **options,
        )

    def _deserialize(self, *given: Any, **options: Any) -> Any:
        return tuple(super()._deserialize(*given, **options))


class Attempts(fields.Field[Any]):
    """How many attempts were made, or each by itself."""

    def __init__(self, each: fields.Nested, **options: Any) -> None:
        super().__init__(**options)
        self.each = fields.List(each)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, (int, list)):
            raise ValidationError("Give how many attempts were made, or a list of them.")
        return value if isinstance(value, int) else self.each.deserialize(value, attr, data, **options)


def _optional(options: dict[str, Any]) -> dict[str, Any]:
    given = {name: value for name, value in options.items() if name != "example"}
    if not given.get("required"):
        given.setdefault("load_default", None)
        given.setdefault("allow_none", True)
    return given


def _said(description: str, options: dict[str, Any]) -> dict[str, Any]:
    example = {"example": options.pop("example")} if "example" in options else {}
    return {"description": description, **example}
