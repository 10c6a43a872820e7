"""Bring the database to today's tables."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config

FOLDER = Path(__file__).parent / "migrations"


def config() -> Config:
    """Alembic's settings, without a file of its own."""
    alembic = Config()
    alembic.set_main_option("script_location", str(FOLDER))
    return alembic


def migrate() -> None:
    """Upgrade to the newest revision; safe to run again."""
    command.upgrade(config(), "head")
