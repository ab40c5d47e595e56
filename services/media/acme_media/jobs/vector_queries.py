"""Vectors of all faces, of projects that keep them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from sqlalchemy import LargeBinary, delete, exists, func, or_, select, text, true
from sqlalchemy.dialects.postgresql import aggregate_order_by, insert
from sqlalchemy.ext.asyncio import AsyncSession

from acme_db.models import FaceVector, FaceVectorVersion, Photo, PhotoFace, Project
from acme_media.faces.values import Vectors

DIMENSIONS = 128
HEADER_BYTES, FLOAT = 4, ">f4"
"""As pgvector sends a vector: its dimensions and a reserved number, then its floats, big-endian."""


@dataclass(frozen=True)
class StoredVectors:
    version: int
    vectors: Vectors
    photos: Sequence[UUID]


async def state_of(session: AsyncSession, project_id: UUID) -> int | None:
    """The version of the project's vectors; None where they may not be compared."""
    statement = (
        select(func.coalesce(FaceVectorVersion.version, 0))
        .select_from(Project)
        .outerjoin(FaceVectorVersion, FaceVectorVersion.project_id == Project.id)
        .where(Project.id == project_id, Project.face_index_at.is_not(None))
    )
    version: int | None = await session.scalar(statement)
    return version


async def photos_within(
    session: AsyncSession, project_id: UUID, engine: str, templates: Vectors, reach: float
) -> set[UUID]:
    """Photos with a vector that near to one of the templates: one pass over the project's, by one core.

    Compiling the query, or starting more processes for it, would take as long as the search.
    """
    await session.execute(text("SET LOCAL jit = off"))
    await session.execute(text("SET LOCAL max_parallel_workers_per_gather = 0"))
    statement = select(FaceVector.photo_id).where(
        FaceVector.project_id == project_id,
        FaceVector.engine == engine,
        or_(*(FaceVector.embedding.l2_distance(template) <= reach for template in templates)),
    )
    return set((await session.scalars(statement)).all())


async def read_vectors(session: AsyncSession, project_id: UUID, engine: str) -> StoredVectors | None:
    """All of the project's with their version, in one statement: both of one instant.

    As the bytes that the server has. None where they may not be compared.
    """
    sent = func.vector_send(FaceVector.embedding, type_=LargeBinary)
    of_project = (
        select(
            func.string_agg(sent, aggregate_order_by(func.decode("", "hex"), FaceVector.face_id)),
            func.array_agg(aggregate_order_by(FaceVector.photo_id, FaceVector.face_id)),
        )
        .where(FaceVector.project_id == project_id, FaceVector.engine == engine)
        .subquery()
    )
    statement = (
        select(func.coalesce(FaceVectorVersion.version, 0), *of_project.c)
        .select_from(Project)
        .join(of_project, true())
        .outerjoin(FaceVectorVersion, FaceVectorVersion.project_id == Project.id)
        .where(Project.id == project_id, Project.face_index_at.is_not(None))
    )
    row = (await session.execute(statement)).one_or_none()
    return None if row is None else StoredVectors(row[0], _vectors(row[1] or b""), row[2] or [])


def _vectors(sent: bytes) -> Vectors:
    one = np.dtype([("header", f"V{HEADER_BYTES}"), ("values", FLOAT, (DIMENSIONS,))])
    return np.frombuffer(sent, one)["values"].astype(np.float32)


async def has_faces_without(session: AsyncSession, project_id: UUID, engine: str) -> bool:
    """Whether any face of the project can be compared by its crop only."""
    is_kept = exists().where(FaceVector.face_id == PhotoFace.id, FaceVector.engine == engine)
    statement = (
        select(PhotoFace.id)
        .join(Photo, Photo.id == PhotoFace.photo_id)
        .where(PhotoFace.project_id == project_id, Photo.deleted_at.is_(None), ~is_kept)
        .limit(1)
    )
    return await session.scalar(statement) is not None


async def store_vectors(session: AsyncSession, vectors: Mapping[UUID, list[float]], engine: str) -> None:
    """Of faces that are there still, in photos that nobody has deleted."""
    statement = (
        select(PhotoFace.id, PhotoFace.photo_id, PhotoFace.project_id)
        .join(Photo, Photo.id == PhotoFace.photo_id)
        .where(PhotoFace.id.in_(list(vectors)), Photo.deleted_at.is_(None))
        .order_by(Photo.id, PhotoFace.id)
        .with_for_update(read=True)
    )
    rows = [
        {
            "face_id": row[0],
            "photo_id": row[1],
            "project_id": row[2],
            "engine": engine,
            "embedding": vectors[row[0]],
        }
        for row in (await session.execute(statement)).all()
    ]
    if rows:
        new = insert(FaceVector).values(rows)
        changed = {"engine": new.excluded.engine, "embedding": new.excluded.embedding}
        await session.execute(new.on_conflict_do_update(index_elements=["face_id"], set_=changed))


async def erase_vectors_of(session: AsyncSession, photo_id: UUID) -> None:
    await session.execute(delete(FaceVector).where(FaceVector.photo_id == photo_id))


async def erase_vectors(session: AsyncSession, project_id: UUID) -> None:
    await session.execute(delete(FaceVector).where(FaceVector.project_id == project_id))
