"""The jobs of a photo share one pass, and need it no more than they need each other."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest

from acme_core.photos import FailureCode
from acme_core.watermarks import WatermarkDesign
from acme_media.images.rejection import ImageRejectedError
from acme_media.jobs.renderings import MOST_KEPT, Renderings
from tests.services.harness import picture, sha256


@dataclass
class Context:
    """What a pass asks of the worker: the file, counted."""

    body: bytes
    folder: Path
    fetches: int = 0
    limits: Any = field(default_factory=lambda: SimpleNamespace(max_pixels=10**8))

    @asynccontextmanager
    async def fetched(self, _: str) -> AsyncIterator[Path]:
        self.fetches += 1
        path = self.folder / "object"
        path.write_bytes(self.body)
        await asyncio.sleep(0.01)
        yield path


def todo(body: bytes, photo_id: UUID | None = None, digest: str | None = None) -> Any:
    photo = SimpleNamespace(
        id=photo_id or uuid4(), storage_key="key", content_type="image/jpeg", sha256=digest or sha256(body)
    )
    design = WatermarkDesign()
    return SimpleNamespace(
        photo=photo,
        timezone="UTC",
        operator_name="Acme Events",
        design=design,
        blurred=(),
        blur_version=None,
    )


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return Context(picture(11), tmp_path)


def passes(context: Context) -> Renderings:
    return Renderings(context)  # type: ignore[arg-type] # what it needs


async def test_two_jobs_at_once_or_one_after_the_other_are_one_pass(context: Context) -> None:
    renderings, wanted = passes(context), todo(context.body)
    first, second = await asyncio.gather(renderings.take(wanted), renderings.take(wanted))
    assert first is second
    later = todo(context.body)
    assert await renderings.take(later) is await renderings.take(later)
    assert context.fetches == 2, "one for each of the two photos"


async def test_a_third_asks_anew(context: Context) -> None:
    renderings, wanted = passes(context), todo(context.body)
    for _ in range(3):
        await renderings.take(wanted)
    assert context.fetches == 2


async def test_what_is_wrong_with_the_file_is_told_to_both(context: Context) -> None:
    renderings, wanted = passes(context), todo(context.body, digest="0" * 64)
    both = await asyncio.gather(*(renderings.take(wanted) for _ in range(2)), return_exceptions=True)
    assert [error.code for error in both if isinstance(error, ImageRejectedError)] == [
        FailureCode.DIGEST_MISMATCH
    ] * 2


async def test_a_job_that_is_ended_does_not_end_the_other(context: Context) -> None:
    renderings, wanted = passes(context), todo(context.body)
    ended = asyncio.create_task(renderings.take(wanted))
    other = asyncio.create_task(renderings.take(wanted))
    await asyncio.sleep(0)
    ended.cancel()
    assert (await other).thumbnail.jpeg
    assert context.fetches == 1


async def test_what_nobody_takes_is_dropped(context: Context) -> None:
    renderings = passes(context)
    for _ in range(MOST_KEPT + 3):
        await renderings.take(todo(context.body))
    assert len(renderings._passes) == MOST_KEPT
