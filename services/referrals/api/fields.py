"""Fields of the API's bodies, with sentences that say how to mend what was sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from marshmallow import ValidationError, fields, validate

from shared.strict_fields import Day, TrueOrFalse

Messages = dict[str, str | list[Any] | dict[Any, Any]]
TRUE_OR_FALSE = "Give true or false."


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


def day(description: str, **options: Any) -> Day:
    """A calendar day."""
    return Day(**_optional(options), metadata=_said(description, options))


def moment(description: str, **options: Any) -> fields.AwareDateTime:
    """A moment; without an offset it is taken as UTC."""
    messages: Messages = {"invalid": "Give a time as 2026-11-22T10:00:00Z."}
    return fields.AwareDateTime(
        **_optional(options),
        default_timezone=UTC,
        error_messages=messages,
        metadata=_said(description, options),
    )


def yes_no(description: str, **options: Any) -> TrueOrFalse:
    """True or false; null or left out where it was not asked."""
    return TrueOrFalse(**_optional(options), metadata=_said(description, options))


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


class BoundedList(fields.List[Any]):
    """A list of at most `most`; a longer one is refused by itself, before what is in it is read."""

    def __init__(self, each: fields.Field[Any], most: int, description: str, **options: Any) -> None:
        if not options.get("required"):
            options.setdefault("load_default", ())
        check = validate.Length(max=most, error="Give at most {max}.")
        super().__init__(each, validate=check, metadata=_said(description, options), **options)
        self.at_most = check

    def _deserialize(self, value: Any, *given: Any, **options: Any) -> Any:
        if isinstance(value, list):
            self.at_most(value)
        return tuple(super()._deserialize(value, *given, **options))


class TextList(BoundedList):
    """A list of texts."""

    def __init__(self, most: int, description: str, **options: Any) -> None:
        each = fields.String(error_messages={"invalid": "Write this as text."})
        super().__init__(each, most, description, **options)


class YesNoByCode(fields.Dict):
    """True or false by code: at most `most`. Which codes there are is for the rules to say."""

    def __init__(self, most: int, description: str, **options: Any) -> None:
        super().__init__(
            keys=fields.String(),
            values=TrueOrFalse(),
            load_default=dict,
            metadata=_said(description, options) | {"maxProperties": most},
            **options,
        )
        self.most = most

    def _deserialize(self, value: Any, *_given: Any, **_options: Any) -> Any:
        if not isinstance(value, Mapping):
            raise self.make_error("invalid")
        if len(value) > self.most:
            raise ValidationError(f"Give at most {self.most}.")
        wrong: dict[Any, Any] = {
            code: [TRUE_OR_FALSE] for code, said in value.items() if not isinstance(said, bool)
        }
        if wrong:
            raise ValidationError(wrong)
        return dict(value)


class AsRouted(fields.List[Any]):
    """A list of the routes answer, which is JSON already: described by its schema, and given out as it is."""

    def _serialize(self, value: Any, *_given: Any, **_options: Any) -> list[Any] | None:
        return None if value is None else list(value)


class Attempts(fields.Field[Any]):
    """How many attempts were made, or each by itself, at most `most`."""

    def __init__(self, each: fields.Nested, most: int, **options: Any) -> None:
        super().__init__(**options)
        self.each = BoundedList(each, most, "Each attempt.")

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
