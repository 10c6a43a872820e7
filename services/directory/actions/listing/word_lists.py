"""The lists of words that listings are made of, as the forum's admin sees them: what each is used by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from services.directory.domain.taxonomies import CIRCUMSTANCES
from services.directory.store.database import database
from services.directory.store.link_workers import LinkWorker
from services.directory.store.locations import Accessibility
from services.directory.store.organizations import Organization, OrganizationTerm
from services.directory.store.services import Service, ServiceTerm
from services.directory.store.taxonomy import ConnectorRole, Sector, Taxonomy, TaxonomyTerm
from shared.auth import Caller, Role
from shared.errors import NotFound

SECTORS, ROLES = "sectors", "connector_roles"
_NAMES = {
    SECTORS: ("Sectors", "What organisations work in, and who may refer."),
    ROLES: ("Connector roles", "What those are called who connect people to support."),
}
MOST_SHOWN = 500
_ONE = {
    "organisations": "organisation",
    "services": "service",
    "link workers": "link worker",
    "venues": "venue",
    "words below it": "word below it",
}
Word = TaxonomyTerm | Sector | ConnectorRole


@dataclass(frozen=True)
class WordList:
    """A list: `is_taxonomy` has terms with plain words and parents; `ours` the product works by."""

    code: str
    name: str
    description: str
    is_taxonomy: bool
    ours: bool
    count: int


@dataclass(frozen=True)
class Entry:
    """A word of a list. `key` names it in addresses; `used` says by how many of what."""

    key: str
    code: str
    name: str
    retired: bool
    plain: str = ""
    description: str = ""
    sensitive: bool = False
    parent: str | None = None
    term_uri: str | None = None
    used: tuple[tuple[str, int], ...] = ()

    @property
    def used_words(self) -> str:
        """By how many of what, in words; empty where by nothing."""
        return ", ".join(f"{count} {_ONE[what] if count == 1 else what}" for what, count in self.used)


def check_forum_admin(by: Caller) -> None:
    """Raise NotFound for anybody but the forum's admin."""
    if not by.has(Role.FORUM_ADMIN):
        raise NotFound


def word_lists(by: Caller) -> list[WordList]:
    """All lists: sectors, roles, the product's taxonomies, further ones by name."""
    check_forum_admin(by)
    with database.transaction() as session:
        rows = session.execute(
            select(Taxonomy, func.count(TaxonomyTerm.id))
            .outerjoin(TaxonomyTerm, TaxonomyTerm.taxonomy == Taxonomy.code)
            .group_by(Taxonomy.id)
            .order_by(Taxonomy.ours.desc(), Taxonomy.name)
        ).all()
        plain = [
            WordList(
                code, name, about, False, True, session.scalar(select(func.count()).select_from(table)) or 0
            )
            for code, table in ((SECTORS, Sector), (ROLES, ConnectorRole))
            for name, about in (_NAMES[code],)
        ]
        return [
            *plain,
            *(WordList(t.code, t.name, t.description, True, t.ours, count) for t, count in rows),
        ]


def word_list(code: str, by: Caller) -> WordList:
    """One list. Raises NotFound."""
    found = next((one for one in word_lists(by) if one.code == code), None)
    if found is None:
        raise NotFound
    return found


def entries(code: str, by: Caller, *, wanted: str = "") -> list[Entry]:
    """The first 500 words of a list in order, those whose name or code holds `wanted`, with their use."""
    check_forum_admin(by)
    with database.transaction() as session:
        table, query = words_of(code)
        if wanted:
            query = query.where(
                or_(
                    table.name.icontains(wanted, autoescape=True),
                    table.code.icontains(wanted, autoescape=True),
                )
            )
        rows = session.scalars(query.limit(MOST_SHOWN)).all()
        return _entries(session, code, rows)


def entry(code: str, key: str, by: Caller) -> Entry:
    """One word with its use. Raises NotFound."""
    check_forum_admin(by)
    with database.transaction() as session:
        return _entries(session, code, [the_word(session, code, key)])[0]


