"""Late guests: kept crops are compared on montages, so that no bystander is ever indexed."""

import io
from functools import cache

import pytest
from PIL import Image

from acme_media.faces.engine import TransientFaceError
from acme_media.faces.rekognition import RekognitionEngine
from acme_media.faces.rekognition.montage import CELL, GAP, PER_SHEET, montages
from acme_media.faces.rekognition.pictures import MAX_IMAGE_BYTES
from acme_media.faces.values import Box
from acme_standalone.demo.scenes import Person, portrait_of
from tests.services.harness import picture
from tests.services.media.faces.standin import calls_of, engine_of, fail


@pytest.fixture
def engine(rekognition_url: str) -> RekognitionEngine:
    return engine_of(rekognition_url)


@cache
def portrait(person: Person, side: int = 240) -> Image.Image:
    return portrait_of(person).resize((side, round(side * 1.2)))


async def crop_of(engine: RekognitionEngine, person: Person, side: int = 240) -> bytes:
    return (await engine.find_faces(portrait(person, side)))[0].crop


def coloured(number: int, size: tuple[int, int] = (100, 120)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, (number, 255 - number, 128)).save(buffer, "PNG")
    return buffer.getvalue()


def test_every_place_of_a_montage_is_found_again() -> None:
    crops = [coloured(number % 256, (80 + number, 160)) for number in range(PER_SHEET + 5)]
    (places, first), (rest, second) = montages(crops)
    assert (list(places), list(rest)) == (list(range(PER_SHEET)), list(range(PER_SHEET, PER_SHEET + 5)))
    sheet = Image.open(io.BytesIO(first.picture)).convert("RGB")
    assert sheet.size == (first.side, first.side)
    for number in range(PER_SHEET):
        row, column = divmod(number, 9)
        left, top = GAP + column * (CELL + GAP), GAP + row * (CELL + GAP)
        box = Box(
            *(value / first.side for value in (left + CELL * 0.25, top + CELL * 0.25, CELL / 2, CELL / 2))
        )
        assert first.crop_at(box) == number
        red, green, _ = sheet.getpixel((left + CELL // 2, top + CELL // 2))  # type: ignore[misc] # an RGB picture
        assert (red, green) == pytest.approx((number, 255 - number), abs=6)
    assert second.crop_at(Box(0.9, 0.9, 0.05, 0.05)) is None, "an empty place is nobody's"
    assert first.crop_at(Box(0, 0, 0.004, 0.004)) is None, "nor is a border"


def test_a_montage_keeps_to_the_limits_of_aws() -> None:
    noise = Image.effect_noise((CELL, CELL), 120).convert("RGB")
    buffer = io.BytesIO()
    noise.save(buffer, "PNG")
    ((_, montage),) = montages([buffer.getvalue()] * PER_SHEET)
    assert len(montage.picture) <= MAX_IMAGE_BYTES
    assert montage.side <= 1920, "in a larger one faces would have to be larger"
    assert PER_SHEET <= 100


async def test_crops_that_may_show_the_guest_are_told_from_those_that_do_not(
    engine: RekognitionEngine, rekognition_url: str
) -> None:
    eileen, grace = [await crop_of(engine, person) for person in (Person.EILEEN, Person.GRACE)]
    small = await crop_of(engine, Person.EILEEN, side=180)
    selfie = await crop_of(engine, Person.EILEEN, side=400)
    crops = [grace, eileen, grace, small, grace]
    before = calls_of(rekognition_url).get("CompareFaces", 0)
    assert await engine.sift([selfie], crops) == [False, True, False, True, False]
    assert calls_of(rekognition_url)["CompareFaces"] - before == 1, "one call for all of them"


async def test_several_selfies_are_asked_of(engine: RekognitionEngine) -> None:
    eileen, grace = [await crop_of(engine, person) for person in (Person.EILEEN, Person.GRACE)]
    assert await engine.sift([eileen, grace], [grace, eileen]) == [True, True]


async def test_a_crop_whose_face_is_not_seen_may_show_anybody(engine: RekognitionEngine) -> None:
    eileen, grace = [await crop_of(engine, person) for person in (Person.EILEEN, Person.GRACE)]
    faceless = picture(11, (160, 160))
    assert await engine.sift([eileen], [grace, faceless]) == [False, True]
    assert await engine.sift([eileen], [faceless]) == [True], "AWS refuses a montage without a face"


async def test_nothing_to_compare_calls_nobody(engine: RekognitionEngine, rekognition_url: str) -> None:
    before = calls_of(rekognition_url)
    assert await engine.sift([b"a selfie"], []) == []
    assert await engine.sift([], [coloured(1)]) == [False]
    assert calls_of(rekognition_url) == before


async def test_a_provider_that_is_busy_for_long_is_asked_again_later(
    engine: RekognitionEngine, rekognition_url: str
) -> None:
    eileen = await crop_of(engine, Person.EILEEN)
    fail(rekognition_url, "CompareFaces", "ProvisionedThroughputExceededException", 3)
    with pytest.raises(TransientFaceError):
        await engine.sift([eileen], [eileen])
    fail(rekognition_url, "CompareFaces", "ThrottlingException", 1)
    assert await engine.sift([eileen], [eileen]) == [True], "for a moment only: another try"
