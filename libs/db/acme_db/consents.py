"""Consent is asked for in more than one service; the question is put once."""

from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from acme_db.models import UserConsent
from acme_db.models.user_consent import ConsentType


def is_in_force() -> ColumnElement[bool]:
    """A condition: this consent was neither withdrawn nor overtaken by another text."""
    return and_(UserConsent.revoked_at.is_(None), UserConsent.superseded_at.is_(None))


def consents_now(
    user_id: InstrumentedAttribute[UUID] | UUID, consent_type: ConsentType
) -> ColumnElement[bool]:
    """A condition: this guest's consent of the type is in force."""
    return exists().where(
        UserConsent.user_id == user_id,
        UserConsent.consent_type == consent_type,
        is_in_force(),
    )


def is_paused(user_id: InstrumentedAttribute[UUID] | UUID, consent_type: ConsentType) -> ColumnElement[bool]:
    """A condition: this guest has agreed to an older text only. What was made by then stays."""
    return exists().where(
        UserConsent.user_id == user_id,
        UserConsent.consent_type == consent_type,
        UserConsent.revoked_at.is_(None),
        UserConsent.superseded_at.is_not(None),
    )


async def has_active_consent(session: AsyncSession, user_id: UUID, consent_type: ConsentType) -> bool:
    return bool(await session.scalar(select(consents_now(user_id, consent_type))))
