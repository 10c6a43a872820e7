"""Text from other people's systems as plain text: HTML becomes paragraphs and lists, nothing unseen stays."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import nh3

# What may be said in a description; all else loses its tag and keeps its words.
_KEPT = {
    "p", "br", "div", "section", "header", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "a", "tr",
        "td",
    "th", "table", "hr", "blockquote",
}  # fmt: skip
_PARAGRAPHS = _KEPT - {"br", "li", "a", "td", "th", "tr", "hr"}
_LOOKS_LIKE_HTML = re.compile(r"<\s*[/!a-zA-Z]|&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]+);")
# Zero width and soft marks; controls; halves of surrogate pairs, which no store holds.
_UNSEEN = re.compile(
    r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]"
)
_BLANKS = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u3000]+")


def plain_text(text: str) -> str:
    """`text` without HTML: paragraphs are set apart by a blank line, points of a list begin with a bullet.

    The address of a link stands behind its words in brackets. Text that only looks like HTML in part, such
    as `under £5 & < 10 people`, stays as it is.
    """
    if _LOOKS_LIKE_HTML.search(text):
        reader = _Reader()
        reader.feed(
            nh3.clean(
                text,
                tags=_KEPT,
                attributes={"a": {"href"}},
                clean_content_tags={"script", "style"},
                url_schemes={"http", "https", "mailto", "tel"},
                link_rel=None,
            )
        )
        reader.close()
        text = "".join(reader.parts)
    return _tidy(text)


def one_line(text: str) -> str:
    """As `plain_text`, on one line."""
    return re.sub(r"\s+", " ", plain_text(text)).strip()


def _tidy(text: str) -> str:
    text = _UNSEEN.sub("", html.unescape(text) if "&" in text else text)
    lines = [_BLANKS.sub(" ", line).strip() for line in re.split(r"\r\n|[\r\n\v\f\u2028\u2029]", text)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _PARAGRAPHS:
            self.parts.append("\n\n")
        elif tag in ("br", "tr", "hr"):
            self.parts.append("\n")
        elif tag == "li":
            self.parts.append("\n• ")
        elif tag == "a":
            self._links.append((dict(attrs).get("href") or "", len(self.parts)))

    def handle_endtag(self, tag: str) -> None:
        if tag in _PARAGRAPHS:
            self.parts.append("\n\n")
        elif tag in ("td", "th"):
            self.parts.append(" ")
        elif tag == "a" and self._links:
            href, start = self._links.pop()
            words = "".join(self.parts[start:])
            where = re.sub(r"^(mailto|tel):", "", href)
            if where and where.rstrip("/") not in words:
                self.parts.append(f" ({where})")

    def handle_data(self, data: str) -> None:
        self.parts.append(re.sub(r"\s+", " ", data))
