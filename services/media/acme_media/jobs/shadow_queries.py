from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from acme_db.models import MatchScore, Selfie, ShadowResult
from acme_media.faces.matching import Score
from acme_media.faces.shadow import Comparison


async def primary_scores(session: AsyncSession, photo_id: UUID) -> list[Score]:
    rows = (await session.scalars(select(MatchScore).where(MatchScore.photo_id == photo_id))).all()
    return [Score(0, row.user_id, row.confidence, None, row.is_capped) for row in rows]


async def keep_vector(session: AsyncSession, selfie_id: UUID, vector: list[float]) -> None:
    """What another run has kept stays."""
    await session.execute(
        update(Selfie).where(Selfie.id == selfie_id, Selfie.embedding.is_(None)).values(embedding=vector)
    )


async def write_results(
    session: AsyncSession, photo_id: UUID, engines: tuple[str, str], compared: Sequence[Comparison]
) -> None:
    """The results of a photo become exactly these."""
    await session.execute(delete(ShadowResult).where(ShadowResult.photo_id == photo_id))
    rows = [
        {
            "photo_id": photo_id,
            "user_id": item.user_id,
            "primary_engine": engines[0],
            "shadow_engine": engines[1],
            "primary_score": item.primary and item.primary.confidence,
            "shadow_score": item.shadow and item.shadow.confidence,
            "primary_band": item.primary and item.primary.band,
            "shadow_band": item.shadow and item.shadow.band,
        }
        for item in compared
    ]
    if rows:
        await session.execute(insert(ShadowResult).values(rows))
