"""The face engine over Rekognition.

SearchFacesByImage looks at the largest face only: every face is found first, cut out and searched alone.
A project's collection holds its consenting members and nobody else.
"""

import asyncio
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from PIL import Image

from acme_media.faces.engine import PermanentFaceError, TransientFaceError
from acme_media.faces.rekognition.calls import Calls, Meter, Pace, RefusedError
from acme_media.faces.rekognition.montage import Montage, montages
from acme_media.faces.rekognition.naming import collection_id, external_id, user_of
from acme_media.faces.rekognition.pictures import encoded, found_face
from acme_media.faces.values import Box, Candidate, FoundFace, Vectors

if TYPE_CHECKING:
    from mypy_boto3_rekognition import RekognitionClient
    from mypy_boto3_rekognition.type_defs import (
        BoundingBoxTypeDef,
        FaceMatchTypeDef,
        ListFacesResponseTypeDef,
    )

VERSION = "rekognition"
FACE_MATCH_THRESHOLD = 55.0
"""Its own default is 80, which would leave the review band empty."""
SIFT_THRESHOLD = 50.0
"""Lower: on a montage a face is smaller, and what is sifted out is never looked at again."""
MAX_FACES = 20
PAGE = 1000
MOST_IDS = 4096
_NOT_THERE = "FACE_NOT_FOUND"


