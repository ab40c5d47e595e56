from sqlalchemy.ext.asyncio import AsyncSession

from acme_backoffice.matching import queries
from acme_backoffice.matching.schemas import Bounds, SimulationOut
from acme_backoffice.projects.errors import BoundsNotOrdered
from acme_config.settings import FaceSettings
from acme_db.models import Project


async def simulate(
    session: AsyncSession,
    faces: FaceSettings,
    project: Project,
    confirm: float | None,
    review: float | None,
) -> SimulationOut:
    """What other bounds would do to the scores found so far. Raises `BoundsNotOrdered`."""
    present = Bounds(
        confirm=project.confirm_confidence or faces.confirm_confidence,
        review=project.review_confidence or faces.review_confidence,
    )
    wanted = Bounds(confirm=confirm or present.confirm, review=review or present.review)
    if wanted.review > wanted.confirm:
        raise BoundsNotOrdered
    found = await queries.simulate(session, project.id, present, wanted)
    return SimulationOut(
        present_bounds=present,
        bounds=wanted,
        present=found.present,
        simulated=found.simulated,
        decisions=found.decisions,
        histogram=found.histogram,
    )
