from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from acme_config.jobs import JobName, QueueName


class Payload(BaseModel):
    """Ids only: a job reads what it needs when it runs."""

    model_config = ConfigDict(frozen=True, extra="forbid")


CLAIM_MARGIN_S = 30.0
"""After a job's own time-out, which knows how to record itself, the queue's comes."""

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


class NotNowError(Exception):
    """Nothing is wrong, but the job's turn has not come: it runs again later, and this try does not count."""

    def __init__(self, delay_s: float) -> None:
        super().__init__(f"not before {delay_s:.1f} s")
        self.delay_s = delay_s


class PermanentJobError(Exception):
    """Will never go well: the job ends here."""
