"""Starts a platform that traces to us, uploads one photo, and writes down the trace of it."""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from acme_config.settings import TracingSettings
from acme_core.version import VERSION
from acme_standalone.demo.narrator import Narrator
from acme_standalone.demo.platform import running_platform
from acme_standalone.demo.scenes import Person, write_scenes, write_selfie
from acme_standalone.demo.story import Story
from acme_standalone.settings.ports import Ports
from acme_standalone.tracing.browser import TracedTransport
from acme_standalone.tracing.collector import Collector, collecting
from acme_standalone.tracing.tree import as_text
from acme_telemetry import spans
from acme_telemetry.tracing import exporting


def trace_an_upload(out: Path) -> None:
    """Writes `upload.json`, in OTLP's JSON, and `upload.txt`, for people. Raises `DemoFailedError`."""
    narrator = Narrator()
    with collecting() as (collector, address), _platform_of_its_own(address):
        trace_id = _upload(narrator, address)
        _write(collector, trace_id, out)  # the platform has ended by now, and sent what it had
    narrator.look("the trace", str(out / "upload.json"))


@contextmanager
def _platform_of_its_own(collector: str) -> Iterator[None]:
    """On data and ports that nobody else has."""
    with tempfile.TemporaryDirectory(prefix="acme-trace-") as data:
        own = {f"ACME_{name.upper()}_PORT": "0" for name in Ports.names()}
        own |= {"ACME_DATA_DIR": data, "OTEL_EXPORTER_OTLP_ENDPOINT": collector}
        before = {name: os.environ.get(name) for name in own}
        os.environ.update(own)
        try:
            yield
        finally:
            for name, value in before.items():
                os.environ.pop(name) if value is None else os.environ.update({name: value})


def _upload(narrator: Narrator, collector: str) -> str:
    """Returns the trace's id. A guest waits to be found, so that recognizing ends in a match."""
    transport = TracedTransport(httpx.HTTPTransport())
    settings = TracingSettings().model_copy(update={"endpoint": collector, "sample_ratio": 1.0})
    with (
        tempfile.TemporaryDirectory(prefix="acme-trace-") as name,
        exporting(settings, "browser", VERSION),
        running_platform(narrator, None, keep=False) as environment,
        httpx.Client(timeout=60, transport=transport) as http,
    ):
        story = Story(narrator, http, environment)
        event = story.set_up_event()
        guest = story.join(event, "Eileen")
        story.enrol(guest, write_selfie(Path(name), Person.EILEEN))
        scene = next(each for each in write_scenes(Path(name)) if Person.EILEEN in each.people)
        with spans.span("upload a photo"):
            transport.parent = spans.traceparent()
            trace_id = spans.trace_id()
            uploaded = story.upload(event, [scene.path])
            transport.parent = None
        story.wait_processed(event, 1)
        story.found_photos(event, guest, frozenset(uploaded))
    return trace_id or ""


def _write(collector: Collector, trace_id: str, out: Path) -> None:
    trace = collector.trace(trace_id)
    out.mkdir(parents=True, exist_ok=True)
    (out / "upload.json").write_text(json.dumps(trace, indent=1) + "\n")
    (out / "upload.txt").write_text(as_text(trace))
