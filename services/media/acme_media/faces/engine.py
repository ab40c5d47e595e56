"""What the jobs ask of a face engine, whichever it is."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from PIL import Image

from acme_media.faces.values import Candidate, FoundFace, Vectors


class TransientFaceError(Exception):
    """The engine may answer later: throttled, or out of reach."""


class PermanentFaceError(Exception):
    """The engine will not take this picture, or not from us."""


class FaceEngine(Protocol):
    """Two kinds fit: one that hands out vectors, and one that keeps faces in collections of its own."""

    @property
    def version(self) -> str:
        """Engine and model, stored beside every template and tag."""

    async def find_faces(self, picture: Image.Image) -> list[FoundFace]:
        """Every face of an upright RGB picture, largest first."""

    async def template(self, crop: bytes) -> list[float] | None:
        """128 floats for a crop of `find_faces`; None where the provider keeps its vectors."""

    async def enrol(self, project_id: UUID, user_id: UUID, selfie_id: UUID, crop: bytes) -> str | None:
        """Make the guest findable in a project; returns the provider's face id, if there is a provider."""

    async def search(self, project_id: UUID, crops: Sequence[bytes]) -> list[list[Candidate]]:
        """For each crop the project's consenting members it may show, best first, one entry a person."""

    async def search_vectors(self, project_id: UUID, vectors: Vectors) -> list[list[Candidate]]:
        """As `search`, by vectors that this version has handed out: `template`'s of the same crops."""

    async def sift(self, selfies: Sequence[bytes], crops: Sequence[bytes]) -> list[bool]:
        """Which of these kept face crops may show the guest of these selfie crops.

        True for all that could reach the score floor: a photo with such a crop is then matched in full.
        """

    async def forget(self, project_id: UUID, face_ids: Sequence[str]) -> None:
        """Erase enrolments at the provider. Idempotent."""

    async def enrolled(self, project_id: UUID) -> Sequence[str] | None:
        """Every face id that the provider keeps for the project; None where there is no provider."""


class TemplateStore(Protocol):
    """Where the local engine's templates are: the database."""

    async def count(self, project_id: UUID) -> int:
        """Members with an active template."""

    async def nearest(self, project_id: UUID, vectors: Vectors, limit: int) -> list[list[tuple[UUID, float]]]:
        """For each vector the nearest members and their least Euclidean distance, nearest first."""
