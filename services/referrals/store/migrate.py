"""Brings this service's database to the newest tables."""

from __future__ import annotations

from importlib.resources import files

from alembic import command
from alembic.config import Config


def alembic_config() -> Config:
    """Alembic's settings, with the migrations of this package."""
    config = Config()
    config.set_main_option("script_location", str(files(__package__).joinpath("migrations")))
    return config


def migrate() -> None:
    """Run what is missing; does nothing when nothing is."""
    command.upgrade(alembic_config(), "head")
