"""The audit log: written in the transaction of the act, so that neither is there without the other."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.principals import Principal, Role
from acme_core.origin import current_origin
from acme_db.models import AuditAction, AuditEvent


def record(
    session: AsyncSession,
    action: AuditAction,
    actor: Principal | tuple[Role, UUID] | None,
    subject_id: UUID | None = None,
    **details: str | float | bool | list[str] | None,
) -> None:
    """`actor` None is nobody who is signed in, or the platform itself. Details are ids, counts and states."""
    role, actor_id = (actor.role, actor.account_id) if isinstance(actor, Principal) else actor or (None, None)
    origin = current_origin()
    session.add(
        AuditEvent(
            action=action,
            actor_role=role,
            actor_id=actor_id,
            subject_id=subject_id,
            ip=origin.ip,
            request_id=origin.request_id,
            details=details,
        )
    )