def words_of(code: str) -> tuple[type[Word], Select[Any]]:
    """The table of a list, and its words in order."""
    if code == SECTORS:
        return Sector, select(Sector).order_by(Sector.position, Sector.code)
    if code == ROLES:
        return ConnectorRole, select(ConnectorRole).order_by(ConnectorRole.position, ConnectorRole.code)
    query = select(TaxonomyTerm).where(TaxonomyTerm.taxonomy == code)
    return TaxonomyTerm, query.order_by(TaxonomyTerm.position, TaxonomyTerm.name, TaxonomyTerm.id)


def the_word(session: Session, code: str, key: str) -> Any:
    """One word of a list by its key, locked. Raises NotFound."""
    _, query = words_of(code)
    query = query.where(_is(code, key)).with_for_update()
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    return found


def key_of(word: Word) -> str:
    """What names a word in addresses."""
    return str(word.id) if isinstance(word, TaxonomyTerm) else word.code


def _is(code: str, key: str) -> ColumnElement[bool]:
    if code == SECTORS:
        return Sector.code == key
    if code == ROLES:
        return ConnectorRole.code == key
    try:
        return TaxonomyTerm.id == UUID(key)
    except ValueError as wrong:
        raise NotFound from wrong


def _entries(session: Session, code: str, rows: Iterable[Any]) -> list[Entry]:
    words = list(rows)
    used = _used(session, code, words)
    parents: dict[UUID, str] = {}
    ids = {word.parent_id for word in words if isinstance(word, TaxonomyTerm) and word.parent_id}
    if ids:
        found = session.execute(select(TaxonomyTerm.id, TaxonomyTerm.name).where(TaxonomyTerm.id.in_(ids)))
        parents = dict(found.all())
    return [_entry(word, used.get(key_of(word), ()), parents) for word in words]


def _entry(word: Any, used: tuple[tuple[str, int], ...], parents: dict[UUID, str]) -> Entry:
    if not isinstance(word, TaxonomyTerm):
        return Entry(word.code, word.code, word.name, word.retired, used=used)
    return Entry(
        key_of(word),
        word.code,
        word.name,
        word.retired,
        plain=word.plain,
        description=word.description,
        sensitive=word.sensitive,
        parent=parents.get(word.parent_id) if word.parent_id else None,
        term_uri=word.term_uri,
        used=used,
    )


def _used(session: Session, code: str, words: list[Any]) -> dict[str, tuple[tuple[str, int], ...]]:
    codes = [word.code for word in words]
    ids = [word.id for word in words if isinstance(word, TaxonomyTerm)]
    counts: list[tuple[str, Select[Any]]]
    if code == SECTORS:
        counts = [
            ("organisations", _count(Organization.sector, codes)),
            ("services", _count_in(Service.sender_sectors, codes)),
        ]
    elif code == ROLES:
        counts = [
            ("services", _count(Service.connector_role, codes)),
            ("link workers", _count(LinkWorker.role, codes)),
        ]
    elif code == CIRCUMSTANCES:
        by_code = {word.code: key_of(word) for word in words}
        rows = session.execute(_count_in(Service.circumstances, codes)).all()
        return {by_code[one]: (("services", count),) for one, count in rows}
    else:
        counts = [
            ("services", _count(ServiceTerm.term_id, ids)),
            ("organisations", _count(OrganizationTerm.term_id, ids)),
            ("venues", _count(Accessibility.term_id, ids)),
            ("words below it", _count(TaxonomyTerm.parent_id, ids)),
        ]
    found: dict[str, tuple[tuple[str, int], ...]] = {}
    for what, query in counts:
        for one, count in session.execute(query):
            found[str(one)] = (*found.get(str(one), ()), (what, count))
    return found


def _count(column: Any, wanted: list[Any]) -> Select[Any]:
    return select(column, func.count()).where(column.in_(wanted)).group_by(column)


def _count_in(column: Any, wanted: list[Any]) -> Select[Any]:
    each = select(func.unnest(column).label("code")).subquery()
    return select(each.c.code, func.count()).where(each.c.code.in_(wanted)).group_by(each.c.code)
