"""Of two changes at once the second is refused, not the first one lost."""

import asyncio

import pytest

from tests.services.harness import Event, Platform


async def editable(event: Event, kind: str) -> tuple[str, dict[str, object]]:
    """A path, and a change that it takes."""
    match kind:
        case "project":
            return f"/projects/{event.project_id}", {"name": "Ball"}
        case "package":
            return f"/packages/{await event.new_package()}", {"price": 2000}
        case "photographer":
            return f"/photographers/{event.photographer.account['id']}", {"name": "Kim"}
    coach = await event.operator.post(f"/projects/{event.project_id}/coaches", {"name": "Coach"})
    return f"/projects/{event.project_id}/coaches/{coach['id']}", {"name": "Trainer"}


@pytest.mark.parametrize("kind", ["project", "package", "photographer", "coach"])
async def test_a_change_of_an_older_version_is_refused(platform: Platform, kind: str) -> None:
    event = await platform.new_event()
    path, change = await editable(event, kind)
    changed = await event.operator.patch(path, {**change, "version": 1})
    assert changed["version"] == 2
    stale = await event.operator.call("PATCH", path, {**change, "version": 1})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")
    assert (await event.operator.patch(path, change))["version"] in {2, 3}, "no version, no condition"


@pytest.mark.parametrize("role", ["operator", "photographer", "superadmin", "guest"])
async def test_a_change_of_an_older_version_of_ones_account_is_refused(platform: Platform, role: str) -> None:
    match role:
        case "operator":
            account = await platform.new_operator()
        case "photographer":
            account = await platform.new_photographer(await platform.new_operator())
        case "superadmin":
            account = (await platform.new_superadmin()).api
        case _:
            account = await platform.new_guest()
    seen = account.account["version"]
    changed = await account.patch("/me", {"name": "Robin", "version": seen})
    assert (changed["name"], changed["version"]) == ("Robin", seen + 1)
    stale = await account.call("PATCH", "/me", {"name": "Kim", "version": seen})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")
    assert (await account.get("/me"))["name"] == "Robin"


async def test_of_ten_changes_of_one_version_at_once_one_is_made(platform: Platform) -> None:
    event = await platform.new_event()
    answers = await asyncio.gather(
        *(
            event.operator.call("PATCH", f"/projects/{event.project_id}", {"name": f"Gala {n}", "version": 1})
            for n in range(10)
        )
    )
    made = [answer.json() for answer in answers if answer.status_code == 200]
    refused = [answer.json()["code"] for answer in answers if answer.status_code == 409]
    assert (len(made), refused) == (1, ["stale_version"] * 9)
    assert (await event.operator.get(f"/projects/{event.project_id}"))["name"] == made[0]["name"]
