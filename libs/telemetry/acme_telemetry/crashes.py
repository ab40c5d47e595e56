"""Reports crashes to Sentry, where the settings name it and the extra `sentry` is installed.

Nothing is collected by itself: no request, header, body, user, local variable or line of the log goes along.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import structlog

from acme_config.settings import SentrySettings

if TYPE_CHECKING:
    from sentry_sdk.transport import Transport
    from sentry_sdk.types import Event, Hint

FLUSH_S = 2.0
TOLD = ("request_id", "trace_id", "job_id", "job")
"""Of what is bound to the log: where to read on."""
KEPT = frozenset(
    {
        "event_id",
        "timestamp",
        "platform",
        "level",
        "release",
        "environment",
        "exception",
        "tags",
        "sdk",
        "contexts",
    }
)
_HIDDEN = (
    (re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+"), "[address]"),
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]+"), "[token]"),
    (re.compile(r"\b(sk|rk|whsec|pi|seti)_\w+"), "[key]"),
    (re.compile(r"(?<=://)[^/\s@]+@"), "[login]@"),
    (re.compile(r"\?[^\s'\"]+"), "?[query]"),
)


class SentryMissingError(RuntimeError):
    """SENTRY_DSN is set, and the package is not there."""


class _Reports:
    send: Callable[[BaseException], None] | None = None


def report(error: BaseException) -> None:
    if _Reports.send is not None:
        _Reports.send(error)


@contextmanager
def reporting(
    settings: SentrySettings, service: str, release: str, transport: "type[Transport] | None" = None
) -> Iterator[None]:
    """Raises `SentryMissingError`."""
    try:
        import sentry_sdk
    except ImportError as error:
        raise SentryMissingError("SENTRY_DSN wants the extra acme-telemetry[sentry]") from error
    if settings.dsn is None:
        raise ValueError("there is nobody to report to")
    sentry_sdk.init(
        dsn=settings.dsn.get_secret_value(),
        release=release,
        environment=settings.environment,
        server_name=service,
        default_integrations=False,
        auto_enabling_integrations=False,
        include_local_variables=False,
        max_breadcrumbs=0,
        before_send=scrubbed,
        transport=transport,
    )
    sentry_sdk.set_tag("service", service)
    _Reports.send = _send
    try:
        yield
    finally:
        _Reports.send = None
        sentry_sdk.get_client().close(timeout=FLUSH_S)


def _send(error: BaseException) -> None:
    import sentry_sdk

    bound = structlog.contextvars.get_contextvars()
    with sentry_sdk.new_scope() as scope:
        scope.set_tags({name: bound[name] for name in TOLD if name in bound})
        scope.capture_exception(error)


def scrubbed(event: "Event", _: "Hint") -> "Event":
    """What is not known to be harmless goes; texts of errors lose what looks like people's data or keys."""
    kept: dict[str, Any] = {name: value for name, value in event.items() if name in KEPT}
    for error in kept.get("exception", {}).get("values", []):
        error["value"] = _without_secrets(str(error.get("value") or ""))
    return kept  # type: ignore[return-value] # an event with some of its fields


def _without_secrets(text: str) -> str:
    for pattern, word in _HIDDEN:
        text = pattern.sub(word, text)
    return text
