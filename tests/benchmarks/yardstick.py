"""What everything is measured against: the least that Flask and SQLAlchemy need to store one row for good."""

from __future__ import annotations

import os
from uuid import uuid4

from flask import Flask, request
from sqlalchemy import create_engine, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class _Table(DeclarativeBase):
    pass


class Row(_Table):
    """One row with a few words."""

    __tablename__ = "yardstick"

    id: Mapped[str] = mapped_column(primary_key=True)
    words: Mapped[str]


def make_table(url: str) -> None:
    """The yardstick's own table, beside the service's."""
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("create table if not exists yardstick (id text primary key, words text)"))
    engine.dispose()


def create_app() -> Flask:
    """`POST /row` stores the row and answers its id."""
    app = Flask(__name__)
    engine = create_engine(os.environ["DATABASE_URL_REFERRALS"], pool_size=10)

    @app.post("/row")
    def row() -> tuple[dict[str, str], int]:
        made = Row(id=str(uuid4()), words=request.get_json()["words"])
        with Session(engine, expire_on_commit=False) as session, session.begin():
            session.add(made)
        return {"id": made.id}, 201

    return app
