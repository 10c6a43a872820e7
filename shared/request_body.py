"""Bodies that come in pieces (Transfer-Encoding: chunked), read whole before anything looks at them.

What a piecewise body will come to is known only at its end. The framework stops reading such a body at its
limit and takes what it has for the whole of it; so it is read here, to one byte more than is allowed.
"""

from __future__ import annotations

import io

from flask import request
from gunicorn.http.errors import ParseException  # type: ignore[import-untyped]

from shared.errors import Malformed, TooLarge

LARGEST_BODY = 256 * 1024


def too_large() -> TooLarge:
    """The answer to a body that is longer than allowed."""
    return TooLarge(f"Send at most {LARGEST_BODY // 1024} KiB at a time.")


def read_in_pieces() -> None:
    """Before a request: a chunked body becomes one of known length.

    Raises TooLarge for one that is longer than allowed, Malformed for one that breaks off or is not chunked
    as it says (RFC 9112 §7.1).
    """
    environ = request.environ
    if "chunked" not in environ.get("HTTP_TRANSFER_ENCODING", "").lower():
        return
    try:
        body = environ["wsgi.input"].read(LARGEST_BODY + 1)
    except (OSError, ParseException) as wrong:
        raise Malformed("The body broke off, or its pieces cannot be read.") from wrong
    if len(body) > LARGEST_BODY:
        raise too_large()
    environ["wsgi.input"] = io.BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
    del environ["HTTP_TRANSFER_ENCODING"]
