"""`linkwork-directory`: the directory's console command."""

from __future__ import annotations

import click

from services.directory.actions.keys import ensure_key, rotate_keys
from services.directory.store import migrate
from shared.clock import now


@click.group()
def main() -> None:
    """Look after the directory: tables, keys, first people, partners' systems, the demo place."""


@main.command("migrate")
def migrate_command() -> None:
    """Bring the tables up to date and make the first signing key where there is none."""
    migrate.upgrade()
    ensure_key(now())
    click.echo("The directory's tables are up to date.")


@main.command("rotate-keys")
def rotate_keys_command() -> None:
    """Sign with a new key from now on. The old one stays published for a day, so nobody is signed out."""
    click.echo(f"New tokens are signed with {rotate_keys(now())}. The old key is published for 24 hours.")


if __name__ == "__main__":
    main()
