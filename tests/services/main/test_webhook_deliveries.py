from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from acme_config.settings import JobSettings
from acme_core.retention import RetentionPolicy, RetentionRule
from acme_db.retention import count_due
from acme_main.jobs.expiry import ExpiryJobs
from tests.conftest import WEBHOOK_TIMEOUT_S
from tests.services.backoffice.test_webhook_endpoints import deliveries, receiver, subscribe
from tests.services.harness import Api, Json, Platform, mailed_text
from tests.services.main.test_purchases import checkout, deliver, events_of, pay, stand_in
from tests.services.receiver import Receiver, listening

__all__ = ["receiver", "stand_in"]

LONG_AGO = "2020-01-01T00:00:00Z"


@pytest.fixture
def other() -> Iterator[Receiver]:
    with listening() as found:
        yield found


async def after_one_try(platform: Platform, operator: Api, endpoint: Json) -> Json:
    """A test event after one try, with its attempts."""
    path = f"/webhook-endpoints/{endpoint['id']}"
    sent = await operator.post(f"{path}/test")
    await platform.jobs.run_once()
    return await operator.get(f"{path}/deliveries/{sent['id']}")


async def forget_retries(platform: Platform) -> None:
    await platform.sql(
        "UPDATE outbox_jobs SET state = 'done', finished_at = now() "
        "WHERE name = 'deliver_webhook' AND state = 'queued'"
    )


async def test_a_sale_is_told_once_paid_and_for_each_part_given_back(
    platform: Platform, stand_in: httpx.Client, receiver: Receiver
) -> None:
    event = await platform.new_event()
    guest, package_id = await event.new_member(), await event.new_package(price=1500)
    endpoint = await subscribe(event.operator, receiver.url, "purchase.paid", "purchase.refunded")
    purchase = (await checkout(event, guest, package_id)).json()
    intent_id = await pay(platform, stand_in, purchase)
    for again in events_of(stand_in, intent_id):
        await deliver(platform, again)
    for amount in (500, 1000):
        await event.operator.post(f"/purchases/{purchase['id']}/refunds", {"amount": amount})
        await deliver(platform, events_of(stand_in, intent_id)[-1])
        await platform.jobs.run()
    sale = {
        "project_id": event.project_id,
        "purchase_id": purchase["id"],
        "package_id": package_id,
        "amount": 1500,
        "currency": "EUR",
    }
    assert [(item.told["type"], item.told["data"]) for item in receiver.received] == [
        ("purchase.paid", sale),
        ("purchase.refunded", {**sale, "refunded_amount": 500, "is_fully_refunded": False}),
        ("purchase.refunded", {**sale, "refunded_amount": 1500, "is_fully_refunded": True}),
    ]
    for item in receiver.received:
        item.verify(endpoint["secret"])
    assert len({item.headers["webhook-id"] for item in receiver.received}) == 3


async def test_a_free_package_is_told_as_paid_however_often_it_is_asked_for(
    platform: Platform, receiver: Receiver
) -> None:
    event = await platform.new_event()
    guest, package_id = await event.new_member(), await event.new_package(price=0)
    await subscribe(event.operator, receiver.url, "purchase.paid")
    for _ in range(2):
        await checkout(event, guest, package_id, key="one")
    await platform.jobs.run()
    assert receiver.events == ["purchase.paid"]


async def test_photos_and_matches_are_told_without_naming_a_guest(
    platform: Platform, receiver: Receiver, other: Receiver
) -> None:
    event = await platform.new_event()
    guest = await event.new_member()
    for one in (receiver, other):
        await subscribe(event.operator, one.url, "photo.ready", "match.confirmed")
    photo_id = await event.ready_photo()
    await event.tag(photo_id, guest)
    await event.tag(photo_id, guest)
    await platform.jobs.run()
    assert receiver.events == ["photo.ready", "match.confirmed"]
    ready, matched = (item.told["data"] for item in receiver.received)
    assert ready == {"project_id": event.project_id, "photo_id": photo_id}
    (tag,) = (await event.operator.get(f"/projects/{event.project_id}/photo-tags?review_status=confirmed"))[
        "items"
    ]
    assert matched == {**ready, "tag_id": tag["id"]}
    assert guest.account["id"] not in receiver.received[1].body
    ids = [[item.headers["webhook-id"] for item in one.received] for one in (receiver, other)]
    assert ids[0] == ids[1]  # one thing that happened has one id, wherever it is told


