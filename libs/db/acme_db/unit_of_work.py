"""One request or one job = one transaction, committed at its boundary; what only reads needs none."""

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


@asynccontextmanager
async def reading(factory: SessionFactory) -> AsyncIterator[AsyncSession]:
    """For statements that only read, of an engine in autocommit: no BEGIN and no COMMIT to wait for.

    Raises `RuntimeError` where rows were changed all the same: nothing would keep them.
    """
    async with factory() as session:
        yield session
        if session.new or session.dirty or session.deleted:
            raise RuntimeError("what was to read only has changed rows")
