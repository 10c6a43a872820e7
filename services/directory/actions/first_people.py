"""Starting from nothing: the first organisation and the first person."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select

from services.directory.actions import invitations, links
from services.directory.actions.loading.finding import organization_named
from services.directory.store.database import database
from services.directory.store.organizations import Organization
from services.directory.store.taxonomy import Sector
from services.directory.store.teams import Team
from shared.errors import Conflict, Invalid, NotFound
from shared.listing_ids import listing_id


def find_organization(text: str, sector: str | None, at: datetime) -> UUID:
    """The organisation with this id, key, ODS code or name; with a `sector`, it is made where there is none.

    Raises NotFound, Conflict where several bear the name or nothing was seeded, Invalid for a sector nobody
    knows.
    """
    with database.transaction() as session:
        wanted = _as_id(text)
        by_id = select(Organization.id).where(Organization.id == wanted)
        found = list(session.scalars(by_id)) if wanted else organization_named(session, text.strip())
        if len(found) > 1:
            raise Conflict(f"Several organisations are called {text}. Give the id of one.")
        if found:
            return found[0]
        if sector is None or wanted is not None:
            raise NotFound(f"There is no organisation {text}. With --sector it is made.")
        known = session.scalars(select(Sector.code).order_by(Sector.code)).all()
        if not known:
            raise Conflict("There are no sectors yet: run linkwork-directory seed first.")
        if sector not in known:
            raise Invalid.field("/sector", f"The sector must be one of: {', '.join(known)}.")
        made = Organization(name=text.strip(), sector=sector, last_modified=at)
        session.add(made)
        session.flush()
        return made.id


def find_team(text: str) -> UUID:
    """The team with this id, key of the listings or name. Raises NotFound, and Conflict for several."""
    wanted = _as_id(text) or listing_id("team", text.strip())
    with database.transaction() as session:
        named = Team.name == text.strip()
        found = session.scalars(select(Team.id).where(or_(Team.id == wanted, named)).limit(2)).all()
    if len(found) > 1:
        raise Conflict(f"Several teams are called {text}. Give the id or key of one.")
    if not found:
        raise NotFound(f"There is no team {text}.")
    return found[0]


def add_first_person(letter: links.Letter, name: str, password: str, at: datetime) -> None:
    """Accept an invitation at once, at the console. Raises Invalid and Conflict."""
    invitations.accept_as_new(letter.url.rsplit("/", 1)[-1], name, password, at)


def _as_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
