"""The figures agree with the tables: each is computed again in plain SQL."""

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import httpx
import pytest

from acme_backoffice.analytics.errors import PeriodTooLong
from acme_backoffice.analytics.periods import floor, period, starts
from acme_backoffice.analytics.schemas import Interval
from tests.services.harness import Api, Event, Json, Platform
from tests.services.main.test_consents import consent
from tests.services.main.test_purchases import checkout, pay, stand_in

__all__ = ["stand_in"]

VIENNA = ZoneInfo("Europe/Vienna")


async def busy_event(platform: Platform, stand_in: httpx.Client) -> tuple[Event, Api]:
    """Three guests: one buys, one consents, one only joins; two photos, one tag of each kind."""
    event = await platform.new_event()
    await event.operator.call("PATCH", "/me", {"timezone": "Europe/Vienna"})
    buyer, second, _ = [await event.new_member(name) for name in ("Ann", "Bob", "Cyd")]
    await consent(platform, second)
    package_id = await event.new_package(price=1500)
    photos = [await event.ready_photo(seed) for seed in (400, 401)]
    for photo_id in photos:
        await event.tag(photo_id, buyer)
    await event.tag(photos[0], second)
    tags = (await event.operator.get(f"/projects/{event.project_id}/photo-tags"))["items"]
    rejected = next(tag for tag in tags if tag["user_id"] == second.account["id"])
    await event.operator.call("PATCH", f"/photo-tags/{rejected['id']}", {"review_status": "rejected"})
    purchase = (await checkout(event, buyer, package_id)).json()
    intent_id = await pay(platform, stand_in, purchase)
    stand_in.post("/v1/refunds", data={"payment_intent": intent_id, "amount": 400})
    await platform.sql("UPDATE purchases SET refunded_amount = 400 WHERE id = :id", id=purchase["id"])
    await checkout(event, buyer, package_id)
    return event, buyer


async def test_the_summary_agrees_with_the_tables(platform: Platform, stand_in: httpx.Client) -> None:
    event, _ = await busy_event(platform, stand_in)
    found = await event.operator.get("/analytics/summary")
    assert (found["revenue"], found["currency"]) == (1100, "EUR")
    assert found["money"] == [{"currency": "EUR", "gross": 1500, "refunded": 400, "net": 1100}]
    assert found["purchases"] == {"pending": 1, "paid": 1, "failed": 0, "refunded": 0}
    assert found["members"] == 3
    assert found["photos"] == {"processing": 0, "ready": 2, "failed": 0}
    assert found["tags"] == {"confirmed": 2, "pending": 0, "rejected": 1}
    assert found["funnel"] == {"joined": 3, "consented": 1, "selfie": 0, "matched": 1, "bought": 1}
    (photographer,) = found["photographers"]
    assert (photographer["photos"], photographer["matches"]) == (2, 2)
    (again,) = await platform.sql(
        "SELECT (SELECT sum(amount - refunded_amount) FROM purchases"
        "  WHERE project_id = :id AND status = 'paid'),"
        " (SELECT count(*) FROM project_members WHERE project_id = :id),"
        " (SELECT count(*) FROM photo_tags t JOIN photos p ON p.id = t.photo_id"
        "  WHERE p.project_id = :id AND t.review_status = 'confirmed')",
        id=event.project_id,
    )
    assert list(again) == [found["revenue"], found["members"], found["tags"]["confirmed"]]


