"""Designs are edited, refused when stale, and reach photos by a job, newest first."""

import asyncio
import io
from uuid import uuid4

import httpx
import numpy as np
import pytest
from PIL import Image

from acme_media.jobs import derivatives
from acme_media.jobs import watermarks as jobs
from tests.services.harness import Api, Event, Json, Platform, picture, send

DEFAULT = {"kind": "text", "text": None, "logo_id": None}


async def media_of(event: Event) -> Api:
    return event.platform.media.as_({"access_token": event.operator.token})


async def put(api: Api, path: str, body: Json) -> httpx.Response:
    return await api.call("PUT", path, body)


async def fetched(url: str) -> bytes:
    async with httpx.AsyncClient() as http:
        answer = await http.get(url)
    return answer.raise_for_status().content


async def version_of(platform: Platform, photo_id: str) -> str:
    (row,) = await platform.sql("SELECT watermark_version FROM photos WHERE id = :id", id=photo_id)
    version: str = row.watermark_version
    return version


async def test_who_has_no_design_is_shown_the_default(platform: Platform) -> None:
    event = await platform.new_event()
    shown = await event.operator.get("/watermark")
    assert {name: shown[name] for name in DEFAULT} == DEFAULT
    assert (shown["source"], shown["version"]) == ("default", None)
    assert shown["preview"]["placement"] == "tile"
    assert shown["deliverable"]["placement"] == "bottom_right"


async def test_a_projects_design_comes_before_its_operators(platform: Platform) -> None:
    event = await platform.new_event()
    path = f"/projects/{event.project_id}/watermark"
    assert (await put(event.operator, "/watermark", {"text": "Ours"})).json()["source"] == "operator"
    inherited = await event.operator.get(path)
    assert (inherited["source"], inherited["text"]) == ("operator", "Ours")
    own = (await put(event.operator, path, {"text": "The gala's"})).json()
    assert (own["source"], own["text"], own["version"]) == ("project", "The gala's", 1)
    assert (await event.operator.get("/watermark"))["text"] == "Ours"
    await event.operator.delete(path)
    assert (await event.operator.get(path))["text"] == "Ours"
    again = await event.operator.call("DELETE", path)
    assert (again.status_code, again.json()["code"]) == (404, "watermark_not_found")


async def test_a_change_of_an_older_version_is_refused(platform: Platform) -> None:
    operator = await platform.new_operator()
    early = await put(operator, "/watermark", {"text": "A", "version": 1})
    assert (early.status_code, early.json()["code"]) == (409, "stale_version")
    assert (await put(operator, "/watermark", {"text": "A"})).json()["version"] == 1
    assert (await put(operator, "/watermark", {"text": "B", "version": 1})).json()["version"] == 2
    stale = await put(operator, "/watermark", {"text": "C", "version": 1})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")
    assert (await operator.get("/watermark"))["text"] == "B"


async def test_first_changes_at_once_are_one_design(platform: Platform) -> None:
    operator = await platform.new_operator()
    answers = await asyncio.gather(*(put(operator, "/watermark", {"text": f"{n}"}) for n in range(6)))
    assert {answer.status_code for answer in answers} == {200}
    (row,) = await platform.sql(
        "SELECT count(*) AS n FROM watermarks WHERE operator_id = :id", id=operator.account["id"]
    )
    assert row.n == 1


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "logo"},
        {"logo_id": str(uuid4())},
        {"text": ""},
        {"text": "a\nb"},
        {"text": "x" * 81},
        {"preview": {"opacity": 0.05}},
        {"preview": {"placement": "somewhere"}},
        {"deliverable": {"angle": 200}},
        {"deliverable": {"margin": 0.3}},
        {"deliverable": {"size": 0.6}},
        {"colour": "red"},
    ],
)
async def test_what_is_no_design_is_refused(platform: Platform, body: Json) -> None:
    operator = await platform.new_operator()
    assert (await put(operator, "/watermark", body)).status_code == 422


async def test_a_logo_that_was_never_drawn_is_a_conflict(platform: Platform) -> None:
    operator = await platform.new_operator()
    answer = await put(operator, "/watermark", {"kind": "logo", "logo_id": str(uuid4())})
    assert (answer.status_code, answer.json()["code"]) == (409, "logo_missing")


