"""What the endpoint needs to know, as one value; the environment is read at the process's edge."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from pydantic import SecretStr

from acme_config.settings import Environment

MIB = 1024 * 1024


class StandInRefusedError(RuntimeError):
    """A stand-in was asked to serve production."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes; the defaults are those of S3 and R2."""

    object_bytes: int = 5 * 1024 * MIB
    smallest_part_bytes: int = 5 * MIB
    document_bytes: int = 4 * MIB
    """An XML request body: 10,000 parts or 1,000 keys of the longest kind fit."""


@dataclass(frozen=True, slots=True)
class ObjectStoreSettings:
    data_dir: Path
    access_key_id: str
    secret_access_key: SecretStr
    environment: Environment = Environment.DEVELOPMENT
    region: str = "auto"
    clock_skew: timedelta = timedelta(minutes=15)
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        if not self.environment.is_local:
            raise StandInRefusedError("the embedded object store never serves production: use Cloudflare R2")
        if not self.access_key_id or not self.secret_access_key.get_secret_value():
            raise ValueError("the object store needs an access key id and a secret")
