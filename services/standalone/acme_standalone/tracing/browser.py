"""The photographer's web app, as far as a trace is concerned: each of its requests is a span, and says so."""

import httpx

from acme_telemetry import spans
from acme_telemetry.spans import TRACEPARENT, Kind


class TracedTransport(httpx.BaseTransport):
    """Requests are told by their method: their URLs hold ids and signatures."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner
        self.parent: str | None = None
        """Requests may be made in other threads than the span that they are a part of."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self.parent is None:
            return self._inner.handle_request(request)
        with spans.span("request", Kind.CLIENT, traceparent=self.parent):
            own = spans.traceparent()
            if own is not None:
                request.headers[TRACEPARENT] = own
            answer = self._inner.handle_request(request)
            spans.name_span(f"fetch {request.method}", {"http.response.status_code": answer.status_code})
            return answer

    def close(self) -> None:
        self._inner.close()
