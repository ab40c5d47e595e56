"""From "the file is there" to the jobs: by the client's own call, or by the sweep for those who forgot."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from acme_core.clock import utc_now
from acme_core.photos import FailureCode
from acme_db.models import Photo
from acme_db.models.photo import PhotoStatus, RecognitionState, UploadState
from acme_jobs.catalogue import GENERATE_THUMBNAIL, GENERATE_WATERMARK, RECOGNIZE_FACES, PhotoJob
from acme_jobs.outbox import enqueue
from acme_media.photos.announcements import announce_photo
from acme_storage.gateway import StoredObject

PIPELINE = (GENERATE_THUMBNAIL, GENERATE_WATERMARK, RECOGNIZE_FACES)


async def accept_upload(session: AsyncSession, photo_id: UUID, stored: StoredObject) -> Photo:
    """Idempotent by state. What was stored must be what was announced, else the photo has failed."""
    photo = (await session.scalars(select(Photo).where(Photo.id == photo_id).with_for_update())).one()
    if photo.upload_state not in {UploadState.ISSUED, UploadState.UPLOADED}:
        return photo
    photo.uploaded_at = utc_now()
    if stored.size_bytes != photo.size_bytes or stored.content_type != photo.content_type:
        photo.upload_state = UploadState.UPLOADED
        photo.status, photo.failure_code = PhotoStatus.FAILED, FailureCode.UPLOAD_MISMATCH
        await announce_photo(session, photo.id)
        return photo
    photo.upload_state = UploadState.VERIFIED
    await start_pipeline(session, photo)
    return photo


async def start_pipeline(session: AsyncSession, photo: Photo) -> None:
    photo.status, photo.failure_code = PhotoStatus.PROCESSING, None
    photo.recognition_state = RecognitionState.PENDING
    await session.flush()  # a unique index may object to a second copy of the file
    for contract in PIPELINE:
        await enqueue(session, contract, PhotoJob(photo_id=photo.id), dedupe_key=str(photo.id))
    await announce_photo(session, photo.id)
