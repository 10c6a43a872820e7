"""Numbers that stand in an address, such as that of a page."""

from __future__ import annotations

from flask import request

LONGEST_NUMBER = 9


def number_asked(name: str, otherwise: int) -> int:
    """The whole number of this parameter; `otherwise` where it is none or has more than nine digits."""
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else otherwise
