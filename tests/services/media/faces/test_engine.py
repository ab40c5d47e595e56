"""The local engine on the two public-domain portraits that ship in wheels, against dlib itself."""

import io

import dlib
import numpy as np
import pytest
from PIL import Image, ImageFilter

from acme_core.selfies import Rejection, advice
from acme_media.faces.detector import Detector
from acme_media.faces.local_engine import LocalEngine, embed_crops
from acme_media.faces.networks import EMBEDDING_SIZE, RESNET_FILE, shared_embedder
from acme_media.faces.selfie_gate import judge
from acme_media.faces.values import FoundFace
from acme_media.faces.weights import WeightsError, model_path, read_network
from acme_standalone.demo.scenes import Person, portrait_of


class Nobody:
    async def count(self, *_: object) -> int:
        return 0

    async def nearest(self, *_: object) -> list[object]:
        raise AssertionError("nobody is searched here")


@pytest.fixture(scope="module")
def engine() -> LocalEngine:
    return LocalEngine(Nobody())  # type: ignore[arg-type] # it is never searched


@pytest.fixture(scope="module")
def portraits() -> dict[Person, Image.Image]:
    return {person: portrait_of(person) for person in Person}


def best(faces: list[FoundFace]) -> FoundFace:
    return max(faces, key=lambda face: face.score)


@pytest.mark.parametrize("person", Person)
def test_embeddings_agree_with_dlibs_own(person: Person, portraits: dict[Person, Image.Image]) -> None:
    chip = Detector().detect(portraits[person])[0].chip
    ours = shared_embedder().embed([chip])[0]
    theirs = np.array(
        dlib.face_recognition_model_v1(str(model_path(RESNET_FILE))).compute_face_descriptor(chip)
    )
    assert ours.shape == (EMBEDDING_SIZE,)
    assert np.abs(ours - theirs).max() < 1e-5


def test_a_batch_embeds_like_its_members(portraits: dict[Person, Image.Image]) -> None:
    chips = [Detector().detect(portrait)[0].chip for portrait in portraits.values()]
    together = shared_embedder().embed(chips)
    alone = np.concatenate([shared_embedder().embed([chip]) for chip in chips])
    assert np.allclose(together, alone, atol=1e-4)
    assert shared_embedder().embed([]).shape == (0, EMBEDDING_SIZE)


async def test_the_same_person_is_near_and_another_far(
    engine: LocalEngine, portraits: dict[Person, Image.Image]
) -> None:
    eileen = portraits[Person.EILEEN]
    other = eileen.resize((eileen.width * 2, eileen.height * 2)).rotate(12, Image.Resampling.BICUBIC)
    crops = [
        best(await engine.find_faces(picture)).crop for picture in (eileen, other, portraits[Person.GRACE])
    ]
    first, again, stranger = embed_crops(crops)
    assert np.linalg.norm(first - again) < 0.40
    assert np.linalg.norm(first - stranger) > 0.60


async def test_boxes_are_in_shares_of_the_picture(
    engine: LocalEngine, portraits: dict[Person, Image.Image]
) -> None:
    portrait = portraits[Person.GRACE]
    canvas = Image.new("RGB", (3000, 2000), "gray")
    canvas.paste(portrait, (2000, 1000))
    face = best(await engine.find_faces(canvas))
    alone = best(await engine.find_faces(portrait))
    assert face.box.left * 3000 == pytest.approx(2000 + alone.box.left * portrait.width, abs=30)
    assert face.box.top * 2000 == pytest.approx(1000 + alone.box.top * portrait.height, abs=30)
    assert face.size_px == pytest.approx(alone.size_px, rel=0.25)


@pytest.mark.parametrize("degrees", [-40, -20, 20, 40])
async def test_a_rolled_head_keeps_its_embedding(
    engine: LocalEngine, portraits: dict[Person, Image.Image], degrees: int
) -> None:
    grace = portraits[Person.GRACE]
    turned = grace.rotate(degrees, Image.Resampling.BICUBIC, fillcolor="white")
    faces = [best(await engine.find_faces(picture)) for picture in (grace, turned)]
    upright, rolled = embed_crops([face.crop for face in faces])
    assert np.linalg.norm(upright - rolled) < 0.25
    straight, tilted = (face.roll for face in faces)
    assert straight is not None
    assert tilted is not None
    assert tilted - straight == pytest.approx(-degrees, abs=8)


