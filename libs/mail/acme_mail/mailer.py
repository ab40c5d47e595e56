from dataclasses import dataclass
from typing import Protocol

from acme_config.settings import MailSettings, MailTransport
from acme_core.circuit import Circuit
from acme_telemetry.providers import Provider, breaker_of


class MailUnavailable(Exception):
    """The provider did not answer, or is overloaded: try again."""


class MailRejected(Exception):
    """The provider will never take this mail."""


@dataclass(frozen=True)
class Mail:
    to: str
    subject: str
    text: str
    html: str
    idempotency_key: str
    """The same key twice is one mail."""

    def __post_init__(self) -> None:
        if any(mark in field for field in (self.to, self.subject) for mark in "\r\n\0"):
            raise MailRejected("a header would be broken by a line break")


class Mailer(Protocol):
    async def send(self, mail: Mail) -> None:
        """Raises `MailUnavailable` or `MailRejected`."""

    async def is_reachable(self) -> None:
        """Raises `MailUnavailable`. Sends nothing."""


class GuardedMailer:
    """Leaves a provider alone that fails again and again."""

    def __init__(self, mailer: Mailer) -> None:
        self._mailer = mailer
        self._circuit = Circuit("mail", MailUnavailable, tell=breaker_of(Provider.MAIL))

    async def send(self, mail: Mail) -> None:
        """Raises `CircuitOpen` too."""
        async with self._circuit.passing():
            await self._mailer.send(mail)

    async def is_reachable(self) -> None:
        """Asks whether or not it is left alone."""
        await self._mailer.is_reachable()


def build_mailer(settings: MailSettings) -> Mailer:
    match settings.transport:
        case MailTransport.MAILBOX:
            from acme_mail.mailbox import MailboxMailer

            return MailboxMailer(settings)
        case MailTransport.RESEND:
            from acme_mail.resend import ResendMailer

            return ResendMailer(settings)
        case MailTransport.SMTP:
            from acme_mail.smtp import SmtpMailer

            return SmtpMailer(settings)
