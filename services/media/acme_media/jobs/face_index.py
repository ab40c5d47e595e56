"""The kept vectors of a project's faces, searched exactly: in PostgreSQL, or in this process."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.ext.asyncio import AsyncSession

from acme_media.faces.values import Vectors
from acme_media.jobs import vector_queries as queries
from acme_media.jobs.vector_queries import StoredVectors
from acme_telemetry.metrics import FACE_INDEX_BYTES, FACE_INDEX_VECTORS

MOST_HELD = 200_000
"""Vectors, of all projects together: about 100 MB."""
WORTH_HOLDING = 10
"""Searches of unchanged vectors: reading them in costs about as much as so many searches in PostgreSQL."""
MOST_COUNTED = 1_000
"""Projects whose searches are counted."""
ROUNDING = 1e-4
"""Of squared distances in float32: what is that near the bound is let through, and matched in full."""


@dataclass(frozen=True)
class HeldVectors:
    version: int
    vectors: Vectors
    squares: Vectors
    photos: NDArray[np.object_]

    @classmethod
    def of(cls, stored: StoredVectors) -> "HeldVectors":
        squares = np.einsum("ij,ij->i", stored.vectors, stored.vectors)
        return cls(stored.version, stored.vectors, squares, np.array(stored.photos, object))

    @property
    def size_bytes(self) -> int:
        """Of the arrays; the ids in the last one are some 60 bytes each beside it."""
        return self.vectors.nbytes + self.squares.nbytes + self.photos.nbytes

    def within(self, templates: Vectors, reach: float) -> set[UUID]:
        """By |a - b|^2 = |a|^2 + |b|^2 - 2ab.

        Not by `@`, whose threads wait for each other where the cores are busy: 1.3 ms became 72.
        """
        products = np.einsum("ij,kj->ik", self.vectors, templates)
        gaps = self.squares[:, None] + np.einsum("ij,ij->i", templates, templates) - 2 * products
        return set(self.photos[np.flatnonzero((gaps <= reach**2 + ROUNDING).any(axis=1))])


class FaceIndex:
    """Holds the vectors of projects that are searched often, and gives up the least recently used ones.

    Whether what is held is true, and may be compared at all, is asked of the database before each search.
    Guests' templates are never held: who withdraws is not compared from that commit on.
    """

    def __init__(self, *, most_held: int = MOST_HELD, worth_holding: int = WORTH_HOLDING) -> None:
        self._held: OrderedDict[UUID, HeldVectors] = OrderedDict()
        self._searches: OrderedDict[UUID, tuple[int, int]] = OrderedDict()
        self._most_held = most_held
        self._worth_holding = worth_holding

    async def photos_within(
        self, session: AsyncSession, project_id: UUID, engine: str, templates: Vectors, reach: float
    ) -> set[UUID]:
        """Photos with a vector of the engine that near to one of the templates."""
        state = await queries.state_of(session, project_id) if len(templates) else None
        if state is None:
            self._held.pop(project_id, None)
            self._tell()
            return set()
        held = self._current(project_id, state)
        if held is None and self._is_worth_holding(project_id, state):
            held = self._hold(project_id, await queries.read_vectors(session, project_id, engine))
        if held is None:
            return await queries.photos_within(session, project_id, engine, templates, reach)
        return await asyncio.to_thread(held.within, templates, reach)

    def _current(self, project_id: UUID, version: int) -> HeldVectors | None:
        held = self._held.pop(project_id, None)
        if held is None or held.version != version:
            return None
        self._held[project_id] = held  # the last one to be given up
        return held

    def _is_worth_holding(self, project_id: UUID, version: int) -> bool:
        """Vectors that come in one by one are not read in again for each of them."""
        known, count = self._searches.pop(project_id, (version, 0))
        count = count + 1 if known == version else 1
        self._searches[project_id] = (version, count)
        if len(self._searches) > MOST_COUNTED:
            self._searches.popitem(last=False)
        return count > self._worth_holding

    def _hold(self, project_id: UUID, stored: StoredVectors | None) -> HeldVectors | None:
        if stored is None or len(stored.vectors) > self._most_held:
            return None
        self._held[project_id] = held = HeldVectors.of(stored)
        while sum(len(each.vectors) for each in self._held.values()) > self._most_held:
            self._held.popitem(last=False)
        self._tell()
        return held

    def _tell(self) -> None:
        FACE_INDEX_VECTORS.set(sum(len(each.vectors) for each in self._held.values()))
        FACE_INDEX_BYTES.set(sum(each.size_bytes for each in self._held.values()))