async def test_a_changed_design_reaches_the_photos_newest_first_and_the_old_stay_until_then(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = await platform.new_event()
    photos = [await event.ready_photo(seed) for seed in (1, 2, 3)]
    before = [await version_of(platform, photo_id) for photo_id in photos]
    assert len(set(before)) == 1
    monkeypatch.setattr(jobs, "CHUNK", 1)
    media = await media_of(event)
    old_url = (await media.get(f"/photographers/me/photos/{photos[0]}"))["preview_url"]
    await put(event.operator, "/watermark", {"text": "Another"})
    renewed = []
    for _ in photos:
        await platform.jobs.run_once()
        versions = [await version_of(platform, photo_id) for photo_id in photos]
        renewed.append([version != before[0] for version in versions])
    assert renewed == [[False, False, True], [False, True, True], [True, True, True]]
    assert await fetched(old_url), "who has the old address can still look"
    new_url = (await media.get(f"/photographers/me/photos/{photos[0]}"))["preview_url"]
    assert await fetched(new_url) != await fetched(old_url)


async def test_what_was_replaced_goes_a_week_later(platform: Platform) -> None:
    event = await platform.new_event()
    photo_id = await event.ready_photo(4)
    before = await version_of(platform, photo_id)
    await put(event.operator, "/watermark", {"text": "Another"})
    await platform.jobs.run_once()
    (job,) = await platform.sql(
        "SELECT run_at > now() + interval '6 days' AS is_later FROM outbox_jobs "
        "WHERE name = 'purge_derivatives' AND payload->>'photo_id' = :id",
        id=photo_id,
    )
    assert job.is_later
    prefix = f"projects/{event.project_id}/photos/{photo_id}/"
    await platform.jobs.run()
    assert await platform.storage.delete_prefix(f"{prefix}{before}/") == 0
    assert await platform.storage.delete_prefix(f"{prefix}{await version_of(platform, photo_id)}/") == 7


async def test_going_back_to_a_design_keeps_what_it_made(platform: Platform) -> None:
    event = await platform.new_event()
    photo_id = await event.ready_photo(5)
    first = await version_of(platform, photo_id)
    for text in ("Another", None):
        await put(event.operator, "/watermark", {"text": text})
        await platform.jobs.run_once()
    assert await version_of(platform, photo_id) == first
    await platform.jobs.run()
    prefix = f"projects/{event.project_id}/photos/{photo_id}/{first}/"
    assert await platform.storage.delete_prefix(prefix) == 7


async def test_a_photo_that_cannot_be_renewed_does_not_stop_the_others(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = await platform.new_event()
    photos = [await event.ready_photo(seed) for seed in (6, 7)]
    monkeypatch.setattr(jobs, "CHUNK", 1)
    await platform.storage.delete_prefix(f"projects/{event.project_id}/photos/{photos[1]}/original")
    before = await version_of(platform, photos[0])
    await put(event.operator, f"/projects/{event.project_id}/watermark", {"text": "Another"})
    await platform.jobs.run()
    assert await version_of(platform, photos[1]) == before
    assert await version_of(platform, photos[0]) != before


async def test_a_design_that_changes_while_a_photo_is_drawn_reaches_it(platform: Platform) -> None:
    event = await platform.new_event()
    photo_id = await event.upload(picture(8))
    original = jobs.write_watermarked

    async def changing(*args: object) -> Json:
        values: Json = await original(*args)  # type: ignore[arg-type] # passed on
        await put(event.operator, "/watermark", {"text": "Meanwhile"})
        return values

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(derivatives, "write_watermarked", changing)
        await platform.jobs.run_once()
    await platform.jobs.run()
    (row,) = await platform.sql("SELECT status FROM photos WHERE id = :id", id=photo_id)
    assert row.status == "ready"
    late = await event.ready_photo(9)
    assert await version_of(platform, photo_id) == await version_of(platform, late)


async def uploaded_logo(media: Api, body: bytes, content_type: str) -> httpx.Response:
    wish = {"content_type": content_type, "size_bytes": len(body)}
    issued = await media.post("/watermarks/logos/upload-url", wish)
    await send(issued["upload"], body)
    return await media.call("POST", f"/watermarks/logos/{issued['logo_id']}/complete")


def svg(inside: str, start: str = "") -> bytes:
    return f'{start}<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20">{inside}</svg>'.encode()


SQUARE = '<rect width="40" height="20" fill="#ff00ff"/>'


async def test_a_logo_is_drawn_once_and_stands_on_the_photos(platform: Platform) -> None:
    event = await platform.new_event()
    media = await media_of(event)
    drawn = await uploaded_logo(media, svg(SQUARE), "image/svg+xml")
    assert drawn.status_code == 200
    with Image.open(io.BytesIO(await fetched(drawn.json()["url"]))) as logo:
        assert (logo.format, logo.size) == ("PNG", (1024, 512))
    layout = {"placement": "center", "opacity": 1, "size": 0.5, "angle": 0}
    design = {"kind": "logo", "logo_id": drawn.json()["logo_id"], "preview": layout}
    assert (await put(event.operator, "/watermark", design)).json()["logo_url"]
    photo_id = await event.ready_photo(10)
    shown = await media.get(f"/photographers/me/photos/{photo_id}")
    with Image.open(io.BytesIO(await fetched(shown["preview_url"]))) as photo:
        pixel = photo.convert("RGB").getpixel((photo.width // 2, photo.height // 2))
    assert isinstance(pixel, tuple)
    assert np.abs(np.subtract(pixel, (255, 0, 255))).max() < 12
    again = await media.call("POST", f"/watermarks/logos/{design['logo_id']}/complete")
    assert again.status_code == 200


async def test_a_png_is_taken_as_a_logo(platform: Platform) -> None:
    media = await media_of(await platform.new_event())
    body = picture(11, (300, 200), "PNG")
    assert (await uploaded_logo(media, body, "image/png")).status_code == 200


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (svg('<image href="/etc/passwd" width="9" height="9"/>' + SQUARE), "image/svg+xml"),
        (svg('<use href="https://example.com/a.svg#x"/>' + SQUARE), "image/svg+xml"),
        (svg("<script>alert(1)</script>" + SQUARE), "image/svg+xml"),
        (svg('<rect width="40" height="20" onload="alert(1)"/>'), "image/svg+xml"),
        (svg("<style>@import 'https://example.com/a.css';</style>" + SQUARE), "image/svg+xml"),
        (svg('<rect width="40" height="20" fill="url(https://example.com/#a)"/>'), "image/svg+xml"),
        (svg("<foreignObject/>" + SQUARE), "image/svg+xml"),
        (svg(SQUARE, '<!DOCTYPE svg [<!ENTITY a "b">]>'), "image/svg+xml"),
        (svg("<text y='10'>no fonts</text>"), "image/svg+xml"),
        (svg("<g>" * 6000 + "</g>" * 6000 + SQUARE), "image/svg+xml"),
        (b"<html/>", "image/svg+xml"),
        (b"no svg", "image/svg+xml"),
        (picture(), "image/png"),
        (picture(12, (300, 200), "PNG")[:300], "image/png"),
    ],
)
async def test_a_logo_that_reaches_out_or_draws_nothing_is_refused(
    platform: Platform, body: bytes, content_type: str
) -> None:
    answer = await uploaded_logo(await media_of(await platform.new_event()), body, content_type)
    assert (answer.status_code, answer.json()["code"]) == (409, "logo_not_taken")


async def test_another_operators_logo_is_not_theirs(platform: Platform) -> None:
    event, other = await platform.new_event(), await platform.new_event()
    drawn = await uploaded_logo(await media_of(event), svg(SQUARE), "image/svg+xml")
    answer = await put(other.operator, "/watermark", {"kind": "logo", "logo_id": drawn.json()["logo_id"]})
    assert answer.json()["code"] == "logo_missing"


async def preview(media: Api, body: Json) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    answer = await media.call("POST", "/watermarks/preview", body)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg"), answer.text
    with Image.open(io.BytesIO(answer.content)) as made:
        return np.asarray(made.convert("RGB"))


async def test_a_design_is_looked_at_before_it_is_kept(platform: Platform) -> None:
    event = await platform.new_event()
    media = await media_of(event)
    places = {}
    for place in ("top_left", "bottom_right"):
        layout = {"placement": place, "opacity": 1, "angle": 0}
        body = {"design": {"text": "Mark", "deliverable": layout}, "product": "deliverable"}
        places[place] = await preview(media, body)
    height, width = places["top_left"].shape[:2]
    assert (width, height) == (1200, 800)
    change = np.abs(places["top_left"].astype(int) - places["bottom_right"]).max(axis=2) > 40
    rows, columns = np.nonzero(change)
    assert change[:100, :200].any()
    assert change[-100:, -200:].any()
    assert not change[100:-100, 200:-200].any()
    assert rows.size == columns.size
    assert (await event.operator.get("/watermark"))["source"] == "default"


async def test_a_design_is_looked_at_over_a_photo_of_ones_own(platform: Platform) -> None:
    event, other = await platform.new_event(), await platform.new_event()
    photo_id = await event.ready_photo(13)
    made = await preview(await media_of(event), {"photo_id": photo_id})
    assert made.shape == (480, 640, 3)
    foreign = await (await media_of(other)).call("POST", "/watermarks/preview", {"photo_id": photo_id})
    assert (foreign.status_code, foreign.json()["code"]) == (404, "photo_not_found")
