"""Every screen, on phone and desktop, light and dark: it shows itself without a complaint, and passes axe.

With SCREENSHOTS set to a folder (`make screenshots`), all of them are written there. `make test` looks at two
of the four kinds.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from acme_standalone.demo.client import Json, wait_for
from acme_standalone.demo.scenes import Person
from tests.web.conftest import NewWindow
from tests.web.superadmins import new_superadmin
from tests.web.world import DESKTOP, PHONE, Watched, World

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

FOLDER = os.environ.get("SCREENSHOTS")
ROOT = Path(__file__).resolve().parents[2]
SERIOUS = {"serious", "critical"}


@dataclass(frozen=True)
class Look:
    name: str
    size: dict[str, int]
    scheme: str


LOOKS = [
    Look("phone-light", PHONE, "light"),
    Look("desktop-dark", DESKTOP, "dark"),
    Look("phone-dark", PHONE, "dark"),
    Look("desktop-light", DESKTOP, "light"),
]
EVERYBODY = ["/join/{token}", "/join/qr_of_nothing", "/sign-in", "/sign-up", "/forgot-password", "/terms"]
GUEST = [
    "/",
    "/projects/{project}",
    "/projects/{project}/buy",
    "/purchases",
    "/purchases/{purchase}",
    "/consent",
    "/selfie",
    "/account",
    "/nothing-here",
]
NEWCOMER = ["/", "/projects/{project}", "/selfie", "/purchases"]
VISITOR = ["/sign-in", "/sign-up", "/forgot-password", "/accept-invite?token=x"]
OPERATOR = [
    "/dashboard",
    "/projects",
    *(
        f"/projects/{{project}}/{tab}"
        for tab in (
            "overview",
            "details",
            "photos",
            "members",
            "photographers",
            "packages",
            "coaches",
            "qr-codes",
            "purchases",
            "review",
            "thresholds",
        )
    ),
    "/packages",
    "/photographers",
    "/account",
]
PHOTOGRAPHER = ["/my-projects", "/my-projects/{project}", "/account"]
SUPERADMIN = ["/admin/operators", "/admin/audit"]
CASTS = {
    "everybody": EVERYBODY,
    "guest": GUEST,
    "newcomer": NEWCOMER,
    "visitor": VISITOR,
    "operator": OPERATOR,
    "photographer": PHOTOGRAPHER,
    "superadmin": SUPERADMIN,
}
STAFF = {"visitor", "operator", "photographer", "superadmin"}


@pytest.fixture(scope="module")
def ids(world: World, scratch: Path) -> Iterator[dict[str, str]]:
    """What stands in the addresses: a guest has bought, and some tags wait for a decision."""
    guest = world.new_guest("Looker", scratch, Person.EILEEN)
    photos = guest.main.get(f"/projects/{world.event.project_id}/photos")["items"]
    purchase, _ = world.story.buy(world.event, guest, photos)
    world.story.join(world.event, "Newcomer")
    undecided = _set_bound(world, 99.9, "pending")
    decided = {"tag_ids": [tag["id"] for tag in undecided[:3]], "review_status": "confirmed"}
    world.event.operator.call("POST", "/photo-tags/bulk-review", decided)
    yield {
        "token": world.event.join_token,
        "project": world.event.project_id,
        "purchase": purchase["id"],
    }
    _set_bound(world, None, "confirmed")


def _set_bound(world: World, confirm: float | None, expected: str) -> list[Json]:
    """The tags in the expected state, once the photos are matched again."""
    operator, path = world.event.operator, f"/projects/{world.event.project_id}"
    bounds = {"version": operator.get(path)["version"], "confirm_confidence": confirm}
    operator.call("PATCH", path, bounds)
    other = "confirmed" if expected == "pending" else "pending"
    wait_for(
        "the new matching",
        lambda: not operator.get(f"{path}/photo-tags?review_status={other}")["items"] or None,
    )
    items: list[Json] = operator.get(f"{path}/photo-tags?review_status={expected}")["items"]
    return items


@pytest.fixture(scope="module", params=LOOKS if FOLDER else LOOKS[:2], ids=lambda look: look.name)
def look(request: pytest.FixtureRequest) -> Look:
    chosen: Look = request.param
    return chosen


@pytest.fixture(params=list(CASTS))
def cast(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def screen(world: World, window: NewWindow, look: Look, cast: str) -> Watched:
    opened = window(viewport=look.size, color_scheme=look.scheme, device_scale_factor=1)
    addresses = {
        "guest": world.address("Looker"),
        "newcomer": world.address("Newcomer"),
        "operator": world.address("operator"),
        "photographer": world.address("photographer"),
    }
    if cast == "superadmin":
        email, code = new_superadmin(world)
        opened.sign_in(world.settings["BACKOFFICE_API_URL"], email, totp_code=code)
    elif cast in addresses:
        api = "BACKOFFICE_API_URL" if cast in STAFF else "MAIN_API_URL"
        opened.sign_in(world.settings[api], addresses[cast])
    return opened


def test_screens(world: World, ids: dict[str, str], look: Look, cast: str, screen: Watched) -> None:
    found: dict[str, list[str]] = {}
    for path in CASTS[cast]:
        url = world.staff_url(path.format(**ids)) if cast in STAFF else world.guest_url(path.format(**ids))
        screen.page.goto(url)
        settle(screen.page)
        assert screen.page.locator("h1").count() == 1, f"{path} has {screen.page.locator('h1').count()} h1"
        assert screen.page.title(), path
        if violations := serious(screen.page):
            found[path] = violations
        assert not overflows(screen.page), f"{path} scrolls sideways"
        if FOLDER:
            keep(screen.page, Path(FOLDER) / look.name / cast, path)
    assert found == {}


def settle(page: Page) -> None:
    """Until everything that the screen asked for is there. Live events keep a connection open for ever."""
    page.locator("h1").first.wait_for()
    expect(page.locator(".animate-pulse, .animate-spin")).to_have_count(0)
    page.wait_for_timeout(350)  # images fade in


def serious(page: Page) -> list[str]:
    page.evaluate(axe())
    result = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{violation['id']}: {node['html'][:160]}"
        for violation in result["violations"]
        if violation["impact"] in SERIOUS
        for node in violation["nodes"]
    ]


def overflows(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def keep(page: Page, folder: Path, path: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = path.replace("{", "").replace("}", "").strip("/").replace("/", "-").partition("?")[0] or "start"
    page.screenshot(path=folder / f"{name}.png", full_page=True)


@cache
def axe() -> str:
    return (ROOT / "frontends" / "node_modules" / "axe-core" / "axe.min.js").read_text()


def test_axe_sees_what_is_wrong(browser: Browser) -> None:
    """The check itself can fail."""
    page = browser.new_page()
    page.set_content("<html><body><h1>x</h1><img src='a.png'><button></button></body></html>")
    assert {"image-alt", "button-name"} <= {line.partition(":")[0] for line in serious(page)}
    page.close()
