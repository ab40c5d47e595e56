"""What a guest's first look at the gallery costs."""

import gzip
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from acme_standalone.demo.scenes import Person
from tests.web.conftest import NewWindow
from tests.web.world import PHONE, World

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

DIST = Path(__file__).resolve().parents[2] / "frontends" / "main" / "dist"
MOST_SCRIPT_BYTES = 200_000


def test_the_gallery_loads_no_more_script_than_its_budget(
    world: World, window: NewWindow, scratch: Path
) -> None:
    guest = world.new_guest("Thrifty", scratch, Person.GRACE)
    opened = window(viewport=PHONE, device_scale_factor=2)
    opened.sign_in(world.settings["MAIN_API_URL"], world.address(guest.name))
    scripts: set[str] = set()
    opened.page.on(
        "response",
        lambda answer: scripts.add(answer.url) if answer.request.resource_type == "script" else None,
    )
    opened.page.goto(world.guest_url(f"/projects/{world.event.project_id}"))
    opened.page.locator("main img").first.wait_for()
    sizes = {url: len(gzip.compress(_file(url).read_bytes(), 6)) for url in scripts}
    assert sizes, "scripts are counted"
    assert sum(sizes.values()) <= MOST_SCRIPT_BYTES, sizes


def _file(url: str) -> Path:
    return DIST / urlsplit(url).path.lstrip("/")
