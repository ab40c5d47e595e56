"""A guest takes the account back, and what is kept about it, along."""

import csv
import io
import json
import zipfile
from uuid import uuid4

from acme_config.jobs import JobName
from tests.services.harness import PASSWORD, Api, Event, Platform, mailed_text, picture
from tests.services.main.test_consents import consent
from tests.services.media.test_selfies import send_selfie


async def guest_of_everything(event: Event) -> tuple[Api, str]:
    """Tagged, a buyer with an archive, consenting, with a selfie; and a photo."""
    platform = event.platform
    guest, photo = await event.new_member("Robin"), await event.ready_photo(11)
    await event.tag(photo, guest)
    await guest.put(f"/photos/{photo}/favourite")
    package = await event.new_package(photo_count=0, price=0)
    bought = await guest.post("/purchases", {"project_id": event.project_id, "package_id": package})
    await guest.post(f"/purchases/{bought['id']}/archive")
    await guest.post(f"/photos/{photo}/hide-requests", {"kind": "withhold", "reason": "My words"})
    await consent(platform, guest)
    await send_selfie(platform, guest, picture(12))
    await platform.jobs.run()
    return guest, photo


async def test_a_deleted_account_is_gone_at_once_and_erased_with_a_receipt(platform: Platform) -> None:
    event = await platform.new_event()
    guest, _ = await guest_of_everything(event)
    account, email = guest.account["id"], guest.account["email"]
    receipt = await guest.delete("/me")
    assert receipt["state"] == "pending"
    ended = await guest.call("GET", "/me")
    assert (ended.status_code, ended.json()["code"]) == (401, "session_ended")
    login = await platform.main.call("POST", "/auth/login", {"email": email, "password": PASSWORD})
    assert (login.status_code, login.json()["code"]) == (401, "invalid_credentials")

    await platform.jobs.run()
    mailed = mailed_text(email)
    assert "we have erased your account" in mailed
    assert receipt["id"] in mailed
    assert "download archives: 1" in mailed
    assert (await platform.storage.delete_prefix(f"users/{account}/")) == 0
    for table in ("selfies", "photo_tags", "match_scores", "favourites", "hide_requests"):
        assert await platform.sql(f"SELECT 1 FROM {table} WHERE user_id = :id", id=account) == []
    assert await platform.sql("SELECT 1 FROM auth_sessions WHERE account_id = :id", id=account) == []
    kept = await platform.sql("SELECT name, email, address FROM users WHERE id = :id", id=account)
    assert kept == [("deleted account", f"{account}@deleted.invalid", None)]
    assert await platform.sql("SELECT recipient FROM erasure_receipts WHERE user_id = :id", id=account) == [
        (None,)
    ]


async def test_the_books_stay_without_a_name(platform: Platform) -> None:
    event = await platform.new_event()
    guest, _ = await guest_of_everything(event)
    await guest.delete("/me")
    await platform.jobs.run()
    sales = await event.operator.get(f"/projects/{event.project_id}/purchases")
    assert [sale["status"] for sale in sales["items"]] == ["paid"]
    assert guest.account["email"] not in json.dumps(sales)
    members = await event.operator.get(f"/projects/{event.project_id}/members")
    assert members["items"] == []


async def test_the_address_can_sign_up_again_as_somebody_new(platform: Platform) -> None:
    guest = await platform.new_guest()
    await guest.delete("/me")
    body = {"name": "Robin", "email": guest.account["email"], "password": PASSWORD}
    again = await platform.main.post("/auth/register", body)
    assert again["account"]["id"] != guest.account["id"]


async def test_an_address_that_no_mail_reaches_is_forgotten_in_the_end(platform: Platform) -> None:
    guest = await platform.new_guest()
    receipt = await guest.delete("/me")
    await platform.sql(
        "UPDATE erasure_receipts SET requested_at = now() - interval '31 days' WHERE id = :id",
        id=receipt["id"],
    )
    await platform.jobs.periodic[JobName.EXPIRE_TOKENS].run()
    statement = "SELECT recipient FROM erasure_receipts WHERE id = :id"
    assert await platform.sql(statement, id=receipt["id"]) == [(None,)]


async def test_the_export_holds_everything_that_is_kept(platform: Platform) -> None:
    event = await platform.new_event(name="Gala")
    guest, photo = await guest_of_everything(event)
    answer = await guest.call("GET", "/me/export")
    assert answer.headers["content-type"] == "application/zip"
    assert "my-data.zip" in answer.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        names = set(archive.namelist())
        data = json.loads(archive.read("data.json"))
        photos = list(csv.DictReader(io.StringIO(archive.read("photos.csv").decode())))
    assert data["account"]["email"] == guest.account["email"]
    assert [project["name"] for project in data["projects"]] == ["Gala"]
    assert [item["status"] for item in data["purchases"]] == ["paid"]
    assert [item["consent_type"] for item in data["consents"]] == ["biometric_processing"]
    assert {"auth.registered", "consent.given"} <= {item["action"] for item in data["activity"]}
    assert [row["photo_id"] for row in photos] == [photo]
    assert [(mark["photo_id"], mark["project_id"]) for mark in data["favourites"]] == [
        (photo, event.project_id)
    ]
    assert [(item["photo_id"], item["reason"]) for item in data["hide_requests"]] == [(photo, "My words")]
    assert names == {"data.json", "photos.csv"}, "the selfie was refused: nothing of it was kept"


async def test_the_export_holds_the_selfie_as_it_was_sent(platform: Platform) -> None:
    guest = await platform.new_guest()
    await consent(platform, guest)
    body = picture(13)
    selfie_id = await send_selfie(platform, guest, body)
    answer = await guest.call("GET", "/me/export")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.read(f"selfies/{selfie_id}.jpg") == body
    await platform.jobs.run()


async def test_a_file_name_is_no_formula_in_the_list_of_photos(platform: Platform) -> None:
    event = await platform.new_event()
    guest = await event.new_member()
    photo = await event.upload(picture(14), filename="=HYPERLINK(1).jpg")
    await platform.jobs.run()
    await event.tag(photo, guest)
    answer = await guest.call("GET", "/me/export")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        (row,) = csv.DictReader(io.StringIO(archive.read("photos.csv").decode()))
    assert row["filename"] == "'=HYPERLINK(1).jpg"


async def test_nobody_exports_without_an_account(platform: Platform) -> None:
    guest = await platform.new_guest()
    await platform.sql("UPDATE users SET deleted_at = now() WHERE id = :id", id=guest.account["id"])
    answer = await guest.call("GET", "/me/export")
    assert (answer.status_code, answer.json()["code"]) == (404, "account_not_found")
    assert str(uuid4()) not in answer.text
