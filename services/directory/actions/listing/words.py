"""The forum's admin adds words to the lists, says them better, puts them in order and retires them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.directory.actions.listing.word_lists import (
    ROLES,
    SECTORS,
    check_forum_admin,
    key_of,
    the_word,
    words_of,
)
from services.directory.actions.listing.writers import ChangedSince, last_change, record_change
from services.directory.domain.document_json import version_of
from services.directory.domain.taxonomies import CIRCUMSTANCES, OF_AN_ORGANIZATION, ORGANIZATION_HERE
from services.directory.store.database import database
from services.directory.store.taxonomy import Sector, Taxonomy, TaxonomyTerm
from shared.auth import Caller
from shared.errors import FieldProblem, Invalid, NotFound

_WEB = re.compile(r"https?://\S+")


@dataclass(frozen=True)
class WordDoc:
    """A word as it is said. Of a circumstance `plain` is the question, `description` follows "people who"."""

    code: str
    name: str
    plain: str = ""
    description: str = ""
    sensitive: bool = False
    parent: str | None = None
    term_uri: str | None = None
    retired: bool = False
    position: int = 0


def add_list(name: str, description: str, uri: str | None, *, by: Caller, at: datetime) -> str:
    """A further taxonomy; its code. Raises NotFound for others than the forum's admin, Invalid."""
    check_forum_admin(by)
    if uri and not _WEB.fullmatch(uri):
        raise Invalid.field("/uri", "Give a web address, like https://www.example.org.")
    with database.transaction() as session:
        taken = set(session.scalars(select(Taxonomy.code))) | {SECTORS, ROLES}
        code = _code(name, taken, 40)
        session.add(Taxonomy(code=code, name=name, description=description, uri=uri))
        record_change(session, "word", code, None, WordDoc(code, name, description=description), by=by, at=at)
    return code


def add_word(code: str, word: WordDoc, *, by: Caller, at: datetime) -> str:
    """A new word at the end of a list; its key. Its code is made of its name. Raises NotFound, Invalid."""
    check_forum_admin(by)
    with database.transaction() as session:
        _lock_list(session, code)
        table, _ = words_of(code)
        _check(code, word)
        of_list = select(table.code, table.position)
        if table is TaxonomyTerm:
            of_list = of_list.where(TaxonomyTerm.taxonomy == code)
        rows = session.execute(of_list).all()
        own = _code(word.name, {row.code for row in rows}, 40 if table is Sector else 60)
        of_taxonomy = {"taxonomy": code} if table is TaxonomyTerm else {}
        row: Any = table(code=own, **of_taxonomy)
        row.position = max((one.position for one in rows), default=-1) + 1
        _say(session, row, word)
        session.add(row)
        session.flush()
        record_change(session, "word", f"{code}:{own}", None, _doc(row), by=by, at=at)
        return key_of(row)


def change_word(code: str, key: str, word: WordDoc, *, seen: str, by: Caller, at: datetime) -> None:
    """Say a word anew; its code stays. Raises NotFound, ChangedSince, Invalid."""
    check_forum_admin(by)
    with database.transaction() as session:
        _lock_list(session, code)
        row = the_word(session, code, key)
        before = _doc(row)
        record = f"{code}:{row.code}"
        if seen != _mark(before):
            raise ChangedSince(last_change(session, "word", record))
        _check(code, word, own_code=row.code)
        _say(session, row, word)
        session.flush()
        if _doc(row) != before:
            record_change(session, "word", record, before, _doc(row), by=by, at=at)


def retire_word(code: str, key: str, retired: bool, *, by: Caller, at: datetime) -> None:
    """Offer a word no more, or again. What says it keeps it. Raises NotFound."""
    check_forum_admin(by)
    with database.transaction() as session:
        _lock_list(session, code)
        row = the_word(session, code, key)
        before = _doc(row)
        row.retired = retired
        session.flush()
        if _doc(row) != before:
            record_change(session, "word", f"{code}:{row.code}", before, _doc(row), by=by, at=at)


def move_word(code: str, key: str, up: bool, *, by: Caller, at: datetime) -> None:
    """One place up or down in its list; at the end it stays. Raises NotFound."""
    check_forum_admin(by)
    with database.transaction() as session:
        _lock_list(session, code)
        row = the_word(session, code, key)
        _, query = words_of(code)
        order = list(session.scalars(query))
        before, here = _doc(row), order.index(row)
        there = max(0, here - 1) if up else min(len(order) - 1, here + 1)
        order.insert(there, order.pop(here))
        for place, one in enumerate(order):
            if one.position != place:
                one.position = place
        session.flush()
        if _doc(row) != before:
            record_change(session, "word", f"{code}:{row.code}", before, _doc(row), by=by, at=at)


