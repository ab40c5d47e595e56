"""Files that are not what they say, and names that would be more than names."""

import io
import zipfile
from pathlib import Path

import httpx
import pytest
from PIL import Image

from acme_main.jobs.archives import unique_names
from acme_storage.gateway import attachment
from tests.services.harness import Api, Event, Platform, picture, send

SCRIPT = b"<html><body><script>alert(document.domain)</script></body></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
EVIL_NAMES = [
    "../../../etc/cron.d/x.jpg",
    "..\\..\\windows\\x.jpg",
    "/absolute.jpg",
    'quote".jpg',
    "semi;filename=other.html.jpg",
    "back\\slash.jpg",
    "ünïcödé 📷.jpg",
    "percent%0d%0aSet-Cookie: a=b.jpg",
    ".hidden.jpg",
    "<script>.jpg",
    "CON.jpg",
]


def polyglot(form: str) -> bytes:
    """A picture to one reader, a page or an archive to another."""
    picture_bytes = picture(91)
    if form == "page in a comment":
        buffer = io.BytesIO()
        Image.open(io.BytesIO(picture_bytes)).save(buffer, "JPEG", comment=SCRIPT)
        return buffer.getvalue()
    if form == "page behind":
        return picture_bytes + SCRIPT
    packed = io.BytesIO(picture_bytes)
    packed.seek(0, io.SEEK_END)
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr("x.html", SCRIPT)
    return packed.getvalue()


async def media_of(event: Event) -> Api:
    return event.platform.media.as_({"access_token": event.photographer.token})


@pytest.mark.parametrize(
    "content_type", ["image/svg+xml", "text/html", "image/gif", "application/pdf", "image/jpeg\r\nX: y"]
)
async def test_what_a_browser_would_run_is_not_taken(platform: Platform, content_type: str) -> None:
    event = await platform.new_event()
    wish = event.announced(SVG, content_type=content_type, filename="x.svg")
    answer = await (await media_of(event)).call("POST", "/photographers/me/photos/upload-url", wish)
    assert answer.status_code in {415, 422}


@pytest.mark.parametrize("body", [SCRIPT, SVG, b"GIF89a" + SCRIPT, b"%PDF-1.7 " + SCRIPT])
async def test_a_page_that_says_jpeg_is_refused_and_never_served(platform: Platform, body: bytes) -> None:
    event = await platform.new_event()
    photo = await event.upload(body)
    await platform.jobs.run()
    shown = await (await media_of(event)).get(f"/photographers/me/photos/{photo}")
    assert (shown["status"], shown["thumbnail_url"], shown["preview_url"]) == ("failed", None, None)
    assert shown["failure_code"] in {"not_an_image", "unsupported_format", "type_mismatch"}


async def test_the_store_holds_a_sender_to_the_type_that_was_announced(platform: Platform) -> None:
    event = await platform.new_event()
    issued = await (await media_of(event)).post(
        "/photographers/me/photos/upload-url", event.announced(SCRIPT)
    )
    refused = await send(issued["upload"], SCRIPT, **{"content-type": "text/html"})
    assert refused.status_code == 403


@pytest.mark.parametrize("form", ["page in a comment", "page behind", "archive behind"])
async def test_of_a_polyglot_only_the_picture_is_served(platform: Platform, form: str) -> None:
    event, body = await platform.new_event(), polyglot(form)
    guest = await event.new_member()
    photo = await event.upload(body)
    await platform.jobs.run()
    await event.tag(photo, guest)
    package = await event.new_package(photo_count=0, price=0)
    await guest.post("/purchases", {"project_id": event.project_id, "package_id": package})
    detail = await guest.get(f"/photos/{photo}")
    download = await guest.get(f"/photos/{photo}/download")
    urls = [detail["thumbnail_url"], detail["preview_url"], download["url"]]
    async with httpx.AsyncClient() as http:
        answers = [await http.get(url) for url in [*urls, *(item["url"] for item in detail["screens"])]]
    for answer in answers:
        assert answer.headers["content-type"] in {"image/jpeg", "image/webp"}
        assert b"<script" not in answer.content
        assert b"PK\x03\x04" not in answer.content
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_an_original_is_sent_as_a_file_and_never_shown(platform: Platform) -> None:
    event, body = await platform.new_event(), polyglot("page behind")
    guest = await event.new_member()
    photo = await event.upload(body)
    await platform.jobs.run()
    await event.tag(photo, guest)
    package = await event.new_package(photo_count=0, price=0, deliverable="original")
    await guest.post("/purchases", {"project_id": event.project_id, "package_id": package})
    download = await guest.get(f"/photos/{photo}/download")
    async with httpx.AsyncClient() as http:
        answer = await http.get(download["url"])
    assert answer.content == body
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"].startswith("attachment;")


@pytest.mark.parametrize("name", EVIL_NAMES)
async def test_a_file_name_is_a_name_and_nothing_else(platform: Platform, name: str) -> None:
    event = await platform.new_event()
    guest = await event.new_member()
    photo = await event.upload(picture(92), filename=name)
    await platform.jobs.run()
    await event.tag(photo, guest)
    package = await event.new_package(photo_count=0, price=0, deliverable="original")
    bought = await guest.post("/purchases", {"project_id": event.project_id, "package_id": package})
    download = await guest.get(f"/photos/{photo}/download")
    async with httpx.AsyncClient() as http:
        answer = await http.get(download["url"])
        assert answer.status_code == 200
        assert "set-cookie" not in answer.headers
        disposition = answer.headers["content-disposition"]
        assert disposition.startswith("attachment; filename=")
        assert disposition.count('"') == 2
        await guest.post(f"/purchases/{bought['id']}/archive")
        await platform.jobs.run()
        archive = await guest.get(f"/purchases/{bought['id']}/archive")
        packed = await http.get(archive["url"])
    with zipfile.ZipFile(io.BytesIO(packed.content)) as file:
        (inside,) = file.namelist()
    assert not inside.startswith(("/", "."))
    assert not {"/", "\\", ".."} & {inside, *inside.split("/")} - {inside}
    assert "/" not in inside
    assert "\\" not in inside


@pytest.mark.parametrize("name", ["a\r\nSet-Cookie: x=y.jpg", "a\0.jpg", "\x1b[31m.jpg", "", "x" * 300])
async def test_names_with_control_characters_are_not_taken(platform: Platform, name: str) -> None:
    event = await platform.new_event()
    wish = event.announced(b"x", filename=name)
    answer = await (await media_of(event)).call("POST", "/photographers/me/photos/upload-url", wish)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")


def test_no_name_leads_out_of_the_folder_that_it_is_unpacked_to(tmp_path: Path) -> None:
    names = unique_names([*EVIL_NAMES, "..", "...", "/", "\\", "a/../b.jpg", "B.JPG"])
    path = tmp_path / "photos.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    out = tmp_path / "out"
    with zipfile.ZipFile(path) as archive:
        archive.extractall(out)
    unpacked = [item for item in out.rglob("*") if item.is_file()]
    assert len(unpacked) == len(names)
    assert {item.parent for item in unpacked} == {out}


@pytest.mark.parametrize("name", [*EVIL_NAMES, "a\r\nb.jpg"])
def test_a_disposition_is_one_header_of_one_line(name: str) -> None:
    header = attachment(name)
    assert header.isascii()
    assert not {"\r", "\n", "\0"} & set(header)
    assert header.count('"') == 2
