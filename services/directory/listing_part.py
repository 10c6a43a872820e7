"""What the listings (organisations, services, teams, link workers) add to the directory's process."""

from __future__ import annotations

from flask import Blueprint as PageBlueprint

from shared.smorest import Blueprint
from shared.web import Message

API_BLUEPRINTS: tuple[Blueprint, ...] = ()
PAGE_BLUEPRINTS: tuple[PageBlueprint, ...] = ()
MESSAGES: dict[str, Message] = {}
