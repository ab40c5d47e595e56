"""What is due under each rule at an instant: the jobs delete it, and the simulator counts it."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from acme_core.retention import RetentionPolicy, RetentionRule
from acme_db.models import (
    ArchiveState,
    AuditEvent,
    AuthSession,
    ErasureReceipt,
    JobState,
    MatchScore,
    OutboxJob,
    Photo,
    PhotoFace,
    Project,
    ProjectMember,
    Purchase,
    PurchaseArchive,
    Selfie,
    StripeEvent,
    User,
    UserConsent,
    WebhookDelivery,
    WebhookDeliveryState,
)

Instant = datetime | ColumnElement[datetime]
Due = Select[UUID] | Select[str]
GUESTS_APP, USERS = "main", "user"
"""As sessions and the audit log have them."""


def due(rule: RetentionRule, policy: RetentionPolicy, at: Instant | None = None) -> Due:
    """The ids of what goes: events, guests, consents, purchases, audit events, receipts, jobs, deliveries."""
    return _DUE[rule]((func.now() if at is None else at) - policy.kept(rule))


async def count_due(
    session: AsyncSession | AsyncConnection,
    rule: RetentionRule,
    policy: RetentionPolicy,
    at: datetime,
    operator_id: UUID | None = None,
) -> int:
    """Of the whole platform, or of one operator's events and their guests."""
    found = due(rule, policy, at)
    if operator_id is None:
        statement = select(func.count()).select_from(found.subquery())
    else:
        statement = _count_of(rule, found, operator_id)
    return int(await session.scalar(statement) or 0)


OF_OPERATORS = (
    RetentionRule.EVENT_FACES,
    RetentionRule.INACTIVE_GUESTS,
    RetentionRule.UNANSWERED_CONSENTS,
    RetentionRule.ARCHIVES,
)
"""Rules that take something of an operator's events; the others are the platform's own business."""


def _count_of(rule: RetentionRule, found: Due, operator_id: UUID) -> Select[int]:
    """From the operator's own rows to what is due of them: other operators' are not looked at."""
    is_own = Project.operator_id == operator_id
    if rule is RetentionRule.EVENT_FACES:
        return select(func.count()).select_from(found.where(is_own).subquery())
    if rule is RetentionRule.ARCHIVES:
        is_due = _row_by_row(found.where(PurchaseArchive.purchase_id == Purchase.id).correlate(Purchase))
        purchases = select(func.count(Purchase.id)).join(Project, Project.id == Purchase.project_id)
        return purchases.where(is_own, is_due)
    guest: Any = User.id if rule is RetentionRule.INACTIVE_GUESTS else UserConsent.user_id
    is_due = _row_by_row(found.where(guest == ProjectMember.user_id).correlate(ProjectMember))
    guests = select(func.count(ProjectMember.user_id.distinct()))
    return guests.join(Project, Project.id == ProjectMember.project_id).where(is_own, is_due)


def _row_by_row(found: Due) -> ColumnElement[bool]:
    """A condition; OFFSET keeps the planner from reading a large table whole, for all rows at once."""
    return found.offset(0).exists()


def _events_with_faces(before: Instant) -> Select[UUID]:
    """An event without an end is over on the day that it was set up."""
    faces = select(PhotoFace.id).join(Photo, Photo.id == PhotoFace.photo_id)
    has_faces = or_(
        _row_by_row(faces.where(Photo.project_id == Project.id).correlate(Project)),
        _row_by_row(
            select(MatchScore.photo_id).where(MatchScore.project_id == Project.id).correlate(Project)
        ),
    )
    return select(Project.id).where(func.coalesce(Project.end_at, Project.created_at) < before, has_faces)


def _inactive_guests(before: Instant) -> Select[UUID]:
    """Rows of sessions go with their tokens; that there was a sign-in stays in the audit log."""
    consents = exists().where(UserConsent.user_id == User.id, UserConsent.revoked_at.is_(None))
    has_selfie = exists().where(Selfie.user_id == User.id)
    was_here = or_(
        _row_by_row(
            select(AuthSession.id)
            .where(
                AuthSession.audience == GUESTS_APP,
                AuthSession.role == USERS,
                AuthSession.account_id == User.id,
                AuthSession.last_used_at >= before,
            )
            .correlate(User)
        ),
        _row_by_row(
            select(AuditEvent.id)
            .where(
                AuditEvent.actor_id == User.id,
                AuditEvent.actor_role == USERS,
                AuditEvent.occurred_at >= before,
            )
            .correlate(User)
        ),
    )
    return select(User.id).where(
        and_(User.deleted_at.is_(None), User.created_at < before, consents, has_selfie, ~was_here)
    )


def _unanswered_consents(before: Instant) -> Select[UUID]:
    return select(UserConsent.id).where(UserConsent.revoked_at.is_(None), UserConsent.superseded_at < before)


def _archives(before: Instant) -> Select[UUID]:
    is_old = PurchaseArchive.finished_at < before
    return select(PurchaseArchive.purchase_id).where(PurchaseArchive.state == ArchiveState.READY, is_old)


def _addresses(before: Instant) -> Select[UUID]:
    return select(AuditEvent.id).where(AuditEvent.ip.is_not(None), AuditEvent.occurred_at < before)


def _recipients(before: Instant) -> Select[UUID]:
    is_old = ErasureReceipt.requested_at < before
    return select(ErasureReceipt.id).where(ErasureReceipt.recipient.is_not(None), is_old)


def _ended_jobs(state: JobState, before: Instant) -> Select[UUID]:
    return select(OutboxJob.id).where(OutboxJob.state == state, OutboxJob.finished_at < before)


def _deliveries(before: Instant) -> Select[UUID]:
    """What is still on its way stays."""
    has_ended = WebhookDelivery.state != WebhookDeliveryState.PENDING
    return select(WebhookDelivery.id).where(WebhookDelivery.created_at < before, has_ended)


def _stripe_events(before: Instant) -> Select[str]:
    """A copy of one that has had its effect would find, later still, a payment that is settled."""
    return select(StripeEvent.id).where(
        StripeEvent.received_at < before, StripeEvent.processed_at.is_not(None)
    )


_DUE: dict[RetentionRule, Callable[[Instant], Due]] = {
    RetentionRule.EVENT_FACES: _events_with_faces,
    RetentionRule.INACTIVE_GUESTS: _inactive_guests,
    RetentionRule.UNANSWERED_CONSENTS: _unanswered_consents,
    RetentionRule.ARCHIVES: _archives,
    RetentionRule.ADDRESSES: _addresses,
    RetentionRule.RECIPIENTS: _recipients,
    RetentionRule.DONE_JOBS: partial(_ended_jobs, JobState.DONE),
    RetentionRule.FAILED_JOBS: partial(_ended_jobs, JobState.FAILED),
    RetentionRule.WEBHOOK_LOG: _deliveries,
    RetentionRule.STRIPE_EVENTS: _stripe_events,
}
