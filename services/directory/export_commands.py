"""The command that writes listings to take away."""

from __future__ import annotations

from typing import TextIO
from uuid import UUID

import click

from services.directory.actions.export_services import Form, export_for_operator
from shared.clock import now


@click.command("export")
@click.argument("file", type=click.File("w", encoding="utf-8", lazy=True), default="-")
@click.option("--organization", "organization_id", type=click.UUID, help="Only the services of this one.")
@click.option(
    "--format",
    "form",
    type=click.Choice([str(form) for form in Form]),
    default=str(Form.HSDS),
    help="hsds: JSON that can be imported again; csv: a sheet.",
)
def export_command(file: TextIO, organization_id: UUID | None, form: str) -> None:
    """Write all services, unpublished ones and private addresses too, to FILE or to the terminal."""
    for piece in export_for_operator(organization_id, Form(form), at=now()):
        file.write(piece)


COMMANDS: tuple[click.Command, ...] = (export_command,)
