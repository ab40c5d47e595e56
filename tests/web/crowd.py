"""An event with very many photos, without waiting for a photographer: rows that name pictures of ours."""

import asyncio
import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import UUID

from PIL import Image, ImageFilter

from acme_config.settings import StorageSettings
from acme_standalone.demo.story import Event, Guest
from acme_storage.gateway import ObjectStorage
from tests.web.world import World

PICTURES = 600
"""Thumbnails; enough that no screen shows one twice, nor what is kept decoded."""
SHAPES = [(400, 267), (267, 400), (400, 225), (400, 400)]

_PHOTOS = """
INSERT INTO photos (id, project_id, photographer_id, storage_key, thumbnail_key, preview_key, watermarked_key,
    status, uploaded_at, filename, content_type, size_bytes, width, height, thumbhash, upload_state,
    upload_expires_at, recognition_state)
SELECT gen_random_uuid(), $2, pictures.photographer_id, pictures.storage_key, pictures.thumbnail_key,
    pictures.preview_key, pictures.watermarked_key, 'ready', now() - number * interval '1 second',
    'IMG_' || number || '.jpg', 'image/jpeg', pictures.size_bytes, pictures.width, pictures.height,
    pictures.thumbhash, 'verified', now(), 'done'
FROM generate_series(1, $3::int) AS number
JOIN (SELECT *, row_number() OVER (ORDER BY uploaded_at, id) - 1 AS place, count(*) OVER () AS total
    FROM photos WHERE project_id = $1 AND status = 'ready') AS pictures
    ON pictures.place = number % pictures.total
"""
_TAGS = """
INSERT INTO photo_tags (photo_id, user_id, confidence, source, review_status, confirmed_at)
SELECT id, $2, 100, 'manual', 'confirmed', now() FROM photos WHERE project_id = $1
"""
_THUMBNAILS = """
UPDATE photos SET thumbnail_key = 'crowd/' || number || '.jpg', width = 8 * widths[1 + number % 4],
    height = 8 * heights[1 + number % 4]
FROM (SELECT id, (row_number() OVER (ORDER BY id)) % $2::int AS number
        FROM photos WHERE project_id = $1) AS numbered,
    (SELECT $3::int[] AS widths, $4::int[] AS heights) AS shapes
WHERE photos.id = numbered.id
"""
_FACES = """
INSERT INTO photo_faces (photo_id, project_id, ordinal, box_left, box_top, box_width, box_height, size_px,
    detection_score, sharpness, crop_key)
SELECT copies.id, copies.project_id, faces.ordinal, box_left, box_top, box_width, box_height, size_px,
    detection_score, sharpness, crop_key
FROM photos AS copies
JOIN photos AS originals ON originals.storage_key = copies.storage_key AND originals.project_id = $1
JOIN photo_faces AS faces ON faces.photo_id = originals.id
WHERE copies.project_id = $2
"""


def new_event(world: World, name: str) -> Event:
    """Another one of the same operator and photographer."""
    operator = world.event.operator
    terms = "Photos are taken here."
    project = operator.create("/projects", {"name": name, "terms_and_conditions": terms})
    wish = {"kind": "poster", "expires_in_s": 86400}
    token = operator.create(f"/projects/{project['id']}/qr-tokens", wish)
    return replace(world.event, project_id=project["id"], join_token=token["token"])


def fill(world: World, event: Event, source: Event, count: int) -> None:
    """With as many photos, which show what the source's do."""
    world.execute(_PHOTOS, UUID(source.project_id), UUID(event.project_id), count)


def copy_faces(world: World, event: Event, source: Event) -> None:
    world.execute(_FACES, UUID(source.project_id), UUID(event.project_id))


def tag_everywhere(world: World, event: Event, guest: Guest) -> None:
    world.execute(_TAGS, UUID(event.project_id), UUID(guest.main.get("/me")["id"]))
    world.execute("ANALYZE photos, photo_tags")  # as autovacuum does where photos come in more slowly


def paint_thumbnails(world: World, event: Event) -> None:
    """Many different ones, of several shapes, as heavy as real ones."""
    storage = ObjectStorage(StorageSettings.model_validate(dict(world.settings)))
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: asyncio.run(_write_thumbnails(storage))).result()
    widths, heights = zip(*SHAPES, strict=True)
    world.execute(_THUMBNAILS, UUID(event.project_id), PICTURES, list(widths), list(heights))


async def _write_thumbnails(storage: ObjectStorage) -> None:
    for number in range(PICTURES):
        body = _thumbnail(SHAPES[number % len(SHAPES)], number)
        await storage.write(f"crowd/{number}.jpg", body, "image/jpeg")


def _thumbnail(size: tuple[int, int], number: int) -> bytes:
    noise = Image.effect_noise((size[0] // 4, size[1] // 4), 90).resize(size)
    tint = Image.new("RGB", size, f"hsl({number * 37 % 360}, 55%, 45%)")
    picture = Image.composite(
        tint, Image.new("RGB", size, "#f2e9dc"), noise.filter(ImageFilter.GaussianBlur(2))
    )
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()
