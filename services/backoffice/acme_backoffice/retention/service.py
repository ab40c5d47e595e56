from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from acme_backoffice.retention import queries
from acme_backoffice.retention.schemas import DueEvent, DueOut, RetentionSimulation
from acme_core.retention import RetentionPolicy
from acme_db.retention import OF_OPERATORS, count_due


async def simulate(
    session: AsyncSession, policy: RetentionPolicy, operator_id: UUID, at: datetime
) -> RetentionSimulation:
    """By the statements that the jobs go by."""
    events = await queries.events_due(session, policy, at, operator_id)
    return RetentionSimulation(
        on=at,
        policy_version=policy.version,
        items=[
            DueOut(
                rule=rule,
                kept_days=policy.days[rule],
                count=await count_due(session, rule, policy, at, operator_id),
            )
            for rule in OF_OPERATORS
        ],
        events=[DueEvent(project_id=row[0], name=row[1], faces=row[2]) for row in events],
    )
