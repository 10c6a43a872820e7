"""The versions of the routing snapshot: what changed, in the order in which it was committed.

`routing_change` has one row for each item that ever was in the snapshot, with the version of its last
change; an item whose own row is gone was deleted. Versions are counted in the one row of `routing_epoch`,
taken last of all in a transaction and held to its commit: so no reader ever sees version 8 before
version 7, and what is always locked last cannot deadlock with the rows of the writers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, String, bindparam, func, or_, select, text, true
from sqlalchemy.dialects.postgresql import ARRAY, TEXT, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.directory.store.constraints import one_of
from services.directory.store.identity import Membership
from services.directory.store.link_workers import LinkWorker
from services.directory.store.outbox import outbox
from services.directory.store.routing_marks import ACCOUNT, KINDS, LINK_WORKER, Mark
from services.directory.store.table import Table

_WRITE = text(
    "insert into routing_change (kind, kind_id, version)"
    " select kind, kind_id, :base + place"
    " from unnest(:kinds, :ids) with ordinality as t(kind, kind_id, place)"
    " on conflict (kind, kind_id) do update set version = excluded.version"
).bindparams(bindparam("kinds", type_=ARRAY(TEXT)), bindparam("ids", type_=ARRAY(TEXT)))


class RoutingChange(Table):
    """The version of the last change of one item of the snapshot."""

    __tablename__ = "routing_change"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    kind_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger, unique=True)

    __table_args__ = (one_of("kind", KINDS),)


class RoutingEpoch(Table):
    """One row: the life of this directory's data. A reset or a restored backup begins a new one."""

    __tablename__ = "routing_epoch"

    single: Mapped[bool] = mapped_column(primary_key=True, server_default=true(), default=True)
    epoch: Mapped[UUID]
    last_version: Mapped[int] = mapped_column(BigInteger)
    began_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("single", name="one_row"),)


@dataclass(frozen=True)
class Versions:
    """Versions taken by a transaction: `base` + 1 to `last`, in `epoch`."""

    epoch: UUID
    base: int
    last: int


def write_versions(session: Session, marks: Iterable[Mark]) -> None:
    """Give every marked item a new version, and tell that the routing changed. Call it last."""
    wanted = sorted(_members(session, set(marks)), key=lambda m: (KINDS.index(m.kind), m.id))
    if not wanted:
        return
    taken = take_versions(session, len(wanted))
    session.execute(
        _WRITE,
        {"base": taken.base, "kinds": [m.kind for m in wanted], "ids": [m.id for m in wanted]},
    )


def take_versions(session: Session, count: int) -> Versions:
    """Reserve `count` versions to the end of this transaction, and write `routing.changed.v1`.

    Other writers of routing wait here until this transaction has ended: do it last.
    """
    # The database's own clock: when a transaction began is no edge's to say.
    row = session.execute(
        insert(RoutingEpoch)
        .values(single=True, epoch=uuid4(), last_version=count, began_at=func.now())
        .on_conflict_do_update(
            index_elements=["single"], set_={"last_version": RoutingEpoch.last_version + count}
        )
        .returning(RoutingEpoch.epoch, RoutingEpoch.last_version, func.now())
    ).one()
    epoch, last, at = row
    outbox.add(session, "routing.changed.v1", subject=epoch, at=at, version=last)
    return Versions(epoch=epoch, base=last - count, last=last)


def begin_epoch(session: Session, at: datetime) -> UUID:
    """A new epoch: every reader clears its copy and starts again from 0."""
    epoch = uuid4()
    last = session.execute(
        insert(RoutingEpoch)
        .values(single=True, epoch=epoch, last_version=0, began_at=at)
        .on_conflict_do_update(index_elements=["single"], set_={"epoch": epoch, "began_at": at})
        .returning(RoutingEpoch.last_version)
    ).scalar_one()
    outbox.add(session, "routing.changed.v1", subject=epoch, at=at, version=last)
    return epoch


def _members(session: Session, marks: set[Mark]) -> set[Mark]:
    """`marks` with accounts and link workers replaced by the memberships they stand for."""
    accounts = [UUID(m.id) for m in marks if m.kind == ACCOUNT]
    workers = [UUID(m.id) for m in marks if m.kind == LINK_WORKER]
    items = {m for m in marks if m.kind in KINDS}
    if accounts or workers:
        of_workers = select(LinkWorker.account_id).where(LinkWorker.id.in_(workers))
        mine = select(Membership.id).where(
            or_(Membership.account_id.in_(accounts), Membership.account_id.in_(of_workers))
        )
        items |= {Mark("member", str(id)) for id in session.scalars(mine)}
    return items
