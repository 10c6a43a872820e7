"""Codes from an authenticator (RFC 6238: SHA-1, six digits, 30 seconds) and recovery codes."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime

import pyotp

STEP_SECONDS = 30
# A code is taken one step early or late, for clocks that differ.
WINDOW = 1
RECOVERY_CODES = 10
# Without letters and digits that are mistaken for one another; 16 of 32 characters are 80 bits.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz023456789"
_GROUPS = 4


def new_secret() -> str:
    """A fresh secret of 160 bits, in base32."""
    return pyotp.random_base32()


def key_uri(secret: str, email: str) -> str:
    """The `otpauth:` address an authenticator reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name="Linkwork")


def counter_of(secret: str, code: str, at: datetime, last_counter: int) -> int | None:
    """The time step `code` belongs to; None where it is wrong, or not newer than `last_counter`."""
    digits = "".join(code.split())
    totp = pyotp.TOTP(secret)
    step = int(at.timestamp()) // STEP_SECONDS
    for counter in range(step - WINDOW, step + WINDOW + 1):
        if hmac.compare_digest(totp.generate_otp(counter).encode(), digits.encode()):
            return counter if counter > last_counter else None
    return None


def new_recovery_codes() -> list[str]:
    """Ten codes such as `7kqm-w3fd-9xhp-2rta`."""
    return [_new_recovery_code() for _ in range(RECOVERY_CODES)]


def _new_recovery_code() -> str:
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(4 * _GROUPS))
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def recovery_hash(code: str) -> bytes:
    """What is stored of a recovery code: 80 random bits need no slow hash."""
    plain = "".join(c for c in code.casefold() if c.isalnum())
    return hashlib.sha256(b"linkwork recovery code\n" + plain.encode()).digest()


def looks_like_recovery_code(code: str) -> bool:
    """True when it is a recovery code by its length, and not six digits."""
    return sum(c.isalnum() for c in code) == 4 * _GROUPS
