"""Selfies of two accounts that show the same face: told to the operator, who knows the people."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.audit import record
from acme_auth.principals import Principal
from acme_backoffice.review import conflict_queries as queries
from acme_backoffice.review.schemas import SelfieConflictOut
from acme_core.pages import PageRequest
from acme_db.models import AuditAction
from acme_db.page_json import Told, page_json
from acme_db.prepared import Reader, Record
from acme_storage.gateway import ObjectStorage


async def list_conflicts(
    reader: Reader,
    storage: ObjectStorage,
    caller: Principal,
    project_id: UUID,
    page: PageRequest,
    *,
    resolved: bool | None,
) -> bytes:
    """Raises `SessionEnded` or `ProjectNotFound`."""
    found = await queries.list_conflicts(reader, caller, project_id, page, resolved=resolved)
    return page_json(SelfieConflictOut, found, lambda row: _told(row, storage))


async def resolve_conflict(
    session: AsyncSession, storage: ObjectStorage, caller: Principal, conflict_id: UUID
) -> SelfieConflictOut:
    """Idempotent. Raises `SelfieConflictNotFound`."""
    if await queries.resolve(session, caller.account_id, conflict_id):
        record(session, AuditAction.SELFIE_CONFLICT_RESOLVED, caller, conflict_id)
    return _conflict_out(await queries.get_conflict(session, caller.account_id, conflict_id), storage)


def _conflict_out(row: Record, storage: ObjectStorage) -> SelfieConflictOut:
    return SelfieConflictOut.model_validate({**row, **_told(row, storage)})


def _told(row: Record, storage: ObjectStorage) -> Told:
    def guest(which: str) -> dict[str, object]:
        key = row[f"{which}_key"]
        return {
            "user_id": row[f"{which}_id"],
            "name": row[f"{which}_name"],
            "selfie_url": storage.picture_url_of(key),
            "email": row[f"{which}_email"],
        }

    return {"guests": [guest("first"), guest("second")]}
