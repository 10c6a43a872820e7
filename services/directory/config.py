"""What the directory reads from its environment. A missing secret stops a start outside the embedded run."""

from __future__ import annotations

from shared import settings

REQUIRED = (
    "DATABASE_URL_DIRECTORY",
    "REDIS_URL",
    "SECRET_KEYS",
    "GUARD_KEY",
    "CSRF_KEY",
    "SERVICE_KEY_DIRECTORY",
    "SERVICE_JWKS",
)


def check() -> None:
    """Raise MissingSetting, naming it, where something is not set."""
    for name in REQUIRED:
        settings.required(name)


def origins() -> tuple[str, ...]:
    """The public addresses of the three services: the only places to be sent on to."""
    return tuple(settings.public_url(service) for service in settings.SERVICES)


def issuer() -> str:
    """`iss` of every token (RFC 8414: the address under which the metadata stands)."""
    return settings.public_url("directory")


def second_factor_is_required() -> bool:
    """Leads and admins need a second factor wherever the data may be real."""
    return settings.mode() is settings.Mode.PRODUCTION


def is_demo() -> bool:
    """True where the demo place may be loaded without asking."""
    return settings.mode() is not settings.Mode.PRODUCTION


def sign_in_rate() -> str:
    """Tries a network address has on the pages that take a password or code (Flask-Limiter's words).

    Generous on purpose: a whole surgery or council may share one address. What stops guessing is the
    growing delay of `domain.lockout`. In the demo everybody is at one address.
    """
    return settings.optional("RATE_SIGN_IN", "600 per minute" if is_demo() else "60 per minute")


def token_rate() -> str:
    """Tokens a network address may ask for."""
    return settings.optional("RATE_TOKEN", "600 per minute")
