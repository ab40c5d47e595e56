"""The gallery where it is hardest: very many photos, a late guest, a thumb on the glass."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageStat
from playwright.sync_api import CDPSession, Locator, Page, expect

from acme_standalone.demo.client import wait_for
from acme_standalone.demo.scenes import Person, write_selfie
from acme_standalone.demo.story import Event, Guest
from tests.web import crowd
from tests.web.conftest import NewWindow
from tests.web.world import DESKTOP, PHONE, World

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

MANY = 10_000
MOST_TILES = 250
"""Of ten thousand: what a tall window and the rows around it hold."""
LATE = 500
UNCOVERED = """() => {
  const grid = document.querySelector('main ul[aria-label=Photos]');
  const { left, width, top, bottom } = grid.getBoundingClientRect();
  const first = Math.max(top, 64) + 2, last = Math.min(bottom, innerHeight - 64) - 2;
  let missing = 0, looked = 0;
  for (let y = first; y < last; y += 40) for (let x = left + 4; x < left + width; x += 40) {
    looked++;
    if (!document.elementFromPoint(x, y)?.closest('li')) missing++;
  }
  return missing / Math.max(looked, 1);
}"""
"""The share of the window's part of the grid where no photo is, but for the gaps."""


@dataclass(frozen=True)
class Marathon:
    event: Event
    runner: Guest


@pytest.fixture(scope="module")
def marathon(world: World) -> Marathon:
    event = crowd.new_event(world, "City marathon")
    crowd.fill(world, event, world.event, MANY)
    runner = world.story.join(event, "Runner")
    crowd.tag_everywhere(world, event, runner)
    return Marathon(event, runner)


@pytest.fixture
def gallery(world: World, window: NewWindow, marathon: Marathon) -> Page:
    opened = window(viewport=DESKTOP, device_scale_factor=1)
    opened.sign_in(world.settings["MAIN_API_URL"], world.address("Runner"))
    opened.page.goto(world.guest_url(f"/projects/{marathon.event.project_id}"))
    expect(tiles(opened.page).first).to_be_visible()
    return opened.page


def tiles(page: Page) -> Locator:
    return page.get_by_role("button", name=re.compile(r"^Open photo \d+"))


def test_of_ten_thousand_photos_few_are_drawn_and_all_can_be_reached(gallery: Page) -> None:
    expect(gallery.get_by_role("link", name="All 10000")).to_be_visible()
    for _ in range(200):
        gallery.keyboard.press("End")
        gallery.wait_for_timeout(50)
        assert tiles(gallery).count() <= MOST_TILES
        if gallery.get_by_role("button", name="Open photo 10000", exact=True).count():
            break
    expect(gallery.get_by_role("button", name="Open photo 10000", exact=True)).to_be_visible()
    for share in (0.2, 0.5, 0.8):
        gallery.evaluate("(share) => scrollTo(0, document.body.scrollHeight * share)", share)
        once(lambda: float(gallery.evaluate(UNCOVERED)) < 0.12)
        assert tiles(gallery).count() <= MOST_TILES


def test_the_viewer_goes_by_keys_and_gives_the_focus_back(gallery: Page) -> None:
    tiles(gallery).nth(2).focus()
    gallery.keyboard.press("Enter")
    expect(gallery.get_by_text("3 of 10000")).to_be_visible()
    for key, place in [("ArrowRight", 4), ("ArrowRight", 5), ("ArrowLeft", 4)]:
        gallery.keyboard.press(key)
        expect(gallery.get_by_text(f"{place} of 10000")).to_be_visible()
    gallery.keyboard.press("Escape")
    expect(gallery.locator(".yarl__root")).to_have_count(0)
    expect(tiles(gallery).nth(2)).to_be_focused()


def test_on_a_slow_phone_the_viewer_takes_every_key(gallery: Page) -> None:
    """What comes between (large pictures, the address) used to set it back."""
    gallery.context.new_cdp_session(gallery).send("Emulation.setCPUThrottlingRate", {"rate": 6})
    tiles(gallery).first.focus()
    gallery.keyboard.press("Enter")
    for place in range(1, 16):
        expect(gallery.get_by_text(f"{place} of 10000", exact=True)).to_be_visible()
        gallery.keyboard.press("ArrowRight")


