from collections.abc import Iterator
from uuid import uuid4

import pytest
from standardwebhooks import WebhookVerificationError

from acme_backoffice.webhooks.service import MOST_ENDPOINTS
from tests.services.harness import Api, Json, Platform
from tests.services.receiver import Receiver, listening

ALL = ["match.confirmed", "photo.ready", "purchase.paid", "purchase.refunded"]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening() as found:
        yield found


async def subscribe(operator: Api, url: str, *events: str) -> Json:
    return await operator.post("/webhook-endpoints", {"url": url, "events": list(events) or ALL})


async def deliveries(operator: Api, endpoint: Json, query: str = "") -> list[Json]:
    found: list[Json] = (await operator.get(f"/webhook-endpoints/{endpoint['id']}/deliveries{query}"))[
        "items"
    ]
    return found


async def test_an_endpoint_is_made_listed_changed_and_removed_and_each_act_is_audited(
    platform: Platform,
) -> None:
    operator = await platform.new_operator()
    made = await subscribe(operator, "https://shop.example.com/hook", "purchase.paid", "photo.ready")
    assert made["events"] == ["photo.ready", "purchase.paid"]
    assert made["secret"].startswith("whsec_")
    path = f"/webhook-endpoints/{made['id']}"
    shown = await operator.get(path)
    assert shown == {name: value for name, value in made.items() if name != "secret"}
    assert (await operator.get("/webhook-endpoints"))["items"] == [shown]
    changed = await operator.patch(path, {"events": ["match.confirmed"], "version": made["version"]})
    assert (changed["events"], changed["url"]) == (["match.confirmed"], made["url"])
    stale = await operator.call("PATCH", path, {"description": "Shop", "version": made["version"]})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")
    await operator.delete(path)
    gone = await operator.call("GET", path)
    assert (gone.status_code, gone.json()["code"]) == (404, "webhook_endpoint_not_found")
    acts = await platform.sql(
        "SELECT action FROM audit_events WHERE subject_id = :id ORDER BY occurred_at", id=made["id"]
    )
    assert [row.action for row in acts] == [
        f"webhook.endpoint_{act}" for act in ("created", "changed", "deleted")
    ]


async def test_nobody_elses_endpoint_is_to_be_seen(platform: Platform) -> None:
    owner, other = await platform.new_operator(), await platform.new_operator()
    path = f"/webhook-endpoints/{(await subscribe(owner, 'https://shop.example.com/'))['id']}"
    asked: list[tuple[str, str, Json | None]] = [
        ("GET", path, None),
        ("PATCH", path, {}),
        ("DELETE", path, None),
        ("POST", f"{path}/secret", None),
    ]
    asked += [("POST", f"{path}/test", None), ("GET", f"{path}/deliveries", None)]
    for method, where, body in asked:
        assert (await other.call(method, where, body)).status_code == 404
    assert (await other.get("/webhook-endpoints"))["items"] == []


async def test_a_secret_is_stored_so_that_the_database_alone_does_not_sign(platform: Platform) -> None:
    made = await subscribe(await platform.new_operator(), "https://shop.example.com/")
    ((stored,),) = await platform.sql(
        "SELECT row_to_json(e)::text FROM webhook_endpoints e WHERE id = :id", id=made["id"]
    )
    assert made["secret"].removeprefix("whsec_") not in stored


@pytest.mark.parametrize(
    "url",
    [
        "ftp://shop.example.com/",
        "shop.example.com",
        "https://me:secret@shop.example.com/",
        "https://shop.example.com/#part",
        "https://shop.example.com/" + "x" * 2000,
        "",
    ],
)
async def test_an_address_that_is_none_is_refused(platform: Platform, url: str) -> None:
    answer = await (await platform.new_operator()).call(
        "POST", "/webhook-endpoints", {"url": url, "events": ["photo.ready"]}
    )
    assert answer.status_code == 422


@pytest.mark.parametrize("events", [[], ["photo.deleted"], ["endpoint.test"]])
async def test_an_event_that_is_none_is_refused(platform: Platform, events: list[str]) -> None:
    body = {"url": "https://shop.example.com/", "events": events}
    assert (await (await platform.new_operator()).call("POST", "/webhook-endpoints", body)).status_code == 422


async def test_there_is_an_end_to_endpoints(platform: Platform) -> None:
    operator = await platform.new_operator()
    for number in range(MOST_ENDPOINTS):
        await subscribe(operator, f"https://shop.example.com/{number}", "photo.ready")
    one_more = await operator.call(
        "POST", "/webhook-endpoints", {"url": "https://shop.example.com/", "events": ["photo.ready"]}
    )
    assert (one_more.status_code, one_more.json()["code"]) == (409, "too_many_webhook_endpoints")


