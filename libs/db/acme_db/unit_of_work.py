"""One request or one job = one transaction, committed at its boundary; what only reads needs none."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from acme_db.engine import SessionFactory

AfterCommit = Callable[[], Awaitable[None]]
_AFTER_COMMIT = "acme_after_commit"
_PLAN_ANEW = text("SET LOCAL plan_cache_mode TO force_custom_plan")


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
        _require_unchanged(session)


@asynccontextmanager
async def summing_up(factory: SessionFactory) -> AsyncIterator[AsyncSession]:
    """For statements that read much, whose values decide how: of a year's figures or a day's.

    Each is planned for its values, where else a plan is kept for all (`create_engine`). By itself PostgreSQL
    would settle for such a one at the sixth time, and 15 ms become 230. Raises `RuntimeError` where rows were
    changed.
    """
    async with factory() as session, session.begin():
        await session.execute(_PLAN_ANEW)
        yield session
        _require_unchanged(session)


def _require_unchanged(session: AsyncSession) -> None:
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("what was to read only has changed rows")
