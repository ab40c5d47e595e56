"""Sends traces to a collector, by OTLP over HTTP, where the settings name one."""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import SpanLimits, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased

from acme_config.settings import TracingSettings
from acme_telemetry import spans

LONGEST_VALUE = 1_000


@contextmanager
def exporting(settings: TracingSettings, service: str, version: str) -> Iterator[None]:
    """What has not been sent is sent at the end."""
    exporter = OTLPSpanExporter(endpoint=f"{settings.endpoint}/v1/traces")
    with recording(BatchSpanProcessor(exporter), settings, service, version):
        yield


@contextmanager
def recording(
    processor: SpanProcessor, settings: TracingSettings, service: str, version: str
) -> Iterator[None]:
    ratio = TraceIdRatioBased(settings.sample_ratio)
    provider = TracerProvider(
        # A client's flag asks for nothing: whoever sets it would have each of their requests traced.
        sampler=ParentBased(ratio, remote_parent_sampled=ratio, remote_parent_not_sampled=ratio),
        resource=Resource({SERVICE_NAME: service, SERVICE_VERSION: version}),
        span_limits=SpanLimits(max_attribute_length=LONGEST_VALUE),
    )
    provider.add_span_processor(processor)
    spans.use_tracer(provider.get_tracer("acme"))
    try:
        yield
    finally:
        spans.use_tracer(None)
        provider.shutdown()
