"""Every screen, on phone and desktop, light and dark: it shows itself without a complaint, and passes axe.

With SCREENSHOTS set to a folder (`make screenshots`), all of them are written there. `make test` looks at two
of the four kinds.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from acme_standalone.demo.client import Json, wait_for
from acme_standalone.demo.narrator import DemoFailedError
from acme_standalone.demo.scenes import Person
from acme_standalone.demo.story import Guest
from tests.services.harness import picture
from tests.web.conftest import NewWindow
from tests.web.lookalikes import event_of_lookalikes, hold_matches
from tests.web.purchases import every_purchase
from tests.web.screens import CASTS, STAFF_CASTS
from tests.web.superadmins import new_superadmin
from tests.web.webhooks import tried_endpoint
from tests.web.world import DESKTOP, PHONE, Watched, World

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

FOLDER = os.environ.get("SCREENSHOTS")
ROOT = Path(__file__).resolve().parents[2]
SERIOUS = {"serious", "critical"}
_SHADOW = """
INSERT INTO shadow_results (photo_id, user_id, primary_engine, primary_score, primary_band,
    shadow_engine, shadow_score, shadow_band)
SELECT photo_id, user_id, 'dlib-resnet-v1', CASE number % 3 WHEN 1 THEN NULL ELSE confidence END,
    CASE number % 3 WHEN 1 THEN NULL ELSE 'confirmed' END, 'rekognition', 71.5,
    CASE number % 3 WHEN 2 THEN 'confirmed' ELSE 'pending' END
