"""One request or one job = one transaction, committed at its boundary."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncSession

from acme_db.engine import SessionFactory

AfterCommit = Callable[[], Awaitable[None]]
_AFTER_COMMIT = "acme_after_commit"


def after_commit(session: AsyncSession, action: AfterCommit) -> None:
    """Run `action` once this session's transaction is safely committed; never when it is rolled back."""
    session.info.setdefault(_AFTER_COMMIT, []).append(action)


@asynccontextmanager
async def unit_of_work(factory: SessionFactory) -> AsyncIterator[AsyncSession]:
    async with factory() as session:
        async with session.begin():
            yield session
        for action in session.info.pop(_AFTER_COMMIT, []):
            await action()
