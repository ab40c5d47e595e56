"""The errors of the S3 protocol, with the codes and statuses that SDKs act upon."""

from enum import Enum


class ErrorCode(Enum):
    """Code on the wire, HTTP status, default message."""

    ACCESS_DENIED = ("AccessDenied", 403, "Access Denied")
    ACCESS_FORBIDDEN = ("AccessForbidden", 403, "CORSResponse: This CORS request is not allowed.")
    AUTHORIZATION_HEADER_MALFORMED = (
        "AuthorizationHeaderMalformed",
        400,
        "The authorization header that you provided is not valid.",
    )
    AUTHORIZATION_QUERY_ERROR = (
        "AuthorizationQueryParametersError",
        400,
        "The authorization query parameters that you provided are not valid.",
    )
    BAD_DIGEST = (
        "BadDigest",
        400,
        "The digest or checksum that you specified did not match what we received.",
    )
    BUCKET_ALREADY_OWNED_BY_YOU = ("BucketAlreadyOwnedByYou", 409, "You already own this bucket.")
    BUCKET_NOT_EMPTY = ("BucketNotEmpty", 409, "The bucket that you tried to delete is not empty.")
    ENTITY_TOO_LARGE = ("EntityTooLarge", 400, "Your proposed upload exceeds the maximum allowed size.")
    ENTITY_TOO_SMALL = ("EntityTooSmall", 400, "Every part but the last must reach the minimum size.")
    INCOMPLETE_BODY = (
        "IncompleteBody",
        400,
        "You did not provide the number of bytes specified by the Content-Length header.",
    )
    INTERNAL_ERROR = ("InternalError", 500, "We encountered an internal error. Please try again.")
    INVALID_ACCESS_KEY_ID = ("InvalidAccessKeyId", 403, "The access key id that you provided is not known.")
    INVALID_ARGUMENT = ("InvalidArgument", 400, "Invalid argument.")
    INVALID_BUCKET_NAME = ("InvalidBucketName", 400, "The specified bucket is not valid.")
    INVALID_DIGEST = ("InvalidDigest", 400, "The digest or checksum that you specified is not valid.")
    INVALID_LOCATION = ("InvalidLocationConstraint", 400, "The specified location constraint is not valid.")
    INVALID_PART = ("InvalidPart", 400, "A specified part was not found, or its entity tag did not match.")
    INVALID_PART_ORDER = ("InvalidPartOrder", 400, "The list of parts was not in ascending order.")
    INVALID_RANGE = ("InvalidRange", 416, "The requested range is not satisfiable.")
    INVALID_REQUEST = ("InvalidRequest", 400, "Invalid request.")
    INVALID_TOKEN = ("InvalidToken", 400, "Session tokens are not in use here.")
    INVALID_URI = ("InvalidURI", 400, "The specified URI could not be parsed.")
    KEY_TOO_LONG = ("KeyTooLongError", 400, "Your key is too long.")
    MALFORMED_XML = (
        "MalformedXML",
        400,
        "The XML that you provided was not well formed or not of our schema.",
    )
    METADATA_TOO_LARGE = ("MetadataTooLarge", 400, "Your metadata headers exceed the maximum allowed size.")
    MISSING_CONTENT_LENGTH = ("MissingContentLength", 411, "You must provide the Content-Length HTTP header.")
    NO_SUCH_BUCKET = ("NoSuchBucket", 404, "The specified bucket does not exist.")
    NO_SUCH_CORS = ("NoSuchCORSConfiguration", 404, "The CORS configuration does not exist.")
    NO_SUCH_KEY = ("NoSuchKey", 404, "The specified key does not exist.")
    NO_SUCH_UPLOAD = ("NoSuchUpload", 404, "The specified multipart upload does not exist.")
    NOT_IMPLEMENTED = ("NotImplemented", 501, "This operation is not implemented.")
    PRECONDITION_FAILED = ("PreconditionFailed", 412, "A precondition that you specified did not hold.")
    REQUEST_TIME_TOO_SKEWED = (
        "RequestTimeTooSkewed",
        403,
        "The difference between the request time and the current time is too large.",
    )
    SIGNATURE_DOES_NOT_MATCH = (
        "SignatureDoesNotMatch",
        403,
        "The signature that we calculated does not match the one that you provided.",
    )
    STORAGE_FULL = ("StorageFull", 507, "The disk is full. Nothing of this request was kept.")
    SHA256_MISMATCH = (
        "XAmzContentSHA256Mismatch",
        400,
        "The x-amz-content-sha256 header does not match what was computed.",
    )

    def __init__(self, wire: str, status: int, message: str) -> None:
        self.wire = wire
        self.status = status
        self.message = message


class S3Error(Exception):
    """`details` become elements of the XML error; `headers` go on the response."""

    def __init__(
        self,
        code: ErrorCode,
        message: str | None = None,
        *,
        details: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        self.code = code
        self.message = message or code.message
        self.details = details or {}
        self.headers = headers or {}
        super().__init__(f"{code.wire}: {self.message}")


def no_such_key(key: str) -> S3Error:
    return S3Error(ErrorCode.NO_SUCH_KEY, details={"Key": key})


def no_such_bucket(bucket: str) -> S3Error:
    return S3Error(ErrorCode.NO_SUCH_BUCKET, details={"BucketName": bucket})


def invalid_argument(message: str) -> S3Error:
    return S3Error(ErrorCode.INVALID_ARGUMENT, message)
