"""What a process tells of itself, from its start to its end."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from acme_config.settings import MetricsSettings, PlatformSettings, SentrySettings, TracingSettings
from acme_core.logs import configure_logging
from acme_core.version import VERSION
from acme_telemetry.crashes import reporting
from acme_telemetry.exposition import served


@contextmanager
def observed(service: str) -> Iterator[None]:
    """Traces and crashes go out where the settings say to whom."""
    tracing, sentry = TracingSettings(), SentrySettings()
    with ExitStack() as stack:
        if sentry.dsn is not None:
            stack.enter_context(reporting(sentry, service, VERSION))
        if tracing.endpoint:
            from acme_telemetry.tracing import exporting  # a process that traces nothing does without

            stack.enter_context(exporting(tracing, service, VERSION))
        yield


@contextmanager
def observed_worker(service: str) -> Iterator[None]:
    """Logs, traces, and metrics on a port of their own."""
    platform = PlatformSettings()
    configure_logging(level=platform.log_level, as_json=platform.log_json)
    with observed(service), served(MetricsSettings()):
        yield
