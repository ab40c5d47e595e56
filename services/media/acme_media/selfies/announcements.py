from sqlalchemy.ext.asyncio import AsyncSession

from acme_db.models import Selfie
from acme_events import channels
from acme_events.catalogue import SelfieChanged
from acme_events.publisher import announce


def announce_selfie(session: AsyncSession, selfie: Selfie) -> None:
    """Tells the guest what became of it."""
    event = SelfieChanged(selfie_id=selfie.id, status=selfie.status, rejection_reason=selfie.rejection_reason)
    announce(session, event, channels.of_user(selfie.user_id))
