"""Copies objects into a folder and back; what is there already is not fetched again."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import replace
from itertools import islice
from typing import TypeVar

from acme_standalone.backup.folder import BackupFolder, KeptObject, sha256_of
from acme_storage.gateway import ObjectMissing, ObjectStorage

T = TypeVar("T")
R = TypeVar("R")
AT_ONCE = 16


async def fetch_all(
    storage: ObjectStorage, folder: BackupFolder, known: dict[str, KeptObject]
) -> dict[str, KeptObject]:
    """By key. What is deleted while it is fetched is left out."""
    try:
        listed = await storage.list_objects("")
    except ObjectMissing:  # the bucket itself: nothing has ever been stored
        listed = []

    async def fetch(key: str) -> KeptObject | None:
        return await _fetch(storage, folder, key, known.get(key))

    keys = [item.key for item in listed]
    return {kept.key: kept async for kept in _at_once(fetch, keys) if kept is not None}


async def put_all(storage: ObjectStorage, folder: BackupFolder, objects: Iterable[KeptObject]) -> int:
    async def put(kept: KeptObject) -> None:
        await storage.write_large(kept.key, folder.file_of(kept.key), kept.content_type)

    return len([None async for _ in _at_once(put, objects)])


async def _fetch(
    storage: ObjectStorage, folder: BackupFolder, key: str, known: KeptObject | None
) -> KeptObject | None:
    path = folder.file_of(key)
    try:
        stored = await storage.head(key)
        if known is not None and known.etag == stored.etag and path.exists():
            return replace(known, content_type=stored.content_type)
        path.parent.mkdir(parents=True, exist_ok=True)
        await storage.download(key, path)
    except ObjectMissing:
        return None
    digest = await asyncio.to_thread(sha256_of, path)
    return KeptObject(key, path.stat().st_size, stored.content_type, stored.etag, digest)


async def _at_once(call: Callable[[T], Awaitable[R]], items: Iterable[T]) -> AsyncIterator[R]:
    """A few at a time: a million keys do not become a million tasks."""
    waiting = iter(items)
    while wave := list(islice(waiting, AT_ONCE)):
        for done in await asyncio.gather(*(call(item) for item in wave)):
            yield done
