from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from acme_db.models.base import Base, UuidPk, text_enum


class AuditAction(StrEnum):
    """`subject.what_happened`. The part before the dot is what logs are filtered by."""

    REGISTERED = "auth.registered"
    SIGNED_IN = "auth.signed_in"
    SIGN_IN_FAILED = "auth.sign_in_failed"
    SIGNED_OUT = "auth.signed_out"
    SESSION_REVOKED = "auth.session_revoked"
    REFRESH_TOKEN_REUSED = "auth.refresh_token_reused"  # noqa: S105 - the name of an act
    PASSWORD_RESET_ASKED = "auth.password_reset_asked"  # noqa: S105 - the name of an act
    PASSWORD_RESET = "auth.password_reset"  # noqa: S105 - the name of an act
    EMAIL_VERIFIED = "auth.email_verified"
    PHOTOGRAPHER_ADDED = "auth.photographer_added"
    PHOTOGRAPHER_REMOVED = "auth.photographer_removed"
    INVITE_ACCEPTED = "auth.invite_accepted"
    SECOND_FACTOR_ENABLED = "auth.second_factor_enabled"
    SECOND_FACTOR_DISABLED = "auth.second_factor_disabled"
    RECOVERY_CODES_RENEWED = "auth.recovery_codes_renewed"
    RECOVERY_CODE_USED = "auth.recovery_code_used"
    TERMS_ACCEPTED = "consent.terms_accepted"
    CONSENT_GIVEN = "consent.given"
    CONSENT_REVOKED = "consent.revoked"
    SELFIE_DELETED = "consent.selfie_deleted"
    BIOMETRICS_ERASED = "consent.biometrics_erased"
    DATA_EXPORTED = "consent.data_exported"
    ACCOUNT_DELETED = "consent.account_deleted"
    SELFIES_ALIKE = "review.selfies_alike"
    SELFIE_CONFLICT_RESOLVED = "review.selfie_conflict_resolved"
    TAG_REVIEWED = "review.tag_reviewed"
    TAGS_REVIEWED = "review.tags_reviewed"
    TAG_CREATED = "review.tag_created"
    TAG_REJECTED_BY_GUEST = "review.tag_rejected_by_guest"
    HIDING_ASKED = "review.hiding_asked"
    HIDING_DECIDED = "review.hiding_decided"
    THRESHOLDS_CHANGED = "review.thresholds_changed"
    FACE_INDEX_CHANGED = "review.face_index_changed"
    PURCHASE_STARTED = "money.purchase_started"
    PURCHASE_CHANGED = "money.purchase_changed"
    PHOTOS_UNLOCKED = "money.photos_unlocked"
    REFUND_ASKED = "money.refund_asked"
    PACKAGE_CREATED = "money.package_created"
    PACKAGE_CHANGED = "money.package_changed"
    PACKAGE_DELETED = "money.package_deleted"
    PACKAGE_PUT_ON_SALE = "money.package_put_on_sale"
    PACKAGE_TAKEN_OFF_SALE = "money.package_taken_off_sale"
    CURRENCY_CHANGED = "money.currency_changed"
    WEBHOOK_ENDPOINT_CREATED = "webhook.endpoint_created"
    WEBHOOK_ENDPOINT_CHANGED = "webhook.endpoint_changed"
    WEBHOOK_ENDPOINT_DELETED = "webhook.endpoint_deleted"
    WEBHOOK_ENDPOINT_DISABLED = "webhook.endpoint_disabled"
    WEBHOOK_SECRET_ROTATED = "webhook.secret_rotated"  # noqa: S105 - the name of an act
    WEBHOOK_TESTED = "webhook.tested"
    WEBHOOK_REPLAYED = "webhook.replayed"
    SUPERADMIN_CREATED = "admin.superadmin_created"
    OPERATORS_LISTED = "admin.operators_listed"
    OPERATOR_SUSPENDED = "admin.operator_suspended"
    OPERATOR_REINSTATED = "admin.operator_reinstated"
    AUDIT_READ = "admin.audit_read"
    JOBS_RETRIED = "admin.jobs_retried"


class AuditEvent(Base):
    """Who did what, when and from where. Written with the act, never changed."""

    __tablename__ = "audit_events"
    __table_args__ = (
        Index("ix_audit_events_occurred_at", "occurred_at", "id"),
        Index("ix_audit_events_actor_id", "actor_id", "occurred_at"),
        Index("ix_audit_events_subject_id", "subject_id", "occurred_at"),
        Index("ix_audit_events_action", "action", "occurred_at"),
    )

    id: Mapped[UuidPk]
    occurred_at: Mapped[datetime] = mapped_column(server_default=func.now())
    action: Mapped[AuditAction] = mapped_column(text_enum(AuditAction, 60))
    actor_role: Mapped[str | None] = mapped_column(String(20))
    """null: nobody who is signed in, or the platform itself."""
    actor_id: Mapped[UUID | None]
    subject_id: Mapped[UUID | None]
    """What it was done to: an account, a tag, a purchase..."""
    ip: Mapped[str | None] = mapped_column(String(45))
    """Forgotten after some months; the event stays."""
    request_id: Mapped[str | None] = mapped_column(String(64))
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    """Ids, counts and states; never secrets, addresses or names."""
