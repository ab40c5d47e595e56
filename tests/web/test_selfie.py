"""What the camera says while it looks. Nothing of it leaves the page: the hints are made there."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from acme_standalone.demo.scenes import Person
from tests.web.chromium import launch, write_film
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
