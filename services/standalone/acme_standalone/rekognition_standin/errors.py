"""Rekognition's errors, named as AWS names them: SDKs act upon the type."""

from enum import Enum

from starlette.responses import Response

from acme_standalone.objectstore.errors import ErrorCode, S3Error
from acme_standalone.rekognition_standin.answers import answer


class ErrorType(Enum):
    """The name on the wire is the value's first part."""

    ACCESS_DENIED = ("AccessDeniedException", 400)
    IMAGE_TOO_LARGE = ("ImageTooLargeException", 400)
    INCOMPLETE_SIGNATURE = ("IncompleteSignatureException", 400)
    INTERNAL_SERVER_ERROR = ("InternalServerError", 500)
    INVALID_IMAGE_FORMAT = ("InvalidImageFormatException", 400)
    INVALID_PAGINATION_TOKEN = ("InvalidPaginationTokenException", 400)
    INVALID_PARAMETER = ("InvalidParameterException", 400)
    INVALID_S3_OBJECT = ("InvalidS3ObjectException", 400)
    INVALID_SIGNATURE = ("InvalidSignatureException", 400)
    MISSING_AUTHENTICATION = ("MissingAuthenticationTokenException", 400)
    RESOURCE_ALREADY_EXISTS = ("ResourceAlreadyExistsException", 400)
    RESOURCE_NOT_FOUND = ("ResourceNotFoundException", 400)
    SERIALIZATION = ("SerializationException", 400)
    SERVICE_UNAVAILABLE = ("ServiceUnavailable", 503)
    THROTTLED = ("ThrottlingException", 400)
    THROUGHPUT_EXCEEDED = ("ProvisionedThroughputExceededException", 400)
    UNKNOWN_OPERATION = ("UnknownOperationException", 400)
    UNRECOGNIZED_CLIENT = ("UnrecognizedClientException", 400)
    VALIDATION = ("ValidationException", 400)

    @property
    def wire(self) -> str:
        return self.value[0]

    @property
    def status(self) -> int:
        return self.value[1]


class RekognitionError(Exception):
    def __init__(self, kind: ErrorType, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def no_collection(collection_id: str) -> RekognitionError:
    message = f"The collection id: {collection_id} does not exist"
    return RekognitionError(ErrorType.RESOURCE_NOT_FOUND, message)


def no_face() -> RekognitionError:
    message = "There are no faces in the image. Should be at least 1."
    return RekognitionError(ErrorType.INVALID_PARAMETER, message)


def render(error: RekognitionError, request_id: str) -> Response:
    body = {"__type": error.kind.wire, "message": str(error)}
    return answer(body, request_id, status=error.kind.status)


_OF_SIGNATURE = {
    ErrorCode.ACCESS_DENIED: ErrorType.MISSING_AUTHENTICATION,
    ErrorCode.INVALID_ACCESS_KEY_ID: ErrorType.UNRECOGNIZED_CLIENT,
    ErrorCode.INVALID_TOKEN: ErrorType.UNRECOGNIZED_CLIENT,
    ErrorCode.REQUEST_TIME_TOO_SKEWED: ErrorType.INVALID_SIGNATURE,
    ErrorCode.SIGNATURE_DOES_NOT_MATCH: ErrorType.INVALID_SIGNATURE,
}


def of_signature(error: S3Error) -> RekognitionError:
    """The verification is the object store's; the words of a JSON service are others."""
    return RekognitionError(_OF_SIGNATURE.get(error.code, ErrorType.INCOMPLETE_SIGNATURE), error.message)
