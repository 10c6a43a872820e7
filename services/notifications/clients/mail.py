"""The channel `email`: SMTP, over TLS where the address of the server says so.

`smtps://` is TLS from the start (port 465), `smtp+starttls://` turns to TLS before anything is said
(587), `smtp://` is plain (25) and carries no password except on this machine. One connection serves a
batch and is made again when it breaks.
"""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, replace
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, formataddr
from types import TracebackType
from urllib.parse import unquote, urlsplit

from email_validator import validate_email

from services.notifications.config import SENDER_NAME
from services.notifications.domain.delivery import Answer, Letter, Outcome
from shared.settings import MissingSetting

TIMEOUT_SECONDS = 10.0
LONGEST_ANSWER = 200
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True)
class MailServer:
    """Where and how letters are handed over."""

    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = ""
    ca_file: str = ""

    @classmethod
    def from_url(cls, url: str, ca_file: str = "") -> MailServer:
        """Read `SMTP_URL`. Raises MissingSetting, without repeating it, where it cannot be used."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError as wrong:
            raise MissingSetting("The setting SMTP_URL is not an address.") from wrong
        if parts.scheme not in PORTS or not host:
            raise MissingSetting("The setting SMTP_URL must be smtp://, smtp+starttls:// or smtps:// a host.")
        if parts.scheme == "smtp" and parts.username and host not in LOOPBACK:
            raise MissingSetting("SMTP_URL has a password: use smtps:// or smtp+starttls://.")
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(parts.scheme, host, port or PORTS[parts.scheme], user, password, ca_file)


class Mail:
    """A conversation with the mail server; `with Mail(server, sender) as mail: mail.send(letter)`."""

    def __init__(self, server: MailServer, sender: str) -> None:
        self.server = server
        self.sender = sender
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Mail:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hang_up()

    def send(self, letter: Letter) -> Answer:
        """Hand one letter over; the server's answer in words. Never raises for the server or network."""
        try:
            letter = replace(letter, to=_on_the_wire(letter.to))
            message = compose(letter, self.sender)
        except (ValueError, MessageError):
            return Answer(Outcome.PERMANENT, "The address cannot be used: it is not an e-mail address.")
        away = self._connect()
        if away is not None or self._smtp is None:
            return away or Answer(Outcome.TEMPORARY, "The mail server could not be reached.", away=True)
        try:
            refused = self._smtp.send_message(message, self.sender, [letter.to])
        except smtplib.SMTPException as wrong:
            answer = _refusal(wrong, letter.to)
        except OSError:
            answer = Answer(Outcome.UNCLEAR, "The connection to the mail server broke.")
        else:
            answer = _partly(refused, letter.to)
        if answer.outcome is not Outcome.ACCEPTED:
            self._hang_up()
        return answer

    def check(self) -> Answer:
        """Whether the server answers: connect, greet, sign in, leave."""
        away = self._connect()
        self._hang_up()
        return away or Answer(Outcome.ACCEPTED, "The mail server answers.")

    def _connect(self) -> Answer | None:
        """None when connected, else the answer that says why not."""
        if self._smtp is not None:
            return None
        try:
            self._smtp = self._open()
        except smtplib.SMTPAuthenticationError:
            return Answer(Outcome.TEMPORARY, "The mail server did not accept our sign-in.", away=True)
        except ssl.SSLError:
            return Answer(Outcome.TEMPORARY, "The mail server could not be reached safely (TLS).", away=True)
        except smtplib.SMTPResponseException as wrong:
            return Answer(Outcome.TEMPORARY, _words(wrong.smtp_code, wrong.smtp_error, ""), away=True)
        except (smtplib.SMTPException, OSError):
            return Answer(Outcome.TEMPORARY, "The mail server could not be reached.", away=True)
        return None

    def _open(self) -> smtplib.SMTP:
        server = self.server
        tls = None
        if server.scheme != "smtp":
            tls = ssl.create_default_context(cafile=server.ca_file or None)
        smtp: smtplib.SMTP
        if server.scheme == "smtps":
            smtp = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_SECONDS, context=tls)
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
        try:
            if server.scheme == "smtp+starttls":
                smtp.starttls(context=tls)
            if server.user:
                smtp.login(server.user, server.password)
            smtp.ehlo_or_helo_if_needed()
        except (smtplib.SMTPException, OSError):
            smtp.close()
            raise
        return smtp

    def _hang_up(self) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is None:
            return
        try:
            smtp.quit()
        except (smtplib.SMTPException, OSError):
            smtp.close()


def compose(letter: Letter, sender: str) -> EmailMessage:
    """The e-mail as RFC 5322 text: plain UTF-8, no tracking, marked as sent by a machine (RFC 3834).

    Raises ValueError where the address is none.
    """
    local, at, domain = letter.to.partition("@")
    if not (local and at and domain) or any(c.isspace() or c in ",;<>" for c in letter.to):
        raise ValueError("not an e-mail address")
    message = EmailMessage(policy=SMTP_POLICY)
    message["From"] = formataddr((SENDER_NAME, sender))
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.at)
    message["Message-ID"] = letter.letter_id
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(letter.text, charset="utf-8")
    return message


def _on_the_wire(address: str) -> str:
    """An internationalised domain as every server takes it (RFC 5891). Raises ValueError where it is none."""
    if address.isascii():
        return address
    return validate_email(address, check_deliverability=False).ascii_email or address


def _refusal(wrong: smtplib.SMTPException, to: str) -> Answer:
    if isinstance(wrong, smtplib.SMTPRecipientsRefused):
        return _partly(wrong.recipients, to)
    if isinstance(wrong, smtplib.SMTPServerDisconnected):
        return Answer(Outcome.UNCLEAR, "The mail server ended the connection.")
    if isinstance(wrong, smtplib.SMTPNotSupportedError):
        return Answer(Outcome.PERMANENT, "The mail server does not take addresses of this kind.")
    if isinstance(wrong, smtplib.SMTPResponseException):
        words = _words(wrong.smtp_code, wrong.smtp_error, to)
        # The server refusing us as a sender is ours to mend: nobody's message fails for it.
        ours = isinstance(wrong, smtplib.SMTPSenderRefused)
        passing = ours or wrong.smtp_code < 500
        outcome = Outcome.TEMPORARY if passing else Outcome.PERMANENT
        return Answer(outcome, words, away=ours or wrong.smtp_code == 421)
    return Answer(Outcome.TEMPORARY, "The mail server answered in a way we cannot read.")


def _partly(refused: dict[str, tuple[int, bytes]], to: str) -> Answer:
    """One letter has one recipient: taken, or refused with a code."""
    if not refused:
        return Answer(Outcome.ACCEPTED, "The mail server took it.")
    code, said = next(iter(refused.values()))
    return Answer(
        Outcome.TEMPORARY if code < 500 else Outcome.PERMANENT, _words(code, said, to), away=code == 421
    )


def _words(code: int, said: bytes | str, to: str) -> str:
    """The server's answer without the address, which belongs to a person."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    for part in (to, to.partition("@")[0] if len(to.partition("@")[0]) > 2 else ""):
        if part:
            text = text.replace(part, "[address]").replace(part.lower(), "[address]")
    text = "".join(c if c.isprintable() else " " for c in text)
    return f"The mail server answered {code}: {' '.join(text.split())}"[:LONGEST_ANSWER]
