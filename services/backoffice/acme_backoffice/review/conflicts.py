"""Selfies of two accounts that show the same face: told to the operator, who knows the people."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.audit import record
from acme_auth.principals import Principal
from acme_backoffice.review import conflict_queries as queries
from acme_backoffice.review.conflict_queries import ConflictRow
from acme_backoffice.review.schemas import ConflictingGuest, SelfieConflictOut
from acme_core.pages import Cursor, Page, PageRequest, cut_page
from acme_db.models import AuditAction, User
from acme_storage.gateway import ObjectStorage


async def list_conflicts(
    session: AsyncSession,
    storage: ObjectStorage,
    scope: tuple[UUID, UUID],
    page: PageRequest,
    *,
    resolved: bool | None,
) -> Page[SelfieConflictOut]:
    """`scope` is operator and project."""
    rows = await queries.list_conflicts(session, *scope, page, resolved=resolved)
    items, cursor = cut_page(rows, page.limit, lambda row: Cursor(row.conflict.found_at, row.conflict.id))
    return Page(items=[_conflict_out(item, storage) for item in items], next_cursor=cursor)


async def resolve_conflict(
    session: AsyncSession, storage: ObjectStorage, caller: Principal, conflict_id: UUID
) -> SelfieConflictOut:
    """Idempotent. Raises `SelfieConflictNotFound`."""
    if await queries.resolve(session, caller.account_id, conflict_id):
        record(session, AuditAction.SELFIE_CONFLICT_RESOLVED, caller, conflict_id)
    return _conflict_out(await queries.get_conflict(session, caller.account_id, conflict_id), storage)


def _conflict_out(row: ConflictRow, storage: ObjectStorage) -> SelfieConflictOut:
    def guest(user: User, key: str | None) -> ConflictingGuest:
        url = storage.picture_url(key) if key else None
        return ConflictingGuest(user_id=user.id, name=user.name, selfie_url=url, email=user.email)

    return SelfieConflictOut(
        id=row.conflict.id,
        project_id=row.conflict.project_id,
        guests=[guest(row.first, row.first_selfie_key), guest(row.second, row.second_selfie_key)],
        confidence=row.conflict.confidence,
        found_at=row.conflict.found_at,
        resolved_at=row.conflict.resolved_at,
    )