async def test_a_match_that_was_taken_back_and_confirmed_again_is_told_again(
    platform: Platform, receiver: Receiver
) -> None:
    event = await platform.new_event()
    guest = await event.new_member()
    await subscribe(event.operator, receiver.url, "match.confirmed")
    photo_id = await event.ready_photo()
    await event.tag(photo_id, guest)
    (tag,) = (await event.operator.get(f"/projects/{event.project_id}/photo-tags?review_status=confirmed"))[
        "items"
    ]
    for decision in ("rejected", "confirmed", "confirmed"):
        await event.operator.patch(f"/photo-tags/{tag['id']}", {"review_status": decision})
    await platform.jobs.run()
    assert receiver.events == ["match.confirmed"] * 2


async def test_only_what_is_wanted_is_told_and_to_the_own_operator_only(
    platform: Platform, receiver: Receiver, other: Receiver
) -> None:
    event = await platform.new_event()
    await subscribe(event.operator, receiver.url, "purchase.paid")
    await subscribe(await platform.new_operator(), other.url, "photo.ready")
    await event.ready_photo()
    assert (receiver.received, other.received) == ([], [])


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"status": 500}, "bad_status"),
        ({"status": 404}, "bad_status"),
        ({"status": 302, "headers": {"Location": "http://127.0.0.1:1/"}}, "redirect"),
        ({"wait_s": WEBHOOK_TIMEOUT_S + 0.5}, "timeout"),
    ],
)
async def test_a_bad_answer_is_logged_and_tried_again_later(
    platform: Platform, receiver: Receiver, answer: dict[str, object], error: str
) -> None:
    operator = await platform.new_operator()
    endpoint = await subscribe(operator, receiver.url)
    for name, value in answer.items():
        setattr(receiver, name, value)
    seen = await after_one_try(platform, operator, endpoint)
    assert (seen["state"], seen["tries"]) == ("pending", 1)
    (attempt,) = seen["attempts"]
    assert (attempt["error"], attempt["status_code"]) == (error, answer.get("status"))
    wait = datetime.fromisoformat(seen["next_try_at"]) - datetime.fromisoformat(seen["last_try_at"])
    assert timedelta(seconds=5) <= wait <= timedelta(seconds=6.5)
    assert (await operator.get(f"/webhook-endpoints/{endpoint['id']}"))["failing_since"] is not None
    await forget_retries(platform)


async def test_nobody_there_is_logged_too(platform: Platform) -> None:
    operator = await platform.new_operator()
    seen = await after_one_try(platform, operator, await subscribe(operator, "http://127.0.0.1:1/"))
    assert [attempt["error"] for attempt in seen["attempts"]] == ["connection"]
    await forget_retries(platform)


async def test_an_endpoint_that_asks_for_time_is_given_it(platform: Platform, receiver: Receiver) -> None:
    operator = await platform.new_operator()
    endpoint = await subscribe(operator, receiver.url)
    receiver.status, receiver.headers = 429, {"Retry-After": "120"}
    seen = await after_one_try(platform, operator, endpoint)
    wait = datetime.fromisoformat(seen["next_try_at"]) - datetime.fromisoformat(seen["last_try_at"])
    assert timedelta(seconds=119) < wait < timedelta(seconds=122)
    await forget_retries(platform)


async def test_after_ten_tries_it_has_failed_until_somebody_sends_it_again(
    platform: Platform, receiver: Receiver
) -> None:
    operator = await platform.new_operator()
    endpoint = await subscribe(operator, receiver.url)
    path = f"/webhook-endpoints/{endpoint['id']}"
    receiver.status = 503
    sent = await operator.post(f"{path}/test")
    await platform.jobs.run()  # all tries at once: the harness waits for no clock
    assert len(receiver.received) == 10
    assert len({item.headers["webhook-id"] for item in receiver.received}) == 1
    failed = await operator.get(f"{path}/deliveries/{sent['id']}")
    assert (failed["state"], failed["tries"], failed["next_try_at"]) == ("failed", 10, None)
    receiver.status = 204
    await operator.post(f"{path}/replay", {"since": LONG_AGO})
    await platform.jobs.run()
    (delivered,) = await deliveries(operator, endpoint)
    assert (delivered["state"], delivered["tries"]) == ("delivered", 1)
    assert (await operator.get(path))["failing_since"] is None


async def test_what_is_sent_again_by_hand_begins_its_tries_anew(
    platform: Platform, receiver: Receiver
) -> None:
    """And does not wait for the try that was planned before."""
    operator = await platform.new_operator()
    endpoint = await subscribe(operator, receiver.url)
    receiver.status = 500
    seen = await after_one_try(platform, operator, endpoint)
    waiting = "dedupe_key = 'deliver_webhook:' || :id AND state = 'queued'"
    await platform.sql(
        f"UPDATE outbox_jobs SET run_at = now() + interval '20 hours' WHERE {waiting}", id=seen["id"]
    )
    await operator.post(f"/webhook-endpoints/{endpoint['id']}/deliveries/{seen['id']}/replay")
    await platform.jobs.run_once()
    assert len(receiver.received) == 2
    planned = await platform.sql(
        f"SELECT run_at < now() + interval '7 seconds' FROM outbox_jobs WHERE {waiting}", id=seen["id"]
    )
    assert [row[0] for row in planned] == [True]
    await forget_retries(platform)


