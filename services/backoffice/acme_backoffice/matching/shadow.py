"""What a second engine would have made of the photos."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from acme_backoffice.matching import shadow_queries as queries
from acme_backoffice.matching.schemas import DifferenceOut, EngineOpinion, ShadowOut, Verdict
from acme_backoffice.matching.shadow_queries import DifferenceRow
from acme_core.pages import Cursor, Page, PageRequest, cut_page
from acme_storage.gateway import ObjectStorage


async def compare_engines(
    session: AsyncSession,
    storage: ObjectStorage,
    project_id: UUID,
    verdict: Verdict | None,
    page: PageRequest,
    *,
    is_on: bool,
) -> ShadowOut:
    rows = await queries.list_differences(session, project_id, verdict, page)
    items, cursor = cut_page(rows, page.limit, lambda row: Cursor(row.result.compared_at, row.result.id))
    return ShadowOut(
        is_on=is_on,
        counts=await queries.counts(session, project_id),
        differences=Page(items=[_difference(row, storage) for row in items], next_cursor=cursor),
    )


def _difference(row: DifferenceRow, storage: ObjectStorage) -> DifferenceOut:
    def url(key: str | None) -> str | None:
        return storage.picture_url(key) if key else None

    result, tag = row.result, row.tag
    primary, shadow = result.primary_band, result.shadow_band
    return DifferenceOut(
        photo_id=result.photo_id,
        user_id=result.user_id,
        name=row.name,
        verdict=_verdict(primary, shadow),
        primary=EngineOpinion(engine=result.primary_engine, score=result.primary_score, band=primary),
        shadow=EngineOpinion(engine=result.shadow_engine, score=result.shadow_score, band=shadow),
        tag_id=tag.id if tag else None,
        review_status=tag.review_status if tag else None,
        thumbnail_url=url(row.photo.thumbnail_key),
        photo_url=url(row.photo.preview_key),
        face_url=url(row.face_key),
        selfie_url=url(row.selfie_key),
        compared_at=result.compared_at,
    )


def _verdict(primary: str | None, shadow: str | None) -> Verdict:
    if primary == shadow:
        return Verdict.AGREED
    if shadow is None:
        return Verdict.ONLY_PRIMARY
    return Verdict.ONLY_SHADOW if primary is None else Verdict.OTHER_BAND
