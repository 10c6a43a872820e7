"""What the directory reads from its environment. A missing secret stops a start outside the embedded run."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

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
_TILES = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]+)?/[A-Za-z0-9._~/?&=@%{}-]*")


def check() -> None:
    """Raise MissingSetting, naming it, where something is not set."""
    for name in REQUIRED:
        settings.required(name)
    map_tiles()


@dataclass(frozen=True)
class Tiles:
    """What maps are drawn on: Leaflet's template of an address, and who is to be named, with their page."""

    url: str
    credit: str
    credit_url: str

    @property
    def origin(self) -> str:
        """The one host that the tiles come from."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"


def map_tiles() -> Tiles | None:
    """`MAP_TILES_URL` with `MAP_TILES_ATTRIBUTION`; None where maps are drawn on plain ground.

    Raises MissingSetting for an address that is no template of one host, or one that nobody is named for.
    """
    url = settings.optional("MAP_TILES_URL", "")
    if not url:
        return None
    if not _TILES.fullmatch(url) or not all(part in url for part in ("/{z}", "{x}", "{y}")):
        raise settings.MissingSetting(
            "The setting MAP_TILES_URL must be an address of one host with {z}, {x} and {y} in its path, "
            f"such as https://tiles.example.org/{{z}}/{{x}}/{{y}}.png, not {url!r}."
        )
    words = settings.required("MAP_TILES_ATTRIBUTION").split()
    link = words.pop() if words[-1].startswith("https://") and len(words) > 1 else ""
    return Tiles(url, " ".join(words), link)


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
