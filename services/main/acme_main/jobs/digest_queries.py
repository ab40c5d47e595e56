from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select, type_coerce, update
from sqlalchemy.ext.asyncio import AsyncSession

from acme_db.models import Photo, PhotoTag, ProjectMember, User
from acme_db.models.photo import PhotoStatus

LOOK_BACK = timedelta(days=2)
"""What was missed for longer, while nothing ran, is no news any more."""


@dataclass(frozen=True)
class Digest:
    """New photos that a member has not been told of."""

    member_id: UUID
    user_id: UUID
    project_id: UUID
    newest: datetime
    count: int


async def due_digests(
    session: AsyncSession, quiet: timedelta, longest_wait: timedelta, limit: int
) -> Sequence[Digest]:
    newest = type_coerce(func.max(PhotoTag.confirmed_at), ProjectMember.joined_at.type)
    oldest = func.min(PhotoTag.confirmed_at)
    statement = (
        select(ProjectMember.id, ProjectMember.user_id, ProjectMember.project_id, newest, func.count())
        .select_from(PhotoTag)
        .join(Photo, Photo.id == PhotoTag.photo_id)
        .join(
            ProjectMember,
            (ProjectMember.user_id == PhotoTag.user_id) & (ProjectMember.project_id == Photo.project_id),
        )
        .join(User, User.id == PhotoTag.user_id)
        .where(
            PhotoTag.confirmed_at > func.now() - LOOK_BACK,
            or_(ProjectMember.told_until.is_(None), PhotoTag.confirmed_at > ProjectMember.told_until),
            Photo.status == PhotoStatus.READY,
            Photo.deleted_at.is_(None),
            User.deleted_at.is_(None),
            User.wants_photo_mails,
        )
        .group_by(ProjectMember.id)
        .having(or_(newest <= func.now() - quiet, oldest <= func.now() - longest_wait))
        .limit(limit)
    )
    return [Digest(*row) for row in (await session.execute(statement)).all()]


async def mark_told(session: AsyncSession, digest: Digest) -> None:
    await session.execute(
        update(ProjectMember).where(ProjectMember.id == digest.member_id).values(told_until=digest.newest)
    )
