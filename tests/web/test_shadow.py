"""Two engines look at the same photos, and the operator at what they make of them."""

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from playwright.sync_api import Page, expect

from acme_standalone.demo.client import Json, wait_for
from acme_standalone.demo.narrator import Narrator
from acme_standalone.demo.scenes import Person, write_scenes, write_selfie
from acme_standalone.demo.story import Guest, Story
from tests.e2e.running import Running
from tests.web.conftest import NewWindow
from tests.web.world import DESKTOP, World

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

KNOBS = {"FACE_SHADOW_ENGINE": "rekognition", "REKOGNITION_CALLS_PER_S": "100"}
MATCHES = 4
"""Of three photos: one shows Eileen, one Grace, one both."""
_FORGET = "DELETE FROM photo_tags WHERE photo_id = $1 AND user_id = $2"
_UNSEE = """
UPDATE shadow_results SET primary_score = NULL, primary_band = NULL WHERE photo_id = $1 AND user_id = $2
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A platform of its own, with both engines."""
    folder = tmp_path_factory.mktemp("shadow")
    running = Running(folder / "data", knobs=KNOBS)
    with httpx.Client(timeout=60) as http:
        settings = running.settings()
        story = Story(Narrator(), http, settings, run="shadow")
        yield World(settings, http, story, story.set_up_event(), write_scenes(folder)[:3])
    running.stop()


@pytest.fixture(scope="module")
def guests(world: World, scratch: Path) -> dict[Person, Guest]:
    """Known before the photos come: those who come later are not compared."""
    guests = {person: world.story.join(world.event, person.capitalize()) for person in Person}
    for person, guest in guests.items():
        world.story.enrol(guest, write_selfie(scratch, person))
    world.story.upload(world.event, [scene.path for scene in world.scenes])
    world.story.wait_processed(world.event, len(world.scenes))
    wait_for("the second engine", lambda: sum(compared(world)["counts"].values()) == MATCHES or None)
    return guests


def compared(world: World) -> Json:
    return world.event.operator.get(f"/projects/{world.event.project_id}/matching/shadow?verdict=agreed")


@pytest.fixture
def page(world: World, window: NewWindow) -> Page:
    opened = window(viewport=DESKTOP)
    opened.sign_in(world.settings["BACKOFFICE_API_URL"], world.address("operator"))
    return opened.page


def test_what_only_the_second_engine_finds_is_looked_at_and_tagged(
    world: World, guests: dict[Person, Guest], page: Page
) -> None:
    page.goto(world.staff_url(f"/projects/{world.event.project_id}/thresholds"))
    page.get_by_role("link", name="Second engine").click()
    expect(page.get_by_text("100 %")).to_be_visible()
    expect(page.get_by_text("None of these")).to_be_visible()
    page.get_by_role("button", name=f"Agreed {MATCHES}").click()
    matches = page.get_by_role("list", name="Matches").get_by_role("listitem")
    expect(matches).to_have_count(MATCHES)
    expect(matches.first).to_contain_text(re.compile(r"First: Local engine.*%, shows it"))
    expect(matches.first).to_contain_text(re.compile(r"Second: AWS Rekognition.*%, shows it"))
    pictures = matches.first.locator("img")
    expect(pictures).to_have_count(2)
    for picture in pictures.all():
        assert picture.evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 0
    photo = overlooked(world, guests[Person.EILEEN])
    page.reload()
    page.get_by_role("button", name="All differences 1").click()
    expect(matches).to_have_count(1)
    expect(matches.first).to_contain_text("nobody found, does not show it")
    matches.first.get_by_role("button", name="Show the whole photo with Eileen").click()
    page.get_by_role("dialog").get_by_role("button", name="Tag Eileen").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert photo in seen_by(world, guests[Person.EILEEN])
    matches.first.get_by_role("button", name="Show the whole photo with Eileen").click()
    page.get_by_role("link", name="To the review of the match").click()
    expect(page).to_have_url(re.compile(r"/review\?status=confirmed&tag=[\w-]+$"))


def overlooked(world: World, guest: Guest) -> str:
    """One of the guest's photos, as if the first engine had found nobody there."""
    photo = sorted(seen_by(world, guest))[0]
    user = UUID(guest.main.get("/me")["id"])
    for statement in (_FORGET, _UNSEE):
        world.execute(statement, UUID(photo), user)
    assert photo not in seen_by(world, guest)
    return photo


def seen_by(world: World, guest: Guest) -> set[str]:
    return {photo["id"] for photo in guest.main.get(f"/projects/{world.event.project_id}/photos")["items"]}
