"""A ward's booklet as a PDF: A4, large print, for a notice board or somebody without the internet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path

from fpdf import FPDF

from services.directory.domain.documents import ServiceDoc
from services.directory.domain.freshness import Freshness
from services.directory.domain.opening_words import sentence
from services.directory.domain.taxonomies import NEEDS
from services.directory.store.queries.wards import ListedService, WardListing
from services.directory.web.listing_words import ages_words, languages_words
from shared.web.assets import frontend_dir

FONT = "dejavu"
BODY, SMALL, NAME, CHAPTER, TITLE = 13.0, 10.0, 15.0, 19.0, 30.0
MARGIN = 20.0
# Millimetres for each point of the letters: from line to line, and from the top of one to its foot.
LEADING, _BASE = 0.5, 0.37
# Letters differ in width: a long word is cut well before the edge.
_TIGHT = 0.8
_FONTS = Path("dejavu-fonts-ttf") / "ttf"
_NOT_IN_ANY = "Other things here"


def booklet(listing: WardListing, numbers: Iterable[tuple[str, str]], on: date, at: datetime) -> bytes:
    """The PDF of what there is for the people of a ward, printed on `on`; `numbers` are whom to ring now.

    Each service stands once, under the first of its needs; under the others there is a line that says where.
    """
    paper = _Paper(listing.ward.name, on)
    paper.creation_date = at
    paper.cover(listing, numbers)
    for title, services, elsewhere in chapters(listing):
        paper.chapter(title)
        for one in services:
            paper.service(one, on)
        if elsewhere:
            paper.say("See also", bold=True)
            for name, where in elsewhere:
                paper.say(f"{name}: under “{where}”")
    return bytes(paper.output())


def chapter_of(listing: WardListing, one: ListedService) -> str:
    """The words of the first of its needs."""
    wanted = set(one.doc.codes(NEEDS))
    return next((name for code, name in listing.needs if code in wanted), _NOT_IN_ANY)


def chapters(listing: WardListing) -> list[tuple[str, list[ListedService], list[tuple[str, str]]]]:
    """Each need, the services that stand under it, and those (name, need) that stand under another."""
    first = {one.id: chapter_of(listing, one) for one in listing.services}
    found = []
    for code, name in [*listing.needs, ("", _NOT_IN_ANY)]:
        mine = [one for one in listing.services if first[one.id] == name]
        elsewhere = [
            (one.doc.name, first[one.id])
            for one in listing.services
            if code in one.doc.codes(NEEDS) and first[one.id] != name
        ]
        if mine or elsewhere:
            found.append((name, mine, elsewhere))
    return found


def contact_lines(one: ListedService) -> list[str]:
    """Whom to ask, and how."""
    doc = one.doc
    lines = [f"Ask for {doc.contact_name}"] if doc.contact_name else []
    lines += [text for text in (doc.phone, doc.email, doc.url) if text]
    for contact in doc.contacts:
        said = [contact.name, contact.title, *(phone.number for phone in contact.phones), contact.email]
        lines.append(", ".join(each for each in said if each))
    lines += [
        f"{phone.number} ({phone.description})" if phone.description else phone.number for phone in doc.phones
    ]
    return lines


def venue_lines(one: ListedService) -> list[str]:
    """Where it meets. Private venues are not in the listing at all."""
    return [
        ", ".join(part for part in (venue.name, venue.address_1, venue.city, venue.postal_code) if part)
        for venue in one.venues
    ]


def when_lines(one: ListedService) -> list[str]:
    """When it is open, as sentences; the words it came in where there is no more."""
    lines = [words for schedule in one.doc.schedules if (words := sentence(schedule))]
    return lines or ([one.doc.hours] if one.doc.hours else [])


class _Paper(FPDF):
    """The sheets, with the ward and the day at the foot of each."""

    def __init__(self, ward: str, on: date) -> None:
        super().__init__(format="A4")
        self.ward, self.on = ward, on
        self.widths: dict[tuple[str, bool], float] = {}
        for style, file in (("", "DejaVuSans.ttf"), ("B", "DejaVuSans-Bold.ttf")):
            self.add_font(FONT, style, frontend_dir() / _FONTS / file)
        self.set_margin(MARGIN)
        self.set_auto_page_break(auto=True, margin=MARGIN)
        self.set_title(f"What there is in {ward}")
        self.set_lang("en-GB")

    def footer(self) -> None:
        """The ward, the day, the page."""
        self.set_y(-15)
        self.set_font(FONT, size=SMALL)
        self.cell(0, 8, f"{self.ward} · printed {_day(self.on)} · page {self.page_no()}", align="C")

    def cover(self, listing: WardListing, numbers: Iterable[tuple[str, str]]) -> None:
        """What this is, and whom to ring now."""
        self.add_page()
        self._write(f"What there is in {self.ward}", TITLE, bold=True)
        self.say(f"{listing.ward.place}, {_day(self.on)}")
        self.gap()
        count = len(listing.services)
        things = "1 thing that helps" if count == 1 else f"{count} things that help"
        self.say(f"{things} people who live here. Times and places change: ring first.")
        self.gap()
        self.say("In danger now?", bold=True)
        for name, number in numbers:
            self.say(f"{number}: {name}")

    def chapter(self, title: str) -> None:
        """A need and what there is for it."""
        if self.get_y() > self.h * 0.7:
            self.add_page()
        self.gap()
        self.start_section(title)
        self._write(title, CHAPTER, bold=True)

    def service(self, one: ListedService, on: date) -> None:
        """One service, kept on one sheet where it fits."""
        said = [(one.doc.name, NAME, True), *((text, BODY, bold) for text, bold in _entry(one, on))]
        lines = [(line, size, bold) for text, size, bold in said for line in self._lines(text, size, bold)]
        if self.get_y() + sum(size * LEADING for _, size, _ in lines) > self.h - MARGIN:
            self.add_page()
        self.gap()
        for line, size, bold in lines:
            self._put(line, size, bold)

    def say(self, text: str, *, bold: bool = False) -> None:
        """A paragraph of the text."""
        self._write(text, BODY, bold=bold)

    def gap(self) -> None:
        """Some white."""
        self.ln(4)

    def _write(self, text: str, size: float, *, bold: bool = False) -> None:
        for line in self._lines(text, size, bold):
            self._put(line, size, bold)

    def _put(self, line: str, size: float, bold: bool) -> None:
        if self.get_y() + size * LEADING > self.h - MARGIN:
            self.add_page()
        self.set_font(FONT, "B" if bold else "", size)
        self.text(self.l_margin, self.get_y() + size * _BASE, line)
        self.ln(size * LEADING)

    def _lines(self, text: str, size: float, bold: bool) -> list[str]:
        """The text in lines that fit. The library's own wrapping measures each line once for every letter."""
        self.set_font(FONT, "B" if bold else "", size)
        room, blank = self.epw, self._width(" ", size, bold)
        lines = []
        for paragraph in text.splitlines() or [""]:
            line, used = "", 0.0
            for word in (piece for long in paragraph.split() for piece in self._pieces(long, size, bold)):
                width = self._width(word, size, bold)
                if line and used + blank + width > room:
                    lines.append(line)
                    line, used = "", 0.0
                line, used = (f"{line} {word}", used + blank + width) if line else (word, width)
            lines.append(line)
        return lines

    def _pieces(self, word: str, size: float, bold: bool) -> list[str]:
        """The word, cut where it is wider than the sheet, as an address on the web can be."""
        if self._width(word, size, bold) <= self.epw:
            return [word]
        most = max(1, int(len(word) * self.epw / self._width(word, size, bold) * _TIGHT))
        return [word[n : n + most] for n in range(0, len(word), most)]

    def _width(self, word: str, size: float, bold: bool) -> float:
        known = self.widths.get((word, bold))
        if known is None:
            known = self.widths[word, bold] = self.get_string_width(word) / size
        return known * size


def _entry(one: ListedService, on: date) -> Iterator[tuple[str, bool]]:
    doc = one.doc
    if one.organization != doc.name:
        yield one.organization, False
    if doc.description:
        yield doc.description, False
    for label, lines in (
        ("For", [doc.who_for] if doc.who_for else []),
        ("Ages", _ages(doc)),
        ("When", when_lines(one)),
        ("Where", venue_lines(one)),
        ("Cost", [doc.fees_description or "Free"] if doc.fees_description or doc.free else []),
        ("Languages", [languages_words(doc.languages)] if set(doc.languages) - {"en"} else []),
        ("Contact", ["; ".join(contact_lines(one))]),
    ):
        for text in lines:
            if text:
                yield f"{label}: {text}", False
    if one.freshness(on) != Freshness.CURRENT:
        yield "Not checked lately: ring first.", True


def _ages(doc: ServiceDoc) -> list[str]:
    limits = (doc.minimum_age, doc.maximum_age)
    return [ages_words(*limits)] if any(limits) else []


def _day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"
