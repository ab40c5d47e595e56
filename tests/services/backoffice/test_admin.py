"""What the platform's own people do, and what is written down about everybody."""

from typing import Any

import pytest

from tests.services.harness import PASSWORD, Api, Json, Platform, Superadmin


@pytest.fixture
async def admin(platform: Platform) -> Superadmin:
    return await platform.new_superadmin()


async def events(platform: Platform, **where: object) -> list[Any]:
    """Action and details, oldest first."""
    (column, value) = next(iter(where.items()))
    statement = f"SELECT action, details FROM audit_events WHERE {column} = :v ORDER BY occurred_at"
    return await platform.sql(statement, v=value)


async def actions(platform: Platform, **where: object) -> list[str]:
    return [row[0] for row in await events(platform, **where)]


async def set_status(admin: Superadmin, operator: Api, status: str) -> Json:
    body = {"status": status, "reason": "unpaid"}
    return await admin.api.patch(f"/admin/operators/{operator.account['id']}", body)


async def test_a_suspension_ends_the_sessions_of_operator_and_photographers_at_once(
    platform: Platform, admin: Superadmin
) -> None:
    operator = await platform.new_operator()
    photographer = await platform.new_photographer(operator)
    bystander = await platform.new_operator()
    media = platform.media.as_({"access_token": photographer.token})
    assert (await set_status(admin, operator, "suspended"))["status"] == "suspended"
    for api, path in (
        (operator, "/projects"),
        (photographer, "/photographers/me/projects"),
        (media, "/photographers/me/photos"),
    ):
        answer = await api.call("GET", path)
        assert (answer.status_code, answer.json()["code"]) == (401, "session_ended")
    for api in (operator, photographer):
        login = {"email": api.account["email"], "password": PASSWORD}
        answer = await platform.backoffice.call("POST", "/auth/login", login)
        assert (answer.status_code, answer.json()["code"]) == (403, "account_suspended")
    assert (await bystander.call("GET", "/projects")).status_code == 200

    assert (await set_status(admin, operator, "active"))["suspended_at"] is None
    login = {"email": operator.account["email"], "password": PASSWORD}
    assert (await platform.backoffice.call("POST", "/auth/login", login)).status_code == 200
    assert await actions(platform, subject_id=operator.account["id"]) == [
        "auth.registered",
        "admin.operator_suspended",
        "auth.sign_in_failed",
        "admin.operator_reinstated",
        "auth.signed_in",
    ]


async def test_a_suspended_operator_cannot_refresh_either(platform: Platform, admin: Superadmin) -> None:
    body = {"name": "Ada", "email": f"{id(admin)}@example.com", "password": PASSWORD}
    session = await platform.backoffice.post("/auth/register", body)
    await set_status(admin, platform.backoffice.as_(session), "suspended")
    answer = await platform.backoffice.call(
        "POST", "/auth/refresh", {"refresh_token": session["refresh_token"]}
    )
    assert answer.status_code == 401


