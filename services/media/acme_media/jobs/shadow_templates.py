"""Members are made known to the shadow engine too: from their selfies, for the kept crops are not its own."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import structlog

from acme_config.settings import FaceEngineName
from acme_db.models import Selfie
from acme_db.unit_of_work import unit_of_work
from acme_media.faces.engine import FaceEngine, PermanentFaceError
from acme_media.faces.rekognition import collection_id
from acme_media.faces.selfie_gate import judge
from acme_media.faces.values import FoundFace
from acme_media.images.decode import load_upright
from acme_media.images.rejection import ImageRejectedError
from acme_media.jobs import member_queries, provider_queries, shadow_queries
from acme_media.jobs.context import JobContext
from acme_media.jobs.selfies import SELFIE_SIDE
from acme_storage.gateway import ObjectMissing

log = structlog.get_logger()


class ShadowTemplates:
    def __init__(self, context: JobContext, engine: FaceEngine, name: FaceEngineName) -> None:
        self._context = context
        self._engine = engine
        self._name = name
        self._turn = asyncio.Lock()
        self._useless: set[UUID] = set()
        """Selfies in which this engine sees no face: each is looked at once by a worker."""

    async def complete(self, project_id: UUID) -> None:
        """One at a time in a worker; between workers the database decides."""
        async with self._turn:
            for selfie in await self._missing(project_id):
                if selfie.id not in self._useless:
                    await self._add(project_id, selfie)

    async def _missing(self, project_id: UUID) -> Sequence[Selfie]:
        async with self._context.sessions() as session:
            match self._name:
                case FaceEngineName.LOCAL:
                    return await provider_queries.without_vector(session, project_id)
                case FaceEngineName.REKOGNITION:
                    return await provider_queries.not_enrolled(session, project_id)

    async def _add(self, project_id: UUID, selfie: Selfie) -> None:
        face = await self._face_of(selfie)
        if face is None:
            self._useless.add(selfie.id)
            return
        vector = await self._engine.template(face.crop)
        if vector is not None:
            await self._keep_vector(selfie, vector)
            return
        face_id = await self._engine.enrol(project_id, selfie.user_id, selfie.id, face.crop)
        if face_id is not None:
            await self._keep_face(project_id, selfie, face_id)

    async def _face_of(self, selfie: Selfie) -> FoundFace | None:
        try:
            async with self._context.fetched(selfie.storage_key) as path:
                picture = await asyncio.to_thread(
                    load_upright, path, max_pixels=self._context.limits.max_pixels, max_side=SELFIE_SIDE
                )
            judged = judge(await self._engine.find_faces(picture))
        except (ObjectMissing, ImageRejectedError, PermanentFaceError) as error:
            log.info("shadow_selfie_refused", selfie_id=str(selfie.id), reason=str(error))
            return None
        return judged if isinstance(judged, FoundFace) else None

    async def _keep_vector(self, selfie: Selfie, vector: list[float]) -> None:
        async with unit_of_work(self._context.sessions) as session:
            if await member_queries.lock_enrollable(session, selfie.user_id, selfie.id):
                await shadow_queries.keep_vector(session, selfie.id, vector)

    async def _keep_face(self, project_id: UUID, selfie: Selfie, face_id: str) -> None:
        """What was withdrawn, or enrolled by another, while the provider worked is taken back at once."""
        async with unit_of_work(self._context.sessions) as session:
            is_kept = await member_queries.lock_enrollable(session, selfie.user_id, selfie.id)
            if is_kept:
                collection = collection_id(project_id)
                is_kept = await provider_queries.keep_face(
                    session, selfie.id, project_id, collection, face_id
                )
        if not is_kept:
            await self._engine.forget(project_id, [face_id])
