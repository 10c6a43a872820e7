"""Tokens: signed by whom we know, for us, in time."""

from __future__ import annotations

import base64
import json
import os
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from joserfc.jwk import ECKey

from shared.auth.caller import Caller, Kind
from shared.auth.tokens import (
    AUDIENCE,
    FindKey,
    has_ended,
    key_id,
    read,
    read_service_token,
    service_token,
    sign,
)
from shared.errors import Unauthenticated

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ISSUER = "http://localhost:5001"
KEY = ECKey.generate_key("P-256", {"kid": "ours"})
STRANGE = ECKey.generate_key("P-256", {"kid": "ours"})
CLAIMS = {"iss": ISSUER, "aud": AUDIENCE, "sub": "7", "exp": int(NOON.timestamp())}
FIND: FindKey = {"ours": KEY}.get


def part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def opened(token: str, find: FindKey = FIND) -> dict[str, Any]:
    return read(token, find, audience=AUDIENCE, issuer=ISSUER)


def test_what_was_signed_with_a_known_key_is_read() -> None:
    assert opened(sign(CLAIMS, KEY, "ours")) == CLAIMS


@pytest.mark.parametrize(
    "changes", [{"aud": "elsewhere"}, {"iss": "http://evil.example"}, {"aud": [AUDIENCE, "x"]}]
)
def test_a_token_for_or_from_another_place_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(Unauthenticated, match="another place"):
        opened(sign(CLAIMS | changes, KEY, "ours"))


def test_a_token_signed_with_a_strange_key_is_refused() -> None:
    with pytest.raises(Unauthenticated):
        opened(sign(CLAIMS, STRANGE, "ours"))
    with pytest.raises(Unauthenticated, match="do not know"):
        opened(sign(CLAIMS, KEY, "another"))


def test_a_token_whose_claims_were_changed_is_refused() -> None:
    head, _, signature = sign(CLAIMS, KEY, "ours").split(".")
    with pytest.raises(Unauthenticated):
        opened(f"{head}.{part(CLAIMS | {'sub': '8'})}.{signature}")


@pytest.mark.parametrize("algorithm", ["none", "HS256", "RS256", "ES384"])
def test_no_other_algorithm_is_taken(algorithm: str) -> None:
    head = part({"alg": algorithm, "kid": "ours"})
    for signature in ("", "c2ln"):
        with pytest.raises(Unauthenticated):
            opened(f"{head}.{part(CLAIMS)}.{signature}")


@pytest.mark.parametrize(
    "garbage", ["", ".", "a.b.c", "e30.e30.", "ÿ.ÿ.ÿ", "W10.e30.x", part(["kid"]) + ".x.y"]
)
def test_garbage_is_refused_and_not_an_error_of_ours(garbage: str) -> None:
    with pytest.raises(Unauthenticated):
        opened(garbage)
    with pytest.raises(Unauthenticated):
        key_id(garbage)


def test_clocks_may_differ_by_ten_seconds() -> None:
    claims = {"exp": int(NOON.timestamp())}
    assert not has_ended(claims, NOON + timedelta(seconds=10))
    assert has_ended(claims, NOON + timedelta(seconds=11))
    assert has_ended({}, NOON)


def test_a_service_calls_another_for_a_minute_and_no_third() -> None:
    token = service_token("referrals", "directory", NOON)
    caller = read_service_token(token, me="directory", at=NOON)
    assert (caller.sub, str(caller.kind), caller.memberships) == ("referrals", "service", ())
    with pytest.raises(Unauthenticated, match="another place"):
        read_service_token(token, me="notifications", at=NOON)
    with pytest.raises(Unauthenticated, match="ended"):
        read_service_token(token, me="directory", at=NOON + timedelta(seconds=71))


def test_a_service_cannot_pass_as_another() -> None:
    token = service_token("notifications", "directory", NOON)
    head, claims, signature = token.split(".")
    forged = part({"alg": "ES256", "kid": "referrals"})
    assert head
    with pytest.raises(Unauthenticated):
        read_service_token(f"{forged}.{claims}.{signature}", me="directory", at=NOON)


@pytest.mark.parametrize(
    "claimed",
    [
        {"sub": "notifications"},
        {"kind": "person", "memberships": [{"org": str(uuid4()), "role": "lead"}]},
        {"name": "Somebody"},
    ],
)
def test_a_service_is_who_its_key_says_whatever_its_token_claims(claimed):
    issued = int(NOON.timestamp())
    claims = {"iss": "referrals", "aud": "directory", "sub": "referrals", "kind": "service"} | claimed
    token = sign(claims | {"iat": issued, "exp": issued + 60}, referrals_key(), "referrals")
    assert read_service_token(token, me="directory", at=NOON) == Caller(sub="referrals", kind=Kind.SERVICE)


def test_a_service_token_good_for_longer_than_a_minute_is_refused():
    issued = int(NOON.timestamp())
    claims = {"iss": "referrals", "aud": "directory", "sub": "referrals", "kind": "service"}
    token = sign(claims | {"iat": issued, "exp": issued + 3600}, referrals_key(), "referrals")
    with pytest.raises(Unauthenticated):
        read_service_token(token, me="directory", at=NOON)


def referrals_key():
    return ECKey.import_key(json.loads(os.environ["SERVICE_KEY_REFERRALS"]))
