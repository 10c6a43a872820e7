"""Commands about people, keys and partners' systems."""

from __future__ import annotations

from functools import partial

import click

from services.directory.actions import clients, invitations, keeping
from services.directory.actions.first_people import add_first_person, find_organization, find_team
from services.directory.actions.keys import replace_keys, rotate_keys
from services.directory.actions.recovery import remove_second_step
from shared.auth import Caller, Kind, Role
from shared.clock import now
from shared.errors import LinkworkError

TERMINAL = Caller(sub="terminal", kind=Kind.SERVICE)
_ROLES = click.Choice([str(role) for role in Role])


def _explain(error: LinkworkError) -> click.ClickException:
    return click.ClickException(error.detail)


@click.command("rotate-keys")
@click.option("--now", "at_once", is_flag=True, help="A key may have leaked: withdraw all at once.")
def rotate_keys_command(at_once: bool) -> None:
    """Publish a new key now and sign with it a quarter of an hour later, so that nobody is signed out."""
    if at_once:
        kid, withdrawn = replace_keys(now())
        click.echo(
            f"{kid} is published and signs from now on; withdrawn: {withdrawn}. Within half a minute no "
            "service takes a token of a withdrawn key, as long as the workers run.\n"
            "Everybody signs in again, and partners' systems ask for a new token."
        )
        return
    kid, signs_from = rotate_keys(now())
    click.echo(
        f"{kid} is published now. New tokens are signed with it from {signs_from:%H:%M} UTC on, when "
        "everybody has it; until then the old key signs, and it stays published for 24 hours after that.\n"
        "Leave the service running: nothing needs a restart."
    )


@click.command("first-admin")
@click.option("--email", required=True, help="The address they sign in with.")
@click.option("--organization", required=True, help="Their organisation: name, key, ODS code or id.")
@click.option("--sector", help="Its sector, where there is no such organisation yet.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=_ROLES,
    default=("forum_admin", "org_admin"),
    show_default=True,
    help="What they are; may come more than once.",
)
@click.option("--team", "teams", multiple=True, help="The team they work in, lead or staff: key, name or id.")
@click.option("--name", help="With it a password is asked for here; without it a link is printed.")
def first_admin(
    email: str,
    organization: str,
    sector: str | None,
    roles: tuple[str, ...],
    teams: tuple[str, ...],
    name: str | None,
) -> None:
    """Let the first person in: print a link for them (7 days, once), or set a password here."""
    try:
        organization_id = find_organization(organization, sector, now())
        invite = partial(
            invitations.first_invitation,
            email,
            roles,
            organization_id,
            TERMINAL,
            team_ids=[find_team(team) for team in teams],
        )
        if name is None:
            letter = invite(now())
            click.echo(f"Give this link to {letter.to}. It works once, for 7 days:\n{letter.url}")
            return
        password = click.prompt("Password (12 characters or more)", hide_input=True, confirmation_prompt=True)
        letter = invite(now())
        add_first_person(letter, name, password, now())
    except LinkworkError as refused:
        raise _explain(refused) from refused
    click.echo(f"{email} can sign in now.")


@click.command("add-client")
@click.argument("client_id")
@click.option("--name", required=True, help="What people call the system.")
@click.option("--organization", required=True, help="Whom it acts for: name, key, ODS code or id.")
@click.option("--role", "roles", multiple=True, type=_ROLES, required=True, help="May come more than once.")
@click.option("--team", help="The team whose queue it works, for workers and leads: key, name or id.")
def add_client(
    client_id: str, name: str, organization: str, roles: tuple[str, ...], team: str | None
) -> None:
    """Register a partner's system and print its secret, this once."""
    try:
        secret = clients.add_client(
            client_id,
            name=name,
            organization_id=find_organization(organization, None, now()),
            roles=[Role(role) for role in roles],
            team_id=find_team(team) if team else None,
            by=TERMINAL,
            at=now(),
        )
    except LinkworkError as refused:
        raise _explain(refused) from refused
    click.echo(f"The secret of {client_id}, shown this once:\n{secret}")


@click.command("rotate-client")
@click.argument("client_id")
def rotate_client(client_id: str) -> None:
    """Give a system a new secret; the one before works for another 7 days."""
    try:
        secret = clients.rotate_client(client_id, TERMINAL, now())
    except LinkworkError as refused:
        raise _explain(refused) from refused
    click.echo(f"The new secret of {client_id}, shown this once. The old one works for 7 days:\n{secret}")


@click.command("revoke-client")
@click.argument("client_id")
def revoke_client(client_id: str) -> None:
    """No more tokens for a system; those it has end within 15 minutes."""
    try:
        clients.revoke_client(client_id, TERMINAL, now())
    except LinkworkError as refused:
        raise _explain(refused) from refused
    click.echo(f"{client_id} gets no more tokens.")


@click.command("remove-second-step")
@click.argument("email")
@click.option("--confirmed-by", help="The address of the admin who made sure that it is they who ask.")
def remove_second_step_command(email: str, confirmed_by: str | None) -> None:
    """Let somebody back in who lost their phone and recovery codes: their second step is removed.

    First somebody else who looks after their organisation's people, or the forum's admin, makes sure that
    it is they who ask (in person, or by ringing the number the organisation has of them).
    """
    try:
        remove_second_step(email, confirmed_by, TERMINAL, now())
    except LinkworkError as refused:
        raise _explain(refused) from refused
    click.echo(
        "The second step is removed and every session of theirs has ended. They sign in with their password "
        "and set up a new one. A letter tells them."
    )


@click.command("verify-access-log")
def verify_access_log() -> None:
    """Check that nothing in the access log was altered, removed or slipped in."""
    verdict = keeping.verify_access_log()
    if verdict.broken_at is not None:
        raise click.ClickException(f"The chain is broken at row {verdict.broken_at}.")
    click.echo(f"{verdict.sealed} rows sealed and whole, {verdict.unsealed} not sealed yet.")


COMMANDS: tuple[click.Command, ...] = (
    rotate_keys_command,
    first_admin,
    add_client,
    rotate_client,
    revoke_client,
    remove_second_step_command,
    verify_access_log,
)