FROM (SELECT *, row_number() OVER (ORDER BY id) AS number FROM photo_tags WHERE project_id = $1) AS tags
"""


@dataclass(frozen=True)
class Look:
    name: str
    size: dict[str, int]
    scheme: str
    locale: str = "en-GB"


LOOKS = [
    Look("phone-light", PHONE, "light"),
    Look("desktop-dark", DESKTOP, "dark"),
    Look("phone-dark", PHONE, "dark"),
    Look("desktop-light", DESKTOP, "light"),
]
GERMAN = Look("phone-german", PHONE, "light", "de-DE")
"""For guests: German words are longer."""


@pytest.fixture(scope="module")
def ids(world: World, scratch: Path) -> Iterator[dict[str, str]]:
    """What stands in the addresses: a guest has bought, and some tags wait for a decision."""
    guest = world.new_guest("Looker", scratch, Person.EILEEN)
    photos = guest.main.get(f"/projects/{world.event.project_id}/photos")["items"]
    _set_the_scene(world)
    alike = event_of_lookalikes(world, scratch, "Twins' birthday", ("Ann", "Joan"))
    hold_matches(alike)
    newcomer = world.story.join(world.event, "Newcomer")
    newcomer.main.create("/projects/join", {"token": alike.join_token, "accept_terms": True})
    _show_matching(world, newcomer)
    world.new_consenting_guest("Camera")
    _refuse_a_selfie(world, scratch)
    _ask_to_be_hidden(guest, photos)
    beginner = world.new_operator("Beginner")
    empty = beginner.create("/projects", {"name": "An evening without anything yet"})
    _show_another_engine(world)
    purchases = every_purchase(world, guest, photos)
    undecided = _set_bound(world, 99.9, "pending")
    shown = {photo["id"] for photo in photos[:3]}
    decided = {
        "tag_ids": [tag["id"] for tag in undecided if tag["photo_id"] in shown],
        "review_status": "confirmed",
    }
    world.event.operator.call("POST", "/photo-tags/bulk-review", decided)
    yield {
        **purchases,
        "token": world.event.join_token,
        "project": world.event.project_id,
        "photo": photos[0]["id"],
        "alike": alike.project_id,
        "empty": empty["id"],
        "webhook": tried_endpoint(world),
        "nothing": str(uuid4()),
    }
    _set_bound(world, None, "confirmed")


def _set_the_scene(world: World) -> None:
    path = f"/projects/{world.event.project_id}"
    scene = {
        "location_name": "Orangery in the castle park",
        "start_at": "2026-06-20T17:00:00Z",
        "end_at": "2026-06-20T23:00:00Z",
        "timezone": "Europe/Vienna",
    }
    version = world.event.operator.get(path)["version"]
    world.event.operator.call("PATCH", path, {**scene, "version": version})


def _refuse_a_selfie(world: World, folder: Path) -> None:
    selfie = folder / "wall.jpg"
    selfie.write_bytes(picture(3, (900, 1200)))
    with suppress(DemoFailedError):
        world.story.enrol(world.story.join(world.event, "Faceless"), selfie)


def _ask_to_be_hidden(guest: Guest, photos: list[Json]) -> None:
    wishes = {"blur": "I was crying just then", "withhold": None}
    for photo, (kind, reason) in zip(photos[-2:], wishes.items(), strict=True):
        guest.main.create(f"/photos/{photo['id']}/hide-requests", {"kind": kind, "reason": reason})


def _show_matching(world: World, guest: Guest) -> None:
    """As it is for who joins a large event late."""
    world.execute(
        "UPDATE project_members SET backfill_state = 'running', backfill_done = 128, backfill_total = 900"
        " WHERE user_id = $1",
        UUID(guest.main.get("/me")["id"]),
    )


def _show_another_engine(world: World) -> None:
    """As it is where two of them run: now and then they differ. `test_shadow.py` runs them."""
    world.execute(_SHADOW, UUID(world.event.project_id))


def _tagged(world: World, review_status: str) -> set[tuple[str, str]]:
    path = f"/projects/{world.event.project_id}/photo-tags?review_status={review_status}&limit=200"
    return {(tag["user_id"], tag["photo_id"]) for tag in world.event.operator.get(path)["items"]}


def _bought(world: World) -> set[tuple[str, str]]:
    """Whose and which: no bound takes these away."""
    operator = world.event.operator
    sales = operator.get(f"/projects/{world.event.project_id}/purchases?status=paid&limit=200")["items"]
    details = [operator.get(f"/purchases/{sale['id']}") for sale in sales]
    return {(sale["user_id"], photo["id"]) for sale in details for photo in sale["photos"]}


def _set_bound(world: World, confirm: float | None, expected: str) -> list[Json]:
    """The tags in the expected state, once the photos are matched again."""
    operator, path = world.event.operator, f"/projects/{world.event.project_id}"
    bounds = {"version": operator.get(path)["version"], "confirm_confidence": confirm}
    operator.call("PATCH", path, bounds)
    other = "confirmed" if expected == "pending" else "pending"
    staying = _bought(world)
    wait_for("the new matching", lambda: _tagged(world, other) <= staying or None)
    items: list[Json] = operator.get(f"{path}/photo-tags?review_status={expected}")["items"]
    return items


@pytest.fixture(
    scope="module", params=[*(LOOKS if FOLDER else LOOKS[:2]), GERMAN], ids=lambda look: look.name
)
def look(request: pytest.FixtureRequest) -> Look:
    chosen: Look = request.param
    return chosen


@pytest.fixture(params=list(CASTS))
def cast(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def screen(world: World, ids: dict[str, str], window: NewWindow, look: Look, cast: str) -> Watched:
    assert ids
    if look is GERMAN and cast in STAFF_CASTS:
        pytest.skip("staff work in English")
    is_phone = look.size is PHONE
    opened = window(
        viewport=look.size,
        color_scheme=look.scheme,
        device_scale_factor=1,
        locale=look.locale,
        is_mobile=is_phone,
        has_touch=is_phone,
    )
    addresses = {
        "guest": world.address("Looker"),
        "newcomer": world.address("Newcomer"),
        "posing": world.address("Camera"),
        "faceless": world.address("Faceless"),
        "operator": world.address("operator"),
        "beginner": world.address("Beginner"),
        "photographer": world.address("photographer"),
    }
    if cast == "superadmin":
        email, code = new_superadmin(world)
        opened.sign_in(world.settings["BACKOFFICE_API_URL"], email, totp_code=code)
    elif cast in addresses:
        api = "BACKOFFICE_API_URL" if cast in STAFF_CASTS else "MAIN_API_URL"
        opened.sign_in(world.settings[api], addresses[cast])
    return opened


def test_screens(world: World, ids: dict[str, str], look: Look, cast: str, screen: Watched) -> None:
    found: dict[str, list[str]] = {}
    for each in CASTS[cast]:
        if look is GERMAN and each.do:
            continue  # what it does, it does in English
        path = each.path.format(**ids)
        screen.page.goto("about:blank")
        screen.page.goto(world.staff_url(path) if cast in STAFF_CASTS else world.guest_url(path))
        settle(screen.page)
        if each.do:
            each.do(screen.page)
            settle(screen.page)
        stretch(screen.page, look.size)
        if FOLDER:
            keep(screen.page, Path(FOLDER) / look.name / cast, each.name)
        if complaints := complaints_of(screen.page):
            found[each.name] = complaints
        screen.page.set_viewport_size({"width": look.size["width"], "height": look.size["height"]})
    assert found == {}


def complaints_of(page: Page) -> list[str]:
    headings = page.locator("h1").count()
    return [
        *([] if headings == 1 else [f"it has {headings} h1"]),
        *([] if page.title() else ["it has no title"]),
        *(["it scrolls sideways"] if overflows(page) else []),
        *serious(page),
    ]


def settle(page: Page) -> None:
    """Until everything that the screen asked for is there. Live events keep a connection open for ever."""
    page.locator("h1").first.wait_for()
    expect(page.locator(".animate-pulse, .animate-spin")).to_have_count(0)
    page.wait_for_timeout(350)  # images fade in


def stretch(page: Page, size: dict[str, int]) -> None:
    """A window that is tall enough for the whole page: nothing lies below what sticks to its edges."""
    height = int(page.evaluate("document.documentElement.scrollHeight"))
    page.set_viewport_size({"width": size["width"], "height": max(height, size["height"])})
    page.wait_for_timeout(150)


def serious(page: Page) -> list[str]:
    page.evaluate(axe())
    result = page.evaluate(
        "axe.run(document, { resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } })"
    )
    return [
        f"{violation['id']}: {node['html'][:160]}"
        for violation in result["violations"]
        if violation["impact"] in SERIOUS
        for node in violation["nodes"]
    ]


def overflows(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def keep(page: Page, folder: Path, name: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name}.png")


@cache
def axe() -> str:
    return (ROOT / "frontends" / "node_modules" / "axe-core" / "axe.min.js").read_text()


def test_axe_sees_what_is_wrong(browser: Browser) -> None:
    """The check itself can fail."""
    page = browser.new_page()
    page.set_content("<html><body><h1>x</h1><img src='a.png'><button></button></body></html>")
    assert {"image-alt", "button-name"} <= {line.partition(":")[0] for line in serious(page)}
    page.close()
