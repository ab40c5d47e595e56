"""Everything that is kept about a guest, as plain values."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.principals import Role
from acme_db.models import (
    AuditEvent,
    AuthSession,
    ConsentDocument,
    ErasureReceipt,
    Favourite,
    HideRequest,
    Package,
    Photo,
    PhotoTag,
    Project,
    ProjectMember,
    Purchase,
    PurchasePhoto,
    Selfie,
    UserConsent,
)

Rows = list[dict[str, Any]]

MOST_EVENTS = 10_000


async def consents(session: AsyncSession, user_id: UUID) -> Rows:
    statement = (
        select(
            UserConsent.consent_type,
            UserConsent.consent_version,
            UserConsent.document_sha256,
            UserConsent.given_at,
            UserConsent.revoked_at,
            UserConsent.superseded_at,
            ConsentDocument.text,
        )
        .outerjoin(
            ConsentDocument,
            and_(
                ConsentDocument.consent_type == UserConsent.consent_type,
                ConsentDocument.version == UserConsent.consent_version,
                ConsentDocument.sha256 == UserConsent.document_sha256,
            ),
        )
        .where(UserConsent.user_id == user_id)
    )
    return await _rows(session, statement.order_by(UserConsent.given_at))


async def memberships(session: AsyncSession, user_id: UUID) -> Rows:
    statement = (
        select(
            Project.id.label("project_id"),
            Project.name,
            ProjectMember.joined_at,
            ProjectMember.terms_accepted_at,
        )
        .join(Project, Project.id == ProjectMember.project_id)
        .where(ProjectMember.user_id == user_id)
    )
    return await _rows(session, statement.order_by(ProjectMember.joined_at))


async def purchases(session: AsyncSession, user_id: UUID) -> Rows:
    unlocked = (
        select(func.array_agg(PurchasePhoto.photo_id))
        .where(PurchasePhoto.purchase_id == Purchase.id)
        .correlate(Purchase)
        .scalar_subquery()
    )
    statement = (
        select(
            Purchase.id,
            Purchase.project_id,
            Package.name.label("package"),
            Purchase.amount,
            Purchase.currency,
            Purchase.status,
            Purchase.created_at,
            Purchase.paid_at,
            Purchase.refunded_at,
            Purchase.refunded_amount,
            Purchase.disputed_at,
            unlocked.label("unlocked_photo_ids"),
        )
        .join(Package, Package.id == Purchase.package_id)
        .where(Purchase.user_id == user_id)
    )
    return await _rows(session, statement.order_by(Purchase.created_at))


async def selfies(session: AsyncSession, user_id: UUID) -> Sequence[Selfie]:
    statement = select(Selfie).where(Selfie.user_id == user_id, Selfie.deleted_at.is_(None))
    return (await session.scalars(statement.order_by(Selfie.created_at))).all()


async def tagged_photos(session: AsyncSession, user_id: UUID) -> Rows:
    statement = (
        select(
            PhotoTag.photo_id,
            Photo.project_id,
            Photo.filename,
            Photo.taken_at,
            PhotoTag.source,
            PhotoTag.review_status,
            PhotoTag.confidence,
            PhotoTag.created_at.label("tagged_at"),
        )
        .join(Photo, Photo.id == PhotoTag.photo_id)
        .where(PhotoTag.user_id == user_id, Photo.deleted_at.is_(None))
    )
    return await _rows(session, statement.order_by(PhotoTag.created_at))


async def favourites(session: AsyncSession, user_id: UUID) -> Rows:
    statement = (
        select(Favourite.photo_id, Photo.project_id, Favourite.created_at)
        .join(Photo, Photo.id == Favourite.photo_id)
        .where(Favourite.user_id == user_id, Photo.deleted_at.is_(None))
    )
    return await _rows(session, statement.order_by(Favourite.created_at))


async def hide_requests(session: AsyncSession, user_id: UUID) -> Rows:
    statement = select(
        HideRequest.photo_id,
        HideRequest.project_id,
        HideRequest.kind,
        HideRequest.state,
        HideRequest.reason,
        HideRequest.created_at,
        HideRequest.decided_at,
    ).where(HideRequest.user_id == user_id)
    return await _rows(session, statement.order_by(HideRequest.created_at))


async def receipts(session: AsyncSession, user_id: UUID) -> Rows:
    statement = select(
        ErasureReceipt.id,
        ErasureReceipt.state,
        ErasureReceipt.requested_at,
        ErasureReceipt.completed_at,
        ErasureReceipt.erased,
    ).where(ErasureReceipt.user_id == user_id)
    return await _rows(session, statement.order_by(ErasureReceipt.requested_at))


async def sign_ins(session: AsyncSession, user_id: UUID) -> Rows:
    statement = select(
        AuthSession.created_at, AuthSession.last_used_at, AuthSession.revoked_at, AuthSession.user_agent
    ).where(AuthSession.role == Role.USER, AuthSession.account_id == user_id)
    return await _rows(session, statement.order_by(AuthSession.created_at))


async def activity(session: AsyncSession, user_id: UUID) -> Rows:
    """What the guest has done, the newest first."""
    statement = (
        select(AuditEvent.occurred_at, AuditEvent.action, AuditEvent.ip, AuditEvent.details)
        .where(AuditEvent.actor_role == Role.USER, AuditEvent.actor_id == user_id)
        .order_by(AuditEvent.occurred_at.desc())
        .limit(MOST_EVENTS)
    )
    return await _rows(session, statement)


async def _rows(session: AsyncSession, statement: Select[*tuple[Any, ...]]) -> Rows:
    return [dict(row) for row in (await session.execute(statement)).mappings()]
