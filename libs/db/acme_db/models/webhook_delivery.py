from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from acme_db.models.base import Base, CreatedAt, UuidPk, one_of, text_enum


class WebhookDeliveryState(StrEnum):
    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"
    """The last try has failed, or the endpoint was off: it goes out again when somebody says so."""


class WebhookDelivery(Base):
    """An event on its way to one endpoint, written in the transaction of what happened."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        one_of("state", WebhookDeliveryState),
        Index("uq_webhook_deliveries_endpoint_id_event_key", "endpoint_id", "event_key", unique=True),
        Index("ix_webhook_deliveries_endpoint_id", "endpoint_id", "created_at", "id"),
        Index(
            "ix_webhook_deliveries_failed",
            "endpoint_id",
            "created_at",
            postgresql_where=text("state = 'failed'"),
        ),
        Index("ix_webhook_deliveries_created_at", "created_at"),
    )

    id: Mapped[UuidPk]
    endpoint_id: Mapped[UUID] = mapped_column(ForeignKey("webhook_endpoints.id", ondelete="CASCADE"))
    event_key: Mapped[str] = mapped_column(String(120))
    """What happened, once: whoever reports it twice writes it once."""
    message_id: Mapped[str] = mapped_column(String(64))
    """`webhook-id`: the same at every try, and at every endpoint."""
    event: Mapped[str] = mapped_column(String(40))
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """Ids, states and amounts; never names, addresses or signed URLs."""
    state: Mapped[WebhookDeliveryState] = mapped_column(
        text_enum(WebhookDeliveryState, 20), server_default=text(f"'{WebhookDeliveryState.PENDING}'")
    )
    tries: Mapped[int] = mapped_column(server_default=text("0"))
    """Since it was recorded, or sent again by hand."""
    next_try_at: Mapped[datetime | None]
    last_try_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
    """When it happened."""


class WebhookAttempt(Base):
    """One request to an endpoint, and what came back."""

    __tablename__ = "webhook_attempts"
    __table_args__ = (Index("ix_webhook_attempts_delivery_id", "delivery_id", "started_at"),)

    id: Mapped[UuidPk]
    """Sent as `x-request-id`."""
    delivery_id: Mapped[UUID] = mapped_column(ForeignKey("webhook_deliveries.id", ondelete="CASCADE"))
    started_at: Mapped[datetime] = mapped_column(server_default=func.now())
    duration_ms: Mapped[int]
    status_code: Mapped[int | None]
    error: Mapped[str | None] = mapped_column(String(40))
    """Why there was no good answer: a stable word."""
    response_excerpt: Mapped[str | None] = mapped_column(String(1000))