def word_to_write(code: str, key: str, by: Caller) -> tuple[WordDoc, str]:
    """A word as it is said, and the mark of that. Raises NotFound."""
    check_forum_admin(by)
    with database.transaction() as session:
        row = the_word(session, code, key)
        doc = _doc(row)
        if isinstance(row, TaxonomyTerm) and row.parent_id:
            parent = session.get(TaxonomyTerm, row.parent_id)
            return _with_parent(doc, parent.code if parent else None), _mark(doc)
        return doc, _mark(doc)


def _with_parent(doc: WordDoc, parent: str | None) -> WordDoc:
    return WordDoc(**{**vars(doc), "parent": parent})


def _mark(doc: WordDoc) -> str:
    # Its place in the order and whether it is offered are not written with its words.
    return version_of(doc, ("name", "plain", "description", "sensitive", "parent", "term_uri"))


def _lock_list(session: Session, code: str) -> None:
    """Whoever changes a list waits for whoever else does. Raises NotFound where there is none."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"words {code}"))))
    if code in (SECTORS, ROLES):
        return
    if session.scalar(select(Taxonomy.code).where(Taxonomy.code == code)) is None:
        raise NotFound


def _check(code: str, word: WordDoc, own_code: str | None = None) -> None:
    problems = []
    if not word.name.strip():
        problems.append(FieldProblem("/name", "Say what it is called."))
    if word.term_uri and not _WEB.fullmatch(word.term_uri):
        problems.append(FieldProblem("/term_uri", "Give a web address, like https://www.example.org."))
    if code == CIRCUMSTANCES:
        if not word.description.strip():
            problems.append(
                FieldProblem("/description", "Go on with “people who”, as in “look after somebody”.")
            )
        if not word.plain.strip().endswith("?"):
            problems.append(FieldProblem("/plain", "Write the question, with a question mark."))
        if own_code not in OF_AN_ORGANIZATION and ORGANIZATION_HERE in word.plain + word.description:
            told = f"{ORGANIZATION_HERE} may only stand in the words of tenants."
            problems.append(FieldProblem("/plain", told))
    if problems:
        raise Invalid(problems)


def _say(session: Session, row: Any, word: WordDoc) -> None:
    row.name = word.name.strip()
    if not isinstance(row, TaxonomyTerm):
        return
    row.plain = word.plain.strip() or word.name.strip()
    row.description = word.description.strip()
    row.sensitive = word.sensitive
    row.term_uri = word.term_uri or None
    row.parent_id = _parent(session, row, word.parent) if word.parent else None


def _parent(session: Session, row: TaxonomyTerm, named: str) -> UUID:
    with session.no_autoflush:
        terms = session.scalars(
            select(TaxonomyTerm).where(
                TaxonomyTerm.taxonomy == row.taxonomy,
                (TaxonomyTerm.code == named) | (func.lower(TaxonomyTerm.name) == named.lower()),
            )
        ).all()
        if len(terms) != 1:
            raise Invalid.field("/parent", f"No one word of this list is called “{named}”: give its code.")
        above: TaxonomyTerm | None = terms[0]
        while above is not None:
            if above.id == row.id:
                raise Invalid.field("/parent", "A word cannot stand below itself.")
            above = session.get(TaxonomyTerm, above.parent_id) if above.parent_id else None
        return terms[0].id


def _doc(row: Any) -> WordDoc:
    if not isinstance(row, TaxonomyTerm):
        return WordDoc(row.code, row.name, retired=bool(row.retired), position=row.position)
    return WordDoc(
        row.code,
        row.name,
        row.plain,
        row.description or "",
        bool(row.sensitive),
        str(row.parent_id) if row.parent_id else None,
        row.term_uri,
        bool(row.retired),
        row.position,
    )


def _code(name: str, taken: set[str], most: int) -> str:
    plain = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[: most - 4] or "word"
    if plain not in taken:
        return plain
    return next(f"{plain}_{n}" for n in range(2, 1_000) if f"{plain}_{n}" not in taken)
