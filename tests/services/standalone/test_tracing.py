"""`acme trace`: what is exported is collected, and can be read by programs and people."""

import json
from pathlib import Path

import pytest

from acme_config.jobs import JobName
from acme_config.settings import TracingSettings
from acme_standalone.tracing.collector import collecting
from acme_standalone.tracing.tree import as_text
from acme_telemetry import spans
from acme_telemetry.spans import Kind
from acme_telemetry.tracing import exporting
from tools.trace import steps

ROOT = Path(__file__).resolve().parents[3]
KEPT = ROOT / "docs" / "traces"


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


def test_the_trace_that_is_kept_names_what_there_is_today() -> None:
    names = [step.name for step in steps((KEPT / "upload.txt").read_text())]
    jobs = {name.removeprefix("job ") for name in names if name.startswith("job ")}
    assert jobs == {JobName.RECOGNIZE_FACES, JobName.GENERATE_THUMBNAIL, JobName.GENERATE_WATERMARK}
    paths = json.loads((ROOT / "openapi" / "media.json").read_text())["paths"]
    known = {f"{method.upper()} {path.removeprefix('/v1')}" for path in paths for method in paths[path]}
    requests = {name for name in names if name.startswith("POST ")}
    assert len(requests) == 2
    assert requests <= known


def test_a_step_of_a_trace_counts_the_calls_that_it_made_itself() -> None:
    head = "from ms for ms span service\n"
    request, job = "  1.0  9.0  POST /photos    media\n", "  12.0  3.5    job look    worker\n"
    text = f"{head}{request}  2.0  1.0    db SELECT    media\n{job}  13.0  1.0      db UPDATE    worker\n"
    first, second = steps(text + "  14.0  1.0      storage read    worker\n")
    assert first.row() == ("1.0", "9.0", "POST /photos", "media", "statements: 1")
    assert second.row() == ("12.0", "3.5", "→ job look", "worker", "statements: 1, object store: 1")
    with pytest.raises(ValueError, match="no span"):
        list(steps(f"{head}nonsense\n"))