class RekognitionEngine:
    def __init__(
        self, client: "RekognitionClient", pace: Pace | None = None, meter: Meter | None = None
    ) -> None:
        self._client = client
        self._calls = Calls(pace, meter)

    @property
    def version(self) -> str:
        return VERSION

    async def find_faces(self, picture: Image.Image) -> list[FoundFace]:
        body = await asyncio.to_thread(encoded, picture)
        answer = await self._calls.run(
            "DetectFaces",
            lambda: self._client.detect_faces(Image={"Bytes": body}, Attributes=["DEFAULT"]),
        )
        found = [found_face(picture, detail) for detail in answer["FaceDetails"]]
        return sorted(found, key=lambda face: -face.size_px)

    async def template(self, crop: bytes) -> list[float] | None:  # noqa: ARG002 - it never hands vectors out
        return None

    async def enrol(self, project_id: UUID, user_id: UUID, selfie_id: UUID, crop: bytes) -> str | None:
        """Raises `PermanentFaceError` when no face of the crop can be indexed."""
        collection = collection_id(project_id)
        await self._ensure_collection(collection)
        answer = await self._calls.run(
            "IndexFaces",
            lambda: self._client.index_faces(
                CollectionId=collection,
                Image={"Bytes": crop},
                ExternalImageId=external_id(user_id, selfie_id),
                MaxFaces=1,
                QualityFilter="NONE",
            ),
        )
        if not answer["FaceRecords"]:
            raise PermanentFaceError("no face could be indexed")
        return answer["FaceRecords"][0]["Face"]["FaceId"]

    async def search(self, project_id: UUID, crops: Sequence[bytes]) -> list[list[Candidate]]:
        collection = collection_id(project_id)
        return [await self._search_one(collection, crop) for crop in crops]

    async def search_vectors(self, project_id: UUID, vectors: Vectors) -> list[list[Candidate]]:  # noqa: ARG002 - whatever the project
        """It has never handed one out."""
        return [[] for _ in vectors]

    async def resembling(self, project_id: UUID, face_id: str) -> list[Candidate]:
        """Members whom the provider takes for the same person as an enrolled face, its own guest as well."""
        try:
            answer = await self._calls.run(
                "SearchFaces",
                lambda: self._client.search_faces(
                    CollectionId=collection_id(project_id),
                    FaceId=face_id,
                    FaceMatchThreshold=FACE_MATCH_THRESHOLD,
                    MaxFaces=MAX_FACES,
                ),
            )
        except RefusedError as error:
            return _nobody(error)
        return _best_per_user(answer["FaceMatches"])

    async def sift(self, selfies: Sequence[bytes], crops: Sequence[bytes]) -> list[bool]:
        """Compares without keeping anything: bystanders are never indexed.

        A crop whose face is not found on its montage may show anybody.
        """
        could = [False] * len(crops)
        sheets = await asyncio.to_thread(lambda: list(montages(crops)))
        for places, montage in sheets:
            for selfie in selfies:
                for place, may_show in zip(places, await self._sift_one(selfie, montage), strict=True):
                    could[place] |= may_show
        return could

    async def forget(self, project_id: UUID, face_ids: Sequence[str]) -> None:
        for start in range(0, len(face_ids), MOST_IDS):
            await self._forget_some(collection_id(project_id), list(face_ids[start : start + MOST_IDS]))

    async def drop(self, project_id: UUID) -> None:
        """Erases the project's collection with all of its faces. Idempotent."""
        try:
            await self._calls.run(
                "DeleteCollection",
                lambda: self._client.delete_collection(CollectionId=collection_id(project_id)),
            )
        except RefusedError as error:
            _require_missing(error)

    async def enrolled(self, project_id: UUID) -> Sequence[str]:
        found: list[str] = []
        token = ""
        while True:
            try:
                page = await self._page(collection_id(project_id), token)
            except RefusedError as error:
                _require_missing(error)
                return ()
            found += [face["FaceId"] for face in page["Faces"]]
            token = page.get("NextToken", "")
            if not token:
                return found

    async def _page(self, collection: str, token: str) -> "ListFacesResponseTypeDef":
        return await self._calls.run(
            "ListFaces",
            lambda: self._client.list_faces(
                CollectionId=collection, MaxResults=PAGE, **({"NextToken": token} if token else {})
            ),
        )

    async def _search_one(self, collection: str, crop: bytes) -> list[Candidate]:
        try:
            answer = await self._calls.run(
                "SearchFacesByImage",
                lambda: self._client.search_faces_by_image(
                    CollectionId=collection,
                    Image={"Bytes": crop},
                    FaceMatchThreshold=FACE_MATCH_THRESHOLD,
                    MaxFaces=MAX_FACES,
                    QualityFilter="NONE",
                ),
            )
        except RefusedError as error:
            return _nobody(error)
        return _best_per_user(answer["FaceMatches"])

    async def _sift_one(self, selfie: bytes, montage: Montage) -> list[bool]:
        try:
            answer = await self._calls.run(
                "CompareFaces",
                lambda: self._client.compare_faces(
                    SourceImage={"Bytes": selfie},
                    TargetImage={"Bytes": montage.picture},
                    SimilarityThreshold=SIFT_THRESHOLD,
                    QualityFilter="NONE",
                ),
            )
        except RefusedError as error:
            if error.code != "InvalidParameterException":
                raise
            return [True] * montage.count  # no face was found on one of the two
        alike = {montage.crop_at(_box(match["Face"]["BoundingBox"])) for match in answer["FaceMatches"]}
        other = {montage.crop_at(_box(face["BoundingBox"])) for face in answer["UnmatchedFaces"]}
        return [number in alike or number not in other for number in range(montage.count)]

    async def _forget_some(self, collection: str, face_ids: list[str]) -> None:
        try:
            answer = await self._calls.run(
                "DeleteFaces",
                lambda: self._client.delete_faces(CollectionId=collection, FaceIds=face_ids),
            )
        except RefusedError as error:
            _require_missing(error)
            return
        kept = [
            failure
            for failure in answer.get("UnsuccessfulFaceDeletions", ())
            if set(failure["Reasons"]) != {_NOT_THERE}
        ]
        if kept:
            raise TransientFaceError(f"{len(kept)} faces were not deleted")

    async def _ensure_collection(self, collection: str) -> None:
        try:
            await self._calls.run(
                "CreateCollection", lambda: self._client.create_collection(CollectionId=collection)
            )
        except RefusedError as error:
            if error.code != "ResourceAlreadyExistsException":
                raise


def _nobody(error: RefusedError) -> list[Candidate]:
    """No face in this picture, or nobody enrolled yet, is no candidate."""
    if error.code not in {"InvalidParameterException", "ResourceNotFoundException"}:
        raise error
    return []


def _require_missing(error: RefusedError) -> None:
    """What is not there need not be erased, and lists nobody."""
    if error.code != "ResourceNotFoundException":
        raise error


def _best_per_user(matches: "Iterable[FaceMatchTypeDef]") -> list[Candidate]:
    best: dict[UUID, float] = {}
    for match in matches:
        user_id = user_of(match["Face"].get("ExternalImageId", ""))
        if user_id is not None:
            best[user_id] = max(best.get(user_id, 0.0), match["Similarity"])
    return [Candidate(user_id, score) for user_id, score in sorted(best.items(), key=lambda item: -item[1])]


def _box(bounds: "BoundingBoxTypeDef") -> Box:
    return Box(bounds["Left"], bounds["Top"], bounds["Width"], bounds["Height"])
