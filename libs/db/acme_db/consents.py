"""Consent is asked for in more than one service; the question is put once."""

from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from acme_db.models import UserConsent
from acme_db.models.user_consent import ConsentType


def consents_now(
    user_id: InstrumentedAttribute[UUID] | UUID, consent_type: ConsentType
) -> ColumnElement[bool]:
    """A condition: this guest's consent of the type is active."""
    return exists().where(
        UserConsent.user_id == user_id,
        UserConsent.consent_type == consent_type,
        UserConsent.revoked_at.is_(None),
    )


async def has_active_consent(session: AsyncSession, user_id: UUID, consent_type: ConsentType) -> bool:
    return bool(await session.scalar(select(consents_now(user_id, consent_type))))
