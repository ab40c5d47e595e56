"""`acme demo`: the main job through the live APIs."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

import httpx

from acme_config.settings import FaceEngineName
from acme_standalone.demo.client import content_type_of
from acme_standalone.demo.narrator import DemoFailedError, Narrator
from acme_standalone.demo.platform import running_platform
from acme_standalone.demo.scenes import Person, Scene, write_scenes, write_selfie
from acme_standalone.demo.story import Story


def run_demo(
    photos: Path | None, selfie: Path | None, faces: FaceEngineName | None = None, *, keep: bool
) -> int:
    """Returns the exit status: 0 when every step went as it must."""
    narrator = Narrator()
    try:
        _require_pair(photos, selfie)
        with running_platform(narrator, faces, keep=keep) as settings, httpx.Client(timeout=60) as http:
            _tell(Story(narrator, http, settings), photos, selfie)
            narrator.end()
    except (DemoFailedError, httpx.HTTPError) as error:
        narrator.fail(str(error) or type(error).__name__)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _tell(story: Story, photos: Path | None, selfie: Path | None) -> None:
    with tempfile.TemporaryDirectory(prefix="acme-demo-") as name:
        folder = Path(name)
        if photos is not None and selfie is not None:
            _own_pictures(story, photos, selfie)
        else:
            with story.narrator.step("composed the event's photos from two public-domain portraits"):
                scenes = write_scenes(folder)
                selfies = {person: write_selfie(folder, person) for person in Person}
            play_gala(story, scenes, selfies)


def play_gala(story: Story, scenes: list[Scene], selfies: Mapping[Person, Path]) -> None:
    """Two guests, one of whom joins after the photos are there."""
    tell = story.narrator.chapter
    tell("An event is set up")
    event = story.set_up_event()
    tell("A guest joins before the photos are there")
    eileen = story.join(event, "Eileen")
    story.enrol(eileen, selfies[Person.EILEEN])
    tell("The photos come in")
    uploaded = story.upload(event, [scene.path for scene in scenes])
    story.wait_processed(event, len(scenes))
    expected = {person: _showing(person, scenes, uploaded) for person in Person}
    tell("Guests find themselves")
    found = story.found_photos(event, eileen, expected[Person.EILEEN])
    grace = story.join(event, "Grace")
    story.enrol(grace, selfies[Person.GRACE])
    story.found_photos(event, grace, expected[Person.GRACE])
    tell("A guest buys")
    _, photo = story.buy(event, eileen, found)
    story.download(eileen, photo, uploaded[photo["id"]])
    story.show_mail(eileen)


def _own_pictures(story: Story, photos: Path, selfie: Path) -> None:
    """What is found is shown, not judged: only the user knows who is in the pictures."""
    files = sorted(path for path in photos.rglob("*") if content_type_of(path))
    if not files:
        raise DemoFailedError(f"there are no pictures in {photos}")
    event = story.set_up_event()
    uploaded = story.upload(event, files)
    story.wait_processed(event, len(set(uploaded)))
    guest = story.join(event, "Guest")
    story.enrol(guest, selfie)
    for photo in story.found_photos(event, guest, None):
        story.narrator.look(str(uploaded[photo["id"]]), photo["thumbnail_url"])


def _showing(person: Person, scenes: list[Scene], uploaded: Mapping[str, Path]) -> frozenset[str]:
    paths = {scene.path for scene in scenes if person in scene.people}
    return frozenset(photo_id for photo_id, path in uploaded.items() if path in paths)


def _require_pair(photos: Path | None, selfie: Path | None) -> None:
    if (photos is None) != (selfie is None):
        raise DemoFailedError("PHOTOS and SELFIE go together: a folder of pictures, and one of a guest")
