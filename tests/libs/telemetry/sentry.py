"""Sentry, as far as the wire."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from pydantic import SecretStr
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from acme_config.settings import SentrySettings
from acme_telemetry.crashes import reporting


class Kept(Transport):
    """In place of the network."""

    events: ClassVar[list[dict[str, Any]]] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        event = envelope.get_event()
        assert event is not None
        self.events.append(json.loads(json.dumps(event, default=str)))


def sentry_settings() -> SentrySettings:
    return SentrySettings().model_copy(update={"dsn": SecretStr("https://key@sentry.example/1")})


@contextmanager
def reported() -> Iterator[list[dict[str, Any]]]:
    """The events that would have been sent."""
    Kept.events.clear()
    with reporting(sentry_settings(), "acme-tests", "1.0.0", Kept):
        yield Kept.events
