"""The selfie that stands beside a face wherever people judge a match."""

from uuid import UUID

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import InstrumentedAttribute

from acme_db.consents import consents_now
from acme_db.models import Selfie
from acme_db.models.selfie import SelfieStatus
from acme_db.models.user_consent import ConsentType


def newest_selfie_key(user_id: InstrumentedAttribute[UUID]) -> ScalarSelect[str]:
    """Of the guest in the row that is read: the face of their newest selfie, while they consent."""
    return (
        select(func.coalesce(Selfie.crop_key, Selfie.storage_key))
        .where(
            Selfie.user_id == user_id,
            Selfie.status == SelfieStatus.APPROVED,
            Selfie.deleted_at.is_(None),
            consents_now(Selfie.user_id, ConsentType.BIOMETRIC_PROCESSING),
        )
        .order_by(Selfie.created_at.desc())
        .limit(1)
        .correlate(user_id.class_)
        .scalar_subquery()
    )
