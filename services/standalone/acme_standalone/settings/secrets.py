"""The throw-away secrets of one data directory."""

import json
import secrets
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Self

from acme_standalone.processes.home import write_private


def _token(prefix: str = "") -> str:
    return prefix + secrets.token_hex(24)


@dataclass(frozen=True)
class Secrets:
    database_password: str = field(default_factory=_token)
    redis_password: str = field(default_factory=_token)
    jwt_secret: str = field(default_factory=_token)
    totp_secret: str = field(default_factory=_token)
    webhook_secret: str = field(default_factory=_token)
    receipt_signing_key: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    s3_access_key_id: str = field(default_factory=lambda: secrets.token_hex(10).upper())
    s3_secret_access_key: str = field(default_factory=_token)
    rekognition_access_key_id: str = field(default_factory=lambda: secrets.token_hex(10).upper())
    rekognition_secret_access_key: str = field(default_factory=_token)
    stripe_secret_key: str = field(default_factory=lambda: _token("sk_test_"))
    stripe_publishable_key: str = field(default_factory=lambda: _token("pk_test_"))
    stripe_webhook_secret: str = field(default_factory=lambda: _token("whsec_"))

    @classmethod
    def kept_in(cls, data_dir: Path) -> Self:
        """Those of `secrets.json`; what it lacks is made and added."""
        path = data_dir / "secrets.json"
        stored = json.loads(path.read_text()) if path.exists() else {}
        known = {field.name: stored[field.name] for field in fields(cls) if field.name in stored}
        loaded = cls(**known)
        if asdict(loaded) != stored:
            write_private(path, json.dumps(asdict(loaded), indent=2) + "\n")
        return loaded
