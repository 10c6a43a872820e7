"""As many services as a region has: copies of the labelled corpus, each elsewhere and by its own name."""

from __future__ import annotations

from sqlalchemy import text

from services.directory.store.database import database
from services.directory.store.search_refresh import refresh_all

_ID = "md5({of}::text || ' ' || n)::uuid"
# Columns taken over as they are, and those that are made anew, by table.
_COPIES = (
    (
        "location",
        {
            "id": _ID.format(of="one.id"),
            "latitude": "one.latitude + (n % 97 - 48) / 120.0",
            "longitude": "one.longitude + (n % 89 - 44) / 70.0",
            "external_identifier": "null",
            "external_identifier_type": "null",
        },
    ),
    ("service", {"id": _ID.format(of="one.id"), "name": "one.name || ' ' || (n * 7919 % 100000)"}),
    ("service_term", {"service_id": _ID.format(of="one.service_id")}),
    ("service_area", {"id": _ID.format(of="one.id"), "service_id": _ID.format(of="one.service_id")}),
    (
        "service_at_location",
        {
            "id": _ID.format(of="one.id"),
            "service_id": _ID.format(of="one.service_id"),
            "location_id": _ID.format(of="one.location_id"),
        },
    ),
    ("schedule", {"id": _ID.format(of="one.id"), "service_id": _ID.format(of="one.service_id")}),
    (
        "open_hours",
        {
            "id": _ID.format(of="one.id"),
            "service_id": _ID.format(of="one.service_id"),
            "schedule_id": _ID.format(of="one.schedule_id"),
        },
    ),
    ("verification", {"service_id": _ID.format(of="one.service_id")}),
)
_COLUMNS = text(
    "select column_name from information_schema.columns where table_name = :table"
    " and table_schema = 'public' and is_generated = 'NEVER' order by ordinal_position"
)


def add_services(first: int, last: int) -> None:
    """Copies `first` to `last` of the corpus, which is there, and what the search reads of them."""
    with database.transaction() as session:
        session.execute(text("set local statement_timeout = 0"))
        for table, made in _COPIES:
            names = list(session.scalars(_COLUMNS, {"table": table}))
            values = ", ".join(made.get(name, f'one."{name}"') for name in names)
            columns = ", ".join(f'"{name}"' for name in names)
            session.execute(
                text(
                    f"insert into {table} ({columns}) select {values} from bench_{table} as one,"  # noqa: S608
                    f" generate_series({first}, {last}) as n"
                )
            )
        refresh_all(session)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))


def keep_corpus() -> int:
    """Put the corpus aside, to copy it from; how many services it has."""
    with database.transaction() as session:
        for table, _ in _COPIES:
            session.execute(text(f"create table bench_{table} as select * from {table}"))  # noqa: S608
        return int(session.execute(text("select count(*) from bench_service")).scalar_one())
