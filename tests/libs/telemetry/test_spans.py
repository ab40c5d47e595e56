"""Traces: what is part of them, what they tell, and that they cost nothing where nobody wants them."""

import re
import subprocess
import sys
from collections.abc import Iterator, Sequence

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from acme_config.settings import TracingSettings
from acme_db.traced import trace_statements
from acme_telemetry import spans
from acme_telemetry.providers import Provider, provider_call
from acme_telemetry.tracing import recording
from tests.services.harness import PASSWORD, Platform, picture, send

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACEPARENT = f"00-{TRACE_ID}-00f067aa0ba902b7-01"


@pytest.fixture
def made() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    settings = TracingSettings().model_copy(update={"sample_ratio": 1.0})
    with recording(SimpleSpanProcessor(exporter), settings, "tests", "1"):
        yield exporter


@pytest.fixture(scope="module")
def traced_platform(platform: Platform) -> Platform:
    """Its engine was made before anybody wanted traces."""
    trace_statements(platform.data.engine.sync_engine)
    trace_statements(platform.apps["media"].state.data.engine.sync_engine)
    return platform


def of(exporter: InMemorySpanExporter) -> Sequence[ReadableSpan]:
    return exporter.get_finished_spans()


def trace_of(span: ReadableSpan) -> str:
    assert span.context is not None
    return f"{span.context.trace_id:032x}"


async def upload(platform: Platform) -> None:
    """The way of a photographer's web app, each request of one trace."""
    event = await platform.new_event()
    media, body = platform.media.as_({"access_token": event.photographer.token}), picture(61)
    headers = {"Traceparent": TRACEPARENT, "X-Request-ID": "the-upload"}
    wish = event.announced(body)
    issued = (await media.call("POST", "/photographers/me/photos/upload-url", wish, headers)).json()
    assert (await send(issued["upload"], body)).is_success
    path = f"/photographers/me/photos/{issued['photo_id']}/complete"
    assert (await media.call("POST", path, headers=headers)).status_code == 202
    await platform.jobs.run()


async def test_a_trace_goes_from_the_request_through_the_outbox_into_every_job(
    traced_platform: Platform, made: InMemorySpanExporter
) -> None:
    await upload(traced_platform)
    mine = [span for span in of(made) if trace_of(span) == TRACE_ID]
    by_id = {span.context.span_id: span for span in mine if span.context is not None}
    [completion] = [span for span in mine if "complete" in span.name]
    jobs = [span for span in mine if span.name.startswith("job ")]
    assert {job.name for job in jobs} == {
        "job generate_thumbnail",
        "job generate_watermark",
        "job recognize_faces",
    }
    for job in jobs:
        assert job.parent is not None
        assert by_id[job.parent.span_id] is completion
    within = {job.context.span_id for job in jobs if job.context is not None}
    for name in ("db SELECT", "db UPDATE", "storage download", "storage write"):
        assert any(
            span.name == name and span.parent is not None and span.parent.span_id in within for span in mine
        ), name
    names = {span.name for span in mine}
    assert "POST /photographers/me/photos/upload-url" in names
    attributes = completion.attributes or {}
    assert attributes["http.response.status_code"] == 202
    assert attributes["http.route"] == "/photographers/me/photos/{photo_id}/complete"


SECRET = re.compile(
    r"@\w+\.|Signature|X-Amz|Bearer|eyJ[\w-]{10}|sk_test|whsec|client_secret|" + re.escape(PASSWORD)
)
"""Addresses, signed URLs, tokens, keys, passwords."""


async def test_no_span_tells_a_secret_or_an_address(
    traced_platform: Platform, made: InMemorySpanExporter
) -> None:
    """Not of a sign-up, a wrong password, an upload, a purchase, a mail."""
    await upload(traced_platform)
    event = await traced_platform.new_event()
    guest, package_id = await event.new_member(), await event.new_package()
    await guest.post("/purchases", {"project_id": event.project_id, "package_id": package_id})
    wrong = {"email": guest.account["email"], "password": PASSWORD + "!"}
    assert (await traced_platform.main.call("POST", "/auth/login", wrong)).status_code == 401
    assert (await traced_platform.main.call("GET", f"/qr/{PASSWORD}@a.example")).status_code == 404
    await traced_platform.jobs.run()
    spans_made = of(made)
    assert {"stripe create_intent", "mail send", "storage head"} <= {span.name for span in spans_made}
    for span in spans_made:
        for text in (span.name, *map(str, (span.attributes or {}).values()), span.status.description or ""):
            assert not SECRET.search(text), (span.name, text)
        assert span.events == ()


def test_an_error_is_told_by_its_class(made: InMemorySpanExporter) -> None:
    with pytest.raises(RuntimeError), provider_call(Provider.MAIL, "send"):
        raise RuntimeError("to guest@example.com")
    [span] = of(made)
    assert not span.status.is_ok
    assert dict(span.attributes or {}) == {"peer.service": "mail", "error.type": "RuntimeError"}


@pytest.mark.parametrize(
    "sent", ["", "nonsense", f"00-{'0' * 32}-00f067aa0ba902b7-01", "ff-1-2-3", TRACEPARENT * 9]
)
async def test_a_context_that_cannot_be_read_begins_a_trace(
    platform: Platform, made: InMemorySpanExporter, sent: str
) -> None:
    answer = await platform.main.http.get(
        "/v1/consents/documents/biometric_processing", headers={"Traceparent": sent}
    )
    assert answer.status_code == 200
    [span] = [span for span in of(made) if span.name.startswith("GET ")]
    assert span.parent is None
    assert trace_of(span) != "0" * 32


async def test_a_client_cannot_have_itself_traced(platform: Platform) -> None:
    exporter = InMemorySpanExporter()
    settings = TracingSettings().model_copy(update={"sample_ratio": 0.0})
    with recording(SimpleSpanProcessor(exporter), settings, "tests", "1"):
        await platform.main.http.get("/v1/me", headers={"Traceparent": TRACEPARENT})
        assert spans.is_on()
    assert of(exporter) == ()


def test_without_a_collector_nothing_that_traces_is_imported() -> None:
    program = (
        "HEAVY = ('opentelemetry.sdk', 'opentelemetry.exporter', 'sentry_sdk')\n"
        "import sys, acme_main.app, acme_main.worker, acme_media.app, acme_media.worker\n"
        "from acme_telemetry import spans\n"
        "with spans.span('x'): assert spans.traceparent() is None\n"
        "print([name for name in sys.modules if name.startswith(HEAVY)])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
