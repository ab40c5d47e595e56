"""Behind the scenes: an event set up, money given back, photos uploaded, a door closed."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from acme_standalone.demo.scenes import Person
from acme_standalone.demo.story import PASSWORD
from tests.services.harness import picture
from tests.web.conftest import NewWindow
from tests.web.superadmins import new_superadmin
from tests.web.world import DESKTOP, World

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

FILES = 60


@pytest.fixture(scope="module")
def world(settings: Mapping[str, str], scratch: Path) -> Iterator[World]:
    """An event of its own, where nobody has the faces of the other tests."""
    with httpx.Client(timeout=60) as http:
        yield World.made(settings, http, scratch / "staff", "staff", photos=3)


def test_an_operator_sets_up_an_event(world: World, window: NewWindow) -> None:
    page = window(viewport=DESKTOP).page
    page.goto(world.staff_url("/sign-up"))
    page.get_by_label("Name").fill("Ada Events")
    page.get_by_label("E-mail").fill(world.address("ada"))
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Currency").select_option("EUR")
    page.get_by_role("button", name=re.compile("Create")).click()
    expect(page.get_by_role("heading", level=1, name="Dashboard")).to_be_visible()
    make_a_project(page)
    make_a_package(page)
    make_a_code(page)
    invite_a_photographer(page, world)


def make_a_project(page: Page) -> None:
    page.get_by_role("link", name="Projects").click()
    page.get_by_role("button", name="New project").first.click()
    page.get_by_label("Name").fill("Harbour run")
    page.get_by_role("button", name="Create the project").click()
    expect(page.get_by_role("heading", level=1, name="Harbour run")).to_be_visible()
    page.get_by_label("Place").fill("Old harbour")
    page.get_by_label("Time zone").select_option("Europe/Vienna")
    page.get_by_label("Begins").fill("2026-06-20T18:00")
    page.get_by_label("Ends").fill("2026-06-20T17:00")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("An event ends after it has begun")).to_be_visible()
    page.get_by_label("Ends").fill("2026-06-20T23:00")
    page.get_by_label("Terms").fill("Photos are taken at this event.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Old harbour").first).to_be_visible()
    expect(page.get_by_text("June 20, 2026")).to_be_visible()


def make_a_package(page: Page) -> None:
    page.get_by_role("link", name="Packages", exact=True).first.click()
    page.get_by_role("button", name="New package").first.click()
    page.get_by_label("Name").fill("Five photos")
    page.get_by_label(re.compile("^Price")).fill("12,50")
    page.get_by_label("Number of photos").fill("5")
    page.get_by_role("button", name="Create the package").click()
    expect(page.get_by_text("€12.50 · 5 photos · branded")).to_be_visible()
    page.get_by_role("link", name="Projects").click()
    page.get_by_role("link", name=re.compile("Harbour run")).click()
    parts = page.get_by_role("navigation", name="Parts of the project")
    parts.get_by_role("link", name="Packages").click()
    page.get_by_role("button", name="Put on sale: Five photos").click()
    expect(page.get_by_role("button", name="Stop selling: Five photos")).to_be_visible()


def make_a_code(page: Page) -> None:
    parts = page.get_by_role("navigation", name="Parts of the project")
    parts.get_by_role("link", name="QR codes").click()
    page.get_by_role("button", name="New QR code").click()
    page.get_by_label("Label").fill("Entrance")
    page.get_by_role("button", name="Make the code").click()
    expect(page.get_by_role("heading", name=re.compile("Entrance"))).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("QR code to"))).to_be_visible()
    page.get_by_role("button", name="Revoke").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("revoked")).to_be_visible()


def invite_a_photographer(page: Page, world: World) -> None:
    """The mail's link leads to the first password, and from there to the work."""
    page.get_by_role("link", name="Photographers", exact=True).first.click()
    page.get_by_role("button", name="Invite a photographer").first.click()
    page.get_by_label("Name").fill("Kit Lens")
    page.get_by_label("E-mail").fill(world.address("kit"))
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text(world.address("kit")).first).to_be_visible()
    for _ in range(100):
        if mails := world.mails_to(world.address("kit")):
            break
        page.wait_for_timeout(100)
    link = re.findall(r"http\S+/accept-invite#[\w.~-]+", json.dumps(mails[0]))[0]
    page.context.clear_cookies()
    page.goto(link)
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Choose and start").click()
    expect(page.get_by_role("heading", level=1, name="My projects")).to_be_visible()


def test_an_operator_reviews_and_refunds(world: World, window: NewWindow, scratch: Path) -> None:
    guest = world.new_guest("Buyer", scratch, Person.EILEEN)
    photos = guest.main.get(f"/projects/{world.event.project_id}/photos")["items"]
    purchase, _ = world.story.buy(world.event, guest, photos)
    opened = window(viewport=DESKTOP)
    opened.sign_in(world.settings["BACKOFFICE_API_URL"], world.address("operator"))
    page = opened.page
    page.goto(world.staff_url(f"/projects/{world.event.project_id}/review?status=confirmed"))
    expect(page.get_by_role("heading", level=1, name="Review")).to_be_visible()
    page.goto(world.staff_url(f"/projects/{world.event.project_id}/purchases"))
    row = page.get_by_role("row").filter(has_text="Buyer")
    expect(row).to_contain_text("Paid")
    row.get_by_role("button", name="Refund Buyer").click()
    page.get_by_label("Amount in EUR").fill("99")
    expect(page.get_by_text("Enter an amount up to €15.00")).to_be_visible()
    page.get_by_label("Amount in EUR").fill("15,00")
    page.get_by_role("button", name="Refund €15.00").click()
    expect(row).to_contain_text("Refunded", timeout=20_000)
    assert guest.main.get(f"/purchases/{purchase['id']}")["refunded_at"] is not None


