"""A guest's evening on a phone: from the code on the wall to the photos, and out again."""

import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from acme_standalone.demo.story import PASSWORD
from tests.web.conftest import NewWindow
from tests.web.world import PHONE, World

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]


def test_from_the_code_to_the_photos_and_out_again(world: World, window: NewWindow, scratch: Path) -> None:
    page = window(viewport=PHONE, device_scale_factor=1, accept_downloads=True).page
    join_with_a_new_account(page, world)
    consent(page)
    take_a_selfie(page)
    look_at_the_photos(page)
    buy(page)
    choose_and_download(page, scratch)
    withdraw(page)
    leave(page, world)


def join_with_a_new_account(page: Page, world: World) -> None:
    page.goto(world.guest_url(f"/join/{world.event.join_token}"))
    expect(page.get_by_role("heading", level=1, name="Summer gala")).to_be_visible()
    expect(page.get_by_text("Acme Events invites you to")).to_be_visible()
    page.get_by_label("Your name").fill("Eileen")
    page.get_by_label("E-mail address").fill(world.address("Traveller"))
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    join = page.get_by_role("button", name="Join the event")
    expect(join).to_be_disabled()
    page.get_by_role("checkbox", name="I have read the terms").check()
    join.click()


def consent(page: Page) -> None:
    """Both ways are there, equally large."""
    without = page.get_by_role("link", name="Go on without face recognition")
    give = page.get_by_role("button", name="I consent")
    expect(page.get_by_text("How to withdraw.")).to_be_visible()
    boxes = [each.bounding_box() for each in (give, without)]
    assert boxes[0] is not None
    assert boxes[1] is not None
    assert (boxes[0]["height"], boxes[0]["width"]) == (boxes[1]["height"], boxes[1]["width"])
    give.click()


def take_a_selfie(page: Page) -> None:
    """The camera shows Eileen, and the hint comes from a network in the page."""
    expect(
        page.get_by_text(re.compile("Good: hold still|Move to the middle|Come closer|Move back"))
    ).to_be_visible(timeout=30_000)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method) if request.method == "PUT" else None)
    page.get_by_role("button", name="Take the picture").click()
    expect(page.get_by_role("img", name="The picture that you are about to send")).to_be_visible()
    assert sent == [], "nothing leaves before the tap"
    page.get_by_role("button", name="Use this picture").click()
    expect(page.get_by_text("Your selfie is good")).to_be_visible(timeout=60_000)
    assert sent == ["PUT"]
    page.get_by_role("link", name="To my photos").click()


def look_at_the_photos(page: Page) -> None:
    """All five come by themselves; one is a favourite, one is somebody else."""
    photos = page.get_by_role("button", name=re.compile(r"^Open photo \d+"))
    expect(photos).to_have_count(5, timeout=60_000)
    photos.first.click()
    viewer = page.get_by_role("dialog").or_(page.locator(".yarl__root")).first
    expect(viewer).to_be_visible()
    page.get_by_role("button", name="Favourite", exact=True).click()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("2 of 5")).to_be_visible()
    page.get_by_role("button", name="Not me").click()
    page.get_by_role("button", name="This is not me").click()
    page.keyboard.press("Escape")
    expect(photos).to_have_count(4)
    page.get_by_role("link", name=re.compile("^Favourites")).click()
    expect(photos).to_have_count(1)


def buy(page: Page) -> None:
    """A declined card, then a good one, for the same purchase."""
    page.get_by_role("link", name="Get photos").click()
    page.get_by_role("button", name="Choose Two photos").click()
    page.get_by_label("Test card").select_option(label="Visa: declined")
    page.get_by_role("button", name="Pay now").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    page.get_by_label("Test card").select_option(label="Visa: succeeds")
    page.get_by_role("button", name="Pay now").click()
    expect(page.get_by_text("Paid", exact=True)).to_be_visible(timeout=30_000)


def choose_and_download(page: Page, folder: Path) -> None:
    """No more than were bought; then one by one, and all in a ZIP."""
    expect(page.get_by_role("heading", name="Choose 2 photos")).to_be_visible()
    choices = page.get_by_role("button", name=re.compile(r"^Photo \d+$"))
    choices.nth(0).click()
    choices.nth(1).click()
    expect(choices.nth(2)).to_be_disabled()
    page.get_by_role("button", name="Unlock").click()
    expect(page.get_by_text("Your 2 photos are unlocked.")).to_be_visible()
    page.get_by_role("button", name="Make the ZIP").click()
    with page.expect_download(timeout=60_000) as downloading:
        page.get_by_role("button", name=re.compile("^Download ZIP")).click(timeout=60_000)
    path = folder / "photos.zip"
    downloading.value.save_as(path)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == 2
    page.get_by_role("link", name="Look at them").click()
    page.get_by_role("button", name=re.compile("^Open photo 1, unlocked")).click()
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Download", exact=True).click()
    assert downloading.value.suggested_filename.endswith(".jpg")
    page.keyboard.press("Escape")


