"""What lists tell is what is told of each item by itself: they are read in different ways (decision 22)."""

from typing import Any
from uuid import UUID

import pytest

from tests.architecture.test_statements import world
from tests.services.harness import Api, Platform

ALIKE = [
    ("operator", "/projects", "/projects/{id}"),
    ("operator", "/packages", "/packages/{id}"),
    ("operator", "/photographers", "/photographers/{id}"),
    ("operator", "/projects/{project}/purchases", "/purchases/{id}"),
    ("guest", "/projects", "/projects/{id}"),
    ("guest", "/purchases", "/purchases/{id}"),
    ("uploader", "/photographers/me/photos", "/photographers/me/photos/{id}"),
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
    items = (await api.get(listing.format(project=made["event"].project_id)))["items"]
    assert len(items) > 1
    for item in items:
        alone = await api.get(single.format(id=item["id"]))
        both = item.keys() & alone.keys()
        assert len(both) >= FEWEST_FIELDS
        assert {name: item[name] for name in both} == {name: alone[name] for name in both}


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
    for number, (first, step, count) in enumerate([(0, 1, 9), (9, 1, 2), (20, 3, 6), (21, 2, 8), (50, 1, 1)]):
        project = await event.operator.post("/projects", {"name": f"Project {number}"})
        await platform.sql(
            "INSERT INTO photos (project_id, photographer_id, storage_key, filename, content_type, "
            "size_bytes, upload_expires_at, uploaded_at) SELECT :project, :photographer, 'k', 'a.jpg', "
            "'image/jpeg', 1, now(), timestamptz '2026-01-01' + (:first + n * :step) * interval '1 minute' "
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
    for limit in (1, 2, 3, 7, 50):
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
