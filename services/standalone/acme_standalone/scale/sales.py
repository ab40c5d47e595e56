"""Purchases with what they unlocked, marks, and what is kept of jobs and acts."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from acme_standalone.scale.people import CONSENT
from acme_standalone.scale.rows import NULL, Rows, line, stamp
from acme_standalone.scale.shape import EVENT_LASTS, PACKAGES, UNTIL, EventPlan, Shape, uid

JOBS = ("generate_thumbnail", "generate_watermark", "recognize_faces")
UNLOCKED_EACH = 3
PURCHASE = (
    "id user_id project_id package_id stripe_payment_intent_id status created_at amount currency photo_count "
    "deliverable paid_at refunded_at refunded_amount"
)


def sales(shape: Shape) -> list[Rows]:
    return [
        Rows("purchases", PURCHASE, _purchases(shape)),
        Rows("purchase_photos", "purchase_id photo_id unlocked_at", _unlocked(shape)),
        Rows("favourites", "user_id photo_id created_at", _favourites(shape)),
        Rows(
            "outbox_jobs",
            "id name queue payload state created_at run_at pushed_at started_at finished_at attempts",
            _jobs(shape),
        ),
        Rows(
            "audit_events",
            "id occurred_at action actor_role actor_id subject_id details",
            _audit_events(shape),
        ),
    ]


def _bought_at(event: EventPlan, number: int) -> datetime:
    share = (number - event.purchases.start) / len(event.purchases)
    return event.starts_at + EVENT_LASTS + timedelta(days=14) * share**2


def _buyer(event: EventPlan, number: int) -> str:
    place = (number - event.purchases.start) * 7 % len(event.members)
    return uid("user", event.user_of(event.members.start + place))


def _purchases(shape: Shape) -> Iterator[str]:
    """Of twenty: two wait for their payment, one failed, one was refunded."""
    for event in shape.events:
        for number in event.purchases:
            at, place = stamp(_bought_at(event, number)), number % len(PACKAGES)
            _, price, count = PACKAGES[place]
            status = {3: "pending", 11: "pending", 17: "failed"}.get(number % 20, "paid")
            paid = at if status == "paid" else NULL
            refunded, amount = (at, price) if number % 20 == 8 else (NULL, 0)  # noqa: PLR2004 - one of twenty
            key, package = uid("purchase", number), uid("package", event.operator * len(PACKAGES) + place)
            ids = (key, _buyer(event, number), event.id, package, f"pi_{key}")
            yield line(*ids, status, at, price, "EUR", count, "watermarked", paid, refunded, amount)


def _unlocked(shape: Shape) -> Iterator[str]:
    for event in shape.events:
        for number in event.purchases:
            if number % 20 in {3, 11, 17} or not PACKAGES[number % len(PACKAGES)][2]:
                continue
            at = stamp(_bought_at(event, number))
            for turn in range(min(UNLOCKED_EACH, len(event.photos))):
                photo = event.photos.start + (number * 31 + turn) % len(event.photos)
                yield line(uid("purchase", number), uid("photo", photo), at)


def _favourites(shape: Shape) -> Iterator[str]:
    """One photo in twenty is marked by a member."""
    for event in shape.events:
        for number in event.photos[::20]:
            place = number * 13 % len(event.members)
            user = uid("user", event.user_of(event.members.start + place))
            yield line(user, uid("photo", number), stamp(event.starts_at + EVENT_LASTS))


def _jobs(shape: Shape) -> Iterator[str]:
    """What is kept of two weeks: done, but for one of a thousand."""
    count = shape.photos // 10
    for number in range(count):
        at = stamp(UNTIL - timedelta(days=14) * (number / count))
        photo = uid("photo", shape.photos - 1 - number)
        name = JOBS[number % len(JOBS)]
        queue = "acme:faces" if name == "recognize_faces" else "acme:images"
        state = "failed" if number % 1000 == 1 else "done"
        payload = f'{{"photo_id": "{photo}"}}'
        yield line(uid("job", number), name, queue, payload, state, at, at, at, at, at, 1)


def _audit_events(shape: Shape) -> Iterator[str]:
    for event in shape.events:
        for number in event.purchases:
            at, key = stamp(_bought_at(event, number)), uid("purchase", number)
            buyer = _buyer(event, number)
            yield line(uid("sold", number), at, "money.purchase_started", "user", buyer, key, "{}")
        for number in event.members:
            at, user = stamp(event.starts_at), uid("user", event.user_of(number))
            details = f'{{"consent_type": "{CONSENT[0]}"}}'
            yield line(uid("agreed", number), at, "consent.given", "user", user, NULL, details)