def withdraw(page: Page) -> None:
    """The receipt ends as proof; what was bought stays."""
    page.get_by_role("link", name="Account").click()
    page.get_by_role("button", name="Withdraw consent").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Withdraw consent").click()
    expect(page.get_by_text("Receipts of erasure")).to_be_visible()
    expect(page.get_by_text("erased", exact=True)).to_be_visible(timeout=60_000)
    expect(page.get_by_text(re.compile(r"^Erased .+: 1 selfie, \d+ face templates?, "))).to_be_visible()
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Download my data").click()
    assert downloading.value.suggested_filename.endswith(".zip")
    page.get_by_role("combobox", name="Language").select_option(label="Deutsch")
    expect(page.get_by_role("heading", level=1, name="Dein Konto")).to_be_visible()


def leave(page: Page, world: World) -> None:
    page.get_by_role("button", name="Konto löschen").click()
    page.get_by_label(re.compile("Gib zur Bestätigung")).fill(world.address("Traveller"))
    page.get_by_role("button", name="Endgültig löschen").click()
    expect(page.get_by_role("heading", level=1, name="Dein Konto ist gelöscht")).to_be_visible()
    page.goto(world.guest_url("/account"))
    expect(page.get_by_role("heading", level=1, name="Anmelden")).to_be_visible()


def test_a_code_is_not_lost_by_signing_in(world: World, window: NewWindow, scratch: Path) -> None:
    del scratch
    world.story.join(world.event, "Returner")
    page = window(viewport=PHONE).page
    page.goto(world.guest_url(f"/join/{world.event.join_token}"))
    page.get_by_role("link", name="I have an account").click()
    expect(page.get_by_role("heading", level=1, name="Sign in")).to_be_visible()
    page.get_by_label("E-mail address").fill(world.address("Returner"))
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("wrong")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Join the event")).to_be_visible()


def test_tokens_are_out_of_reach_of_scripts(world: World, window: NewWindow) -> None:
    """A reload keeps the guest signed in by a cookie that no script sees; two tabs can refresh at once."""
    world.story.join(world.event, "Keeper")
    opened = window(viewport=PHONE)
    opened.sign_in(world.settings["MAIN_API_URL"], world.address("Keeper"))
    tabs = [opened.page, opened.context.new_page()]
    for tab in tabs:
        tab.goto(world.guest_url("/account"), wait_until="commit")
    for tab in tabs:
        expect(tab.get_by_role("heading", level=1, name="Your account")).to_be_visible()
        kept = tab.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])")
        assert "eyJ" not in kept
        assert "refresh" not in kept
    tabs[0].get_by_role("button", name="Sign out").click()
    expect(tabs[1].get_by_role("heading", level=1, name="Sign in")).to_be_visible()


def test_offline_is_told_and_passes(world: World, window: NewWindow) -> None:
    world.story.join(world.event, "Traveller2")
    opened = window(viewport=PHONE)
    opened.sign_in(world.settings["MAIN_API_URL"], world.address("Traveller2"))
    opened.page.goto(world.guest_url("/account"))
    expect(opened.page.get_by_role("heading", level=1)).to_be_visible()
    opened.context.set_offline(offline=True)
    expect(opened.page.get_by_text("You are offline")).to_be_visible()
    opened.context.set_offline(offline=False)
    expect(opened.page.get_by_text("You are offline")).to_be_hidden()
    opened.complaints.clear()  # a connection that was cut off is what this is about


def test_the_installed_app_starts_without_a_connection(world: World, window: NewWindow) -> None:
    """And says so, with a way on."""
    opened = window(viewport=PHONE)
    page = opened.page
    page.goto(world.guest_url("/sign-in"))
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    expect(page.get_by_role("heading", level=1, name="Sign in")).to_be_visible()
    opened.context.set_offline(offline=True)
    page.reload()
    expect(page.get_by_text("We cannot reach the server")).to_be_visible()
    opened.context.set_offline(offline=False)
    page.get_by_role("button", name="Load again").click()
    expect(page.get_by_role("heading", level=1, name="Sign in")).to_be_visible()
    opened.complaints.clear()  # a connection that was cut off is what this is about


def test_the_app_can_be_installed(world: World, window: NewWindow) -> None:
    """A manifest with icons that exist, and a worker that keeps the shell and nothing of anybody's."""
    page = window(viewport=PHONE).page
    page.goto(world.guest_url("/sign-in"))
    manifest = page.evaluate(
        "fetch(document.querySelector('link[rel=manifest]').href).then((answer) => answer.json())"
    )
    assert manifest["display"] == "standalone"
    sizes = {icon["sizes"] for icon in manifest["icons"]}
    assert {"192x192", "512x512"} <= sizes
    for icon in manifest["icons"]:
        answer = page.request.get(world.guest_url(icon["src"]))
        assert answer.headers["content-type"].startswith("image/"), icon
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    kept = page.evaluate(
        """async () => {
          const caches_ = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
          const requests = await Promise.all(caches_.map((cache) => cache.keys()));
          return requests.flat().map((request) => new URL(request.url).pathname);
        }"""
    )
    assert any(path.endswith("index.html") for path in kept)
    assert not [path for path in kept if path.startswith("/v1/")]
