"""Every metric of the platform: docs/metrics.md is written from here.

Labels are bounded: routes as they are declared, names of enums; never an id, or what a client has sent.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from prometheus_client import Counter, Gauge, Histogram
from prometheus_client.metrics import MetricWrapperBase

__all__ = ["Counter", "Histogram"]
_WAITS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600)
_WORK = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800)
_PEOPLE = (0.5, 1, 2, 3, 5, 10, 20, 30, 60, 120, 300, 900, 3600)
"""What somebody waits for: seconds matter, then minutes."""


class Outcome(StrEnum):
    """How a job, or one try of it, has ended."""

    DONE = "done"
    RETRIED = "retried"
    PUT_OFF = "put_off"
    HANDED_BACK = "handed_back"
    FAILED = "failed"


class PurchaseMoment(StrEnum):
    STARTED = "started"
    PAID = "paid"
    FAILED = "failed"
    REFUNDED = "refunded"
    DISPUTED = "disputed"


class WebhookStage(StrEnum):
    RECEIVED = "received"
    PROCESSED = "processed"


HTTP_REQUESTS = Counter("http_requests_total", "Requests answered", ["method", "route", "status"])
HTTP_DURATION = Histogram(
    "http_request_duration_seconds",
    "Time to answer; of event streams, which never end, there is none",
    ["method", "route"],
)
EVENT_STREAMS = Gauge(
    "acme_event_streams_open", "Event streams that are being followed", multiprocess_mode="livesum"
)

POOL_IN_USE = Gauge(
    "acme_db_pool_in_use", "Database connections that somebody works with", multiprocess_mode="livesum"
)
POOL_LIMIT = Gauge(
    "acme_db_pool_limit", "Database connections that there may be", multiprocess_mode="livesum"
)
PROVIDER_CALLS = Histogram(
    "acme_provider_call_duration_seconds",
    "Calls of others' services: ok, refused (they answered no) or error (they did not answer)",
    ["provider", "operation", "outcome"],
    buckets=_WORK,
)
BREAKER = Gauge(
    "acme_provider_breaker_state",
    "Whether a provider is called at all: 0 yes, 1 one call tries it, 2 no",
    ["provider"],
    multiprocess_mode="livemax",
)
PURCHASES = Counter("acme_purchases_total", "Purchases that came to be so", ["state"])

JOBS = Counter("acme_jobs_total", "Jobs, and tries of jobs, by how they ended", ["name", "outcome"])
JOB_DURATION = Histogram(
    "acme_job_duration_seconds", "One try of a job, however it ended", ["name"], buckets=_WORK
)
JOB_WAIT = Histogram(
    "acme_job_wait_seconds", "From when a job might run until it did", ["queue"], buckets=_WAITS
)
UPLOAD_TO_READY = Histogram(
    "acme_upload_to_ready_seconds", "From the end of a photo's upload until it can be shown", buckets=_PEOPLE
)
SELFIE_TO_FIRST_MATCH = Histogram(
    "acme_selfie_to_first_match_seconds",
    "From a guest's selfie, or joining where that came later, to the first photo found in the backfill",
    buckets=_PEOPLE,
)
WEBHOOK_LAG = Histogram(
    "acme_webhook_lag_seconds",
    "Of Stripe's events: from the event until it is recorded, and from then until it has had its effect",
    ["stage"],
    buckets=_WAITS,
)
FACE_INDEX_VECTORS = Gauge("acme_face_index_vectors", "Vectors that the worker of faces holds")
FACE_INDEX_BYTES = Gauge("acme_face_index_bytes", "Memory that they take")

QUEUE_JOBS = Gauge("acme_queue_jobs", "Unfinished jobs: waiting, scheduled or running", ["queue", "state"])
QUEUE_OLDEST = Gauge(
    "acme_queue_oldest_job_age_seconds",
    "Since when the oldest waiting job might have run; 0 where none waits",
    ["queue", "name"],
)
OUTBOX_UNPUSHED = Gauge(
    "acme_outbox_unpushed_jobs", "Jobs whose time has come and that the relay has not pushed yet"
)
DEAD_JOBS = Gauge(
    "acme_dead_jobs", "Jobs that have failed for good and are kept for people to read", ["name"]
)
WORKERS = Gauge("acme_workers_alive", "Workers whose heart beats", ["queue"])
STATE_READ_AT = Gauge("acme_state_read_timestamp_seconds", "When the relay last read what it tells here")

GROUPS: Mapping[str, Sequence[MetricWrapperBase]] = {
    "The APIs": (HTTP_REQUESTS, HTTP_DURATION, EVENT_STREAMS),
    "APIs and workers": (POOL_IN_USE, POOL_LIMIT, PROVIDER_CALLS, BREAKER, PURCHASES, WEBHOOK_LAG),
    "The workers": (
        JOBS,
        JOB_DURATION,
        JOB_WAIT,
        UPLOAD_TO_READY,
        SELFIE_TO_FIRST_MATCH,
        FACE_INDEX_VECTORS,
        FACE_INDEX_BYTES,
    ),
    "The relay": (QUEUE_JOBS, QUEUE_OLDEST, OUTBOX_UNPUSHED, DEAD_JOBS, WORKERS, STATE_READ_AT),
}
"""By who tells them."""
