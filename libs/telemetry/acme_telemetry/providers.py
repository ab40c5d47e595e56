"""Calls of services that are not ours: timed, counted and traced in one place."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum, StrEnum

from acme_telemetry.metrics import BREAKER, PROVIDER_CALLS
from acme_telemetry.spans import Kind, span


class Provider(StrEnum):
    STORAGE = "storage"
    STRIPE = "stripe"
    REKOGNITION = "rekognition"
    MAIL = "mail"


class Breaker(IntEnum):
    CLOSED = 0
    HALF_OPEN = 1
    OPEN = 2


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


def tell_breaker(provider: Provider, state: Breaker) -> None:
    BREAKER.labels(provider).set(state)
