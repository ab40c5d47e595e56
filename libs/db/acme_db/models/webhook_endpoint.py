from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, func
from sqlalchemy.orm import Mapped, mapped_column

from acme_db.models.base import Base, CreatedAt, UuidPk, Versioned, one_of, text_enum


class WebhookEvent(StrEnum):
    """What operators' software may be told."""

    PHOTO_READY = "photo.ready"
    MATCH_CONFIRMED = "match.confirmed"
    PURCHASE_PAID = "purchase.paid"
    PURCHASE_REFUNDED = "purchase.refunded"


class WebhookDisabledReason(StrEnum):
    OPERATOR = "operator"
    FAILING = "failing"
    """For days nothing could be delivered."""
    GONE = "gone"
    """The endpoint answered 410: it wants no more."""


class WebhookEndpoint(Versioned, Base):
    """Where an operator's software listens."""

    __tablename__ = "webhook_endpoints"
    __table_args__ = (
        one_of("disabled_reason", WebhookDisabledReason),
        Index("ix_webhook_endpoints_operator_id", "operator_id", "created_at", "id"),
    )

    id: Mapped[UuidPk]
    operator_id: Mapped[UUID] = mapped_column(ForeignKey("operators.id"))
    url: Mapped[str] = mapped_column(String(2000))
    description: Mapped[str | None] = mapped_column(String(1000))
    encrypted_secret: Mapped[str]
    previous_encrypted_secret: Mapped[str | None]
    """Signs as well until `previous_secret_until`, so that a receiver can change over without a gap."""
    previous_secret_until: Mapped[datetime | None]
    failing_since: Mapped[datetime | None]
    """The first failure after which nothing has been delivered."""
    disabled_at: Mapped[datetime | None]
    disabled_reason: Mapped[WebhookDisabledReason | None] = mapped_column(
        text_enum(WebhookDisabledReason, 20)
    )
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())


class WebhookSubscription(Base):
    """An event that an endpoint is told of, and since when."""

    __tablename__ = "webhook_subscriptions"
    __table_args__ = (one_of("event", WebhookEvent),)

    endpoint_id: Mapped[UUID] = mapped_column(
        ForeignKey("webhook_endpoints.id", ondelete="CASCADE"), primary_key=True
    )
    event: Mapped[WebhookEvent] = mapped_column(text_enum(WebhookEvent, 40), primary_key=True)
    created_at: Mapped[CreatedAt]
