"""What tells one listing from another of the same name: a shared key says that they may be one.

A name alone is shared by many (there is a lunch club in every parish); a name with the same organisation,
postcode, telephone number, e-mail or web address hardly ever.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from services.directory.domain.documents import Identifier

KEY_WORDS = {
    "org": "organisation",
    "pc": "postcode",
    "tel": "telephone number",
    "mail": "e-mail address",
    "web": "web address",
}


def match_keys(said: Mapping[str, Any], postcodes: Iterable[str | None] = ()) -> list[str]:
    """The keys of an organisation or a service, from fields of its document and its venues' postcodes."""
    found = [f"pc:{code}" for code in (said.get("postal_code"), *postcodes) if code]
    if said.get("organization_id"):
        found.append(f"org:{said['organization_id']}")
    if phone := re.sub(r"\D", "", str(said.get("phone") or "")):
        found.append(f"tel:{phone.removeprefix('44').lstrip('0')}")
    if email := said.get("email"):
        found.append(f"mail:{str(email).lower()}")
    if web := said.get("website") or said.get("url"):
        bare = re.sub(r"(?i)^https?://(www\.)?", "", str(web)).rstrip("/").lower()
        found.append(f"web:{bare[:200]}")
    return list(dict.fromkeys(found))


def are_told_apart(ours: Iterable[Identifier], theirs: Iterable[Identifier]) -> bool:
    """Whether one register has them under two numbers: then they are two, however alike."""
    numbers = {one.scheme: one.identifier for one in ours}
    return any(numbers.get(one.scheme, one.identifier) != one.identifier for one in theirs)


def shared_words(ours: Iterable[str], theirs: Iterable[str]) -> str:
    """What two have in common, in words; empty where nothing."""
    common = {key.partition(":")[0] for key in set(ours) & set(theirs)}
    return " and ".join(words for key, words in KEY_WORDS.items() if key in common)
