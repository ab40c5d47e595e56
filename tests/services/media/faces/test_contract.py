"""What the jobs rely on, asked of both engines alike: the local one, and Rekognition's over its stand-in."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageOps

from acme_media.faces.engine import FaceEngine
from acme_media.faces.local_engine import LocalEngine, embed_crops
from acme_media.faces.rekognition import RekognitionEngine
from acme_media.faces.selfie_gate import SURE_SCORE
from acme_media.faces.values import FoundFace, Vectors
from acme_standalone.demo.scenes import Person, portrait_of
from tests.services.media.faces.standin import engine_of

ANN, BOB = (UUID(int=number) for number in (1, 2))

Enrol = Callable[[UUID, UUID, FoundFace], Awaitable[str | None]]


@dataclass
class MemoryTemplates:
    """Exact search, one entry a person."""

    vectors: dict[UUID, dict[UUID, Vectors]] = field(default_factory=dict)

    async def count(self, project_id: UUID) -> int:
        return len(self.vectors.get(project_id, {}))

    async def nearest(self, project_id: UUID, vectors: Vectors, limit: int) -> list[list[tuple[UUID, float]]]:
        people = self.vectors.get(project_id, {})
        return [
            sorted(
                ((user, float(np.linalg.norm(own - vector, axis=1).min())) for user, own in people.items()),
                key=lambda entry: entry[1],
            )[:limit]
            for vector in vectors
        ]


@pytest.fixture
def templates() -> MemoryTemplates:
    return MemoryTemplates()


@pytest.fixture
def local(templates: MemoryTemplates) -> LocalEngine:
    return LocalEngine(templates)


@pytest.fixture
def rekognition(rekognition_url: str) -> RekognitionEngine:
    return engine_of(rekognition_url)


@pytest.fixture(params=["local", "rekognition"])
def engine(request: pytest.FixtureRequest) -> FaceEngine:
    found: FaceEngine = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def enrol(engine: FaceEngine, templates: MemoryTemplates) -> Enrol:
    """As the jobs do it: either we keep the face, or the provider does."""

    async def enrol(project_id: UUID, user_id: UUID, face: FoundFace) -> str | None:
        template = await engine.template(face.crop)
        face_id = await engine.enrol(project_id, user_id, uuid4(), face.crop)
        assert (template is None) == (face_id is not None)
        if template is not None:
            own = np.array([template], np.float32)
            people = templates.vectors.setdefault(project_id, {})
            people[user_id] = np.concatenate([people[user_id], own]) if user_id in people else own
        return face_id

    return enrol


async def face_of(engine: FaceEngine, person: Person, light: float = 1.0, side: int = 420) -> FoundFace:
    portrait = ImageOps.contain(portrait_of(person), (side, side))
    return (await engine.find_faces(ImageEnhance.Brightness(portrait).enhance(light)))[0]


async def test_a_guest_is_found_by_another_picture_before_all_others(
    engine: FaceEngine, enrol: Enrol
) -> None:
    project = uuid4()
    await enrol(project, BOB, await face_of(engine, Person.GRACE))
    await enrol(project, ANN, await face_of(engine, Person.EILEEN, light=1.1))
    probes = [(await face_of(engine, person, side=320)).crop for person in (Person.EILEEN, Person.GRACE)]
    first, second = await engine.search(project, probes)
    assert [first[0].user_id, second[0].user_id] == [ANN, BOB]
    for candidates in (first, second):
        assert 100 >= candidates[0].confidence >= 75
        assert all(other.confidence < 55 for other in candidates[1:]), "these two are no relatives"


async def test_several_selfies_of_a_guest_are_one_candidate(engine: FaceEngine, enrol: Enrol) -> None:
    project = uuid4()
    for light in (0.7, 1.0, 1.2):
        await enrol(project, ANN, await face_of(engine, Person.EILEEN, light=light))
    ((only,),) = await engine.search(project, [(await face_of(engine, Person.EILEEN)).crop])
    assert only.user_id == ANN


async def test_another_projects_members_are_not_found(engine: FaceEngine, enrol: Enrol) -> None:
    mine, other = uuid4(), uuid4()
    face = await face_of(engine, Person.EILEEN)
    await enrol(mine, ANN, face)
    assert [len(found) for found in await engine.search(mine, [face.crop])] == [1]
    assert await engine.search(other, [face.crop]) == [[]]


async def test_what_is_forgotten_is_found_no_more_and_may_be_forgotten_again(
    engine: FaceEngine, enrol: Enrol
) -> None:
    project = uuid4()
    face = await face_of(engine, Person.EILEEN)
    face_id = await enrol(project, ANN, face)
    kept = await engine.enrolled(project)
    assert kept == (None if face_id is None else [face_id])
    for _ in range(2):
        await engine.forget(project, [face_id or "none"])
    if face_id is not None:
        assert await engine.search(project, [face.crop]) == [[]]
        assert await engine.enrolled(project) == []


async def test_nothing_to_search_or_forget_calls_nobody(engine: FaceEngine) -> None:
    project = uuid4()
    assert await engine.search(project, []) == []
    await engine.forget(project, [])


async def test_faces_are_found_largest_first_with_box_and_crop(engine: FaceEngine) -> None:
    sheet = Image.new("RGB", (1200, 600), "gray")
    sheet.paste(portrait_of(Person.EILEEN).resize((350, 420)), (20, 20))
    sheet.paste(portrait_of(Person.GRACE).resize((450, 540)), (700, 20))
    large, small = [face for face in await engine.find_faces(sheet) if face.score >= SURE_SCORE]
    assert large.size_px > small.size_px > 60
    assert large.box.left > 0.5 > small.box.left
    for face in (large, small):
        assert len(await engine.search(uuid4(), [face.crop])) == 1


async def test_a_picture_without_faces_has_none(engine: FaceEngine) -> None:
    assert await engine.find_faces(Image.new("RGB", (640, 480), "gray")) == []


async def test_local_search_takes_the_nearest_template(
    local: LocalEngine, templates: MemoryTemplates
) -> None:
    """Bob is a stranger; Ann has a second template that is far off."""
    project = uuid4()
    face = await face_of(local, Person.EILEEN)
    own = embed_crops([face.crop])
    templates.vectors[project] = {BOB: own + 0.1, ANN: np.concatenate([own + 1, own])}
    ((best, second),) = await local.search(project, [face.crop])
    assert (best.user_id, second.user_id) == (ANN, BOB)
