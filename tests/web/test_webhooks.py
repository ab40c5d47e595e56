"""An operator connects software of their own, and sends again what it has missed."""

import re

import pytest
from playwright.sync_api import expect
from standardwebhooks import WebhookVerificationError

from tests.services.receiver import listening
from tests.web.conftest import NewWindow
from tests.web.world import DESKTOP, PHONE, World

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]


def test_an_endpoint_is_made_tried_and_sent_what_it_has_missed(world: World, window: NewWindow) -> None:
    opened = window(viewport=DESKTOP)
    opened.sign_in(world.settings["BACKOFFICE_API_URL"], world.address("operator"))
    page = opened.page
    with listening() as receiver:
        page.goto(world.staff_url("/webhooks"))
        page.get_by_role("button", name="New endpoint").first.click()
        page.get_by_label("Address").fill("not an address")
        page.get_by_role("button", name="Create the endpoint").click()
        expect(page.get_by_text("Enter an address")).to_be_visible()
        page.get_by_label("Address").fill(receiver.url)
        page.get_by_label(re.compile("^A photo can be seen")).uncheck()
        page.get_by_role("button", name="Create the endpoint").click()
        secret = page.get_by_test_id("webhook-secret").inner_text()
        page.get_by_role("button", name="I have kept it").click()
        page.get_by_role("link", name=receiver.url).click()
        expect(page.get_by_role("heading", name=receiver.url)).to_be_visible()
        expect(page.get_by_text("photo.ready")).to_have_count(0)

        receiver.status = 500
        page.get_by_role("button", name="Send a test event").click()
        row = page.get_by_role("listitem").filter(has_text="endpoint.test")
        expect(row.get_by_text("1 try, the next at")).to_be_visible()
        receiver.received[0].verify(secret)
        row.locator("summary").click()
        expect(row.get_by_text("not taken")).to_be_visible()

        receiver.status = 204
        row.get_by_role("button", name="Send it again").click()
        expect(row.get_by_text("delivered", exact=True)).to_be_visible()
        assert len({item.headers["webhook-id"] for item in receiver.received}) == 1

        page.get_by_role("button", name="Change the secret").click()
        page.get_by_role("button", name="Make a new secret").click()
        new = page.get_by_test_id("webhook-secret").inner_text()
        page.get_by_role("button", name="I have kept it").click()
        expect(page.get_by_text("The secret was changed")).to_be_visible()
        page.get_by_role("button", name="Send a test event").click()
        expect(page.get_by_text("delivered", exact=True)).to_have_count(2)
        for known in (secret, new):
            receiver.received[-1].verify(known)
        with pytest.raises(WebhookVerificationError):
            receiver.received[0].verify(new)

        page.get_by_role("switch", name="On").click()
        expect(page.get_by_text("You have turned it off")).to_be_visible()
        expect(page.get_by_role("button", name="Send a test event")).to_be_disabled()
        page.get_by_role("button", name="Delete", exact=True).click()
        page.get_by_role("button", name="Delete the endpoint").click()
        expect(page).to_have_url(re.compile("/webhooks$"))
        expect(page.get_by_role("link", name=receiver.url)).to_have_count(0)


def test_on_a_phone_the_account_menu_leads_there(world: World, window: NewWindow) -> None:
    opened = window(viewport=PHONE)
    opened.sign_in(world.settings["BACKOFFICE_API_URL"], world.address("operator"))
    opened.page.goto(world.staff_url("/packages"))
    opened.page.get_by_role("button", name="Account of").click()
    opened.page.get_by_role("menuitem", name="Webhooks").click()
    expect(opened.page.get_by_role("heading", name="Webhooks", level=1)).to_be_visible()
