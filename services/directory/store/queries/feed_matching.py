"""The seam between a feed's `search` and the directory's one search: which services the words find."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Select, cast, false, literal, select
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from services.directory.domain.search import RANKING
from services.directory.store.queries.understanding import understand
from services.directory.store.search import ServiceSearch


def matching(session: Session, search: str) -> Select[UUID] | None:
    """The ids of services that say all of the words, or what they mean; None where there are no words.

    One query, and two more where a word is misspelt.
    """
    understood = understand(session, search, RANKING)
    found = select(ServiceSearch.service_id)
    if understood.nothing:
        return found.where(false())
    if not understood.pieces:
        return None
    query = cast(literal(understood.all_query), TSQUERY)
    return found.where(ServiceSearch.vector.op("@@", is_comparison=True)(query))
