"""Reading settings from the environment. A missing secret stops a production start, by name."""

from __future__ import annotations

import os
from enum import StrEnum


class Mode(StrEnum):
    """How this process runs: `embedded` is the one-command run on one machine."""

    EMBEDDED = "embedded"
    PRODUCTION = "production"
    TEST = "test"


SERVICES = ("directory", "referrals", "notifications")
# Seconds a web process gets for what it has in hand when it is asked to stop, and until it is ended.
WEB_FINISHES_WITHIN = 8
WEB_GONE_WITHIN = 15
PORT_OFFSET = {name: place + 1 for place, name in enumerate(SERVICES)}


class MissingSetting(RuntimeError):
    """A setting without which this process must not start."""


def mode() -> Mode:
    """`LINKWORK_MODE`; production unless it says otherwise, so that forgetting it is safe."""
    return Mode(os.environ.get("LINKWORK_MODE", Mode.PRODUCTION))


def required(name: str) -> str:
    """The setting `name`, or `MissingSetting` with its name in the sentence."""
    value = os.environ.get(name, "").strip()
    if not value:
        raise MissingSetting(f"The setting {name} is missing. docs/running.md says what it is for.")
    return value


def optional(name: str, default: str) -> str:
    """The setting `name`, or `default` where it is not set or blank."""
    return os.environ.get(name, "").strip() or default


def number(name: str, default: int) -> int:
    """A whole-number setting; `MissingSetting` where it is not one."""
    text = optional(name, str(default))
    try:
        return int(text)
    except ValueError as wrong:
        raise MissingSetting(f"The setting {name} must be a whole number, not {text!r}.") from wrong


def port(service: str) -> int:
    """The port of a service in the embedded run: `PORT_BASE` + 1, 2 or 3."""
    return number("PORT_BASE", 5000) + PORT_OFFSET[service]


def public_url(service: str) -> str:
    """The address people and partners use for a service, without a final slash."""
    return optional(f"PUBLIC_URL_{service.upper()}", f"http://localhost:{port(service)}").rstrip("/")


def internal_url(service: str) -> str:
    """The address services use among themselves."""
    return optional(f"INTERNAL_URL_{service.upper()}", f"http://127.0.0.1:{port(service)}").rstrip("/")


def database_url(service: str) -> str:
    """The SQLAlchemy address of a service's own database."""
    return required(f"DATABASE_URL_{service.upper()}")


def redis_url() -> str:
    """The broker and cache."""
    return required("REDIS_URL")
