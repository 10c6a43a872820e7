"""flask-smorest with types: the one place that touches the untyped library."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from flask import Request
from flask_smorest import Api as UntypedApi  # type: ignore[import-untyped]
from flask_smorest import Blueprint as UntypedBlueprint
from marshmallow import Schema, missing
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import UnsupportedMediaType

from shared.errors import Invalid, Malformed
from shared.json_body import read_json
from shared.json_text import unstorable_text

View = TypeVar("View", bound=Callable[..., Any])
Decorator = Callable[[View], View]


class _Parser(FlaskParser):
    """Refuses what is not JSON, and what no database could store, before anything else looks at a body."""

    def load_json(self, req: Request, schema: Schema) -> Any:
        """The body. None at all will do where nothing in it is required."""
        sent = req.get_data(cache=True)
        if not sent:
            if any(field.required for field in schema.load_fields.values()):
                raise Malformed("The body is empty: send a JSON object.")
            return missing
        if req.mimetype != "application/json":
            raise UnsupportedMediaType
        body = read_json(sent)
        found = unstorable_text(body)
        if found:
            raise Invalid(found)
        return body


class Blueprint(UntypedBlueprint):  # type: ignore[misc]
    """A flask-smorest blueprint whose decorators keep the types of what they decorate."""

    ARGUMENTS_PARSER = _Parser()

    def get(self, rule: str, **options: Any) -> Decorator[Any]:
        """Register a view for GET."""
        return self._typed(rule, "GET", options)

    def post(self, rule: str, **options: Any) -> Decorator[Any]:
        """Register a view for POST."""
        return self._typed(rule, "POST", options)

    def put(self, rule: str, **options: Any) -> Decorator[Any]:
        """Register a view for PUT."""
        return self._typed(rule, "PUT", options)

    def patch(self, rule: str, **options: Any) -> Decorator[Any]:
        """Register a view for PATCH."""
        return self._typed(rule, "PATCH", options)

    def delete(self, rule: str, **options: Any) -> Decorator[Any]:
        """Register a view for DELETE."""
        return self._typed(rule, "DELETE", options)

    def arguments(
        self, schema: Schema | type[Schema] | Mapping[str, Any], *, location: str = "json", **options: Any
    ) -> Decorator[Any]:
        """Load `schema` from the request; the view gets it as its first argument.

        A class is made a schema here and now: the library would make one anew for every request.
        """
        made = schema() if isinstance(schema, type) else schema
        return cast("Decorator[Any]", super().arguments(made, location=location, **options))

    def response(
        self, status: int, schema: Schema | type[Schema] | None = None, **options: Any
    ) -> Decorator[Any]:
        """Answer `status` with what the view returns, dumped by `schema`."""
        return cast("Decorator[Any]", super().response(status, schema, **options))

    def alt_response(self, status: int, **options: Any) -> Decorator[Any]:
        """Say that the view may answer `status` as well."""
        return cast("Decorator[Any]", super().alt_response(status, **options))

    def _typed(self, rule: str, method: str, options: dict[str, Any]) -> Decorator[Any]:
        return cast("Decorator[Any]", self.route(rule, methods=[method], **options))


def document(**entries: Any) -> Decorator[Any]:
    """Add `entries` to the OpenAPI operation of a view."""
    return cast("Decorator[Any]", UntypedBlueprint.doc(**entries))


__all__ = ["Blueprint", "UntypedApi", "document"]