RECOMPUTED = {
    "members": "SELECT count(*) FROM project_members WHERE project_id = :id",
    "revenue": (
        "SELECT sum(amount - refunded_amount) FROM purchases WHERE project_id = :id AND status = 'paid'"
    ),
    "purchases.pending": "SELECT count(*) FROM purchases WHERE project_id = :id AND status = 'pending'",
    "purchases.paid": "SELECT count(*) FROM purchases WHERE project_id = :id AND status = 'paid'",
    "purchases.failed": "SELECT count(*) FROM purchases WHERE project_id = :id AND status = 'failed'",
    "selfies.approved": (
        "SELECT count(*) FROM selfies WHERE status = 'approved' AND deleted_at IS NULL AND user_id IN"
        " (SELECT user_id FROM project_members WHERE project_id = :id)"
    ),
    "photos.ready": (
        "SELECT count(*) FROM photos WHERE project_id = :id AND status = 'ready' AND deleted_at IS NULL"
    ),
    "tags.confirmed": (
        "SELECT count(*) FROM photo_tags t, photos p WHERE p.id = t.photo_id AND p.project_id = :id"
        " AND p.deleted_at IS NULL AND t.review_status = 'confirmed'"
    ),
    "tags.rejected": (
        "SELECT count(*) FROM photo_tags t, photos p WHERE p.id = t.photo_id AND p.project_id = :id"
        " AND p.deleted_at IS NULL AND t.review_status = 'rejected'"
    ),
    "funnel.joined": "SELECT count(DISTINCT user_id) FROM project_members WHERE project_id = :id",
    "funnel.consented": (
        "SELECT count(DISTINCT m.user_id) FROM project_members m, user_consents c"
        " WHERE m.project_id = :id AND c.user_id = m.user_id AND c.revoked_at IS NULL"
    ),
    "funnel.selfie": (
        "SELECT count(DISTINCT m.user_id) FROM project_members m, selfies s"
        " WHERE m.project_id = :id AND s.user_id = m.user_id AND s.status = 'approved'"
        " AND s.deleted_at IS NULL"
    ),
    "funnel.matched": (
        "SELECT count(DISTINCT m.user_id) FROM project_members m, photo_tags t, photos p"
        " WHERE m.project_id = :id AND t.user_id = m.user_id AND t.review_status = 'confirmed'"
        " AND p.id = t.photo_id AND p.project_id = :id AND p.deleted_at IS NULL"
    ),
    "funnel.bought": (
        "SELECT count(DISTINCT m.user_id) FROM project_members m, purchases b"
        " WHERE m.project_id = :id AND b.project_id = :id AND b.user_id = m.user_id AND b.status = 'paid'"
    ),
}
"""By figure of the summary."""
BY_PHOTOGRAPHER = (
    "SELECT p.photographer_id, count(DISTINCT p.id), count(t.id) FROM photos p"
    " LEFT JOIN photo_tags t ON t.photo_id = p.id AND t.review_status = 'confirmed'"
    " WHERE p.project_id = :id AND p.deleted_at IS NULL GROUP BY p.photographer_id"
)


async def test_every_figure_is_what_plain_sql_counts(platform: Platform, stand_in: httpx.Client) -> None:
    """With a colleague's photo, a deleted one, a selfie and a failed payment among them."""
    event, buyer = await busy_event(platform, stand_in)
    colleague = await platform.new_photographer(event.operator)
    await event.operator.put(f"/projects/{event.project_id}/photographers/{colleague.account['id']}")
    theirs = await replace(event, photographer=colleague).ready_photo(402)
    await event.tag(theirs, buyer)
    gone = await event.ready_photo(403)
    await event.tag(gone, buyer)
    await event.operator.delete(f"/photos/{gone}")
    declined = (await checkout(event, buyer, await event.new_package())).json()
    await platform.sql("UPDATE purchases SET status = 'failed' WHERE id = :id", id=declined["id"])
    await platform.sql(
        "INSERT INTO selfies (user_id, storage_key, status, content_type, size_bytes, upload_expires_at)"
        " VALUES (:id, 'k', 'approved', 'image/jpeg', 1, now())",
        id=buyer.account["id"],
    )
    found = await event.operator.get(f"/analytics/summary?project_id={event.project_id}")
    told = {name: _figure(found, name) for name in RECOMPUTED}
    counted = {
        name: (await platform.sql(statement, id=event.project_id))[0][0]
        for name, statement in RECOMPUTED.items()
    }
    assert told == counted
    assert 0 not in {told[name] for name in told if name != "tags.rejected"}
    rows = await platform.sql(BY_PHOTOGRAPHER, id=event.project_id)
    each = [(item["photographer_id"], item["photos"], item["matches"]) for item in found["photographers"]]
    assert sorted(each) == sorted((str(row[0]), row[1], row[2]) for row in rows)
    assert [photos for _, photos, _ in each] == [2, 1]


def _figure(summary: Json, name: str) -> int:
    group, _, part = name.partition(".")
    figure: int = summary[group][part] if part else summary[group]
    return figure


