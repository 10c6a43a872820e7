"""Words of taxonomies that come with a listing: HSDS 3 attributes, the taxonomies of Open Referral 1."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from services.directory.domain.documents import Term
from services.directory.domain.importing.records import Record, RecordKind, record_id
from services.directory.domain.importing.values import Said
from services.directory.domain.taxonomies import ACCESSIBILITY, CIRCUMSTANCES, NEEDS

OURS = (NEEDS, CIRCUMSTANCES, ACCESSIBILITY)
_NO_TAXONOMY = "Categories"


@dataclass(frozen=True)
class Word:
    """A term as it is said, and the code its taxonomy has here."""

    taxonomy: str
    taxonomy_name: str
    code: str
    name: str
    description: str = ""
    term_uri: str | None = None

    @property
    def term(self) -> Term:
        """By both codes."""
        return Term(self.taxonomy, self.code)


def words_of(said: Said) -> Iterator[Word]:
    """The words said of a service, an organisation or a way in."""
    for attribute in said.all("attributes"):
        if word := _word(attribute.inner("taxonomy_term"), attribute.line("link_type", most=60)):
            yield word
    for old in said.all("service_taxonomys", "service_taxonomies"):
        if word := _word(old.inner("taxonomy", "taxonomy_term"), None):
            yield word
    for old in said.all("taxonomies"):
        if word := _word(old, None):
            yield word


def term_record(where: str, word: Word) -> Record:
    """A word of somebody else's taxonomy, to be put in where it is not known."""
    external = f"{word.taxonomy}:{word.code}"
    return Record(
        kind=RecordKind.TERM,
        where=where,
        name=f"{word.taxonomy_name}: {word.name}",
        external_id=external,
        record_id=record_id("", RecordKind.TERM, external),
        said={
            "taxonomy": word.taxonomy,
            "taxonomy_name": word.taxonomy_name,
            "code": word.code,
            "name": word.name,
            "description": word.description,
            "term_uri": word.term_uri,
        },
        raw={"taxonomy": word.taxonomy_name, "name": word.name},
    )


def needs_named(text: str, known: Mapping[str, str]) -> tuple[list[Term], list[str]]:
    """Needs in a cell, by code or name (`known`: both in lower case to code); and the words nobody knows."""
    terms, unknown = [], []
    for part in re.split(r"[;,|\n]", text):
        word = part.strip().lower()
        if word in known:
            terms.append(Term(NEEDS, known[word]))
        elif word:
            unknown.append(part.strip())
    return terms, unknown


def _word(term: Said, link_type: str | None) -> Word | None:
    name = term.line("name", most=200)
    if name is None:
        return None
    named = term.line("taxonomy", "vocabulary", most=100) or link_type or _NO_TAXONOMY
    ours = _ours(named, link_type)
    code = term.line("term", most=60) or _slug(name) or "word"
    if ours:
        return Word(ours, named, code, name)
    return Word(
        taxonomy=(_slug(named) or "categories")[:40],
        taxonomy_name=named,
        code=code[:60],
        name=name,
        description=term.prose("description"),
        term_uri=term.line("term_uri", most=500),
    )


def _ours(named: str, link_type: str | None) -> str | None:
    if link_type in OURS:
        return link_type
    if link_type == "eligibility" and named.lower() in (CIRCUMSTANCES, "eligibility", "who it is for"):
        return CIRCUMSTANCES
    return named.lower() if named.lower() in OURS else None


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60]
