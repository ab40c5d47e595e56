from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from acme_db.models.base import Base, CreatedAt


class StripeEvent(Base):
    """The webhook inbox: an event is recorded once, with its effect queued in the same transaction."""

    __tablename__ = "stripe_events"

    id: Mapped[str] = mapped_column(String(255), primary_key=True)
    type: Mapped[str] = mapped_column(String(100))
    intent_id: Mapped[str | None] = mapped_column(String(255), index=True)
    received_at: Mapped[CreatedAt] = mapped_column(index=True)
    processed_at: Mapped[datetime | None]
