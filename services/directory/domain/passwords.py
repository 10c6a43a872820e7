"""Passwords: argon2id, long rather than odd (NIST SP 800-63B §5.1.1: no composition rules)."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from shared.errors import Invalid

SHORTEST = 12
LONGEST = 256
# The ones people reach for when twelve characters are asked for. Compared without case, digits and signs.
_COMMON_WORDS = (
    "password passwordpassword mypassword thisismypassword letmein letmeinplease letmeinletmein "
    "welcome welcomehome welcometolinkwork qwertyuiop qwertyqwerty qwertyuiopasdf asdfghjkl "
    "asdfghjklzxc zxcvbnm abcdefghijkl abcdefghijklm abcabcabcabc iloveyou iloveyousomuch "
    "changeme changemeplease changethispassword administrator adminadminadmin secretsecret "
    "topsecret correcthorsebatterystaple socialprescribing socialprescriber linkworker "
    "linkworkerlinkworker linkwork linkworklinkwork nhsnhsnhsnhs surgery receptionist monday "
    "september november december manchesterunited manchester liverpool liverpoolfc leedsunited "
    "yorkshire demoonlypassword football sunshine princess monkeymonkey trustno superman batman "
    "dragon shadow master "
)
COMMON = frozenset(_COMMON_WORDS.split())

# Each hashing takes 64 MiB: no more at once in a process than there are hands to do it.
_HASHING = BoundedSemaphore(2)
_DIGITS = "0123456789" * (LONGEST // 10 + 2)


def check(password: str, *, name: str, email: str, pointer: str = "/password") -> None:
    """Raise Invalid, saying how to mend it, where it is too short, too common or the person's own name."""
    plain = _normal(password)
    if len(plain) < SHORTEST:
        raise Invalid.field(
            pointer,
            f"Your password must have {SHORTEST} characters or more. Three or four words make a good one",
        )
    if len(plain) > LONGEST:
        raise Invalid.field(pointer, f"Your password must have {LONGEST} characters or fewer")
    core = re.sub(r"[\W\d_]", "", plain.casefold())
    known = re.split(r"[\W_]+", f"{name} {email.partition('@')[0]}".casefold())
    own = [part for part in known if len(part) > 2]
    # What is left of "Jane Example 2026!" without Jane and Example is no password.
    rest = core
    for part in sorted(own, key=len, reverse=True):
        rest = rest.replace(part, "")
    guessable = (
        core in COMMON
        or len(set(plain)) < 5
        or len(plain) - len(core) + len(rest) < 8
        or plain in _DIGITS
        or plain in _DIGITS[::-1]
    )
    if guessable:
        raise Invalid.field(
            pointer, "That password is easy to guess. Choose another, for example three or four words"
        )


@cache
def hasher(cheap: bool = False) -> PasswordHasher:
    """The library's own parameters (RFC 9106, low memory); `cheap` ones are for tests of other things."""
    return PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1) if cheap else PasswordHasher()


@cache
def decoy(cheap: bool = False) -> str:
    """A hash nobody's password fits, so that an unknown address takes as long as a known one."""
    return hasher(cheap).hash("nobody has this password: \N{EM DASH}")


def hash_of(password: str, *, cheap: bool = False) -> str:
    """What is stored."""
    with _HASHING:
        return hasher(cheap).hash(_normal(password))


def fits(stored: str | None, password: str, *, cheap: bool = False) -> bool:
    """True when `password` is the one behind `stored`; without a stored one it takes as long and is False."""
    candidate = _normal(password[: LONGEST * 4])
    known = stored or decoy(cheap)
    try:
        with _HASHING:
            right = hasher(cheap).verify(known, candidate)
    except (VerificationError, InvalidHashError):
        return False
    return right and stored is not None


def is_dated(stored: str, *, cheap: bool = False) -> bool:
    """True when the parameters have changed since: hash it again while the password is at hand."""
    return hasher(cheap).check_needs_rehash(stored)


def _normal(password: str) -> str:
    """Two keyboards may write one letter in two ways."""
    return unicodedata.normalize("NFKC", password)
