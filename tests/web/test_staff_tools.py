"""What operators and the superadmin look at: figures, codes, scores, the log."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import NewWindow
from tests.web.superadmins import new_superadmin
from tests.web.world import DESKTOP, World

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]


@pytest.fixture
def page(world: World, window: NewWindow) -> Page:
    """The operator's."""
    opened = window(viewport=DESKTOP, accept_downloads=True)
    opened.sign_in(world.settings["BACKOFFICE_API_URL"], world.address("operator"))
    return opened.page


def test_figures_are_of_the_project_and_the_period_and_go_into_a_file(
    world: World, page: Page, scratch: Path
) -> None:
    page.goto(world.staff_url("/dashboard"))
    photos = page.locator("dl div").filter(has=page.get_by_text("Photos", exact=True)).locator("dd").first
    expect(photos).not_to_have_text("0")
    expect(page.locator(".recharts-area-area").first).to_be_visible()
    page.get_by_label("Project").select_option(label="Summer gala")
    page.get_by_label("Period").select_option(label="Days of your choice")
    page.get_by_label("From", exact=True).fill("2026-01-01")
    page.get_by_label("To", exact=True).fill("2026-01-31")
    expect(page).to_have_url(re.compile(rf"project={world.event.project_id}.*from=2026-01-01&to=2026-01-31"))
    expect(photos).to_have_text("0")
    expect(page.get_by_text("Nothing in this period")).to_have_count(3)
    page.get_by_role("button", name="Reset").click()
    with page.expect_download() as downloading:
        page.get_by_role("button", name="CSV").click()
    downloading.value.save_as(scratch / "analytics.csv")
    rows = list(csv.reader((scratch / "analytics.csv").read_text().splitlines()))
    assert len(rows) > 1
    assert {len(row) for row in rows} == {len(rows[0])}


def test_a_photo_is_looked_at_and_the_keys_lead_on(world: World, page: Page) -> None:
    page.goto(world.staff_url(f"/projects/{world.event.project_id}/photos"))
    tiles = page.get_by_role("listitem").get_by_role("button", name=re.compile(r"^\S+\.jpg$"))
    expect(tiles.first).to_be_visible()
    names = [tile.get_attribute("aria-label") or "" for tile in tiles.all()]
    place = next(place for place, name in enumerate(names) if name.startswith("DSC_"))
    tiles.nth(place).focus()
    page.keyboard.press("Enter")
    viewer = page.get_by_role("dialog")
    expect(viewer.get_by_role("img", name=names[place])).to_be_visible()
    page.wait_for_function("document.querySelector('[role=dialog] img').naturalWidth > 1000")
    page.keyboard.press("ArrowRight")
    expect(viewer.get_by_role("heading", name=names[place + 1])).to_be_visible()
    for _ in range(place + 2):  # once more than there are
        page.keyboard.press("ArrowLeft")
    expect(viewer.get_by_role("heading", name=names[0])).to_be_visible()
    page.keyboard.press("Escape")
    expect(viewer).to_have_count(0)


def test_a_code_is_seen_as_it_is_printed(world: World, page: Page) -> None:
    page.goto(world.staff_url(f"/projects/{world.event.project_id}/qr-codes"))
    expect(page.get_by_role("img", name=re.compile("^QR code to")).first).to_be_visible()
    with page.expect_response(re.compile(r"/poster\.pdf")) as answered, page.expect_popup() as opened:
        page.get_by_role("button", name="Poster").first.click()
    assert answered.value.ok
    assert answered.value.headers["content-type"] == "application/pdf"
    assert opened.value is not None


def test_the_thresholds_are_tried_before_they_are_used(world: World, page: Page) -> None:
    page.goto(world.staff_url(f"/projects/{world.event.project_id}/thresholds"))
    expect(page.locator(".recharts-surface").first).to_be_visible()
    confirm = page.get_by_role("slider", name=re.compile("^Shown to the guest from"))
    review = page.get_by_role("slider", name=re.compile("^Shown to you for review from"))
    lines = page.locator(".recharts-reference-line-line")
    expect(lines).to_have_count(2)
    before = lines.nth(1).get_attribute("x1")
    with page.expect_response(re.compile("confirm.*=90")) as asked:
        confirm.fill("90")
    assert asked.value.ok
    expect(page.get_by_text("90 %")).to_be_visible()
    assert lines.nth(1).get_attribute("x1") != before
    review.focus()
    page.keyboard.press("End")
    expect(confirm).to_have_value("100")
    project = world.event.operator.get(f"/projects/{world.event.project_id}")
    assert project["confirm_confidence"] is None, "nothing is used before it is saved"


def test_the_audit_log_is_narrowed(world: World, window: NewWindow) -> None:
    email, code = new_superadmin(world)
    opened = window(viewport=DESKTOP)
    opened.sign_in(world.settings["BACKOFFICE_API_URL"], email, totp_code=code)
    page = opened.page
    page.goto(world.staff_url("/admin/audit"))
    entries = page.locator("main li")
    expect(entries.filter(has_text="auth.signed_in").first).to_be_visible()
    page.get_by_label("Kind").select_option(label="Administration")
    expect(entries.filter(has_text="admin.").first).to_be_visible()
    expect(entries.filter(has_text="auth.")).to_have_count(0)
    page.get_by_label("From", exact=True).fill("2020-01-01")
    page.get_by_label("To", exact=True).fill("2020-01-02")
    expect(page.get_by_text("Nothing fits these filters")).to_be_visible()
    page.get_by_role("button", name="Reset").click()
    entries.first.locator("summary").click()
    expect(entries.first.get_by_text("Request")).to_be_visible()
