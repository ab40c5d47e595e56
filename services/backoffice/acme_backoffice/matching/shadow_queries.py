from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from acme_backoffice.matching.schemas import ShadowCounts, Verdict
from acme_core.pages import PageRequest
from acme_db.keyset import newest_first
from acme_db.models import Photo, PhotoFace, PhotoTag, ShadowResult, User
from acme_db.selfies import newest_selfie_key

_primary, _shadow = ShadowResult.primary_band, ShadowResult.shadow_band
_is_found_by_any = or_(_primary.is_not(None), _shadow.is_not(None))


def _is(verdict: Verdict) -> ColumnElement[bool]:
    match verdict:
        case Verdict.AGREED:
            return _primary == _shadow
        case Verdict.ONLY_PRIMARY:
            return and_(_primary.is_not(None), _shadow.is_(None))
        case Verdict.ONLY_SHADOW:
            return and_(_primary.is_(None), _shadow.is_not(None))
        case Verdict.OTHER_BAND:
            return _primary != _shadow


def _in_project(project_id: UUID) -> ColumnElement[bool]:
    photos = select(Photo.id).where(Photo.project_id == project_id, Photo.deleted_at.is_(None))
    return and_(ShadowResult.photo_id.in_(photos), _is_found_by_any)


async def counts(session: AsyncSession, project_id: UUID) -> ShadowCounts:
    counted = {verdict.value: func.count().filter(_is(verdict)) for verdict in Verdict}
    row = (await session.execute(select(*counted.values()).where(_in_project(project_id)))).one()
    return ShadowCounts(**dict(zip(counted, row, strict=True)))


@dataclass(frozen=True)
class DifferenceRow:
    result: ShadowResult
    photo: Photo
    name: str
    tag: PhotoTag | None
    face_key: str | None
    selfie_key: str | None


async def list_differences(
    session: AsyncSession, project_id: UUID, verdict: Verdict | None, page: PageRequest
) -> Sequence[DifferenceRow]:
    """What both engines agree on is listed only when it is asked for."""
    differs = or_(*(_is(other) for other in Verdict if other is not Verdict.AGREED))
    selfie_key = newest_selfie_key(ShadowResult.user_id)
    tagged = and_(PhotoTag.photo_id == ShadowResult.photo_id, PhotoTag.user_id == ShadowResult.user_id)
    statement = (
        select(ShadowResult, Photo, User.name, PhotoTag, PhotoFace.crop_key, selfie_key)
        .join(Photo, Photo.id == ShadowResult.photo_id)
        .join(User, User.id == ShadowResult.user_id)
        .outerjoin(PhotoTag, tagged)
        .outerjoin(PhotoFace, PhotoFace.id == PhotoTag.face_id)
        .where(_in_project(project_id), differs if verdict is None else _is(verdict))
    )
    statement = newest_first(statement, ShadowResult.compared_at, ShadowResult.id, page)
    return [DifferenceRow(*row) for row in (await session.execute(statement)).all()]