def test_an_operator_decides_by_keys(world: World, window: NewWindow, scratch: Path) -> None:
    """What the machine was sure of is taken back, and stays so."""
    guest = world.new_guest("Judged", scratch, Person.GRACE)
    before = len(guest.main.get(f"/projects/{world.event.project_id}/photos")["items"])
    opened = window(viewport=DESKTOP)
    opened.sign_in(world.settings["BACKOFFICE_API_URL"], world.address("operator"))
    page = opened.page
    page.goto(world.staff_url(f"/projects/{world.event.project_id}/review?status=confirmed"))
    expect(page.get_by_text("Judged").first).to_be_visible()
    with page.expect_response(re.compile("/v1/photo-tags/")) as told:
        page.keyboard.press("n")
    assert told.value.ok
    after = len(guest.main.get(f"/projects/{world.event.project_id}/photos")["items"])
    assert before - after == (1 if "Judged" in json.dumps(told.value.json()) else 0)


def test_a_photographer_uploads_sixty_files_with_a_reload_half_way(
    world: World, window: NewWindow, scratch: Path
) -> None:
    """After the reload the same folder is given again: nothing is sent twice, nothing is missing."""
    folder = scratch / "card"
    folder.mkdir()
    for number in range(FILES):
        (folder / f"IMG_{number:04}.jpg").write_bytes(picture(9000 + number, (480, 320)))
    (folder / "broken.jpg").write_bytes(b"")
    (folder / "damaged.jpg").write_bytes(b"This is no picture. " * 50)
    opened = window(viewport=DESKTOP)
    opened.sign_in(world.settings["BACKOFFICE_API_URL"], world.address("photographer"))
    page = opened.page
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(world.staff_url("/my-projects"))
    page.get_by_role("link", name=re.compile("Summer gala")).first.click()
    puts: list[str] = []
    page.on("request", lambda request: puts.append(request.url) if request.method == "PUT" else None)
    page.get_by_test_id("pick-folder").set_input_files(folder)
    expect(page.get_by_test_id("upload-files")).to_contain_text(
        re.compile(r"^(1\d|2\d|3\d|4\d)"), timeout=60_000
    )
    page.reload()
    page.get_by_test_id("pick-folder").set_input_files(folder)
    expect(page.get_by_test_id("upload-files")).to_contain_text("62 of 62 files", timeout=120_000)
    assert 0 < len(puts) <= FILES + 9, "at most what was under way is sent twice"
    look_at_the_failures(page)
    photographer = world.event.photographer
    listed: list[str] = []
    cursor = ""
    while True:
        path = f"/photographers/me/photos?project_id={world.event.project_id}&limit=200{cursor}"
        found = photographer.get(path)
        listed += [photo["filename"] for photo in found["items"] if photo["upload_state"] == "verified"]
        if found["next_cursor"] is None:
            break
        cursor = f"&cursor={found['next_cursor']}"
    names = sorted(name for name in listed if name.startswith("IMG_"))
    assert names == [f"IMG_{number:04}.jpg" for number in range(FILES)]


def look_at_the_failures(page: Page) -> None:
    """One that the browser refused, one that the server did; what can be tried again is, by one click."""
    expect(page.get_by_test_id("upload-status")).to_have_text("Finished, 2 failed", timeout=60_000)
    page.get_by_role("button", name="Failed 2", exact=True).click()
    files = page.get_by_role("region", name="Files").get_by_role("listitem")
    expect(files).to_have_count(2)
    expect(files.filter(has_text="broken.jpg")).to_contain_text("The file is empty.")
    damaged = files.filter(has_text="damaged.jpg")
    expect(damaged).to_contain_text("This is not a picture, or it is damaged.")
    with page.expect_response(re.compile("/retry$")) as retried:
        damaged.get_by_role("button", name="Try damaged.jpg again").click()
    assert retried.value.ok


def test_a_superadmin_suspends_an_operator(world: World, window: NewWindow) -> None:
    """Whose sessions end at once, in the window that is open."""
    operator = window(viewport=DESKTOP)
    operator.page.goto(world.staff_url("/sign-up"))
    operator.page.get_by_label("Name").fill("Shady Shots")
    operator.page.get_by_label("E-mail").fill(world.address("shady"))
    operator.page.get_by_label("Password", exact=True).fill(PASSWORD)
    operator.page.get_by_role("button", name=re.compile("Create")).click()
    expect(operator.page.get_by_role("heading", level=1, name="Dashboard")).to_be_visible()
    email, code = new_superadmin(world)
    page = window(viewport=DESKTOP).page
    page.goto(world.staff_url("/sign-in"))
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label(re.compile("code", re.IGNORECASE)).first.fill(code)
    page.get_by_role("button", name=re.compile("Sign in|Continue|Verify")).click()
    expect(page.get_by_role("heading", level=1, name="Operators")).to_be_visible()
    page.get_by_role("button", name="Suspend Shady Shots").click()
    page.get_by_label("Reason").fill("Complaints")
    page.get_by_role("dialog").get_by_role("button", name="Suspend").click()
    row = page.get_by_role("row").filter(has_text="Shady Shots")
    expect(row.get_by_text("Suspended")).to_be_visible()
    operator.page.get_by_role("link", name="Photographers").click()
    expect(operator.page.get_by_role("button", name="Sign in")).to_be_visible()
    page.get_by_role("link", name="Audit log").click()
    expect(page.get_by_text("admin.operator_suspended").first).to_be_visible()
