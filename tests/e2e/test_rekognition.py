"""The main job with Rekognition's engine, on its stand-in."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from acme_standalone.demo import play_gala
from acme_standalone.demo.narrator import Narrator
from acme_standalone.demo.scenes import Person, write_scenes, write_selfie
from acme_standalone.demo.story import Story
from tests.e2e.running import Running
from tests.e2e.told import missing, observed

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    platform = Running(tmp_path / "data", "--faces", "rekognition")
    platform.settings()
    yield platform
    platform.stop()


def test_guests_find_exactly_their_photos(running: Running, tmp_path: Path) -> None:
    """The story fails when a photo is missing, or one too many."""
    settings = running.settings()
    stand_in = settings["REKOGNITION_ENDPOINT_URL"]
    assert settings["FACE_ENGINE"] == "rekognition"
    selfies = {person: write_selfie(tmp_path, person) for person in Person}
    with httpx.Client(timeout=60) as http:
        play_gala(Story(Narrator(), http, settings), write_scenes(tmp_path / "scenes"), selfies)
        calls = http.get(f"{stand_in}/_test/calls").json()
    assert missing(settings) == set()
    assert observed(settings, "acme_upload_to_ready_seconds") == 10
    assert observed(settings, "acme_selfie_to_first_match_seconds") >= 1, "of her who came late"
    assert observed(settings, "acme_webhook_lag_seconds") >= 2
    assert calls["IndexFaces"] == len(Person)
    assert calls["DetectFaces"] >= len(Person) + 8, "each selfie, and each photo that shows anybody"
    assert calls["SearchFacesByImage"] >= 10
