"""Without a mouse: all can be reached, and what has the focus is seen (WCAG 2.4.7 and 2.4.11)."""

import pytest
from playwright.sync_api import Page, expect

from acme_standalone.demo.story import PASSWORD
from tests.web.conftest import NewWindow
from tests.web.world import DESKTOP, PHONE, World

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

MOST_STOPS = 60
FOCUSED = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const shown = element.closest('label') ?? element;
  const { outlineStyle, outlineWidth } = getComputedStyle(shown);
  const { left, right, top, bottom } = shown.getBoundingClientRect();
  const x = Math.min(Math.max((left + right) / 2, 1), innerWidth - 1);
  const y = Math.min(Math.max((top + bottom) / 2, 1), innerHeight - 1);
  const seen = document.elementFromPoint(x, y);
  // The parts of a date are controls of their own, within the browser's, and outlined by it.
  const isOfTheBrowser = element.matches('input[type^=date]');
  return {
    name: element.getAttribute('aria-label') || element.textContent.trim() || element.id || element.tagName,
    outlined: isOfTheBrowser || (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2),
    uncovered: Boolean(seen && (shown.contains(seen) || seen.contains(shown))),
  };
}"""


@pytest.fixture(scope="module")
def address(world: World) -> str:
    world.story.join(world.event, "Typist")
    return world.address("Typist")


@pytest.mark.parametrize("path", ["/account", "/projects/{project}", "/consent", "/purchases"])
def test_guests_see_where_the_focus_is(world: World, window: NewWindow, address: str, path: str) -> None:
    opened = window(viewport=PHONE)
    opened.sign_in(world.settings["MAIN_API_URL"], address)
    opened.page.goto(world.guest_url(path.format(project=world.event.project_id)))
    expect(opened.page.get_by_role("heading", level=1)).to_be_visible()
    walk(opened.page, at_least=6)


@pytest.mark.parametrize(
    "path", ["/dashboard", "/projects/{project}/details", "/projects/{project}/photos", "/packages"]
)
def test_staff_see_where_the_focus_is(world: World, window: NewWindow, path: str) -> None:
    opened = window(viewport=DESKTOP)
    opened.sign_in(world.settings["BACKOFFICE_API_URL"], world.address("operator"))
    opened.page.goto(world.staff_url(path.format(project=world.event.project_id)))
    expect(opened.page.get_by_role("heading", level=1)).to_be_visible()
    walk(opened.page, at_least=8)


def walk(page: Page, at_least: int) -> None:
    """By Tab, from the first stop to the last."""
    page.wait_for_timeout(500)
    stops: list[dict[str, object]] = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        page.wait_for_timeout(20)
        stop = page.evaluate(FOCUSED)
        if stop is None:
            break
        stops.append(stop)
    assert len(stops) >= at_least, stops
    assert [stop for stop in stops if not stop["outlined"]] == [], "focus without an outline"
    assert [stop for stop in stops if not stop["uncovered"]] == [], "focus below something else"


def test_a_guest_signs_in_by_keys_alone(world: World, window: NewWindow, address: str) -> None:
    page = window(viewport=DESKTOP).page
    page.goto(world.guest_url("/sign-in"))
    expect(page.get_by_role("heading", level=1, name="Sign in")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("E-mail address")).to_be_focused()
    page.keyboard.type(address)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Summer gala")).to_be_visible()
