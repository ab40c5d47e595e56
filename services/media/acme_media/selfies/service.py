from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.audit import record
from acme_auth.principals import Principal, Scope
from acme_config.settings import UploadSettings
from acme_core.clock import utc_now
from acme_core.ids import new_id
from acme_core.selfies import Rejection, advice
from acme_db.consents import has_active_consent
from acme_db.models import AuditAction, ErasureReceipt, Selfie
from acme_db.models.photo import UploadState
from acme_db.models.selfie import SelfieStatus
from acme_db.models.user_consent import ConsentType
from acme_db.unit_of_work import unit_of_work
from acme_jobs.catalogue import PROCESS_SELFIE, PURGE_BIOMETRICS, ErasureJob, SelfieJob
from acme_jobs.outbox import enqueue
from acme_media.photos.service import head_upload
from acme_media.selfies import queries
from acme_media.selfies.announcements import announce_selfie
from acme_media.selfies.errors import ConsentRequired, ScopeRequired
from acme_media.selfies.schemas import SelfieIssued, SelfieOut, SelfieUploadRequest
from acme_media.uploads import EXPIRY_MARGIN, SELFIE_CONTENT_TYPES, UploadOut, require_acceptable
from acme_storage import keys
from acme_storage.gateway import ObjectStorage, StoredObject
from acme_web.resources import DataResources


async def issue_upload(
    session: AsyncSession,
    storage: ObjectStorage,
    limits: UploadSettings,
    caller: Principal,
    body: SelfieUploadRequest,
) -> SelfieIssued:
    """Raises `ConsentRequired`, `UnsupportedMediaType` or `FileTooLarge`."""
    await _require_consent(session, caller)
    require_acceptable(body.content_type, body.size_bytes, limits.selfie_max_bytes, SELFIE_CONTENT_TYPES)
    selfie_id = new_id()
    key = keys.selfie(caller.account_id, selfie_id)
    session.add(
        Selfie(
            id=selfie_id,
            user_id=caller.account_id,
            storage_key=key,
            content_type=body.content_type,
            size_bytes=body.size_bytes,
            upload_expires_at=utc_now() + storage.upload_lifetime + EXPIRY_MARGIN,
        )
    )
    signed = storage.presign_upload(key, body.content_type, body.size_bytes)
    return SelfieIssued(selfie_id=selfie_id, upload=UploadOut.of(signed))


async def complete_upload(
    data: DataResources, storage: ObjectStorage, caller: Principal, selfie_id: UUID
) -> SelfieOut:
    """Raises `SelfieNotFound`, `ConsentRequired`, `UploadMissing` or `ObjectStoreDown`. Idempotent."""
    async with data.sessions() as session:
        await _require_consent(session, caller)
        selfie = await queries.find_selfie(session, caller.account_id, selfie_id)
    if selfie.upload_state is not UploadState.ISSUED:
        return selfie_out(selfie)
    stored = await head_upload(storage, selfie.storage_key)
    async with unit_of_work(data.sessions) as session:
        selfie = await accept_upload(session, selfie_id, stored)
    return selfie_out(selfie)


async def accept_upload(session: AsyncSession, selfie_id: UUID, stored: StoredObject) -> Selfie:
    """Idempotent by state; by the client's call, or by the sweep for those who forgot."""
    selfie = (await session.scalars(select(Selfie).where(Selfie.id == selfie_id).with_for_update())).one()
    if selfie.upload_state is not UploadState.ISSUED:
        return selfie
    selfie.upload_state = UploadState.VERIFIED
    if stored.size_bytes != selfie.size_bytes or stored.content_type != selfie.content_type:
        selfie.status, selfie.rejection_reason = SelfieStatus.REJECTED, Rejection.FILE_MISSING
        announce_selfie(session, selfie)
        return selfie
    await enqueue(session, PROCESS_SELFIE, SelfieJob(selfie_id=selfie_id), dedupe_key=str(selfie_id))
    return selfie


async def current_selfie(session: AsyncSession, caller: Principal) -> SelfieOut:
    return selfie_out(await queries.current_selfie(session, caller.account_id))


async def delete_selfie(session: AsyncSession, caller: Principal, selfie_id: UUID) -> None:
    """Gone at once, and no try before it is shown instead; what else is kept of it follows by a job."""
    selfie = await queries.find_selfie(session, caller.account_id, selfie_id, lock=True)
    selfie.deleted_at = utc_now()
    await queries.delete_rejected_before(session, selfie)
    receipt = ErasureReceipt(id=new_id(), user_id=caller.account_id, selfie_id=selfie.id)
    session.add(receipt)
    await enqueue(session, PURGE_BIOMETRICS, ErasureJob(receipt_id=receipt.id))
    record(session, AuditAction.SELFIE_DELETED, caller, selfie.id)


def selfie_out(selfie: Selfie) -> SelfieOut:
    reason = selfie.rejection_reason
    return SelfieOut.of_row(selfie, rejection_advice=advice(Rejection(reason)) if reason else None)


async def _require_consent(session: AsyncSession, caller: Principal) -> None:
    """The token lives five minutes, and a consent may be withdrawn within them."""
    if Scope.SELFIE not in caller.scopes:
        raise ScopeRequired
    if not await has_active_consent(session, caller.account_id, ConsentType.BIOMETRIC_PROCESSING):
        raise ConsentRequired
