"""The console command of notifications: `linkwork-notifications --help`."""

from __future__ import annotations

import json
import sys

import click

from services.notifications.actions import keeping
from services.notifications.store.migrate import migrate
from shared.clock import now


@click.group()
def main() -> None:
    """Notifications: tell the right person, once."""


@main.command("migrate")
def migrate_command() -> None:
    """Bring the database to today's tables."""
    migrate()
    click.echo("The tables of notifications are up to date.")


@main.command("load-demo")
def load_demo() -> None:
    """Nothing to load: messages come from what happens in the other two services."""
    click.echo("Notifications begin empty: they come from what happens in the demo place.")


@main.command("verify-access-log")
def verify_access_log() -> None:
    """Walk the chain of the access log; fails at a break."""
    verdict = keeping.verify_access_log()
    click.echo(f"{verdict.sealed} rows sealed, {verdict.unsealed} not sealed yet.")
    if verdict.broken_at is not None:
        click.echo(f"The chain is broken at row {verdict.broken_at}.", err=True)
        sys.exit(1)


@main.command("status")
def status() -> None:
    """How sending is going, as JSON: backlog, failures, providers, events nobody has a rule for."""
    overview = keeping.read_overview(now())
    told = {
        "unplanned": overview.unplanned,
        "messages": dict(overview.by_state),
        "oldest_due": overview.oldest_due,
        "providers": [
            {"channel": p.channel, "answers": p.answers, "words": p.words, "checked_at": p.checked_at}
            for p in overview.providers
        ],
        "unknown_events": [
            {"type": u.event_type, "source": u.source, "count": u.count, "last_at": u.last_at}
            for u in overview.unknown
        ],
    }
    click.echo(json.dumps(told, indent=2, default=str))


@main.command("plan-again")
def plan_again() -> None:
    """Plan kept events of types that had no rule when they came and have one now."""
    click.echo(f"{keeping.plan_unknown_again(now())} events are planned again.")


if __name__ == "__main__":
    main()
