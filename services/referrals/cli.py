"""The console command of the referrals service: `linkwork-referrals`."""

from __future__ import annotations

import click

from services.referrals.actions.check_access_log import check_access_log
from services.referrals.actions.route_waiting import route_waiting
from services.referrals.loading_commands import load_open_command
from services.referrals.store.migrate import migrate as run_migrations
from shared.clock import now


@click.group()
def main() -> None:
    """Referrals: one person, from first request to outcome."""


@main.command()
def migrate() -> None:
    """Bring the database to the newest tables."""
    run_migrations()
    click.echo("The tables of referrals are up to date.")


@main.command("load-demo")
def load_demo() -> None:
    """Load the demo's referrals; does nothing when they are there."""
    from services.referrals.demo.load import load

    click.echo(f"{load(now())} referrals loaded.")


@main.command("verify-access-log")
def verify_access_log() -> None:
    """Walk the chain over the access log; ends with 1 where it is broken."""
    verdict = check_access_log()
    click.echo(f"{verdict.sealed} rows sealed, {verdict.unsealed} not yet sealed.")
    if verdict.broken_at is not None:
        raise click.ClickException(f"The chain is broken at row {verdict.broken_at}.")


@main.command("route-unrouted")
def route_unrouted() -> None:
    """Try again to find teams for what the duty desks hold."""
    click.echo(f"{route_waiting(at=now())} referrals have a team now.")


main.add_command(load_open_command)


if __name__ == "__main__":
    main()
