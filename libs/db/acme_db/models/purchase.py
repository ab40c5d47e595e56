from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from acme_db.models.base import Base, CreatedAt, UuidPk, one_of, text_enum
from acme_db.models.package import Deliverable


class PurchaseStatus(StrEnum):
    PENDING = "pending"
    PAID = "paid"
    FAILED = "failed"


class Purchase(Base):
    """What was bought and for how much, whatever becomes of the package later."""

    __tablename__ = "purchases"
    __table_args__ = (
        one_of("status", PurchaseStatus),
        one_of("deliverable", Deliverable),
        CheckConstraint("amount >= 0", name="amount_is_not_negative"),
        Index("ix_purchases_project_id_created_at", "project_id", "created_at", "id"),
        Index(
            "ix_purchases_project_id_status",
            "project_id",
            "status",
            "created_at",
            "id",
            postgresql_include=["refunded_at"],
        ),
        Index("ix_purchases_user_id_created_at", "user_id", "created_at", "id"),
        Index(
            "ix_purchases_paid",
            "project_id",
            "status",
            "paid_at",
            postgresql_include=["currency", "amount", "refunded_amount"],
        ),
        Index("ix_purchases_pending", "created_at", postgresql_where=text("status = 'pending'")),
    )

    id: Mapped[UuidPk]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id"), index=True)
    package_id: Mapped[UUID] = mapped_column(ForeignKey("packages.id"), index=True)
    stripe_payment_intent_id: Mapped[str] = mapped_column(String(255), unique=True)
    status: Mapped[PurchaseStatus] = mapped_column(
        text_enum(PurchaseStatus, 20), server_default=text(f"'{PurchaseStatus.PENDING}'")
    )
    created_at: Mapped[CreatedAt]
    # additions
    amount: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    photo_count: Mapped[int]
    deliverable: Mapped[Deliverable] = mapped_column(text_enum(Deliverable, 20))
    paid_at: Mapped[datetime | None]
    refunded_at: Mapped[datetime | None]
    """A full refund; access ended then."""
    refunded_amount: Mapped[int] = mapped_column(server_default=text("0"))
    disputed_at: Mapped[datetime | None]
    """A dispute was lost; access ended then."""

    @property
    def gives_access(self) -> bool:
        """Paid, and neither refunded nor lost in a dispute."""
        is_paid = self.status is PurchaseStatus.PAID
        return is_paid and self.refunded_at is None and self.disputed_at is None
