"""What notifications reads from its environment. A missing setting stops a production start, by name."""

from __future__ import annotations

from email.utils import parseaddr

from shared import settings

REQUIRED = (
    "DATABASE_URL_NOTIFICATIONS",
    "REDIS_URL",
    "SECRET_KEYS",
    "CSRF_KEY",
    "SERVICE_KEY_NOTIFICATIONS",
    "SERVICE_JWKS",
)
IN_PRODUCTION = ("SMTP_URL", "MAIL_FROM")
CATCHER_OFFSET = 25
SENDER_NAME = "Linkwork"


def check() -> None:
    """Raise MissingSetting, naming it, where something is not set; mail has a default outside production."""
    for name in REQUIRED + (IN_PRODUCTION if settings.mode() is settings.Mode.PRODUCTION else ()):
        settings.required(name)


def catches_mail() -> bool:
    """True where letters may be kept and shown to whoever is at this machine; never in production."""
    return settings.mode() is not settings.Mode.PRODUCTION


def catcher_port() -> int:
    """Where the mail catcher listens: `PORT_BASE` + 25."""
    return settings.number("PORT_BASE", 5000) + CATCHER_OFFSET


def smtp_url() -> str:
    """The mail server: `smtp://host:port`, `smtp+starttls://user:password@host:port` or `smtps://…`."""
    if settings.mode() is settings.Mode.PRODUCTION:
        return settings.required("SMTP_URL")
    return settings.optional("SMTP_URL", f"smtp://127.0.0.1:{catcher_port()}")


def smtp_ca_file() -> str:
    """A PEM file of authorities that sign the mail server's certificate; blank for the system's own."""
    return settings.optional("SMTP_CA_FILE", "")


def mail_from() -> str:
    """The address letters come from; the name beside it is always `SENDER_NAME`."""
    if settings.mode() is settings.Mode.PRODUCTION:
        given = settings.required("MAIL_FROM")
    else:
        given = settings.optional("MAIL_FROM", "no-reply@linkwork.example")
    address = parseaddr(given)[1]
    if "@" not in address:
        raise settings.MissingSetting("The setting MAIL_FROM must be an e-mail address.")
    return address


def letter_domain() -> str:
    """The right-hand side of every Message-ID."""
    return mail_from().rsplit("@", 1)[1]
