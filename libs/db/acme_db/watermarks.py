"""Which design a photo is drawn with: its project's, else its operator's, else the default."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from acme_core.watermarks import WatermarkDesign
from acme_db.models import Operator, Watermark


@dataclass(frozen=True)
class Designs:
    """Of one operator."""

    operator_name: str
    general: WatermarkDesign
    by_project: dict[UUID, WatermarkDesign]

    def version_of(self, project_id: UUID) -> str:
        return self.by_project.get(project_id, self.general).version_for(self.operator_name)


def design_of(stored: dict[str, Any] | None) -> WatermarkDesign:
    return WatermarkDesign() if stored is None else WatermarkDesign.model_validate(stored)


async def designs_of(session: AsyncSession, operator_id: UUID) -> Designs:
    """While this transaction lasts, none of them changes.

    Who stores a photo and who changes a design meet here: one of the two always sees what the other did.
    """
    name = await session.scalar(
        select(Operator.name).where(Operator.id == operator_id).with_for_update(read=True)
    )
    rows = (await session.scalars(select(Watermark).where(Watermark.operator_id == operator_id))).all()
    general = next((row.design for row in rows if row.project_id is None), None)
    own = {row.project_id: design_of(row.design) for row in rows if row.project_id is not None}
    return Designs(name or "", design_of(general), own)


async def lock_designs(session: AsyncSession, operator_id: UUID) -> str:
    """Before one of them is changed. Returns the operator's name."""
    statement = select(Operator.name).where(Operator.id == operator_id).with_for_update(key_share=True)
    return (await session.scalars(statement)).one()
