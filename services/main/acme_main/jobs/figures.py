"""fold_figures: what changes have marked is counted again, so that who looks has little to count."""

import structlog

from acme_db.engine import SessionFactory
from acme_db.figures import fold
from acme_db.unit_of_work import unit_of_work

log = structlog.get_logger()


class FigureJobs:
    def __init__(self, sessions: SessionFactory) -> None:
        self._sessions = sessions

    async def fold_figures(self) -> int:
        """How many marks went; each batch in a transaction of its own, so that none is long."""
        total = 0
        while count := await self._fold_some():
            total += count
        if total:
            log.info("figures_folded", marks=total)
        return total

    async def _fold_some(self) -> int:
        async with unit_of_work(self._sessions) as session:
            return await fold(session)
