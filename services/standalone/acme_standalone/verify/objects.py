"""Holds the keys that rows name against the objects that are there, both ways."""

from collections.abc import AsyncIterator, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from acme_core.clock import utc_now
from acme_standalone.verify.findings import Finding
from acme_storage.gateway import ObjectStorage

NAMED = """
    SELECT unnest(ARRAY[storage_key, thumbnail_key, preview_key, watermarked_key, cleared_key]) FROM photos
    WHERE upload_state = 'verified' AND status = 'ready' AND deleted_at IS NULL
    UNION ALL SELECT crop_key FROM photo_faces f JOIN photos p ON p.id = f.photo_id WHERE p.deleted_at IS NULL
    UNION ALL SELECT unnest(ARRAY[storage_key, crop_key]) FROM selfies
    WHERE status = 'approved' AND deleted_at IS NULL
    UNION ALL SELECT storage_key FROM purchase_archives WHERE state = 'ready'
    UNION ALL SELECT profile_picture_url FROM operators WHERE deleted_at IS NULL
"""
"""Every key that a row promises to be there."""

OWNERS = """
    SELECT id FROM photos WHERE deleted_at IS NULL
    UNION ALL SELECT id FROM selfies
"""
"""Whose objects may be there. Rows that are gone, or deleted, own nothing."""

GRACE = timedelta(minutes=10)
"""An erasure or an upload that is under way touches the rows and the objects at different times."""


async def check_objects(
    engine: AsyncEngine, storage: ObjectStorage, grace: timedelta = GRACE
) -> list[Finding]:
    """The rows are read before the objects, and after: what both readings agree on is no passing state."""
    before = await read_named(engine)
    stored = [item async for item in _stored(storage)]
    owners = await read_owners(engine)
    named = before & await read_named(engine)
    keys = {key for key, _ in stored}
    left = sorted(_ownerless(stored, owners, utc_now() - grace))
    return [
        Finding.of("Every file that a row names is in the object store", sorted(named - keys)),
        Finding.of("Nothing is stored of a photo or a selfie that is gone", left),
    ]


async def _stored(storage: ObjectStorage) -> AsyncIterator[tuple[str, datetime]]:
    for prefix in ("projects/", "users/", "purchases/", "operators/"):
        for item in await storage.list_objects(prefix):
            yield item.key, item.modified_at


def _ownerless(stored: Iterable[tuple[str, datetime]], owners: set[str], settled: datetime) -> Iterable[str]:
    for key, modified_at in stored:
        owner = owner_of(key)
        if owner is not None and owner not in owners and modified_at < settled:
            yield key


async def read_named(engine: AsyncEngine) -> set[str]:
    """The keys that must be there."""
    return await _column(engine, NAMED)


async def read_owners(engine: AsyncEngine) -> set[str]:
    """The photos and selfies that may have objects."""
    return await _column(engine, OWNERS)


def owner_of(key: str) -> str | None:
    """The photo or selfie in a key of theirs (`acme_storage.keys`); None for the others."""
    parts = key.split("/")
    if len(parts) > 3 and parts[0] in {"projects", "users"} and parts[2] in {"photos", "selfies"}:  # noqa: PLR2004 - owner, id, kind, id
        return str(UUID(parts[3]))
    return None


async def _column(engine: AsyncEngine, statement: str) -> set[str]:
    async with engine.connect() as connection:
        rows = await connection.execute(text(statement))
        return {str(value) for (value,) in rows if value is not None}
