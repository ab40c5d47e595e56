from tests.services.harness import Platform


async def test_coaches_are_named_renamed_and_removed(platform: Platform) -> None:
    event = await platform.new_event()
    path = f"/projects/{event.project_id}/coaches"
    created = await event.operator.call("POST", path, {"name": "Kim"})
    assert created.status_code == 201
    one = f"{path}/{created.json()['id']}"
    assert (await event.operator.call("PATCH", one, {"name": "Kim Lee"})).json()["name"] == "Kim Lee"
    assert [item["name"] for item in (await event.operator.get(path))["items"]] == ["Kim Lee"]
    assert (await event.operator.call("DELETE", one)).status_code == 204
    gone = await event.operator.call("PATCH", one, {"name": "Kim"})
    assert (gone.status_code, gone.json()["code"]) == (404, "coach_not_found")


async def test_another_projects_coach_is_not_there(platform: Platform) -> None:
    event, other = await platform.new_event(), await platform.new_event()
    coach = await event.operator.post(f"/projects/{event.project_id}/coaches", {"name": "Kim"})
    path = f"/projects/{other.project_id}/coaches/{coach['id']}"
    assert (await other.operator.call("DELETE", path)).status_code == 404
