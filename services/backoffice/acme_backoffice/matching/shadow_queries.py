from dataclasses import dataclass
from functools import cache
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select

from acme_auth.guards import GuardedListing
from acme_auth.principals import Principal
from acme_backoffice.matching.schemas import ShadowCounts, Verdict
from acme_backoffice.projects.queries import IS_OWNED
from acme_core.pages import PageRequest
from acme_db.listing import Listed, Listing
from acme_db.models import Photo, PhotoFace, PhotoTag, ShadowResult, User
from acme_db.prepared import Prepared, Reader
from acme_db.selfies import newest_selfie_key


@dataclass(frozen=True)
class DifferenceFilter:
    project_id: UUID
    verdict: Verdict | None = None


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


_IN_PROJECT = and_(
    ShadowResult.photo_id.in_(
        select(Photo.id).where(Photo.project_id == bindparam("project_id"), Photo.deleted_at.is_(None))
    ),
    _is_found_by_any,
)
_DIFFERENCES = (
    select(
        ShadowResult.id,
        ShadowResult.photo_id,
        ShadowResult.user_id,
        User.name,
        ShadowResult.primary_engine,
        ShadowResult.primary_score,
        ShadowResult.primary_band,
        ShadowResult.shadow_engine,
        ShadowResult.shadow_score,
        ShadowResult.shadow_band,
        PhotoTag.id.label("tag_id"),
        PhotoTag.review_status,
        Photo.thumbnail_key,
        Photo.preview_key,
        PhotoFace.crop_key,
        newest_selfie_key(ShadowResult.user_id).label("selfie_key"),
        ShadowResult.compared_at,
    )
    .join(Photo, Photo.id == ShadowResult.photo_id)
    .join(User, User.id == ShadowResult.user_id)
    .outerjoin(
        PhotoTag,
        and_(PhotoTag.photo_id == ShadowResult.photo_id, PhotoTag.user_id == ShadowResult.user_id),
    )
    .outerjoin(PhotoFace, PhotoFace.id == PhotoTag.face_id)
    .where(_IN_PROJECT)
)


async def counts(reader: Reader, project_id: UUID) -> ShadowCounts:
    (row,) = await _counts().fetch_by(reader, project_id=project_id)
    return ShadowCounts(**row)


@cache
def _counts() -> Prepared:
    counted = (func.count().filter(_is(verdict)).label(verdict.value) for verdict in Verdict)
    return Prepared(select(*counted).where(_IN_PROJECT))


async def list_differences(
    reader: Reader, caller: Principal, wanted: DifferenceFilter, page: PageRequest
) -> Listed:
    """What both engines agree on is listed only when it is asked for.

    Raises `SessionEnded` or `ProjectNotFound`.
    """
    return await _differences(wanted.verdict).page(reader, caller, page, project_id=wanted.project_id)


@cache
def _differences(verdict: Verdict | None) -> GuardedListing:
    differs = or_(*(_is(other) for other in Verdict if other is not Verdict.AGREED))
    listed = _DIFFERENCES.where(differs if verdict is None else _is(verdict))
    return GuardedListing(IS_OWNED, Listing(listed, ShadowResult.compared_at, ShadowResult.id))
