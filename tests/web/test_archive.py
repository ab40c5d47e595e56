"""Many photos as one file: the guest sees how far it is."""

import re
import zipfile
from http import HTTPStatus
from pathlib import Path

import pytest
from playwright.sync_api import expect

from acme_standalone.demo.client import Json
from acme_standalone.demo.story import Event, Guest
from tests.web import crowd
from tests.web.conftest import NewWindow
from tests.web.purchases import is_paid
from tests.web.world import PHONE, World

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

PHOTOS = 1_000
"""Some seconds of packing, where nothing else is done: a quarter of them was done before it was told of."""


def test_the_zip_tells_how_far_it_is(world: World, window: NewWindow, scratch: Path) -> None:
    event = crowd.new_event(world, "Alumni weekend")
    crowd.fill(world, event, world.event, PHOTOS)
    collector = world.story.join(event, "Collector")
    crowd.tag_everywhere(world, event, collector)
    purchase = buy_everything(world, event, collector)
    opened = window(viewport=PHONE, device_scale_factor=1, accept_downloads=True)
    opened.sign_in(world.settings["MAIN_API_URL"], world.address(collector.name))
    page = opened.page
    page.goto(world.guest_url(f"/purchases/{purchase['id']}"))
    page.get_by_role("button", name="Make the ZIP").click()
    expect(page.get_by_role("progressbar", name="The ZIP is being made")).to_be_visible()
    expect(page.get_by_text(re.compile(rf"^[1-9]\d* of {PHOTOS} photos packed"))).to_be_visible(
        timeout=30_000
    )
    download = page.get_by_role("button", name=re.compile(r"^Download ZIP"))
    expect(download).to_be_visible(timeout=120_000)
    with page.expect_download() as downloading:
        download.click()
    path = scratch / "everything.zip"
    downloading.value.save_as(path)
    with zipfile.ZipFile(path) as archive:
        assert len(archive.namelist()) == PHOTOS
    path.unlink()


def buy_everything(world: World, event: Event, guest: Guest) -> Json:
    package = event.operator.create("/packages", {"name": "Everything", "price": 4900, "photo_count": 0})
    on_sale = f"/projects/{event.project_id}/packages/{package['id']}"
    event.operator.call("PUT", on_sale, expect=HTTPStatus.NO_CONTENT)
    wish = {"project_id": event.project_id, "package_id": package["id"]}
    purchase = guest.main.create("/purchases", wish)
    world.story.confirm_payment(purchase, "pm_card_visa", HTTPStatus.OK)
    return is_paid(guest, purchase)