async def test_operators_are_listed_found_and_counted(platform: Platform, admin: Superadmin) -> None:
    event = await platform.new_event()
    email = event.operator.account["email"]
    (found,) = (await admin.api.get(f"/admin/operators?q={email[:10].upper()}"))["items"]
    assert (found["email"], found["project_count"], found["photographer_count"]) == (email, 1, 1)
    assert (await admin.api.get(f"/admin/operators?q={email}&status=suspended"))["items"] == []
    assert (await admin.api.get("/admin/operators?q=100%25_nobody"))["items"] == []
    unknown = await admin.api.call("PATCH", f"/admin/operators/{event.project_id}", {"status": "active"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "operator_not_found")


async def test_audit_events_are_filtered_and_paged(platform: Platform, admin: Superadmin) -> None:
    operator = await platform.new_operator()
    account = operator.account["id"]
    body = {"email": operator.account["email"], "password": "wrong password"}
    await platform.backoffice.call("POST", "/auth/login", body, {"X-Request-ID": "the-failed-one"})
    (failed,) = (await admin.api.get(f"/admin/audit-events?subject_id={account}&action=auth.sign_in_failed"))[
        "items"
    ]
    assert failed["request_id"] == "the-failed-one"
    assert failed["ip"] == "127.0.0.1"
    assert failed["details"] == {"audience": "backoffice", "reason": "invalid_credentials"}
    first = await admin.api.get(f"/admin/audit-events?subject_id={account}&category=auth&limit=1")
    second = await admin.api.get(
        f"/admin/audit-events?subject_id={account}&category=auth&limit=1&cursor={first['next_cursor']}"
    )
    listed = [item["action"] for page in (first, second) for item in page["items"]]
    assert listed == ["auth.sign_in_failed", "auth.registered"]
    assert second["next_cursor"] is None
    nothing = await admin.api.get(f"/admin/audit-events?subject_id={account}&to=2020-01-01T00:00:00Z")
    assert nothing["items"] == []


async def test_the_audit_log_names_staff_and_no_guest(platform: Platform, admin: Superadmin) -> None:
    operator, guest = await platform.new_operator(name="Robin"), await platform.new_guest("Kim")
    for actor, name in ((operator, "Robin"), (guest, None)):
        (event,) = (await admin.api.get(f"/admin/audit-events?actor_id={actor.account['id']}"))["items"]
        assert (event["action"], event["actor_name"]) == ("auth.registered", name)
    await admin.api.get("/admin/operators")
    own = (await admin.api.get(f"/admin/audit-events?actor_id={admin.api.account['id']}"))["items"]
    assert {event["actor_name"] for event in own} == {"Admin"}


async def test_every_act_of_a_superadmin_is_written_down_looking_included(
    platform: Platform, admin: Superadmin
) -> None:
    operator = await platform.new_operator()
    await admin.api.get("/admin/operators")
    await set_status(admin, operator, "suspended")
    await admin.api.get("/admin/audit-events")
    await admin.api.post("/auth/logout", {})
    assert await actions(platform, actor_id=admin.api.account["id"]) == [
        "auth.recovery_code_used",
        "auth.signed_in",
        "admin.operators_listed",
        "admin.operator_suspended",
        "admin.audit_read",
    ]


async def test_a_refused_act_leaves_no_event(platform: Platform) -> None:
    event = await platform.new_event()
    stranger = await platform.new_operator()
    photo = await event.ready_photo(1)
    guest = await event.new_member()
    refused = await stranger.call("POST", f"/photos/{photo}/tags", {"user_id": guest.account["id"]})
    assert refused.status_code == 404
    assert "review.tag_created" not in await actions(platform, actor_id=stranger.account["id"])


async def test_review_consent_and_money_are_written_down_with_who_did_it(platform: Platform) -> None:
    event = await platform.new_event()
    guest, photo = await event.new_member(), await event.ready_photo(2)
    await event.tag(photo, guest)
    tags = await event.operator.get(f"/projects/{event.project_id}/photo-tags")
    tag = tags["items"][0]["id"]
    await event.operator.patch(f"/photo-tags/{tag}", {"review_status": "rejected"})
    await event.operator.post("/photo-tags/bulk-review", {"tag_ids": [tag], "review_status": "confirmed"})
    await guest.delete(f"/photos/{photo}/tags/me")
    package = await event.new_package(price=0)
    await event.operator.patch(f"/packages/{package}", {"price": 0})
    await guest.post("/purchases", {"project_id": event.project_id, "package_id": package})
    document = await guest.get("/consents/documents/biometric_processing")
    given = {"consent_type": "biometric_processing", "consent_version": document["version"]}
    await guest.post("/consents", given)
    await guest.post("/consents", given)
    await guest.delete("/consents/biometric_processing")
    assert await actions(platform, actor_id=event.operator.account["id"]) == [
        "auth.registered",
        "auth.photographer_added",
        "review.tag_created",
        "review.tag_reviewed",
        "review.tags_reviewed",
        "money.package_created",
        "money.package_put_on_sale",
        "money.package_changed",
    ]
    assert await actions(platform, actor_id=guest.account["id"]) == [
        "auth.registered",
        "review.tag_rejected_by_guest",
        "money.purchase_started",
        "consent.given",
        "consent.revoked",
    ]


async def test_no_event_holds_an_address_or_a_name(platform: Platform) -> None:
    rows = await platform.sql("SELECT details::text FROM audit_events")
    assert rows
    assert not [row[0] for row in rows if "@" in row[0]]