def test_the_viewer_is_dark_from_edge_to_edge_and_moves_nothing_below(gallery: Page) -> None:
    """Also where the page's scroll bar has its room."""
    heading = gallery.locator("h1")
    before = heading.bounding_box()
    tiles(gallery).first.click()
    expect(gallery.locator(".yarl__portal_open")).to_have_css("opacity", "1")
    assert heading.bounding_box() == before
    shown = Image.open(BytesIO(gallery.screenshot())).convert("L")
    edge = shown.crop((shown.width - 20, 0, shown.width, shown.height))
    assert ImageStat.Stat(edge).mean[0] < 40
    gallery.mouse.wheel(0, 2000)
    gallery.keyboard.press("Escape")
    expect(gallery.locator(".yarl__root")).to_have_count(0)
    assert heading.bounding_box() == before


def test_the_viewer_zooms(gallery: Page) -> None:
    tiles(gallery).first.click()
    picture = gallery.locator(".yarl__slide_current img.yarl__slide_image")
    once(lambda: bool(picture.evaluate("(image) => image.naturalWidth > 1000")) and width_of(picture) > 0)
    before = width_of(picture)
    gallery.get_by_role("button", name="Zoom in").click()
    once(lambda: width_of(picture) > before * 1.2)
    gallery.get_by_role("button", name="Zoom out").click()
    once(lambda: width_of(picture) == pytest.approx(before, rel=0.02))


def width_of(element: Locator) -> float:
    """Zero while it is not seen."""
    box = element.bounding_box()
    return box["width"] if box else 0.0


def once(probe: Callable[[], bool]) -> None:
    """Not by `wait_for_function`, whose strings the Content-Security-Policy refuses."""
    assert wait_for("what is looked for", lambda: probe() or None, timeout_s=20)


def test_the_viewer_is_swiped(world: World, window: NewWindow, marathon: Marathon) -> None:
    opened = window(viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2)
    opened.sign_in(world.settings["MAIN_API_URL"], world.address("Runner"))
    page = opened.page
    page.goto(world.guest_url(f"/projects/{marathon.event.project_id}"))
    tiles(page).first.tap()
    expect(page.get_by_text("1 of 10000")).to_be_visible()
    page.wait_for_timeout(400)
    fingers = page.context.new_cdp_session(page)
    swipe(fingers, (340, 400), (40, 400))
    expect(page.get_by_text("2 of 10000")).to_be_visible()
    swipe(fingers, (40, 400), (340, 400))
    expect(page.get_by_text("1 of 10000")).to_be_visible()
    page.wait_for_timeout(400)
    swipe(fingers, (195, 300), (195, 700))
    expect(page.locator(".yarl__root")).to_have_count(0)


def swipe(fingers: CDPSession, start: tuple[int, int], end: tuple[int, int]) -> None:
    steps = 8
    for step in range(steps + 1):
        x, y = (begin + (stop - begin) * step / steps for begin, stop in zip(start, end, strict=True))
        kind = "touchMove" if step else "touchStart"
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_who_joins_late_sees_how_far_the_search_is(world: World, window: NewWindow, scratch: Path) -> None:
    """Real faces of real photos, compared while the guest looks on."""
    event = crowd.new_event(world, "Harbour night")
    crowd.fill(world, event, world.event, LATE)
    crowd.copy_faces(world, event, world.event)
    late = world.story.join(crowd.new_event(world, "Another evening"), "Late")
    world.story.enrol(late, write_selfie(scratch, Person.GRACE))
    opened = window(viewport=PHONE, device_scale_factor=1)
    opened.sign_in(world.settings["MAIN_API_URL"], world.address("Late"))
    page = opened.page
    page.goto(world.guest_url(f"/join/{event.join_token}"))
    page.get_by_role("checkbox", name="I have read the terms").check()
    page.get_by_role("button", name="Join the event").click()
    expect(page.get_by_role("heading", level=1, name="Harbour night")).to_be_visible()
    progress = page.get_by_role("progressbar", name=re.compile(r"\d+ of \d+ photos compared"))
    expect(progress).to_be_visible(timeout=30_000)
    expect(progress).to_have_count(0, timeout=240_000)
    expect(tiles(page).first).to_be_visible()
