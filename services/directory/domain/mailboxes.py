"""What an organisation's mailbox for news may be, and how often somebody may be asked to confirm one."""

from __future__ import annotations

from datetime import timedelta

from shared.errors import Invalid, TooMany

# They go to an address nobody has confirmed: enough for a few slips, too few to be a nuisance to a stranger.
MOST_LETTERS = 5
LETTERS_IN = timedelta(days=1)
ASKED_ENOUGH = (
    f"{MOST_LETTERS} letters have gone out to be confirmed since this time yesterday. Try again tomorrow."
)
IN_USE = "News goes to this address already"


def same_address(one: str, other: str) -> bool:
    """True where two addresses are one mailbox, however they are capitalised."""
    return one.casefold() == other.casefold()


def check_new(address: str, *, in_use: str | None) -> None:
    """May this become the mailbox instead of `in_use`? Raises Invalid naming `/email`."""
    if in_use is not None and same_address(address, in_use):
        raise Invalid.field("/email", IN_USE)


def check_letters(sent_lately: int) -> None:
    """May one more letter go? `sent_lately`: how many went within `LETTERS_IN`. Raises TooMany."""
    if sent_lately >= MOST_LETTERS:
        raise TooMany(ASKED_ENOUGH, retry_after=int(LETTERS_IN.total_seconds()))
