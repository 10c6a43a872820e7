"""What can go wrong, in words a person can act on.

Domain and actions raise these; `shared.http` turns them into RFC 9457 problem+json and
`shared.web.errors` into a page. A subclass fixes the HTTP status, the stable `type` slug and the
title; the instance carries the sentence (`detail`), a closer `slug` where one helps, and any
extension members (`extra`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True)
class FieldProblem:
    """One field that cannot be taken as it is.

    `pointer` is a JSON Pointer into what was sent (`/person/nhs_number`; empty for the whole of it, RFC 6901
    §5); `detail` says how to mend it.
    """

    pointer: str
    detail: str


class LinkworkError(Exception):
    """The parent of every refusal. `detail` never carries personal data."""

    status: ClassVar[int] = 500
    type: ClassVar[str] = "internal"
    title: ClassVar[str] = "Something went wrong"

    def __init__(self, detail: str = "", *, slug: str | None = None, **extra: Any) -> None:
        self.detail = detail or self.title
        self.slug = slug or self.type
        self.extra = extra
        super().__init__(self.detail)


class Malformed(LinkworkError):
    """The body, header or query is not of the form this route takes (400)."""

    status = 400
    type = "malformed"
    title = "That could not be read"


class Unauthenticated(LinkworkError):
    """Nobody we know is calling, or the token has ended (401)."""

    status = 401
    type = "unauthenticated"
    title = "Sign in first"


class BadToken(Unauthenticated):
    """A bearer token was sent, and it is not, or no longer, one to be let in with (401, RFC 6750)."""


class NotFound(LinkworkError):
    """It does not exist, or the caller may not know that it does (404 for both)."""

    status = 404
    type = "not-found"
    title = "Not found"


class Conflict(LinkworkError):
    """It cannot be done as things stand (409); `available_actions` says what can."""

    status = 409
    type = "conflict"
    title = "That cannot be done as things stand"


class TooLarge(LinkworkError):
    """More than this route takes (413)."""

    status = 413
    type = "too-large"
    title = "That is too large"


MOST_PROBLEMS = 50


class Invalid(LinkworkError):
    """Well-formed, but some fields cannot be taken (422). Nothing was stored.

    At most 50 are named; where there are more, the end of `detail` and `left_off` say how many.
    """

    status = 422
    type = "invalid"
    title = "Some fields need another look"

    def __init__(self, errors: Sequence[FieldProblem], detail: str = "", **extra: Any) -> None:
        self.errors = tuple(errors[:MOST_PROBLEMS])
        said = detail or "; ".join(e.detail for e in self.errors) or self.title
        left_off = len(errors) - len(self.errors)
        if left_off:
            said, extra = f"{said}; and {left_off} more", {**extra, "left_off": left_off}
        super().__init__(said, **extra)

    @classmethod
    def field(cls, pointer: str, detail: str) -> Invalid:
        """The common case: one field."""
        return cls([FieldProblem(pointer, detail)])


class TooMany(LinkworkError):
    """Asked too often (429); `retry_after` is in seconds."""

    status = 429
    type = "too-many-requests"
    title = "Too many tries"

    def __init__(self, detail: str = "", *, retry_after: int = 60, **extra: Any) -> None:
        self.retry_after = retry_after
        super().__init__(detail, **extra)


class Unavailable(LinkworkError):
    """Something we need does not answer just now (503); nothing was lost."""

    status = 503
    type = "unavailable"
    title = "Not available just now"
