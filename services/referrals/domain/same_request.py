"""Is this the request we already have? Keys that say so within one sending organisation.

A key is an HMAC of the organisation, what identifies the person, and the target (a service, or the set of
needs). Two open requests that share any key are one request. Keys never cross organisations: each begins
with the organisation, so the same person sent by another gives other keys.

Which keys exist: a wrong refusal could lose somebody, so too little known means no key, not a weak one.

| known | key |
|---|---|
| NHS number | organisation, number |
| given and family name, date of birth | organisation, names, date, postcode (or none) |
| one name, date of birth, a real postcode | organisation, name, date, postcode |
| both names, estimated age, a real postcode, no date of birth | organisation, names, age, postcode |
| anything less ("Mary", no more known) | none: each is its own request |

Words that stand for "not known" in a name field count as not known.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.referrals.domain.identifiers import PostcodeKind, read_postcode


@dataclass(frozen=True)
class Identity:
    """What is known of a person, as the sender gave it; fields already validated."""

    given_name: str | None = None
    family_name: str | None = None
    date_of_birth: date | None = None
    age_estimate: int | None = None
    nhs_number: str | None = None
    postcode: str | None = None


@dataclass(frozen=True, order=True)
class RequestKey:
    """One key: the hex digest to store and compare, and the integer for `pg_advisory_xact_lock`."""

    digest: str

    @property
    def lock(self) -> int:
        """A signed 64-bit integer from the digest's first eight bytes."""
        return int.from_bytes(bytes.fromhex(self.digest[:16]), "big", signed=True)


_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})

_NOT_A_NAME = frozenset(
    {"", "unknown", "notknown", "notgiven", "nk", "na", "nfn", "nfa", "none", "null", "noname", "anon"}
    | {"anonymous", "withheld", "refused", "baby", "infant", "child", "mr", "mrs", "ms", "miss", "test", "x"}
)


def normalise_name(name: str | None) -> str:
    """A name without case, accents, punctuation and spaces; empty when it stands for "not known".

    `Anne-Marie`, `anne marie` and `ANNE MARIE` are one; so are `O'Brien` and `Obrien`, `Łukasz` and `Lukasz`.
    """
    # Compatibility forms (𝐀, Ａ) have no case until decomposed, and case folding can compose anew.
    plain = unicodedata.normalize("NFKD", name or "").casefold()
    folded = unicodedata.normalize("NFKD", plain).casefold().translate(_LETTERS)
    bare = "".join(char for char in folded if char.isalnum())
    return "" if bare in _NOT_A_NAME else bare


def request_keys(
    key: bytes,
    organisation: UUID,
    person: Identity,
    *,
    target: UUID | None = None,
    needs: Iterable[str] = (),
) -> tuple[RequestKey, ...]:
    """The keys of this request, sorted (take the locks in this order); empty when too little is known.

    With a `target` the needs do not matter; without one the set of needs is the target.
    """
    aim = ["service", str(target)] if target else ["needs", *sorted(set(needs))]
    found = {
        _digest(key, [str(organisation), *who, "for", *aim])
        for who in (_by_number(person), _by_name(person))
        if who is not None
    }
    return tuple(sorted(RequestKey(digest) for digest in found))


def _digest(key: bytes, parts: list[str]) -> str:
    canonical = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return hmac.new(key, canonical.encode(), hashlib.sha256).hexdigest()


def _by_number(person: Identity) -> list[str] | None:
    return ["nhs", person.nhs_number] if person.nhs_number else None


def _by_name(person: Identity) -> list[str] | None:
    given, family = normalise_name(person.given_name), normalise_name(person.family_name)
    postcode = _real_postcode(person.postcode)
    born = person.date_of_birth
    if born is not None:
        enough = bool(given and family) or bool((given or family) and postcode)
        return ["name", given, family, born.isoformat(), postcode] if enough else None
    if given and family and postcode and person.age_estimate is not None:
        return ["name", given, family, f"about {person.age_estimate}", postcode]
    return None


def _real_postcode(text: str | None) -> str:
    if not text:
        return ""
    postcode = read_postcode(text)
    return postcode.value if postcode.kind is PostcodeKind.PLACE else ""
