"""What operators see of their photos: whose faces are in them, which are alike, what is drawn over them."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from acme_standalone.demo.client import wait_for
from acme_standalone.demo.scenes import Person
from acme_standalone.demo.story import Guest
from tests.web.conftest import NewWindow
from tests.web.world import DESKTOP, World

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def world(settings: Mapping[str, str], scratch: Path) -> Iterator[World]:
    """An event of its own, where nobody has the faces of the other tests."""
    with httpx.Client(timeout=60) as http:
        yield World.made(settings, http, scratch / "photos", "photos", photos=3)


@pytest.fixture(scope="module")
def eileen(world: World, scratch: Path) -> Guest:
    """In two of the three photos."""
    return world.new_guest("Eileen", scratch, Person.EILEEN)


@pytest.fixture
def page(world: World, window: NewWindow) -> Page:
    """The operator's."""
    opened = window(viewport=DESKTOP)
    opened.sign_in(world.settings["BACKOFFICE_API_URL"], world.address("operator"))
    return opened.page


def tiles(page: Page) -> Locator:
    return page.get_by_role("listitem").get_by_role("button", name=re.compile(r"^DSC_\w+\.jpg$"))


def test_whose_face_it_is_leads_from_the_photo_to_its_review(world: World, page: Page, eileen: Guest) -> None:
    page.goto(world.staff_url(f"/projects/{world.event.project_id}/photos"))
    tiles(page).first.click()
    faces = page.get_by_role("list", name="Faces in the photo")
    found = faces.get_by_role("link", name=re.compile(rf"^{eileen.name}\s*found · \d+\.\d %$"))
    for _ in world.scenes:
        faces.or_(page.get_by_text("No faces were found in it.")).wait_for()
        if found.count():
            break
        page.keyboard.press("ArrowRight")
    frames = page.get_by_role("dialog").locator("a[aria-hidden]")
    expect(frames).to_have_count(1)
    page.get_by_role("switch", name="Frame the faces").click()
    expect(frames).to_have_count(0)
    found.click()
    expect(page).to_have_url(re.compile(r"/review\?status=confirmed&tag=[\w-]+$"))
    expect(page.get_by_text(eileen.name).first).to_be_visible()


def test_a_photo_appears_by_itself_and_the_second_of_one_moment_is_deleted(
    world: World, page: Page, scratch: Path
) -> None:
    page.goto(world.staff_url(f"/projects/{world.event.project_id}/photos"))
    expect(tiles(page)).to_have_count(len(world.scenes))
    again = scratch / "DSC_again.jpg"
    with Image.open(world.scenes[1].path) as picture:
        picture.crop((20, 10, picture.width, picture.height)).save(again, quality=80)
    world.story.upload(world.event, [again])
    expect(tiles(page)).to_have_count(len(world.scenes) + 1, timeout=60_000)
    world.story.wait_processed(world.event, len(world.scenes) + 1)
    page.get_by_role("link", name="Near duplicates").click()
    expect(page.get_by_role("heading", level=2)).to_have_text(["2 photos of one moment"])
    expect(tiles(page)).to_have_count(2)
    page.get_by_role("button", name=f"Delete {again.name}").click()
    page.get_by_role("button", name="Delete the photo").click()
    expect(page.get_by_text("No near duplicates")).to_be_visible()
    page.get_by_role("link", name="All photos").click()
    expect(tiles(page)).to_have_count(len(world.scenes))


def test_what_was_selected_is_confirmed_at_once(world: World, page: Page, eileen: Guest) -> None:
    path = f"/projects/{world.event.project_id}"
    operator = world.event.operator
    found = eileen.main.get(f"{path}/photos")["items"]
    bounds = {"version": operator.get(path)["version"], "confirm_confidence": 99.9}
    operator.call("PATCH", path, bounds)
    wait_for("the new matching", lambda: not eileen.main.get(f"{path}/photos")["items"] or None)
    page.goto(world.staff_url(f"{path}/review"))
    page.get_by_role("button", name="Select all").click()
    matches = page.get_by_role("region", name="All matches shown")
    expect(matches.get_by_role("status")).to_have_text(f"{len(found)} selected")
    with page.expect_response(re.compile("/bulk-review$")) as answered:
        page.get_by_role("button", name="Confirm all").click()
    assert answered.value.json() == {"updated": len(found)}
    expect(page.get_by_text(re.compile(rf"^All {len(found)} are decided"))).to_be_visible()
    shown = eileen.main.get(f"{path}/photos")["items"]
    assert {photo["id"] for photo in shown} == {photo["id"] for photo in found}


def test_a_watermark_is_seen_before_it_is_saved_and_can_be_taken_back(world: World, page: Page) -> None:
    path = f"/projects/{world.event.project_id}/watermark"
    page.goto(world.staff_url(path))
    sample = page.get_by_role("img", name="The watermark on a sample")
    expect(sample).to_be_visible()
    with page.expect_response(re.compile("/watermarks/preview")) as drawn:
        page.get_by_label("Text", exact=True).fill("Gala night")
    assert drawn.value.ok
    page.get_by_role("tab", name="Bought").click()
    page.get_by_label("Where", exact=True).select_option(label="Top left")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="Use my default")).to_be_visible()
    saved = world.event.operator.get(path)
    assert (saved["source"], saved["text"]) == ("project", "Gala night")
    assert saved["deliverable"]["placement"] == "top_left"
    assert saved["preview"]["placement"] == "tile"
    world.event.operator.call("PUT", path, {"version": saved["version"], "text": "Meanwhile"})
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Somebody has changed this watermark meanwhile")).to_be_visible()
    page.get_by_role("button", name="Load again").click()
    expect(page.get_by_label("Text", exact=True)).to_have_value("Meanwhile")
    page.get_by_role("button", name="Use my default").click()
    page.get_by_role("button", name="Replace the design").click()
    expect(page.get_by_role("button", name="Use my default")).to_have_count(0)
    assert world.event.operator.get(path)["source"] == "default"
