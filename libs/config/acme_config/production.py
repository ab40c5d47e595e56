"""Outside of development nobody starts with a secret that was made up for trying things out."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any, Final

from pydantic import SecretStr

from acme_config.settings import PlatformSettings, SettingsGroup

PLACEHOLDERS: Final = (
    "change",
    "default",
    "dummy",
    "example",
    "insecure",
    "password",
    "placeholder",
    "secret",
)
LEAST_CHARACTERS: Final = 10
"""Different ones: random text of 32 has some twenty."""
OF_OTHERS: Final = {
    *("DATABASE_URL", "DATABASE_REPLICA_URL", "REDIS_URL", "SMTP_PASSWORD"),
    *("STRIPE_SECRET_KEY", "RESEND_API_KEY", "S3_ACCESS_KEY_ID"),
}
"""Addresses, and what others have made for us: not ours to judge."""


class ThrowawaySecretError(Exception):
    """Names the variables, never their values."""


def require_real_secrets(settings: Any) -> None:
    """`settings` is a process's dataclass of groups. Raises `ThrowawaySecretError`, in production only."""
    if PlatformSettings().environment.is_local:
        return
    groups = [getattr(settings, field.name) for field in fields(settings)]
    found = dict(pair for group in groups if isinstance(group, SettingsGroup) for pair in _secrets_of(group))
    weak = {name for name, value in found.items() if _is_throwaway(value)}
    weak |= {name for name, value in found.items() if list(found.values()).count(value) > 1}
    if weak:
        raise ThrowawaySecretError(
            f"these are no secrets to start with in production: {', '.join(sorted(weak))}. "
            "Make each of its own, for example by `openssl rand -base64 32`"
        )


def _secrets_of(group: SettingsGroup) -> Iterator[tuple[str, str]]:
    for name, field in type(group).model_fields.items():
        value, alias = getattr(group, name), str(field.validation_alias)
        if isinstance(value, SecretStr) and alias not in OF_OTHERS:
            yield alias, value.get_secret_value()


def _is_throwaway(value: str) -> bool:
    return len(set(value)) < LEAST_CHARACTERS or any(word in value.lower() for word in PLACEHOLDERS)
