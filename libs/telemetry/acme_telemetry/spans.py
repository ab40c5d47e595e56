"""Spans of traces. Without a collector none is made, and OpenTelemetry's SDK is not even imported.

Attributes are what the caller names: ids, routes, operations. Errors are told by their class, for their texts
may hold an address or a signed URL.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.trace import Span, Tracer

Attributes = Mapping[str, str | int | float | bool]
TRACEPARENT = "traceparent"


class Kind(Enum):
    """Values are OpenTelemetry's."""

    INTERNAL = 0
    SERVER = 1
    CLIENT = 2
    CONSUMER = 4


class _Tracing:
    tracer: "Tracer | None" = None


def use_tracer(tracer: "Tracer | None") -> None:
    _Tracing.tracer = tracer


def is_on() -> bool:
    return _Tracing.tracer is not None


@contextmanager
def span(
    name: str,
    kind: Kind = Kind.INTERNAL,
    attributes: Attributes | None = None,
    *,
    traceparent: str | None = None,
) -> Iterator[None]:
    """The block as a span of the trace that is under way, or of `traceparent` where that is given."""
    tracer = _Tracing.tracer
    if tracer is None:
        yield
        return
    from opentelemetry.trace import SpanKind

    with tracer.start_as_current_span(
        name,
        _parent(traceparent),
        SpanKind(kind.value),
        attributes,
        record_exception=False,
        set_status_on_exception=False,
    ) as made:
        try:
            yield
        except BaseException as error:
            _fail(made, error)
            raise


def name_span(name: str, attributes: Attributes, *, is_error: bool = False) -> None:
    """What is known of the span under way only when it is nearly over."""
    if not is_on():
        return
    from opentelemetry.trace import StatusCode, get_current_span

    current = get_current_span()
    current.update_name(name)
    current.set_attributes(attributes)
    if is_error:
        current.set_status(StatusCode.ERROR)


@dataclass(frozen=True)
class Unfinished:
    """For what begins in one call back and ends in another."""

    span: "Span | None"

    def end(self, error: BaseException | None = None) -> None:
        if self.span is not None:
            if error is not None:
                _fail(self.span, error)
            self.span.end()


def begun(name: str, kind: Kind, attributes: Attributes) -> Unfinished:
    """A part of the span that is under way; what comes next is no part of it."""
    tracer = _Tracing.tracer
    if tracer is None:
        return Unfinished(None)
    from opentelemetry.trace import SpanKind

    return Unfinished(tracer.start_span(name, None, SpanKind(kind.value), attributes))


def _fail(span: "Span", error: BaseException) -> None:
    from opentelemetry.trace import StatusCode

    span.set_attribute("error.type", type(error).__name__)
    span.set_status(StatusCode.ERROR)


def traceparent() -> str | None:
    """Of the span that is under way, to be carried to whoever goes on with its work (W3C Trace Context)."""
    if not is_on():
        return None
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    carried: dict[str, str] = {}
    TraceContextTextMapPropagator().inject(carried)
    return carried.get(TRACEPARENT)


def trace_id() -> str | None:
    """For the log."""
    if not is_on():
        return None
    from opentelemetry.trace import format_trace_id, get_current_span

    context = get_current_span().get_span_context()
    return format_trace_id(context.trace_id) if context.is_valid else None


def _parent(traceparent: str | None) -> "Context | None":
    """What cannot be read begins a trace of its own."""
    if traceparent is None:
        return None
    from opentelemetry.context import Context
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    return TraceContextTextMapPropagator().extract({TRACEPARENT: traceparent}, Context())
