"""What a job's cause was part of goes along with it: from the request to the last job that follows."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import structlog

from acme_telemetry import spans
from acme_telemetry.spans import TRACEPARENT, Kind

REQUEST_ID = "request_id"


def origin() -> dict[str, str] | None:
    """Of what is being done now; None when nothing is known of it."""
    bound = structlog.contextvars.get_contextvars()
    known = {REQUEST_ID: bound.get(REQUEST_ID), TRACEPARENT: spans.traceparent()}
    return {name: value for name, value in known.items() if value is not None} or None


@contextmanager
def continued(origin: Mapping[str, str], *, job_id: str, job: str, attempt: int) -> Iterator[None]:
    """The block is a part of the trace, and each line of its log names request, trace and job."""
    attributes: dict[str, str | int] = {"job.id": job_id, "job.name": job, "job.attempt": attempt}
    with spans.span(f"job {job}", Kind.CONSUMER, attributes, traceparent=origin.get(TRACEPARENT)):
        ids = {REQUEST_ID: origin.get(REQUEST_ID), "trace_id": spans.trace_id()}
        known = {name: value for name, value in ids.items() if value is not None}
        with structlog.contextvars.bound_contextvars(job_id=job_id, job=job, **known):
            yield
