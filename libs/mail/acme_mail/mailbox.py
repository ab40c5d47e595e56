"""Mails as .eml files in a folder."""

import asyncio
import hashlib
import os
from pathlib import Path

from acme_config.settings import MailSettings
from acme_mail.mailer import Mail, MailUnavailable
from acme_mail.messages import as_message
from acme_telemetry.providers import Provider, provider_call


class MailboxMailer:
    def __init__(self, settings: MailSettings) -> None:
        if settings.mailbox_dir is None:
            raise ValueError("a mailbox needs its folder")
        self._folder = settings.mailbox_dir
        self._sender = settings.sender

    async def send(self, mail: Mail) -> None:
        with provider_call(Provider.MAIL, "send"):
            try:
                await asyncio.to_thread(self._write, mail)
            except OSError as error:
                raise MailUnavailable(str(error)) from error

    async def is_reachable(self) -> None:
        if not os.access(self._folder if self._folder.exists() else self._folder.parent, os.W_OK):
            raise MailUnavailable("the mailbox cannot be written to")

    def _write(self, mail: Mail) -> None:
        """Whole or not at all; the first of two mails of one key stays."""
        self._folder.mkdir(parents=True, exist_ok=True)
        name = hashlib.sha256(mail.idempotency_key.encode()).hexdigest()[:32]
        target = self._folder / f"{name}.eml"
        if target.exists():
            return
        temporary = self._folder / f".{name}.{os.getpid()}"
        with temporary.open("wb") as file:
            file.write(as_message(mail, self._sender).as_bytes())
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).rename(target)
