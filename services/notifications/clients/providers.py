"""Who carries messages out of Linkwork: a channel and the module that speaks to its provider.

A provider is used as `with open_provider(channel) as provider: provider.send(letter)`; a new channel is a
new module and a line here. The channel `inbox` stays inside and has none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Protocol, Self

from services.notifications import config
from services.notifications.clients.mail import Mail, MailServer
from services.notifications.domain.delivery import Answer, Letter
from services.notifications.domain.rules import Channel


class Provider(Protocol):
    """A conversation with whoever delivers for a channel."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def send(self, letter: Letter) -> Answer:
        """Hand one letter over; repeats of its id are the provider's to drop."""

    def check(self) -> Answer:
        """Whether the provider answers just now."""


def _mail() -> Provider:
    return Mail(MailServer.from_url(config.smtp_url(), config.smtp_ca_file()), config.mail_from())


PROVIDERS: Mapping[Channel, Callable[[], Provider]] = {Channel.EMAIL: _mail}


def open_provider(channel: Channel) -> Provider:
    """The provider of an outside channel, from the settings."""
    return PROVIDERS[channel]()
