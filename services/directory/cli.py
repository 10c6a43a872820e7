"""`linkwork-directory`: the directory's console command."""

from __future__ import annotations

import click

from services.directory import (
    config,
    export_commands,
    identity_commands,
    importing_commands,
    loading_commands,
)
from services.directory.actions.keys import ensure_key
from services.directory.store import migrate
from shared import settings
from shared.clock import now
from shared.embedded.secrets import make_secrets


@click.group()
def main() -> None:
    """Look after the directory: tables, keys, first people, partners' systems, listings, the demo place."""


@main.command("migrate")
def migrate_command() -> None:
    """Bring the tables up to date and make the first signing key where there is none."""
    migrate.upgrade()
    ensure_key(now())
    click.echo("The directory's tables are up to date.")


@main.command("make-secrets")
def make_secrets_command() -> None:
    """Print fresh secrets for a new installation, once, as lines NAME='value' for an environment file."""
    for name, value in sorted(make_secrets(settings.SERVICES).items()):
        click.echo(f"{name}='{value}'")


@main.command("load-demo")
@click.option("--yes-this-is-a-demo", "confirmed", is_flag=True, help="Needed outside the embedded run.")
def load_demo_command(confirmed: bool) -> None:
    """Load the demo place: invented people, with a password printed for everybody."""
    if not (config.is_demo() or confirmed):
        raise click.ClickException(
            "This is not the embedded run. The demo's passwords are public: say --yes-this-is-a-demo "
            "if nothing real will ever be kept here."
        )
    from services.directory.demo.everything import load_demo

    people, clients = load_demo(now())
    click.echo(f"The demo place is loaded: {people} people and {clients} systems came new.")


for command in (
    *identity_commands.COMMANDS,
    *loading_commands.COMMANDS,
    *importing_commands.COMMANDS,
    *export_commands.COMMANDS,
):
    main.add_command(command)

if __name__ == "__main__":
    main()
