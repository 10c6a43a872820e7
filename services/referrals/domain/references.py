"""References people can read out: short, random, and with a check character.

A reference is `LW-` and seven characters in groups of four and three, such as `LW-7K2F-9D4`. The alphabet
has 23 characters: no vowels (no words by accident), and of each look-alike pair only one (8 not B, 5 not S,
2 not Z, 6 not G, D not O, 0 or Q, V not U; 1, I and L not at all). Six are random (148 million), the
seventh makes the weighted sum (weights 7 to 1) divisible by 23. As 23 is prime and the weights differ, any
one wrong character and any two exchanged characters, neighbours or not, are noticed.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Callable

from shared.errors import Invalid

ALPHABET = "23456789CDFHJKMNPRTVWXY"
PREFIX = "LW"
_RANDOM = 6
_LOOKS_LIKE = str.maketrans("SZGBUO0Q", "5268VDDD")
_NOISE = re.compile(r"[\s\-‐‑‒–—_./:#]+")


def new_reference(randbelow: Callable[[int], int] = secrets.randbelow) -> str:
    """A fresh reference; the caller's unique index settles the rare collision by trying again."""
    body = "".join(ALPHABET[randbelow(len(ALPHABET))] for _ in range(_RANDOM))
    return _written(body + check_character(body))


def check_character(body: str) -> str:
    """The seventh character for these six."""
    return ALPHABET[-_weighted(body) % len(ALPHABET)]


def _weighted(text: str) -> int:
    return sum(ALPHABET.index(char) * (_RANDOM + 1 - place) for place, char in enumerate(text))


def _written(seven: str) -> str:
    return f"{PREFIX}-{seven[:4]}-{seven[4:]}"


def is_reference(text: str) -> bool:
    """Whether this can be read as a reference."""
    return _read(text) is not None


def read_reference(text: str, pointer: str = "/reference") -> str:
    """The written form of what somebody typed: any case, spaces or dashes, look-alikes. Raises `Invalid`."""
    found = _read(text)
    if found is None:
        raise Invalid.field(pointer, "This is not one of our references: check it, for example LW-7K2F-9D4.")
    return found


def _read(text: str) -> str | None:
    bare = _NOISE.sub("", unicodedata.normalize("NFKC", text)).upper()
    # L is not in the alphabet, so the prefix cannot be the beginning of the seven.
    seven = bare.removeprefix(PREFIX).translate(_LOOKS_LIKE)
    if len(seven) != _RANDOM + 1 or any(char not in ALPHABET for char in seven):
        return None
    return _written(seven) if _weighted(seven) % len(ALPHABET) == 0 else None