async def test_figures_are_the_operators_own(platform: Platform, stand_in: httpx.Client) -> None:
    event, _ = await busy_event(platform, stand_in)
    stranger = await platform.new_operator()
    empty = await stranger.get("/analytics/summary")
    assert (empty["members"], empty["revenue"], empty["photographers"]) == (0, 0, [])
    answer = await stranger.call("GET", f"/analytics/summary?project_id={event.project_id}")
    assert (answer.status_code, answer.json()["code"]) == (404, "project_not_found")
    one = await event.operator.get(f"/analytics/summary?project_id={event.project_id}")
    assert one["members"] == 3
    before = await event.operator.get("/analytics/summary?to=2020-01-01")
    assert (before["members"], before["revenue"], before["funnel"]["joined"]) == (0, 0, 0)


async def test_days_are_those_of_the_operator(platform: Platform) -> None:
    """Half past eleven at night in UTC is the next day in Vienna."""
    event = await platform.new_event()
    await event.operator.call("PATCH", "/me", {"timezone": "Europe/Vienna"})
    for moment in ("2026-06-20T21:30:00Z", "2026-06-20T22:30:00Z", "2026-06-22T10:00:00Z"):
        guest = await event.new_member()
        await platform.sql(
            "UPDATE project_members SET joined_at = CAST(:at AS text)::timestamptz WHERE user_id = :id",
            at=moment,
            id=guest.account["id"],
        )
    path = "/analytics/timeseries?metric=members&interval=day&from=2026-06-19&to=2026-06-22"
    found = await event.operator.get(path)
    assert found["timezone"] == "Europe/Vienna"
    assert [item["value"] for item in found["items"]] == [0, 1, 1, 1]
    assert found["items"][0]["start"] == "2026-06-18T22:00:00Z"
    week = await event.operator.get(path.replace("interval=day", "interval=week"))
    assert [item["value"] for item in week["items"]] == [2, 1]
    text = (await event.operator.call("GET", "/analytics/export.csv?from=2026-06-19&to=2026-06-22")).text
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["day"], row["members"]) for row in rows] == [
        ("2026-06-19", "0"),
        ("2026-06-20", "1"),
        ("2026-06-21", "1"),
        ("2026-06-22", "1"),
    ]


@pytest.mark.parametrize("metric", ["revenue", "purchases", "members", "selfies", "photos", "matches"])
async def test_a_series_adds_up_to_its_total(platform: Platform, stand_in: httpx.Client, metric: str) -> None:
    event, _ = await busy_event(platform, stand_in)
    found = await event.operator.get(f"/analytics/timeseries?metric={metric}&interval=hour")
    expected = {"revenue": 1100, "purchases": 1, "members": 3, "selfies": 0, "photos": 2, "matches": 2}
    assert sum(item["value"] for item in found["items"]) == expected[metric]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("metric=members&from=2026-06-20&to=2026-06-18", "period_ends_before_start"),
        ("metric=members&interval=hour&from=2020-01-01&to=2026-01-01", "period_too_long"),
        ("metric=everything", "validation_failed"),
        ("metric=members&from=yesterday", "validation_failed"),
    ],
)
async def test_bad_periods_are_refused(platform: Platform, query: str, code: str) -> None:
    operator = await platform.new_operator()
    answer = await operator.call("GET", f"/analytics/timeseries?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_a_day_may_have_23_hours() -> None:
    spring = period(date(2026, 3, 29), date(2026, 3, 29), VIENNA)
    assert spring.start is not None
    assert spring.end is not None
    assert len(starts(spring.start, spring.end, Interval.HOUR, VIENNA)) == 23
    assert len(starts(spring.start, spring.end, Interval.DAY, VIENNA)) == 1


def test_months_follow_each_other() -> None:
    found = starts(
        datetime(2026, 1, 31, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC), Interval.MONTH, ZoneInfo("UTC")
    )
    assert [moment.month for moment in found] == [1, 2, 3]
    assert floor(datetime(2026, 6, 21, tzinfo=UTC), Interval.WEEK, VIENNA).day == 15


def test_a_period_has_its_limit() -> None:
    with pytest.raises(PeriodTooLong):
        starts(datetime(2020, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC), Interval.HOUR, VIENNA)
