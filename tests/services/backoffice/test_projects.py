from uuid import uuid4

import pytest

from tests.services.harness import Json, Platform, mailed_text


async def test_projects_live_from_creation_to_deletion(platform: Platform) -> None:
    operator = await platform.new_operator()
    body = {
        "name": "Gala",
        "start_at": "2026-06-20T18:00:00+02:00",
        "end_at": "2026-06-20T23:00:00+02:00",
        "project_link": "https://example.com/gala",
        "timezone": "Europe/Vienna",
    }
    created = await operator.call("POST", "/projects", body)
    assert created.status_code == 201
    project = created.json()
    assert project["start_at"] == "2026-06-20T16:00:00Z"
    path = f"/projects/{project['id']}"
    changed = await operator.call("PATCH", path, {"name": "Winter gala", "location_name": "Hall 1"})
    assert (changed.json()["name"], changed.json()["location_name"]) == ("Winter gala", "Hall 1")
    assert (await operator.call("DELETE", path)).status_code == 204
    gone = await operator.call("GET", path)
    assert (gone.status_code, gone.json()["code"]) == (404, "project_not_found")


async def test_another_operators_project_is_not_there(platform: Platform) -> None:
    event = await platform.new_event()
    stranger = await platform.new_operator()
    for method, path in [("GET", ""), ("PATCH", ""), ("DELETE", ""), ("GET", "/members"), ("GET", "/photos")]:
        body = {"name": "Mine"} if method == "PATCH" else None
        answer = await stranger.call(method, f"/projects/{event.project_id}{path}", body)
        assert (answer.status_code, answer.json()["code"]) == (404, "project_not_found"), path


@pytest.mark.parametrize(
    "body",
    [
        {"name": ""},
        {"name": "x" * 256},
        {"name": "Gala", "start_at": "2026-06-20T18:00:00Z", "end_at": "2026-06-19T18:00:00Z"},
        {"name": "Gala", "start_at": "2026-06-20T18:00:00"},
        {"name": "Gala", "project_link": "javascript:alert(1)"},
        {"name": "Gala", "operator_id": str(uuid4())},
    ],
)
async def test_bad_projects_are_validation_errors(platform: Platform, body: Json) -> None:
    operator = await platform.new_operator()
    assert (await operator.call("POST", "/projects", body)).status_code == 422


async def test_a_change_is_checked_against_what_stays(platform: Platform) -> None:
    operator = await platform.new_operator()
    project = await operator.post("/projects", {"name": "Gala", "start_at": "2026-06-20T18:00:00Z"})
    late = {"end_at": "2026-06-19T18:00:00Z"}
    answer = await operator.call("PATCH", f"/projects/{project['id']}", late)
    assert (answer.status_code, answer.json()["code"]) == (422, "project_ends_before_start")


async def test_pages_follow_each_other_without_gap_or_repeat(platform: Platform) -> None:
    operator = await platform.new_operator()
    made = [(await operator.post("/projects", {"name": f"P{n}"}))["id"] for n in range(7)]
    seen: list[str] = []
    cursor = ""
    while True:
        page = await operator.get(f"/projects?limit=3{cursor}")
        seen += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == made[::-1]


@pytest.mark.parametrize("cursor", ["x", "e30", "W10", "WzEsMl0", "%00"])
async def test_a_made_up_cursor_is_refused(platform: Platform, cursor: str) -> None:
    operator = await platform.new_operator()
    answer = await operator.call("GET", f"/projects?cursor={cursor}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_cursor")


async def test_assignment_is_idempotent_and_shows_the_project_to_its_photographer(platform: Platform) -> None:
    event = await platform.new_event()
    path = f"/projects/{event.project_id}/photographers/{event.photographer.account['id']}"
    assert (await event.operator.call("PUT", path)).status_code == 204
    mine = await event.photographer.get("/photographers/me/projects")
    assert [item["id"] for item in mine["items"]] == [event.project_id]
    assert (await event.operator.call("DELETE", path)).status_code == 204
    assert (await event.photographer.get("/photographers/me/projects"))["items"] == []


async def test_another_operators_photographer_cannot_be_assigned(platform: Platform) -> None:
    event, other = await platform.new_event(), await platform.new_event()
    path = f"/projects/{event.project_id}/photographers/{other.photographer.account['id']}"
    answer = await event.operator.call("PUT", path)
    assert (answer.status_code, answer.json()["code"]) == (404, "photographer_not_found")


async def test_a_photographer_without_a_password_is_invited_by_mail(platform: Platform) -> None:
    operator = await platform.new_operator()
    created = await operator.post("/photographers", {"name": "Robin", "email": f"{uuid4().hex}@example.com"})
    await platform.jobs.run()
    token = mailed_text(created["email"]).partition("#")[2].split()[0]
    body = {"token": token, "password": "a first password"}
    session = await platform.backoffice.post("/auth/accept-invite", body)
    assert session["account"]["id"] == created["id"]
    again = await platform.backoffice.call("POST", "/auth/accept-invite", body)
    assert (again.status_code, again.json()["code"]) == (422, "invalid_one_time_token")


async def test_packages_are_put_on_sale_and_taken_off(platform: Platform) -> None:
    event = await platform.new_event()
    package_id = await event.new_package()
    path = f"/projects/{event.project_id}/packages"
    assert [item["id"] for item in (await event.operator.get(path))["items"]] == [package_id]
    assert (await event.operator.call("DELETE", f"{path}/{package_id}")).status_code == 204
    assert (await event.operator.get(path))["items"] == []


@pytest.mark.parametrize("change", [{"price": -1}, {"price": 1.5}, {"photo_count": -1}, {"price": 10**9}])
async def test_a_package_has_no_negative_or_broken_price(platform: Platform, change: Json) -> None:
    operator = await platform.new_operator()
    body = {"name": "P", "price": 100, "photo_count": 1, **change}
    assert (await operator.call("POST", "/packages", body)).status_code == 422


async def test_a_deleted_project_can_be_restored_by_its_operator(platform: Platform) -> None:
    event, stranger = await platform.new_event(), await platform.new_operator()
    path = f"/projects/{event.project_id}"
    await event.operator.call("DELETE", path)
    assert (await event.operator.get("/projects"))["items"] == []
    (deleted,) = (await event.operator.get("/projects?deleted=true"))["items"]
    assert deleted["id"] == event.project_id
    foreign = await stranger.call("POST", f"{path}/restore")
    assert (foreign.status_code, foreign.json()["code"]) == (404, "project_not_found")
    for _ in range(2):
        assert (await event.operator.call("POST", f"{path}/restore")).status_code == 200
    assert (await event.operator.get(path))["id"] == event.project_id
