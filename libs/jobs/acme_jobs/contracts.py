from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from acme_config.jobs import JobName, QueueName


class Payload(BaseModel):
    """Ids only: a job reads what it needs when it runs."""

    model_config = ConfigDict(frozen=True, extra="forbid")


P = TypeVar("P", bound=Payload)


@dataclass(frozen=True)
class JobContract(Generic[P]):
    """What producers and workers of a job agree on."""

    name: JobName
    queue: QueueName
    payload: type[P]
    max_attempts: int = 5
    timeout_s: float = 60.0


class TransientJobError(Exception):
    """May go well the next time: the job is tried again with backoff."""


class PermanentJobError(Exception):
    """Will never go well: the job ends here."""