async def test_a_test_event_arrives_signed_and_stands_in_the_log(
    platform: Platform, receiver: Receiver
) -> None:
    operator = await platform.new_operator()
    endpoint = await subscribe(operator, receiver.url)
    receiver.status, receiver.body = 200, b"thank\x00 you " * 1000
    sent = await operator.post(f"/webhook-endpoints/{endpoint['id']}/test")
    assert (sent["event"], sent["state"]) == ("endpoint.test", "pending")
    await platform.jobs.run()
    (received,) = receiver.received
    received.verify(endpoint["secret"])
    assert received.told["data"] == {"endpoint_id": endpoint["id"]}
    assert received.headers["webhook-id"] == sent["message_id"]
    details = await operator.get(f"/webhook-endpoints/{endpoint['id']}/deliveries/{sent['id']}")
    assert (details["state"], details["tries"], details["body"]) == ("delivered", 1, received.told)
    (attempt,) = details["attempts"]
    assert (attempt["status_code"], attempt["error"]) == (200, None)
    assert attempt["id"] == received.headers["x-request-id"]
    assert attempt["response_excerpt"].startswith("thank you thank you")
    assert len(attempt["response_excerpt"]) == 1000


async def test_after_a_rotation_both_secrets_verify_for_a_while(
    platform: Platform, receiver: Receiver
) -> None:
    operator = await platform.new_operator()
    endpoint = await subscribe(operator, receiver.url)
    path = f"/webhook-endpoints/{endpoint['id']}"
    rotated = await operator.post(f"{path}/secret")
    assert (await operator.get(path))["previous_secret_until"] == rotated["previous_secret_until"]
    await operator.post(f"{path}/test")
    await platform.jobs.run()
    receiver.received[0].verify(endpoint["secret"])
    receiver.received[0].verify(rotated["secret"])
    await platform.sql(
        "UPDATE webhook_endpoints SET previous_secret_until = now() WHERE id = :id", id=endpoint["id"]
    )
    await operator.post(f"{path}/test")
    await platform.jobs.run()
    receiver.received[1].verify(rotated["secret"])
    with pytest.raises(WebhookVerificationError):
        receiver.received[1].verify(endpoint["secret"])
    assert (await operator.get(path))["previous_secret_until"] is None


async def test_what_was_delivered_is_sent_again_with_the_same_id(
    platform: Platform, receiver: Receiver
) -> None:
    operator = await platform.new_operator()
    endpoint = await subscribe(operator, receiver.url)
    path = f"/webhook-endpoints/{endpoint['id']}"
    sent = await operator.post(f"{path}/test")
    await platform.jobs.run()
    again = await operator.post(f"{path}/deliveries/{sent['id']}/replay")
    assert again["state"] == "pending"
    await platform.jobs.run()
    first, second = receiver.received
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    assert first.headers["x-request-id"] != second.headers["x-request-id"]
    missing = await operator.call("POST", f"{path}/deliveries/{uuid4()}/replay")
    assert (missing.status_code, missing.json()["code"]) == (404, "webhook_delivery_not_found")


async def test_an_endpoint_that_is_off_is_sent_nothing_and_catches_up_when_it_is_on(
    platform: Platform, receiver: Receiver
) -> None:
    event = await platform.new_event()
    operator = event.operator
    endpoint = await subscribe(operator, receiver.url, "photo.ready")
    path = f"/webhook-endpoints/{endpoint['id']}"
    off = await operator.patch(path, {"is_enabled": False})
    assert (off["is_enabled"], off["disabled_reason"]) == (False, "operator")
    photo_id = await event.ready_photo()
    assert receiver.received == []
    (kept,) = await deliveries(operator, endpoint, "?state=failed")
    assert kept["tries"] == 0
    for act, body in (("test", None), ("replay", {"since": kept["created_at"]})):
        refused = await operator.call("POST", f"{path}/{act}", body)
        assert (refused.status_code, refused.json()["code"]) == (409, "webhook_endpoint_disabled")
    await operator.patch(path, {"is_enabled": True})
    await operator.post(f"{path}/replay", {"since": kept["created_at"]})
    await platform.jobs.run()
    assert [item.told["data"]["photo_id"] for item in receiver.received] == [photo_id]
    assert await deliveries(operator, endpoint, "?state=failed") == []
