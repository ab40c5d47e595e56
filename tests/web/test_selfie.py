"""What the camera says while it looks, made in the page: nothing of it leaves. And selfies from a file."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from acme_standalone.demo.scenes import Person, write_selfie
from tests.services.harness import picture
from tests.web.chromium import launch, write_film
from tests.web.conftest import NewWindow
from tests.web.world import PHONE, Watched, World

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

LookInto = Callable[..., Page]


@pytest.fixture(scope="module")
def address(world: World) -> str:
    return world.address(world.new_consenting_guest("Posing").name)


@pytest.fixture
def look_into(world: World, address: str, playwright: Playwright, tmp_path: Path) -> Iterator[LookInto]:
    """Opens the selfie page in front of a camera that sees Eileen in this way."""
    with ExitStack() as stack:

        def look(**seen: float) -> Page:
            film = write_film(tmp_path, Person.EILEEN, **seen)
            browser = stack.enter_context(closing(launch(playwright, film)))
            opened = stack.enter_context(closing(Watched(browser, viewport=PHONE)))
            opened.sign_in(world.settings["MAIN_API_URL"], address)
            opened.page.goto(world.guest_url("/selfie"))
            return opened.page

        yield look


def test_too_dark_is_told(look_into: LookInto) -> None:
    expect(look_into(light=0.12).get_by_text("Too dark")).to_be_visible(timeout=30_000)


def test_too_far_is_told(look_into: LookInto) -> None:
    expect(look_into(share=0.8).get_by_text("Come closer")).to_be_visible(timeout=60_000)


def test_a_face_in_the_guide_is_told(look_into: LookInto) -> None:
    expect(look_into(share=1.25).get_by_text("Good: hold still")).to_be_visible(timeout=60_000)


def test_a_file_serves_as_well_and_one_without_a_face_is_refused_with_its_reason(
    world: World, window: NewWindow, scratch: Path
) -> None:
    guest = world.new_consenting_guest("Filing")
    wall = scratch / "no-face.jpg"
    wall.write_bytes(picture(7, (900, 1200)))
    opened = window(viewport=PHONE)
    opened.sign_in(world.settings["MAIN_API_URL"], world.address(guest.name))
    page = opened.page
    page.goto(world.guest_url("/selfie"))
    send_file(page, wall)
    expect(page.get_by_text("We could not find a face.")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Try again").click()
    send_file(page, write_selfie(scratch, Person.GRACE))
    expect(page.get_by_text("Your selfie is good")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Delete selfie").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Delete selfie").click()
    expect(page.get_by_text("Your selfie is good")).to_have_count(0)


def send_file(page: Page, path: Path) -> None:
    """Chosen, looked at, sent."""
    with page.expect_file_chooser() as choosing:
        page.get_by_text("Choose a picture instead").click()
    choosing.value.set_files(path)
    chosen = page.get_by_role("img", name="The picture that you are about to send")
    expect(chosen).to_be_visible()
    page.get_by_role("button", name="Use this picture").click()
