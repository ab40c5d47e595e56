"""Files as they come, and what becomes of each."""

import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from PIL import ExifTags, Image

from acme_core.photos import FailureCode
from acme_media.images.decode import load_pixels, load_upright
from acme_media.images.derivatives import Thumbnail, Watermarked, thumbnail_of, watermarked_of
from acme_media.images.pixels import Pyramid
from acme_media.images.probe import Probe, probe
from acme_media.images.rejection import ImageRejectedError
from acme_media.images.watermark import WatermarkProfile
from tests.services.harness import picture

LIMIT = 200_000_000
LARGE = 10_000
PROFILE = WatermarkProfile("Acme Events")


@pytest.fixture
def saved(tmp_path: Path) -> Callable[[bytes], Path]:
    def save(body: bytes) -> Path:
        path = tmp_path / "object"
        path.write_bytes(body)
        return path

    return save


Save = Callable[[bytes], Path]


def probed(path: Path, kind: str = "image/jpeg", zone: ZoneInfo | None = None) -> Probe:
    return probe(path, max_pixels=LIMIT, announced_type=kind, default_zone=zone)


def make_thumbnail(path: Path) -> Thumbnail:
    return thumbnail_of(Pyramid(load_pixels(path, max_pixels=LIMIT)))


def make_watermarked(path: Path, taken_at: datetime | None = None) -> Watermarked:
    return watermarked_of(Pyramid(load_pixels(path, max_pixels=LIMIT)), PROFILE, taken_at)


def halves(size: tuple[int, int] = (600, 400)) -> Image.Image:
    """Red above, blue below."""
    image = Image.new("RGB", size, (0, 0, 200))
    image.paste((200, 0, 0), (0, 0, size[0], size[1] // 2))
    return image


def encoded(image: Image.Image, form: str = "JPEG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.95])
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_file_that_ends_early_is_refused(saved: Save, form: str, cut: float) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (300, 400, 3), dtype=np.uint8)
    body = encoded(Image.fromarray(noise), form)
    with pytest.raises(ImageRejectedError) as refused:
        make_thumbnail(saved(body[: int(len(body) * cut)]))
    assert refused.value.code in {FailureCode.TRUNCATED, FailureCode.NOT_AN_IMAGE}


ORIENTED: dict[int, Image.Transpose | None] = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("orientation", ORIENTED)
def test_every_orientation_is_turned_upright(saved: Save, orientation: int) -> None:
    upright = halves()
    turn = ORIENTED[orientation]
    stored = upright if turn is None else upright.transpose(turn)
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    path = saved(encoded(stored, quality=95, exif=exif.tobytes()))
    found = probed(path)
    assert (found.width, found.height) == upright.size
    picture_ = load_upright(path, max_pixels=LIMIT, max_side=LARGE)
    assert picture_.size == upright.size
    top, bottom = picture_.getpixel((300, 50)), picture_.getpixel((300, 350))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[0] > 150 > top[2]
    assert bottom[2] > 150 > bottom[0]
    deliverable = make_watermarked(path).deliverable
    with Image.open(io.BytesIO(deliverable)) as result:
        assert result.size == upright.size
        assert result.getexif().get(ExifTags.Base.Orientation) in {None, 1}


def with_metadata() -> bytes:
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Acme"
    fields = exif.get_ifd(ExifTags.IFD.Exif)
    fields[ExifTags.Base.DateTimeOriginal] = "2026:06:20 19:30:00"
    fields[ExifTags.Base.OffsetTimeOriginal] = "+02:00"
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef] = "N"
    place[ExifTags.GPS.GPSLatitude] = (48.0, 12.0, 30.0)
    return encoded(halves(), exif=exif.tobytes())


def require_no_place(body: bytes) -> None:
    """Nothing but copyright and capture time is told, in whatever way a format can tell."""
    with Image.open(io.BytesIO(body)) as result:
        exif = result.getexif()
        assert set(exif) <= {ExifTags.Base.Copyright, ExifTags.IFD.Exif}
        assert set(exif.get_ifd(ExifTags.IFD.Exif)) <= {
            ExifTags.Base.DateTimeOriginal,
            ExifTags.Base.OffsetTimeOriginal,
        }
        assert not exif.get_ifd(ExifTags.IFD.GPSInfo)
        assert not result.info.keys() & {"xmp", "comment", "photoshop", "icc_profile", "XML:com.adobe.xmp"}


def test_capture_time_is_read_with_its_offset_and_no_derivative_tells_a_place(saved: Save) -> None:
    path = saved(with_metadata())
    taken_at = probed(path).taken_at
    assert taken_at == datetime(2026, 6, 20, 17, 30, tzinfo=UTC)
    made = make_watermarked(path, taken_at)
    for body in (made.preview, made.deliverable, *made.screens.values(), make_thumbnail(path).jpeg):
        require_no_place(body)
    with Image.open(io.BytesIO(made.deliverable)) as result:
        exif = result.getexif()
        assert exif[ExifTags.Base.Copyright] == "Acme Events"
        assert exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] == "2026:06:20 17:30:00"


@pytest.mark.parametrize(
    ("text", "offset", "expected"),
    [
        ("2026:06:20 19:30:00", "", datetime(2026, 6, 20, 17, 30, tzinfo=UTC)),
        ("2026:06:20 19:30:00", "-05:00", datetime(2026, 6, 21, 0, 30, tzinfo=UTC)),
        ("2026:06:20 19:30:00", "nonsense", datetime(2026, 6, 20, 17, 30, tzinfo=UTC)),
        ("0000:00:00 00:00:00", "", None),
        ("yesterday", "", None),
    ],
)
def test_a_camera_without_an_offset_is_in_the_projects_time_zone(
    saved: Save, text: str, offset: str, expected: datetime | None
) -> None:
    exif = Image.Exif()
    fields = exif.get_ifd(ExifTags.IFD.Exif)
    fields[ExifTags.Base.DateTimeOriginal] = text
    fields[ExifTags.Base.OffsetTimeOriginal] = offset
    path = saved(encoded(halves(), exif=exif.tobytes()))
    assert probed(path, zone=ZoneInfo("Europe/Vienna")).taken_at == expected


def test_derivatives_have_their_sizes_and_differ_from_the_original(saved: Save) -> None:
    body = picture(3, (3000, 2000), quality=90)
    path = saved(body)
    thumbnail = make_thumbnail(path)
    made = make_watermarked(path)
    sizes = []
    for result in (thumbnail.jpeg, made.preview, made.deliverable):
        with Image.open(io.BytesIO(result)) as image:
            assert image.format == "JPEG"
            sizes.append(image.size)
    assert sizes == [(400, 267), (2048, 1365), (3000, 2000)]
    with Image.open(io.BytesIO(made.deliverable)) as branded, Image.open(path) as original:
        change = np.abs(np.asarray(branded, np.int16) - np.asarray(original.convert("RGB"), np.int16))
    assert change[-120:, -600:].max() > 40, "the mark is in the corner"
    assert change[:1500, :2000].mean() < 3, "the rest is the photo"
    assert thumbnail.thumbhash


def test_the_same_file_gives_the_same_bytes(saved: Save) -> None:
    path = saved(picture(4))
    first, second = (make_watermarked(path) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("size", [(1, 1), (2, 3000), (3000, 2), (17, 11)])
def test_odd_shapes_go_through(saved: Save, size: tuple[int, int]) -> None:
    path = saved(encoded(Image.new("RGB", size, "navy")))
    make_thumbnail(path)
    made = make_watermarked(path)
    with Image.open(io.BytesIO(made.deliverable)) as result:
        assert result.size == size
