"""Statements of imports that no document has: words of taxonomies, and taking away what an import brought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from services.directory.store.locations import Location
from services.directory.store.organizations import Organization
from services.directory.store.routing_marks import Mark, mark
from services.directory.store.services import Service
from services.directory.store.taxonomy import Taxonomy, TaxonomyTerm
from services.directory.store.teams import TeamService

LAST_POSITION = 32_000
_BY_INDEX = text("""
select set_config('enable_seqscan', 'off', true), set_config('plan_cache_mode', 'force_custom_plan', true)
""")


def go_by_index(session: Session) -> None:
    """For the rest of the transaction the planner goes by indexes, whatever it knows of the tables.

    Rows that this very transaction wrote are in no statistics: it would take a table that was empty when it
    began for empty, and read all of it for each lot.
    """
    session.execute(_BY_INDEX)


def add_terms(session: Session, said: Mapping[UUID, Mapping[str, Any]]) -> None:
    """Put in words of others' taxonomies; those that are there stay as they are."""
    taxonomies = {one["taxonomy"]: one["taxonomy_name"] for one in said.values()}
    for code, name in taxonomies.items():
        session.execute(
            upsert(Taxonomy)
            .values(code=code, name=name, description="Came with an import.", ours=False)
            .on_conflict_do_nothing(index_elements=["code"])
        )
    last = dict(
        session.execute(
            select(TaxonomyTerm.taxonomy, func.max(TaxonomyTerm.position)).group_by(TaxonomyTerm.taxonomy)
        ).all()
    )
    for own, one in said.items():
        position = min((last.get(one["taxonomy"]) or 0) + 1, LAST_POSITION)
        last[one["taxonomy"]] = position
        session.execute(
            upsert(TaxonomyTerm)
            .values(
                id=own,
                taxonomy=one["taxonomy"],
                code=one["code"],
                name=one["name"],
                description=one.get("description") or "",
                plain=one["name"],
                term_uri=one.get("term_uri"),
                position=position,
            )
            .on_conflict_do_nothing()
        )


def remove_terms(session: Session, ids: Sequence[UUID]) -> None:
    """Take words away, and taxonomies that have none left. Raises IntegrityError where one is said."""
    taxonomies = set(session.scalars(select(TaxonomyTerm.taxonomy).where(TaxonomyTerm.id.in_(ids))))
    session.execute(delete(TaxonomyTerm).where(TaxonomyTerm.id.in_(ids)))
    session.execute(
        delete(Taxonomy).where(
            Taxonomy.code.in_(taxonomies),
            ~Taxonomy.ours,
            ~select(TaxonomyTerm.id).where(TaxonomyTerm.taxonomy == Taxonomy.code).exists(),
        )
    )


def remove_services(session: Session, ids: Sequence[UUID]) -> None:
    """Take services away with all that hangs on them; the database notes which of them were published."""
    gone = session.scalars(select(Service.id).where(Service.id.in_(ids))).all()
    teams = session.scalars(select(TeamService.team_id).where(TeamService.service_id.in_(ids))).all()
    mark(session, [Mark("service", str(own)) for own in gone])
    mark(session, [Mark("team", str(team)) for team in set(teams)])
    session.execute(delete(Service).where(Service.id.in_(ids)))


def remove_locations(session: Session, ids: Sequence[UUID]) -> None:
    """Take venues away. Raises IntegrityError where a service is found there."""
    session.execute(delete(Location).where(Location.id.in_(ids)))


def remove_organizations(session: Session, ids: Sequence[UUID]) -> None:
    """Take organisations away. Raises IntegrityError where something is theirs."""
    mark(session, [Mark("organization", str(own)) for own in ids])
    session.execute(delete(Organization).where(Organization.id.in_(ids)))
