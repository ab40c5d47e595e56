import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Grouped(Generic[T]):
    """One write for all that comes while the last one is under way; a single item does not wait.

    Fifty at once cost one call instead of fifty: nearly all of such a call's time is the client's own.
    """

    def __init__(self, write: Callable[[list[T]], Awaitable[object]]) -> None:
        self._write = write
        self._items: list[T] = []
        self._next: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()

    async def add(self, *items: T) -> None:
        """Returns when they are written; what the write raises, everybody gets who had a part in it.

        Who is cancelled while waiting takes nothing back.
        """
        self._items += items
        if self._next is None:
            self._next = asyncio.create_task(self._flush())
        await asyncio.shield(self._next)

    async def _flush(self) -> None:
        async with self._turn:
            items, self._items, self._next = self._items, [], None
            await self._write(items)
