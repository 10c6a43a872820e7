"""Commands that load listings."""

from __future__ import annotations

import click

COMMANDS: tuple[click.Command, ...] = ()