async def test_a_replay_ends_although_everything_fails_again(platform: Platform, receiver: Receiver) -> None:
    operator = await platform.new_operator()
    endpoint = await subscribe(operator, receiver.url)
    path = f"/webhook-endpoints/{endpoint['id']}"
    receiver.status = 503
    await operator.post(f"{path}/test")
    await platform.jobs.run()
    await operator.post(f"{path}/replay", {"since": LONG_AGO})
    await platform.jobs.run()
    assert len(receiver.received) == 20


async def test_days_of_failure_turn_it_off_and_its_operator_is_mailed_once(
    platform: Platform, receiver: Receiver
) -> None:
    operator = await platform.new_operator()
    endpoint = await subscribe(operator, receiver.url)
    path = f"/webhook-endpoints/{endpoint['id']}"
    receiver.status = 500
    await after_one_try(platform, operator, endpoint)
    assert (await operator.get(path))["is_enabled"] is True
    await platform.sql(
        "UPDATE webhook_endpoints SET failing_since = now() - interval '5 days' WHERE id = :id",
        id=endpoint["id"],
    )
    await operator.post(f"{path}/test")
    await platform.jobs.run()
    off = await operator.get(path)
    assert (off["is_enabled"], off["disabled_reason"]) == (False, "failing")
    assert {item["state"] for item in await deliveries(operator, endpoint)} == {"failed"}
    assert f"/webhooks/{endpoint['id']}" in mailed_text(operator.account["email"])
    mails = await platform.sql(
        "SELECT 1 FROM outbox_jobs WHERE payload->>'template' = 'webhook_disabled' "
        "AND payload->>'subject_id' = :id",
        id=endpoint["id"],
    )
    assert len(mails) == 1


async def test_gone_turns_it_off_at_once(platform: Platform, receiver: Receiver) -> None:
    operator = await platform.new_operator()
    endpoint = await subscribe(operator, receiver.url)
    receiver.status = 410
    seen = await after_one_try(platform, operator, endpoint)
    await platform.jobs.run()
    assert (seen["state"], len(receiver.received)) == ("failed", 1)
    off = await operator.get(f"/webhook-endpoints/{endpoint['id']}")
    assert (off["is_enabled"], off["disabled_reason"]) == (False, "gone")
    assert "410 Gone" in mailed_text(operator.account["email"])


async def test_what_waits_for_a_removed_endpoint_goes_nowhere(platform: Platform, receiver: Receiver) -> None:
    operator = await platform.new_operator()
    endpoint = await subscribe(operator, receiver.url)
    await operator.post(f"/webhook-endpoints/{endpoint['id']}/test")
    await operator.delete(f"/webhook-endpoints/{endpoint['id']}")
    await platform.jobs.run()
    assert receiver.received == []


async def test_the_log_is_kept_for_a_while(platform: Platform, receiver: Receiver) -> None:
    operator = await platform.new_operator()
    endpoint = await subscribe(operator, receiver.url)
    old, new = [await after_one_try(platform, operator, endpoint) for _ in range(2)]
    await platform.sql(
        "UPDATE webhook_deliveries SET created_at = now() - interval '31 days' WHERE id = :id", id=old["id"]
    )
    policy = RetentionPolicy.from_environment()
    async with platform.data.sessions() as session:
        foreseen = await count_due(session, RetentionRule.WEBHOOK_LOG, policy, datetime.now(UTC))
    counts = await ExpiryJobs(platform.data.sessions, JobSettings(), policy).expire_tokens()
    assert counts["webhook_deliveries"] == foreseen == 1
    assert [item["id"] for item in await deliveries(operator, endpoint)] == [new["id"]]
    assert await platform.sql("SELECT 1 FROM webhook_attempts WHERE delivery_id = :id", id=old["id"]) == []


async def test_no_time_of_an_event_is_lost_in_its_message(platform: Platform, receiver: Receiver) -> None:
    operator = await platform.new_operator()
    seen = await after_one_try(platform, operator, await subscribe(operator, receiver.url))
    at = datetime.fromisoformat(receiver.received[0].told["timestamp"])
    assert at == datetime.fromisoformat(seen["created_at"])
    assert abs(datetime.now(UTC) - at) < timedelta(minutes=1)
