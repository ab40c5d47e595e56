"""The narrowest phones: nothing is cut off, nothing has to be pushed aside to be read."""

import pytest
from playwright.sync_api import Page, expect

from tests.web import crowd
from tests.web.conftest import NewWindow
from tests.web.purchases import paid
from tests.web.superadmins import new_superadmin
from tests.web.test_screens import overflows
from tests.web.world import World

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

WIDTHS = [320, 360]
CUT_OFF = """() => [...document.querySelectorAll('nav')]
  .filter((bar) => bar.checkVisibility() && bar.getBoundingClientRect().bottom >= innerHeight - 1)
  .flatMap((bar) => [...bar.querySelectorAll('a')])
  .filter((link) => {
    const { left, right } = link.getBoundingClientRect();
    return link.scrollWidth > link.clientWidth || left < 0 || right > innerWidth;
  })
  .map((link) => link.textContent)"""
"""The places in the bar at the bottom whose name does not fit."""


def places(page: Page) -> int:
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate(CUT_OFF) == []
    assert not overflows(page)
    return page.get_by_role("navigation").last.get_by_role("link").count()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_places_of_an_operator_stand_beside_each_other(
    world: World, window: NewWindow, width: int
) -> None:
    opened = window(viewport={"width": width, "height": 700}, is_mobile=True, has_touch=True)
    opened.sign_in(world.settings["BACKOFFICE_API_URL"], world.address("operator"))
    opened.page.goto(world.staff_url("/watermark"))
    assert places(opened.page) == 5


@pytest.mark.parametrize("width", WIDTHS)
def test_the_places_of_a_guest_stand_beside_each_other_in_german_too(
    world: World, window: NewWindow, width: int
) -> None:
    guest = world.story.join(world.event, f"Schmal{width}")
    opened = window(viewport={"width": width, "height": 700}, is_mobile=True, has_touch=True, locale="de-DE")
    opened.sign_in(world.settings["MAIN_API_URL"], world.address(guest.name))
    opened.page.goto(world.guest_url("/account"))
    expect(opened.page.get_by_role("heading", level=1, name="Dein Konto")).to_be_visible()
    assert places(opened.page) == 3


MOST_ACTIONS = 5
TOO_WIDE = """(button, most) => [...button.parentElement.children].filter((each) => {
  const inside = document.createRange();
  inside.selectNodeContents(each);
  const { left, right } = each.getBoundingClientRect();
  return inside.getBoundingClientRect().width > innerWidth / most || left < 0 || right > innerWidth;
}).map((each) => each.textContent)"""
"""What can be done with a photo, and is named too long for as many beside each other."""


@pytest.mark.parametrize("width", WIDTHS)
def test_what_can_be_done_with_a_photo_stands_beside_each_other_in_german_too(
    world: World, window: NewWindow, width: int
) -> None:
    event = crowd.new_event(world, f"Schmales Fest {width}")
    crowd.fill(world, event, world.event, 3)
    guest = world.story.join(event, f"Blick{width}")
    crowd.tag_everywhere(world, event, guest)
    opened = window(viewport={"width": width, "height": 700}, is_mobile=True, has_touch=True, locale="de-DE")
    opened.sign_in(world.settings["MAIN_API_URL"], world.address(guest.name))
    opened.page.goto(world.guest_url(f"/projects/{event.project_id}"))
    opened.page.get_by_role("button", name="Foto 1", exact=False).first.click()
    refusal = opened.page.get_by_role("button", name="Nicht ich")
    expect(refusal).to_be_visible()
    assert refusal.evaluate(TOO_WIDE, MOST_ACTIONS) == []


def test_a_sale_and_its_refund_are_in_sight(world: World, window: NewWindow) -> None:
    guest = world.story.join(world.event, "Thumbs")
    paid(world, guest)
    opened = window(viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)
    opened.sign_in(world.settings["BACKOFFICE_API_URL"], world.address("operator"))
    page = opened.page
    page.goto(world.staff_url(f"/projects/{world.event.project_id}/purchases"))
    sale = page.get_by_role("row").filter(has_text="Thumbs")
    for text in ("Two photos", "Paid", "€15.00"):
        expect(sale.get_by_text(text)).to_be_in_viewport(ratio=1)
    expect(sale.get_by_role("button", name="Refund Thumbs")).to_be_in_viewport(ratio=1)
    assert (
        page.get_by_role("region", name="Sales").evaluate("(part) => part.scrollWidth - part.clientWidth")
        == 0
    )


def test_an_operator_is_suspended_on_a_phone(world: World, window: NewWindow) -> None:
    world.new_operator("Nuisance")
    email, code = new_superadmin(world)
    opened = window(viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)
    opened.sign_in(world.settings["BACKOFFICE_API_URL"], email, totp_code=code)
    page = opened.page
    page.goto(world.staff_url("/admin/operators?q=Nuisance"))
    page.get_by_role("button", name="Suspend Nuisance").tap()
    page.get_by_role("dialog").get_by_role("button", name="Suspend").tap()
    row = page.get_by_role("row").filter(has_text="Nuisance")
    expect(row.get_by_text("Suspended")).to_be_in_viewport(ratio=1)
