"""What lists tell is what is told of each item by itself: they are read in different ways (decision 22)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute
from pydantic import BaseModel

from acme_backoffice.app import ROUTERS as BACKOFFICE
from acme_main.app import ROUTERS as MAIN
from acme_media.app import ROUTERS as MEDIA
from tests.architecture.test_statements import LISTS, filled, world
from tests.services.harness import Api, Platform

ALIKE = [
    ("operator", "/projects", "/projects/{id}"),
    ("operator", "/packages", "/packages/{id}"),
    ("operator", "/photographers", "/photographers/{id}"),
    ("operator", "/projects/{project}/purchases", "/purchases/{id}"),
    ("guest", "/projects", "/projects/{id}"),
    ("guest", "/purchases", "/purchases/{id}"),
    ("uploader", "/photographers/me/photos", "/photographers/me/photos/{id}"),
    ("operator", "/webhook-endpoints", "/webhook-endpoints/{id}"),
    (
        "operator",
        "/webhook-endpoints/{endpoint}/deliveries",
        "/webhook-endpoints/{endpoint}/deliveries/{id}",
    ),
]
FEWEST_FIELDS = 7


@pytest.fixture(scope="module")
async def made(platform: Platform) -> dict[str, Any]:
    return await world(platform, 2)


@pytest.mark.parametrize(("who", "listing", "single"), ALIKE)
async def test_an_item_is_told_alike_in_its_list_and_alone(
    made: dict[str, Any], who: str, listing: str, single: str
) -> None:
    api: Api = made[who]
    items = (await api.get(filled(listing, made)))["items"]
    assert len(items) > 1
    for item in items:
        alone = await api.get(filled(single.replace("{id}", item["id"]), made))
        both = item.keys() & alone.keys()
        assert len(both) >= FEWEST_FIELDS
        assert {name: item[name] for name in both} == {name: alone[name] for name in both}


WRITTEN = [
    *LISTS,
    ("operator", "/projects?deleted=true"),
    ("operator", "/projects/{project}/hide-requests?state=accepted"),
    ("operator", "/projects/{project}/selfie-conflicts?resolved=false"),
    ("operator", "/projects/{project}/selfie-conflicts?resolved=true"),
    ("operator", "/projects/{project}/matching/shadow?verdict=other_band"),
    ("operator", "/webhook-endpoints/{endpoint}/deliveries?state=pending&event=photo.ready"),
    ("uploader", "/photographers/me/photos?status=failed"),
    ("superadmin", "/admin/operators"),
    ("superadmin", "/admin/operators?status=suspended"),
    ("superadmin", "/admin/audit-events"),
]
SERVICES_OF = {"guest": MAIN, "uploader": MEDIA}
ODD = 'A "name"\\ of </b>\t \U0001f600 \u2028 \u007f é'


@pytest.mark.parametrize(("who", "path"), WRITTEN)
async def test_a_page_is_written_as_its_model_would(
    platform: Platform, made: dict[str, Any], who: str, path: str
) -> None:
    """It goes past it (`acme_db.page_json`)."""
    api = (await platform.new_superadmin()).api if who == "superadmin" else made[who]
    answer = await api.call("GET", filled(path, made))
    model = _model_of(SERVICES_OF.get(who, BACKOFFICE), path)
    assert answer.content == model.model_validate_json(answer.content).model_dump_json().encode()


async def test_odd_texts_and_numbers_are_written_as_the_model_would(platform: Platform) -> None:
    event = await platform.new_event()
    photo_id = await event.ready_photo(613)
    await platform.sql(
        "UPDATE projects SET name = :odd, confirm_confidence = 99.9, review_confidence = 50 WHERE id = :id",
        id=UUID(event.project_id),
        odd=ODD,
    )
    await platform.sql(
        "UPDATE photos SET focus_x = 1.0 / 3, focus_y = 0.5, status = 'failed', failure_code = 'empty_file', "
        "taken_at = '1999-12-31 23:59:59.000001+05', filename = :odd WHERE id = :id",
        id=UUID(photo_id),
        odd=ODD,
    )
    for path in ("/projects", f"/projects/{event.project_id}/photos"):
        answer = await event.operator.call("GET", path)
        (item,) = answer.json()["items"]
        assert ODD in item.values()
        model = _model_of(BACKOFFICE, path.replace(event.project_id, "{project}"))
        assert answer.content == model.model_validate_json(answer.content).model_dump_json().encode()


def _model_of(routers: Sequence[APIRouter], path: str) -> type[BaseModel]:
    declared = (
        path.partition("?")[0].replace("{project}", "{project_id}").replace("{endpoint}", "{endpoint_id}")
    )
    (model,) = (
        route.response_model
        for router in routers
        for route in router.routes
        if isinstance(route, APIRoute) and (route.path, route.methods) == (declared, {"GET"})
    )
    assert isinstance(model, type)
    assert issubclass(model, BaseModel)
    return model


@pytest.mark.parametrize("who", ["operator", "uploader"])
async def test_a_photo_is_told_alike_by_both_services(made: dict[str, Any], who: str) -> None:
    """Each of them reads it for itself."""
    here = (await made[who].get(_photos(made, who)))["items"]
    there = (await made["photographer"].get(_photos(made, "operator")))["items"]
    both = here[0].keys() & there[0].keys()
    assert {"thumbnail_url", "is_retryable", "focus", "failure_reason", "uploaded_at"} <= both
    assert [{name: each[name] for name in both} for each in here] == [
        {name: each[name] for name in both} for each in there
    ]


def _photos(made: dict[str, Any], who: str) -> str:
    return "/photographers/me/photos" if who == "uploader" else f"/projects/{made['event'].project_id}/photos"


async def test_a_tag_is_told_alike_in_its_list_and_when_it_is_decided(made: dict[str, Any]) -> None:
    operator: Api = made["operator"]
    path = f"/projects/{made['event'].project_id}/photo-tags?review_status=pending"
    item = (await operator.get(path))["items"][0]
    decided = await operator.patch(f"/photo-tags/{item['id']}", {"review_status": "rejected"})
    assert decided["reviewed_at"] is not None
    assert {**item, "review_status": "rejected", "reviewed_at": decided["reviewed_at"]} == decided


async def test_a_request_to_hide_is_told_alike_in_its_lists_and_when_it_is_asked_or_decided(
    made: dict[str, Any],
) -> None:
    guest, operator = made["guest"], made["operator"]
    for item in (await guest.get("/hide-requests"))["items"]:
        asked = {"kind": item["kind"], "box": item["box"]}
        again = await guest.call("POST", f"/photos/{item['photo_id']}/hide-requests", asked)
        assert (again.status_code, again.json()) == (200, item)
    for item in (await operator.get(f"/projects/{made['event'].project_id}/hide-requests"))["items"]:
        state = "declined" if item["state"] == "pending" else item["state"]
        decided = await operator.patch(f"/hide-requests/{item['id']}", {"state": state})
        assert decided["decided_at"] is not None
        changed = {name: decided[name] for name in ("state", "decided_at", "is_done")}
        assert {**item, **changed} == decided


async def test_a_conflict_is_told_alike_in_its_list_and_when_it_is_resolved(made: dict[str, Any]) -> None:
    operator: Api = made["operator"]
    path = f"/projects/{made['event'].project_id}/selfie-conflicts"
    item, other = (await operator.get(path))["items"]
    resolved = await operator.post(
        f"/selfie-conflicts/{item['id']}/resolve",
    )
    assert resolved["resolved_at"] is not None
    assert {**item, "resolved_at": resolved["resolved_at"]} == resolved
    assert (await operator.get(f"{path}?resolved=true"))["items"] == [resolved]
    assert (await operator.get(f"{path}?resolved=false"))["items"] == [other]


async def test_packages_are_told_the_cheapest_first(platform: Platform, made: dict[str, Any]) -> None:
    await platform.sql(
        "WITH few AS (SELECT p.id, row_number() OVER (ORDER BY p.id) AS place FROM packages p "
        "JOIN project_packages o ON o.package_id = p.id WHERE o.project_id = :project) "
        "UPDATE packages SET price = 1000 - 10 * place FROM few WHERE few.id = packages.id",
        project=UUID(made["event"].project_id),
    )
    items = (await made["guest"].get(f"/projects/{made['event'].project_id}/packages"))["items"]
    assert [item["price"] for item in items] == [980, 990]


@pytest.mark.parametrize("text", ["%", "_", "/", "%25", "Project/"])
async def test_signs_of_like_are_looked_for_as_they_are(made: dict[str, Any], text: str) -> None:
    operator: Api = made["operator"]
    answer = await operator.http.get(
        "/v1/projects", params={"q": text}, headers={"Authorization": f"Bearer {operator.token}"}
    )
    assert (answer.status_code, answer.json()["items"]) == (200, [])


async def test_uploads_of_all_projects_are_in_one_order(platform: Platform) -> None:
    """Of projects one after another, and of such as went on at the same time; more than a page has rows."""
    event = await platform.new_event()
    photographer_id = UUID(event.photographer.account["id"])
    for number, (first, step, count) in enumerate(
        [(0, 1, 90), (90, 1, 20), (200, 3, 60), (210, 2, 80), (500, 1, 1)]
    ):
        project = await event.operator.post("/projects", {"name": f"Project {number}"})
        await platform.sql(
            "INSERT INTO photos (project_id, photographer_id, storage_key, filename, content_type, "
            "upload_state, size_bytes, upload_expires_at, uploaded_at) SELECT :project, :photographer, 'k', "
            "'a.jpg', 'image/jpeg', 'verified', 1, now(), "
            "timestamptz '2026-01-01' + (:first + n * :step) * interval '1 minute' "
            "FROM generate_series(0, :count - 1) n",
            project=UUID(project["id"]),
            photographer=photographer_id,
            first=first,
            step=step,
            count=count,
        )
    media = platform.media.as_({"access_token": event.operator.token})
    expected = await platform.sql(
        "SELECT id FROM photos WHERE photographer_id = :photographer ORDER BY uploaded_at DESC, id DESC",
        photographer=photographer_id,
    )
    for limit in (7, 50, 60, 200):
        assert await _walk(media, limit) == [str(row.id) for row in expected]


async def _walk(api: Api, limit: int) -> list[str]:
    found: list[str] = []
    cursor = ""
    while True:
        page = await api.get(f"/photographers/me/photos?limit={limit}{cursor}")
        found += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"
