"""What the jobs ask of a provider that keeps faces in collections of its own."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID


class FaceProvider(Protocol):
    async def enrol(self, project_id: UUID, user_id: UUID, selfie_id: UUID, crop: bytes) -> str | None:
        """The same crop of the same selfie is kept once: a second call returns the first one's id."""

    async def enrolled(self, project_id: UUID) -> Sequence[str] | None:
        """Every face id that is kept for the project."""

    async def forget(self, project_id: UUID, face_ids: Sequence[str]) -> None:
        """Erase enrolments. Idempotent."""

    async def drop(self, project_id: UUID) -> None:
        """Erase all of a project. Idempotent."""
