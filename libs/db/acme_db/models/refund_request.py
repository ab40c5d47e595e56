from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from acme_db.models.base import Base, CreatedAt, UuidPk


class RefundRequest(Base):
    """A refund that an operator has asked for: what of it happened, the purchase tells."""

    __tablename__ = "refund_requests"
    __table_args__ = (
        Index(
            "uq_refund_requests_purchase_id_idempotency_key", "purchase_id", "idempotency_key", unique=True
        ),
    )

    id: Mapped[UuidPk]
    """The provider's idempotency key is made of it."""
    purchase_id: Mapped[UUID] = mapped_column(ForeignKey("purchases.id"))
    idempotency_key: Mapped[str | None] = mapped_column(String(255))
    amount: Mapped[int | None]
    """null: all that was left."""
    created_at: Mapped[CreatedAt]
    refund_id: Mapped[str | None] = mapped_column(String(255))
    """The provider's answer, likewise the next two; null until it has come."""
    refunded_amount: Mapped[int | None]
    refund_status: Mapped[str | None] = mapped_column(String(40))
