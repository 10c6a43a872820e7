"""A key as a QR code and as text that can be typed."""

from __future__ import annotations

import segno
from markupsafe import Markup


def as_svg(text: str) -> Markup:
    """The QR code as SVG to stand in a page; no style attributes, which our policy forbids."""
    drawn = segno.make(text, error="m", micro=False).svg_inline(scale=5, border=4, dark="#000", light="#fff")
    return Markup(drawn)  # noqa: S704 - drawn by us, no text inside


def in_groups(key: str) -> str:
    """`ABCD EFGH …`: easier to type."""
    return " ".join(key[start : start + 4] for start in range(0, len(key), 4))
