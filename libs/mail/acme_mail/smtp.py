"""A mail server of one's own."""

import asyncio
import hashlib
import smtplib
import ssl
from collections.abc import Callable
from email.utils import parseaddr

from acme_config.settings import MailSettings, SmtpSecurity
from acme_mail.mailer import Mail, MailRejected, MailUnavailable
from acme_mail.messages import as_message
from acme_telemetry.providers import Provider, provider_call

TIMEOUT_S = 20.0
_PERMANENT = 500
"""From here on a server will say the same again."""


class SmtpMailer:
    """A connection for each mail.

    SMTP knows no idempotency: a mail that is sent again, after a crash between the answer and our note of it,
    bears the same Message-ID, by which mail programs know it.
    """

    def __init__(self, settings: MailSettings) -> None:
        if settings.smtp_host is None:
            raise ValueError("SMTP needs its host")
        self._host = settings.smtp_host
        self._settings = settings

    async def send(self, mail: Mail) -> None:
        with provider_call(Provider.MAIL, "send", refusals=(MailRejected,)):
            await self._translated(lambda: self._send(mail))

    async def is_reachable(self) -> None:
        await self._translated(self._greet)

    async def _translated(self, call: Callable[[], None]) -> None:
        try:
            await asyncio.to_thread(call)
        except smtplib.SMTPRecipientsRefused as error:
            raise _sorted_out(min(code for code, _ in error.recipients.values())) from error
        except smtplib.SMTPResponseException as error:
            raise _sorted_out(error.smtp_code) from error
        except (smtplib.SMTPException, OSError) as error:
            raise MailUnavailable(type(error).__name__) from error

    def _send(self, mail: Mail) -> None:
        message = as_message(mail, self._settings.sender)
        domain = parseaddr(self._settings.sender)[1].rpartition("@")[2]
        message["Message-ID"] = f"<{hashlib.sha256(mail.idempotency_key.encode()).hexdigest()[:32]}@{domain}>"
        with self._connected() as server:
            self._sign_in(server)
            server.send_message(message)

    def _greet(self) -> None:
        with self._connected() as server:
            server.noop()

    def _connected(self) -> smtplib.SMTP:
        port = self._settings.smtp_port
        if self._settings.smtp_security is SmtpSecurity.TLS:
            return smtplib.SMTP_SSL(self._host, port, timeout=TIMEOUT_S, context=ssl.create_default_context())
        return smtplib.SMTP(self._host, port, timeout=TIMEOUT_S)

    def _sign_in(self, server: smtplib.SMTP) -> None:
        if self._settings.smtp_security is SmtpSecurity.STARTTLS:
            server.starttls(context=ssl.create_default_context())
        if self._settings.smtp_username and self._settings.smtp_password:
            server.login(self._settings.smtp_username, self._settings.smtp_password.get_secret_value())


def _sorted_out(code: int) -> MailRejected | MailUnavailable:
    """The reply's number alone: its text may name the recipient, and ends in a log."""
    return MailRejected(str(code)) if code >= _PERMANENT else MailUnavailable(str(code))
