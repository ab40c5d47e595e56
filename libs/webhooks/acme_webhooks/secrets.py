"""The secrets that sign: made here, shown once, and stored so that only the platform's secret opens them."""

import base64
import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property

from cryptography.fernet import Fernet, MultiFernet
from standardwebhooks import Webhook

from acme_config.settings import WebhookSettings

PREFIX = "whsec_"
_BYTES = 32


class SecretBox:
    def __init__(self, settings: WebhookSettings) -> None:
        self._settings = settings

    @cached_property
    def _fernet(self) -> MultiFernet:
        """The first key closes, each of them opens."""
        known = [self._settings.secret, *self._settings.previous_secrets]
        return MultiFernet([Fernet(_key(secret.get_secret_value())) for secret in known])

    def new_secret(self) -> tuple[str, str]:
        """As its owner is shown it, and as it is stored."""
        secret = PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()
        return secret, self._fernet.encrypt(secret.encode()).decode()

    def opened(self, encrypted: str) -> str:
        return self._fernet.decrypt(encrypted.encode()).decode()


def signature(secrets_now: Sequence[str], message_id: str, at: datetime, body: str) -> str:
    """`webhook-signature`: one for each secret that is valid, the newest first."""
    return " ".join(Webhook(secret).sign(message_id, at, body) for secret in secrets_now)


def _key(secret: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(f"acme-webhooks:{secret}".encode()).digest())
