from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from acme_auth.principals import Principal, Role
from acme_db.models import Photo
from acme_db.models.photo import PhotoStatus, UploadState
from acme_events.catalogue import ProjectProgress


async def count_photos(connection: AsyncConnection, caller: Principal, project_id: UUID) -> ProjectProgress:
    """Of the whole project for its operator, of their own photos for a photographer."""
    is_awaited = Photo.upload_state == UploadState.ISSUED
    statement = select(
        func.count().filter(is_awaited),
        func.count().filter(Photo.status == PhotoStatus.PROCESSING, ~is_awaited),
        func.count().filter(Photo.status == PhotoStatus.READY),
        func.count().filter(Photo.status == PhotoStatus.FAILED),
    ).where(Photo.project_id == project_id, Photo.deleted_at.is_(None))
    if caller.role is Role.PHOTOGRAPHER:
        statement = statement.where(Photo.photographer_id == caller.account_id)
    awaited, processing, ready, failed = (await connection.execute(statement)).one()
    return ProjectProgress(
        project_id=project_id, awaited=awaited, processing=processing, ready=ready, failed=failed
    )
