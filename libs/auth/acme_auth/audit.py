"""The audit log: written in the transaction of the act, so that neither is there without the other."""

import json
from functools import cache
from uuid import UUID

from sqlalchemy import bindparam, insert
from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.principals import Principal, Role
from acme_core.origin import current_origin
from acme_db.models import AuditAction, AuditEvent
from acme_db.prepared import Prepared, Reader


@cache
def _insert() -> Prepared:
    columns = ("action", "actor_role", "actor_id", "subject_id", "ip", "request_id", "details")
    return Prepared(insert(AuditEvent).values({name: bindparam(name) for name in columns}))


async def record_at_once(
    reader: Reader,
    action: AuditAction,
    actor: Principal,
    subject_id: UUID | None = None,
    **details: str | None,
) -> None:
    """For what only looks: there is no transaction to be part of, and no answer before this is written."""
    origin = current_origin()
    await _insert().fetch_by(
        reader,
        action=action,
        actor_role=actor.role,
        actor_id=actor.account_id,
        subject_id=subject_id,
        ip=origin.ip,
        request_id=origin.request_id,
        details=json.dumps(details),  # the driver reads JSON, and wants it written
    )


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
