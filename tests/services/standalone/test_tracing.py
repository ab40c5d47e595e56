"""`acme trace`: what is exported is collected, and can be read by programs and people."""

import json
from pathlib import Path

from acme_config.settings import TracingSettings
from acme_standalone.tracing.collector import collecting
from acme_standalone.tracing.tree import as_text
from acme_telemetry import spans
from acme_telemetry.spans import Kind
from acme_telemetry.tracing import exporting

KEPT = Path(__file__).resolve().parents[3] / "docs" / "traces"


def test_a_trace_of_two_services_is_put_together() -> None:
    with collecting() as (collector, address):
        settings = TracingSettings().model_copy(update={"endpoint": address, "sample_ratio": 1.0})
        with exporting(settings, "browser", "1"), spans.span("upload"):
            carried, trace_id = spans.traceparent(), spans.trace_id()
        with exporting(settings, "media", "1"):
            with spans.span("request", Kind.SERVER, traceparent=carried), spans.span("db SELECT"):
                pass
            with spans.span("of another trace"):
                pass
        assert trace_id is not None
        trace = collector.trace(trace_id)
    told = [line.split(maxsplit=2)[2] for line in as_text(trace).splitlines()[1:]]
    assert [line.split()[-1] for line in told] == ["browser", "media", "media"]
    assert [line.rsplit(maxsplit=1)[0].strip() for line in told] == ["upload", "request", "db SELECT"]
    [_, media] = trace["resourceSpans"]
    assert {span["traceId"] for span in media["scopeSpans"][0]["spans"]} == {trace_id}


def test_the_trace_that_is_kept_goes_from_the_browser_to_the_recognized_photo() -> None:
    trace = json.loads((KEPT / "upload.json").read_text())
    found = {
        span["spanId"]: span
        for resource in trace["resourceSpans"]
        for scope in resource["scopeSpans"]
        for span in scope["spans"]
    }
    assert len({span["traceId"] for span in found.values()}) == 1
    by_name = {span["name"]: span for span in found.values()}
    above, names = by_name["job recognize_faces"], []
    while above is not None:
        names.append(above["name"])
        above = found.get(above.get("parentSpanId", ""))
    complete = "POST /photographers/me/photos/{photo_id}/complete"
    assert names == ["job recognize_faces", complete, "fetch POST", "upload a photo"]
    assert (KEPT / "upload.txt").read_text() == as_text(trace)
    assert "@" not in json.dumps(trace)
    assert "Signature" not in json.dumps(trace)
