"""What an operator decides about guests: who wants to be hidden, and who may have sent another's selfie."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from acme_standalone.demo.client import wait_for
from acme_standalone.demo.story import Guest
from tests.web import crowd
from tests.web.conftest import NewWindow
from tests.web.lookalikes import conflicts_of, event_of_lookalikes
from tests.web.world import DESKTOP, PHONE, World

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]


def operators_page(world: World, window: NewWindow, size: dict[str, int]) -> Page:
    opened = window(viewport=size)
    opened.sign_in(world.settings["BACKOFFICE_API_URL"], world.address("operator"))
    return opened.page


def test_two_guests_with_one_face_are_looked_at_by_keys_alone(
    world: World, window: NewWindow, scratch: Path
) -> None:
    event = event_of_lookalikes(world, scratch, "Night of the twins", ("Olive", "Olga"))
    page = operators_page(world, window, DESKTOP)
    page.goto(world.staff_url(f"/projects/{event.project_id}/overview"))
    page.get_by_role("link", name="Selfie conflicts").focus()
    page.keyboard.press("Enter")
    conflict = page.get_by_role("list", name="Selfie conflicts").get_by_role("listitem")
    expect(conflict).to_have_count(1)
    for name in ("Olive", "Olga"):
        expect(conflict.get_by_role("img", name=f"Selfie of {name}")).to_be_visible()
        expect(conflict.get_by_text(world.address(name))).to_be_visible()
    page.wait_for_function(
        "[...document.querySelectorAll('main li img')].every((image) => image.naturalWidth > 50)"
    )
    looked = conflict.get_by_role("button", name="I have looked at them")
    looked.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("alertdialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(looked).to_be_focused()
    assert [found["resolved_at"] for found in conflicts_of(event)] == [None], "who says no decides nothing"

    page.keyboard.press("Enter")
    page.get_by_role("alertdialog").get_by_role("button", name="I have looked at them").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("No two guests have the same face")).to_be_visible()
    assert all(found["resolved_at"] for found in conflicts_of(event))
    page.get_by_label("Which selfie conflicts").select_option(label="Looked at")
    expect(page).to_have_url(re.compile(r"\?resolved="))
    expect(conflict.get_by_text(re.compile("Looked at"))).to_be_visible()
    expect(looked).to_have_count(0)
    page.get_by_role("link", name="To the review").click()
    expect(page.get_by_role("heading", name="Review", level=1)).to_be_visible()


@pytest.fixture
def shy(world: World) -> Guest:
    """Tagged in the one photo of an event, which they would rather have withheld."""
    event = crowd.new_event(world, "Quiet evening")
    crowd.fill(world, event, world.event, 1)
    guest = world.story.join(event, "Shy")
    (photo,) = event.operator.get(f"/projects/{event.project_id}/photos")["items"]
    event.operator.create(f"/photos/{photo['id']}/tags", {"user_id": guest.main.get("/me")["id"]})
    guest.main.create(f"/photos/{photo['id']}/hide-requests", {"kind": "withhold", "reason": "I was tired"})
    return guest


def test_a_wish_to_be_hidden_is_decided_and_the_guest_is_told(
    world: World, window: NewWindow, shy: Guest
) -> None:
    (request,) = shy.main.get("/hide-requests")["items"]
    page = operators_page(world, window, PHONE)
    page.goto(world.staff_url(f"/projects/{request['project_id']}/hide-requests"))
    row = page.get_by_role("row").filter(has_text="Shy")
    expect(row.get_by_text("I was tired")).to_be_visible()
    row.get_by_role("button", name="Accept").click()
    expect(row.get_by_text("accepted", exact=True)).to_be_visible()
    assert shy.main.get(f"/projects/{request['project_id']}/photos")["items"] == []
    _told(world, "was accepted")
    row.get_by_role("button", name="Decline").click()
    expect(row.get_by_text("declined", exact=True)).to_be_visible()
    assert len(shy.main.get(f"/projects/{request['project_id']}/photos")["items"]) == 1
    _told(world, "was declined")


def test_matches_wait_for_a_verified_address_where_the_operator_says_so(
    world: World, window: NewWindow
) -> None:
    event = crowd.new_event(world, "Careful evening")
    guest = world.story.join(event, "Vera")
    assert not guest.main.get(f"/projects/{event.project_id}")["needs_verified_email"]
    page = operators_page(world, window, DESKTOP)
    page.goto(world.staff_url(f"/projects/{event.project_id}/details"))
    switch = page.get_by_role("switch", name="Matches wait for a verified e-mail address")
    expect(switch).not_to_be_checked()
    switch.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved")).to_be_visible()
    page.reload()
    expect(switch).to_be_checked()

    opened = window(viewport=PHONE)
    opened.sign_in(world.settings["MAIN_API_URL"], world.address("Vera"))
    opened.page.goto(world.guest_url(f"/projects/{event.project_id}"))
    expect(opened.page.get_by_text(world.address("Vera"))).to_be_visible()
    before = _verifications(world)
    opened.page.get_by_role("button", name="Send the mail again").click()
    expect(opened.page.get_by_text("The mail is on its way")).to_be_visible()
    link = wait_for("another mail", lambda: next(iter(_verifications(world) - before), None))
    opened.page.goto(link)
    expect(opened.page.get_by_text("your address is confirmed")).to_be_visible()
    opened.page.goto(world.guest_url(f"/projects/{event.project_id}"))
    expect(opened.page.get_by_role("heading", name="Careful evening")).to_be_visible()
    expect(opened.page.get_by_role("button", name="Send the mail again")).to_have_count(0)


def _verifications(world: World) -> set[str]:
    """The links of all mails so far."""
    return set(
        re.findall(r"http\S+/verify-email#[\w.~-]+", json.dumps(world.mails_to(world.address("Vera"))))
    )


def _told(world: World, decision: str) -> None:
    def mails() -> int | None:
        subjects = [mail["subject"] for mail in world.mails_to(world.address("Shy"))]
        return sum(decision in subject for subject in subjects) or None

    assert wait_for(f"the mail that says it {decision}", mails) == 1
