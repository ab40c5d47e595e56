"""Resend's HTTP API."""

import httpx

from acme_config.settings import MailSettings
from acme_mail.mailer import Mail, MailRejected, MailUnavailable
from acme_telemetry.providers import Provider, provider_call

TIMEOUT_S = 10.0
_RETRIED = {408, 409, 425, 429}


class ResendMailer:
    def __init__(self, settings: MailSettings, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        if settings.resend_api_key is None:
            raise ValueError("Resend needs its key")
        self._key = settings.resend_api_key
        self._base = settings.resend_api_base
        self._sender = settings.sender
        self._transport = transport

    async def send(self, mail: Mail) -> None:
        with provider_call(Provider.MAIL, "send", refusals=(MailRejected,)):
            await self._send(mail)

    async def is_reachable(self) -> None:
        """Keys that may only send are refused here; that they are tells as much."""
        headers = {"Authorization": f"Bearer {self._key.get_secret_value()}"}
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT_S, transport=self._transport) as client:
                answer = await client.get(f"{self._base}/domains", headers=headers)
        except httpx.HTTPError as error:
            raise MailUnavailable(type(error).__name__) from error
        if answer.is_server_error:
            raise MailUnavailable(str(answer.status_code))

    async def _send(self, mail: Mail) -> None:
        body = {
            "from": self._sender,
            "to": [mail.to],
            "subject": mail.subject,
            "text": mail.text,
            "html": mail.html,
        }
        headers = {
            "Authorization": f"Bearer {self._key.get_secret_value()}",
            "Idempotency-Key": mail.idempotency_key,
        }
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT_S, transport=self._transport) as client:
                answer = await client.post(f"{self._base}/emails", json=body, headers=headers)
        except httpx.HTTPError as error:
            raise MailUnavailable(type(error).__name__) from error
        if answer.status_code in _RETRIED or answer.is_server_error:
            raise MailUnavailable(str(answer.status_code))
        if not answer.is_success:
            raise MailRejected(str(answer.status_code))
