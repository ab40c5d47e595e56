from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from acme_core.retention import RetentionPolicy, RetentionRule
from acme_db.models import ConsentDocument, UserConsent
from acme_db.retention import due


async def supersede(session: AsyncSession, limit: int) -> Sequence[UUID]:
    """Consents to another text than the newest that was published are marked so; their guests' ids."""
    newest = (
        select(func.max(ConsentDocument.version))
        .where(ConsentDocument.consent_type == UserConsent.consent_type)
        .correlate(UserConsent)
        .scalar_subquery()
    )
    outdated = (
        select(UserConsent.id)
        .where(
            UserConsent.revoked_at.is_(None),
            UserConsent.superseded_at.is_(None),
            UserConsent.consent_version < newest,
        )
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    statement = (
        update(UserConsent)
        .where(UserConsent.id.in_(outdated))
        .values(superseded_at=func.now())
        .returning(UserConsent.user_id)
        .execution_options(synchronize_session=False)
    )
    return (await session.scalars(statement)).all()


async def lapse(session: AsyncSession, policy: RetentionPolicy, limit: int) -> Sequence[UUID]:
    """Consents whose new text was left unanswered end as if withdrawn; their guests' ids."""
    unanswered = (
        select(UserConsent.id)
        .where(UserConsent.id.in_(due(RetentionRule.UNANSWERED_CONSENTS, policy)))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    statement = (
        update(UserConsent)
        .where(UserConsent.id.in_(unanswered))
        .values(revoked_at=func.now())
        .returning(UserConsent.user_id)
        .execution_options(synchronize_session=False)
    )
    return (await session.scalars(statement)).all()
