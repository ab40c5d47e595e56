"""What each operation may be asked, with the bounds that Rekognition's service model has."""

import base64
import binascii
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from acme_standalone.rekognition_standin.errors import ErrorType, RekognitionError

MAX_IMAGE_BYTES = 5 * 1024 * 1024
MAX_FACES_OF_AN_IMAGE = 100


def _decoded(text: object) -> object:
    if not isinstance(text, str):
        return text
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("the image is not in base64") from error


CollectionId = Annotated[str, Field(min_length=1, max_length=255, pattern=r"^[a-zA-Z0-9_.\-]+$")]
ExternalImageId = Annotated[str, Field(min_length=1, max_length=255, pattern=r"^[a-zA-Z0-9_.\-:]+$")]
FaceId = Annotated[str, Field(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")]
Percent = Annotated[float, Field(ge=0, le=100)]
MaxFaces = Annotated[int, Field(ge=1, le=4096)]
Quality = Literal["NONE", "AUTO", "LOW", "MEDIUM", "HIGH"]
ImageBytes = Annotated[bytes, BeforeValidator(_decoded), Field(min_length=1)]


class Asked(BaseModel):
    """AWS ignores what it does not know; so do we."""

    model_config = ConfigDict(extra="ignore")


class Picture(Asked):
    content: ImageBytes | None = Field(None, alias="Bytes")
    stored: dict[str, Any] | None = Field(None, alias="S3Object")

    @model_validator(mode="after")
    def has_one_source(self) -> Self:
        if (self.content is None) == (self.stored is None):
            raise ValueError("exactly one of Bytes and S3Object must be given")
        return self

    def read(self) -> bytes:
        if self.content is None:
            message = "Unable to get object metadata from S3: this stand-in takes bytes only."
            raise RekognitionError(ErrorType.INVALID_S3_OBJECT, message)
        if len(self.content) > MAX_IMAGE_BYTES:
            raise RekognitionError(ErrorType.IMAGE_TOO_LARGE, "Image size is too large")
        return self.content


class Collection(Asked):
    collection_id: CollectionId = Field(alias="CollectionId")


class DetectFaces(Asked):
    image: Picture = Field(alias="Image")


class IndexFaces(Collection):
    image: Picture = Field(alias="Image")
    external_image_id: ExternalImageId | None = Field(None, alias="ExternalImageId")
    max_faces: Annotated[int, Field(ge=1)] = Field(MAX_FACES_OF_AN_IMAGE, alias="MaxFaces")
    quality_filter: Quality = Field("AUTO", alias="QualityFilter")


class SearchFacesByImage(Collection):
    image: Picture = Field(alias="Image")
    threshold: Percent = Field(80.0, alias="FaceMatchThreshold")
    max_faces: MaxFaces = Field(80, alias="MaxFaces")


class SearchFaces(Collection):
    face_id: FaceId = Field(alias="FaceId")
    threshold: Percent = Field(80.0, alias="FaceMatchThreshold")
    max_faces: MaxFaces = Field(80, alias="MaxFaces")


class DeleteFaces(Collection):
    face_ids: Annotated[list[FaceId], Field(min_length=1, max_length=4096)] = Field(alias="FaceIds")


class ListFaces(Collection):
    next_token: str | None = Field(None, alias="NextToken")
    max_results: Annotated[int, Field(ge=0, le=4096)] = Field(1000, alias="MaxResults")


class CompareFaces(Asked):
    source: Picture = Field(alias="SourceImage")
    target: Picture = Field(alias="TargetImage")
    threshold: Percent = Field(80.0, alias="SimilarityThreshold")


def invalid(error: ValidationError) -> RekognitionError:
    """The input is left out: it may be a person's face."""
    details = error.errors(include_input=False, include_url=False)
    text = "; ".join(f"{'.'.join(map(str, detail['loc']))}: {detail['msg']}" for detail in details)
    return RekognitionError(ErrorType.VALIDATION, f"{len(details)} validation error(s) detected: {text}")
