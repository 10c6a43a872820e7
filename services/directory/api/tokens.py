"""Tokens for partners' systems, and the keys and metadata to check them by (RFC 6749, 7517, 8414)."""

from __future__ import annotations

import base64
import binascii
from typing import Any
from urllib.parse import unquote_plus

from flask import Response, jsonify, request

from services.directory import config
from services.directory.actions.clients import UnknownClient, UnknownScope, grant_token
from services.directory.actions.keys import published_keys
from services.directory.domain.keys import PUBLISHED_KEPT
from services.directory.limits import token_limit
from shared.auth import Role, public
from shared.clock import now
from shared.smorest import Blueprint, document

blp = Blueprint("tokens", __name__, description="Tokens for systems")
_TOKEN_FORM = {
    "type": "object",
    "required": ["grant_type"],
    "properties": {
        "grant_type": {"type": "string", "enum": ["client_credentials"]},
        "scope": {
            "type": "string",
            "description": "Roles with spaces between; left out: all the client has.",
        },
        "client_id": {"type": "string", "description": "Unless sent by HTTP Basic."},
        "client_secret": {"type": "string", "description": "Unless sent by HTTP Basic."},
    },
}
_TOKEN = {
    "type": "object",
    "required": ["access_token", "token_type", "expires_in", "scope"],
    "properties": {
        "access_token": {"type": "string"},
        "token_type": {"type": "string", "enum": ["Bearer"]},
        "expires_in": {"type": "integer", "description": "Seconds."},
        "scope": {"type": "string"},
    },
}
_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {"error": {"type": "string"}, "error_description": {"type": "string"}},
}


class _TokenError(Exception):
    """An error of RFC 6749 §5.2."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        self.error, self.description, self.status = error, description, status
        super().__init__(error)


def _answer(words: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": words, "content": {"application/json": {"schema": schema}}}


@blp.post("/oauth/token")
@token_limit
@public
@document(
    requestBody={"content": {"application/x-www-form-urlencoded": {"schema": _TOKEN_FORM}}, "required": True},
    responses={
        "200": _answer("A token for the Authorization header of the three services", _TOKEN),
        "400": _answer("What is wrong with the request", _ERROR),
        "401": _answer("The client is not known, or its secret is wrong", _ERROR),
        "429": {"description": "Too many tries"},
    },
)
def token() -> Response:
    """Get a token of 15 minutes with a client's id and secret (grant `client_credentials`)."""
    try:
        client_id, secret = _credentials()
        grant_type = _one("grant_type")
        if not grant_type:
            raise _TokenError("invalid_request", "Send grant_type=client_credentials as a form.")
        if grant_type != "client_credentials":
            raise _TokenError("unsupported_grant_type", "Only client_credentials is given here.")
        grant = grant_token(client_id, secret, _one("scope"), now())
    except _TokenError as wrong:
        return _refuse(wrong)
    except UnknownClient:
        return _refuse(_TokenError("invalid_client", "The client or its secret is not right.", 401))
    except UnknownScope:
        return _refuse(_TokenError("invalid_scope", "This client does not have that scope."))
    return _unstored(
        jsonify(
            access_token=grant.access_token,
            token_type="Bearer",  # noqa: S106 - a kind, not a secret
            expires_in=grant.expires_in,
            scope=grant.scope,
        )
    )


@blp.get("/.well-known/jwks.json")
@public
@document(responses={"200": {"description": "JSON Web Key Set (RFC 7517)"}})
def keys() -> Response:
    """The public keys that tokens are signed with."""
    jwks, etag = published_keys(now())
    response = jsonify(jwks)
    response.set_etag(etag)
    response.cache_control.public = True
    response.cache_control.max_age = int(PUBLISHED_KEPT.total_seconds())
    response.make_conditional(request)
    return response


@blp.get("/.well-known/oauth-authorization-server")
@public
@document(responses={"200": {"description": "Authorization server metadata (RFC 8414)"}})
def metadata() -> Response:
    """Where tokens come from, for a client that finds its own way."""
    issuer = config.issuer()
    return jsonify(
        issuer=issuer,
        token_endpoint=f"{issuer}/oauth/token",
        jwks_uri=f"{issuer}/.well-known/jwks.json",
        grant_types_supported=["client_credentials"],
        response_types_supported=[],
        scopes_supported=[str(role) for role in Role],
        token_endpoint_auth_methods_supported=["client_secret_basic", "client_secret_post"],
        service_documentation=f"{issuer}/docs",
    )


def _credentials() -> tuple[str, str]:
    """The client's id and secret, by one way only (RFC 6749 §2.3.1)."""
    header = request.headers.get("Authorization", "")
    in_form = _one("client_secret") is not None
    if header.lower().startswith("basic "):
        if in_form:
            raise _TokenError("invalid_request", "Send the secret in the header or in the form, not in both.")
        return _basic(header[6:].strip())
    client_id, secret = _one("client_id"), _one("client_secret")
    if not client_id or secret is None:
        raise _TokenError("invalid_client", "Send the client's id and secret.", 401)
    return client_id, secret


def _basic(encoded: str) -> tuple[str, str]:
    try:
        client_id, found, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as wrong:
        raise _TokenError("invalid_client", "The Authorization header could not be read.", 401) from wrong
    if not found:
        raise _TokenError("invalid_client", "The Authorization header could not be read.", 401)
    return unquote_plus(client_id), unquote_plus(secret)


def _one(name: str) -> str | None:
    """A parameter of the form; RFC 6749 §3.2: none may come twice, and NUL is in none."""
    values = request.form.getlist(name)
    if len(values) > 1 or any("\0" in value for value in values):
        raise _TokenError("invalid_request", f"Send {name} once, as plain text.")
    return values[0] if values else None


def _refuse(wrong: _TokenError) -> Response:
    response = jsonify(error=wrong.error, error_description=wrong.description)
    response.status_code = wrong.status
    if wrong.status == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="linkwork"'
    return _unstored(response)


def _unstored(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["Pragma"] = "no-cache"
    return response
