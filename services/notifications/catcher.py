"""The mail catcher: `python -m services.notifications.catcher`. Mail of one machine, kept, never sent on.

It takes what our own worker hands over on 127.0.0.1, shows it at `/outbox`, and drops repeats of a
Message-ID as a good provider does. It refuses to run in production.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY

from aiosmtpd.smtp import SMTP as SmtpServer  # noqa: N811 - smtplib's class has the same name
from aiosmtpd.smtp import Envelope, Session
from sqlalchemy.exc import OperationalError

from services.notifications import config
from services.notifications.actions.caught_letters import keep_letter
from shared import settings
from shared.clock import now
from shared.logs import configure, get_logger

HOST = "127.0.0.1"
LARGEST_LETTER = 1024 * 1024
REFUSED = "The mail catcher is for one machine and for tests. In production set SMTP_URL to a mail server."
TAKEN, NO_ID, TRY_AGAIN = "250 Taken", "550 A letter needs a Message-ID", "451 The store is away, try again"
log = get_logger("catcher")
# aiosmtpd logs each line of a conversation, addresses too.
logging.getLogger("mail.log").setLevel(logging.ERROR)


class Keeper:
    """What is done with a letter (aiosmtpd calls it by these names)."""

    async def handle_DATA(self, server: SmtpServer, session: Session, envelope: Envelope) -> str:  # noqa: N802, ARG002 - aiosmtpd's names
        """Keep it before it is acknowledged, so that what was acknowledged is kept."""
        return await asyncio.to_thread(_keep, envelope)


def _keep(envelope: Envelope) -> str:
    content = envelope.content if isinstance(envelope.content, bytes) else b""
    message = message_from_bytes(content, _class=EmailMessage, policy=SMTP_POLICY)
    if not message["Message-ID"]:
        return NO_ID
    try:
        is_new = keep_letter(message, envelope.mail_from or "", list(envelope.rcpt_tos), now())
    except OperationalError:
        log.warning("store_away")
        return TRY_AGAIN
    log.info("letter_caught", repeated=not is_new)
    return TAKEN


def make_server() -> SmtpServer:
    """One SMTP conversation."""
    return SmtpServer(
        Keeper(), data_size_limit=LARGEST_LETTER, enable_SMTPUTF8=True, ident="Linkwork catcher"
    )


async def serve(port: int, stop: asyncio.Event) -> None:
    """Catch mail on `port` of this machine until `stop`."""
    server = await asyncio.get_running_loop().create_server(make_server, HOST, port)
    async with server:
        log.info("catching", port=port)
        await stop.wait()


async def _until_told() -> None:
    stop = asyncio.Event()
    for told in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(told, stop.set)
    await serve(config.catcher_port(), stop)


def main() -> int:
    """Run until told to stop; 1 in production."""
    configure(settings.optional("LINKWORK_SERVICE", "catcher"))
    if not config.catches_mail():
        log.error("refused", why=REFUSED)
        return 1
    asyncio.run(_until_told())
    return 0


if __name__ == "__main__":
    sys.exit(main())
