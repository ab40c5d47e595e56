"""Secrets that were made up for trying things out start nothing in production."""

import os
import subprocess
import sys
from secrets import token_urlsafe

import pytest

from acme_config.production import ThrowawaySecretError
from acme_main.settings import MainSettings
from acme_media.settings import MediaWorkerSettings

PARTS = {
    "DATABASE_URL": "postgresql://acme:acme@127.0.0.1:1/acme",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "S3_ENDPOINT_URL": "http://127.0.0.1:1",
}
OURS = ("JWT_SECRET", "RECEIPT_SIGNING_KEY", "STRIPE_WEBHOOK_SECRET", "S3_SECRET_ACCESS_KEY")


@pytest.fixture
def production(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in PARTS.items():
        monkeypatch.setenv(name, value)
    for name in OURS:
        monkeypatch.setenv(name, token_urlsafe(32))
    monkeypatch.setenv("ACME_ENV", "production")
    return monkeypatch


def test_random_secrets_are_taken(production: pytest.MonkeyPatch) -> None:
    MainSettings()
    MediaWorkerSettings()


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize("value", ["a-secret-to-be-changed-before-production", "x" * 43, "change-me-" * 5])
def test_a_throwaway_secret_is_refused_by_name(production: pytest.MonkeyPatch, name: str, value: str) -> None:
    if name == "RECEIPT_SIGNING_KEY":
        value = "A" * 43
    production.setenv(name, value)
    with pytest.raises(ThrowawaySecretError) as told:
        MainSettings()
    assert name in str(told.value)
    assert value not in str(told.value)
    production.setenv("ACME_ENV", "development")
    MainSettings()


def test_two_secrets_are_not_one(production: pytest.MonkeyPatch) -> None:
    same = token_urlsafe(32)
    production.setenv("JWT_SECRET", same)
    production.setenv("STRIPE_WEBHOOK_SECRET", same)
    with pytest.raises(ThrowawaySecretError, match="JWT_SECRET, STRIPE_WEBHOOK_SECRET"):
        MainSettings()


@pytest.mark.parametrize("module", ["acme_main", "acme_main.worker", "acme_media.worker"])
def test_no_process_starts_with_one(production: pytest.MonkeyPatch, module: str) -> None:
    production.setenv("S3_SECRET_ACCESS_KEY", "change-me-change-me-change-me")
    arguments = ["faces"] if module == "acme_media.worker" else []
    ended = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode != 0
    assert "S3_SECRET_ACCESS_KEY" in ended.stderr
    assert "change-me" not in ended.stderr
