from uuid import uuid4

import httpx
import pytest

from tests.services.harness import Api, Json, Platform, picture, send

PNG = {"content_type": "image/png"}


async def issue(operator: Api, body: bytes, **over: object) -> Json:
    wish = {"content_type": "image/jpeg", "size_bytes": len(body), **over}
    return await operator.post("/me/profile-picture/upload-url", wish)


async def test_a_profile_picture_is_shown_to_its_operator_and_to_guests(platform: Platform) -> None:
    event = await platform.new_event()
    body = picture(1)
    issued = await issue(event.operator, body)
    await send(issued, body)
    me = await event.operator.post("/me/profile-picture/complete", {"upload_id": issued["upload_id"]})
    async with httpx.AsyncClient() as http:
        assert (await http.get(me["profile_picture_url"])).content == body
    token = await event.new_token()
    invitation = await platform.main.get(f"/qr/{token['token']}")
    assert invitation["operator_picture_url"].split("?")[0] == me["profile_picture_url"].split("?")[0]


async def test_a_new_picture_replaces_the_old_one_and_none_is_left_behind(platform: Platform) -> None:
    operator = await platform.new_operator()
    urls = []
    for seed in (1, 2):
        body = picture(seed)
        issued = await issue(operator, body)
        await send(issued, body)
        me = await operator.post("/me/profile-picture/complete", {"upload_id": issued["upload_id"]})
        urls.append(me["profile_picture_url"])
    removed = await operator.delete("/me/profile-picture")
    assert removed["profile_picture_url"] is None
    async with httpx.AsyncClient() as http:
        assert [(await http.get(url)).status_code for url in urls] == [404, 404]


async def test_a_picture_that_never_came_is_a_conflict(platform: Platform) -> None:
    operator, never_issued = await platform.new_operator(), {"upload_id": str(uuid4())}
    answer = await operator.call("POST", "/me/profile-picture/complete", never_issued)
    assert (answer.status_code, answer.json()["code"]) == (409, "picture_missing")


async def test_what_is_no_picture_is_not_kept(platform: Platform) -> None:
    operator = await platform.new_operator()
    body = b"<html><script>alert(1)</script></html>"
    issued = await issue(operator, body)
    await send(issued, body)
    complete = {"upload_id": issued["upload_id"]}
    answer = await operator.call("POST", "/me/profile-picture/complete", complete)
    assert (answer.status_code, answer.json()["code"]) == (409, "picture_not_taken")
    again = await operator.call("POST", "/me/profile-picture/complete", complete)
    assert again.json()["code"] == "picture_missing"


async def test_nobody_completes_the_upload_of_another(platform: Platform) -> None:
    operator, other = await platform.new_operator(), await platform.new_operator()
    body = picture(3)
    issued = await issue(operator, body)
    await send(issued, body)
    answer = await other.call("POST", "/me/profile-picture/complete", {"upload_id": issued["upload_id"]})
    assert answer.json()["code"] == "picture_missing"


@pytest.mark.parametrize(
    "wish", [{"content_type": "image/svg+xml"}, {"size_bytes": 5_000_001}, {"size_bytes": 0}, {"x": 1}]
)
async def test_other_types_and_sizes_are_refused(platform: Platform, wish: Json) -> None:
    operator = await platform.new_operator()
    body = {"content_type": "image/jpeg", "size_bytes": 1, **wish}
    assert (await operator.call("POST", "/me/profile-picture/upload-url", body)).status_code == 422
