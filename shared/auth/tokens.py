"""Signing and reading JSON Web Tokens (ES256), and the services' own 60-second ones."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from shared import settings
from shared.auth.caller import Caller, Kind
from shared.errors import Unauthenticated

ALGORITHM = "ES256"
AUDIENCE = "linkwork"
SERVICE_TOKEN_LIFE = timedelta(seconds=60)
# Clocks of two machines may differ by this much.
LEEWAY = timedelta(seconds=10)
FindKey = Callable[[str], ECKey | None]


def sign(claims: dict[str, Any], key: ECKey, kid: str) -> str:
    """A compact JWS over `claims`."""
    return jwt.encode({"alg": ALGORITHM, "kid": kid}, claims, key)


def key_id(token: str) -> str:
    """The `kid` in the header, unverified. Raises Unauthenticated where there is none."""
    try:
        head = token.split(".", 1)[0]
        header = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
        return str(header["kid"])
    except (binascii.Error, ValueError, KeyError, TypeError, RecursionError) as wrong:
        raise Unauthenticated("This token is not one of ours.") from wrong


def read(token: str, find_key: FindKey, *, audience: str, issuer: str) -> dict[str, Any]:
    """The claims of a token whose signature, audience and issuer are right; times are the caller's to check.

    Raises Unauthenticated.
    """
    key = find_key(key_id(token))
    if key is None:
        raise Unauthenticated("This token was signed with a key we do not know.")
    try:
        claims = jwt.decode(token, key, algorithms=[ALGORITHM]).claims
    except (JoseError, ValueError) as wrong:
        raise Unauthenticated("This token is not one of ours.") from wrong
    if claims.get("aud") != audience or claims.get("iss") != issuer:
        raise Unauthenticated("This token was made for another place.")
    return dict(claims)


def has_ended(claims: dict[str, Any], at: datetime) -> bool:
    """True when `exp` is before `at`."""
    return float(claims.get("exp", 0)) < (at - LEEWAY).timestamp()


@lru_cache(maxsize=8)
def _private_key(jwk: str) -> ECKey:
    return ECKey.import_key(json.loads(jwk))


@lru_cache(maxsize=8)
def _public_keys(jwks: str) -> dict[str, ECKey]:
    return {key["kid"]: ECKey.import_key(key) for key in json.loads(jwks)["keys"]}


def service_token(service: str, target: str, at: datetime) -> str:
    """A token with which `service` calls `target`, good for a minute; keys come from the settings."""
    key = _private_key(settings.required(f"SERVICE_KEY_{service.upper()}"))
    issued = int(at.timestamp())
    claims = {
        "iss": service,
        "aud": target,
        "sub": service,
        "kind": str(Kind.SERVICE),
        "iat": issued,
        "exp": issued + int(SERVICE_TOKEN_LIFE.total_seconds()),
    }
    return sign(claims, key, service)


def read_service_token(token: str, *, me: str, at: datetime) -> Caller:
    """The service that calls `me` with `token`. Raises Unauthenticated."""
    name = key_id(token)
    keys = _public_keys(settings.required("SERVICE_JWKS"))
    claims = read(token, keys.get, audience=me, issuer=name)
    lasts = float(claims.get("exp", 0)) - float(claims.get("iat", 0))
    if has_ended(claims, at) or lasts > SERVICE_TOKEN_LIFE.total_seconds():
        raise Unauthenticated("This service's token has ended.")
    # The key says who it is; whatever else the token claims is not believed.
    return Caller(sub=name, kind=Kind.SERVICE)