@pytest.mark.parametrize("person", Person)
async def test_a_mirrored_head_looks_the_other_way(
    engine: LocalEngine, portraits: dict[Person, Image.Image], person: Person
) -> None:
    portrait = portraits[person]
    mirrored = portrait.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    one = best(await engine.find_faces(portrait)).yaw
    other = best(await engine.find_faces(mirrored)).yaw
    assert one is not None
    assert other == pytest.approx(-one, abs=8)


async def test_what_is_no_face_is_not_found(
    engine: LocalEngine, portraits: dict[Person, Image.Image]
) -> None:
    noise = np.random.default_rng(5).integers(0, 255, (900, 1200, 3), np.uint8)
    upside_down = portraits[Person.GRACE].crop((0, 300, 512, 600)).rotate(180)
    for picture in (Image.fromarray(noise), Image.new("RGB", (20, 4000)), upside_down):
        assert await engine.find_faces(picture) == []


async def test_sifting_keeps_the_guest_and_leaves_strangers_out(
    engine: LocalEngine, portraits: dict[Person, Image.Image]
) -> None:
    grace = best(await engine.find_faces(portraits[Person.GRACE])).crop
    eileen = best(await engine.find_faces(portraits[Person.EILEEN])).crop
    rolled = best(await engine.find_faces(portraits[Person.GRACE].rotate(20, fillcolor="white"))).crop
    many = [eileen, rolled] * 20  # more than are embedded at once
    assert await engine.sift([grace], many) == [False, True] * 20
    assert await engine.sift([eileen, grace], [rolled, eileen]) == [True, True]
    assert await engine.sift([], [grace]) == [False]
    assert await engine.sift([grace], []) == []


def degraded(portrait: Image.Image, how: str) -> Image.Image:
    match how:
        case "small":
            return portrait.resize((portrait.width // 4, portrait.height // 4))
        case "blurred":
            return portrait.filter(ImageFilter.GaussianBlur(portrait.width * 0.02))
        case "dark":
            return portrait.point(lambda value: value * 0.15)
        case "empty":
            return Image.new("RGB", (800, 600), "gray")
        case "two":
            pair = Image.new("RGB", (portrait.width * 2, portrait.height))
            pair.paste(portrait, (0, 0))
            pair.paste(portrait, (portrait.width, 0))
            return pair
    raise ValueError(how)


@pytest.mark.parametrize("person", Person)
async def test_ordinary_portraits_pass_the_gate(
    engine: LocalEngine, portraits: dict[Person, Image.Image], person: Person
) -> None:
    assert isinstance(judge(await engine.find_faces(portraits[person])), FoundFace)


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("small", Rejection.FACE_TOO_SMALL),
        ("blurred", Rejection.TOO_BLURRY),
        ("dark", Rejection.TOO_DARK),
        ("empty", Rejection.NO_FACE),
        ("two", Rejection.SEVERAL_FACES),
    ],
)
async def test_a_selfie_that_cannot_serve_is_refused_with_advice(
    engine: LocalEngine, portraits: dict[Person, Image.Image], how: str, expected: Rejection
) -> None:
    assert judge(await engine.find_faces(degraded(portraits[Person.GRACE], how))) is expected
    assert advice(expected).endswith(".")


async def test_a_small_face_in_the_background_does_not_spoil_a_selfie(
    engine: LocalEngine, portraits: dict[Person, Image.Image]
) -> None:
    picture = Image.new("RGB", (1200, 900), "gray")
    grace, eileen = portraits[Person.GRACE], portraits[Person.EILEEN]
    picture.paste(grace.resize((grace.width * 3 // 2, grace.height * 3 // 2)), (0, 100))
    picture.paste(eileen.resize((eileen.width * 3 // 5, eileen.height * 3 // 5)), (900, 100))
    faces = await engine.find_faces(picture)
    assert len(faces) >= 2
    assert isinstance(judge(faces), FoundFace)


def test_crops_are_pictures_that_can_be_kept(
    engine: LocalEngine, portraits: dict[Person, Image.Image]
) -> None:
    face = engine.find_faces_now(portraits[Person.GRACE])[0]
    with Image.open(io.BytesIO(face.crop)) as crop:
        assert crop.size == (150, 150)


def test_the_weights_are_read_whole() -> None:
    convolutions, head = read_network(model_path(RESNET_FILE))
    assert len(convolutions) == 29
    assert convolutions[0].weights.shape == (32, 3, 7, 7)
    assert head is not None
    assert head.weights.shape == (256, 128)


def test_a_missing_model_says_so() -> None:
    with pytest.raises(WeightsError, match="carries no"):
        model_path("no_such_model.dat")
