"""Calls of services that are not ours: timed, counted and traced in one place."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum

from acme_core.circuit import CircuitState
from acme_telemetry.metrics import BREAKER, PROVIDER_CALLS
from acme_telemetry.spans import Kind, span


class Provider(StrEnum):
    STORAGE = "storage"
    STRIPE = "stripe"
    REKOGNITION = "rekognition"
    MAIL = "mail"


@contextmanager
def provider_call(
    provider: Provider, operation: str, *, refusals: tuple[type[Exception], ...] = ()
) -> Iterator[None]:
    """`operation` names a call of ours, never its subject. A refusal is an answer: the provider is well."""
    started, outcome = time.perf_counter(), "error"
    try:
        with span(f"{provider} {operation}", Kind.CLIENT, {"peer.service": provider}):
            try:
                yield
            except refusals:
                outcome = "refused"
                raise
            outcome = "ok"
    finally:
        seconds = time.perf_counter() - started
        PROVIDER_CALLS.labels(provider, operation, outcome).observe(seconds)


def breaker_of(provider: Provider) -> Callable[[CircuitState], None]:
    """What a circuit tells of its state; closed from the start."""
    gauge = BREAKER.labels(provider)
    gauge.set(CircuitState.CLOSED)
    return gauge.set
