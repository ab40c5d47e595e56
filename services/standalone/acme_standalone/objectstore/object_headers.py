"""The headers that are kept with an object and given back with it."""

from acme_standalone.objectstore.errors import ErrorCode, S3Error
from acme_standalone.objectstore.request import S3Request

METADATA_PREFIX = "x-amz-meta-"
MAX_METADATA_BYTES = 2048
DEFAULT_CONTENT_TYPE = "application/octet-stream"
_KEPT = ("cache-control", "content-disposition", "content-language", "expires")
_OVERRIDES = (
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-type",
    "expires",
)
# Accepting these and not acting on them would deceive the client.
_REFUSED_PREFIXES = (
    "x-amz-bucket-object-lock",
    "x-amz-bypass-governance",
    "x-amz-copy-source-server-side",
    "x-amz-expected-bucket-owner",
    "x-amz-grant-",
    "x-amz-mfa",
    "x-amz-object-lock-",
    "x-amz-object-ownership",
    "x-amz-rename-source",
    "x-amz-server-side-encryption",
    "x-amz-source-expected-bucket-owner",
    "x-amz-tagging",
    "x-amz-website-redirect-location",
    "x-amz-write-offset-bytes",
)
_ONLY_VALUES = {"x-amz-acl": "private", "x-amz-storage-class": "STANDARD"}


def refuse_unsupported(request: S3Request) -> None:
    for name in request.headers:
        only = _ONLY_VALUES.get(name)
        if name.startswith(_REFUSED_PREFIXES) or (only and request.header(name) != only):
            raise S3Error(ErrorCode.NOT_IMPLEMENTED, f"The header {name} is not implemented.")


def kept_headers(request: S3Request) -> dict[str, str]:
    kept = {"content-type": request.header("content-type") or DEFAULT_CONTENT_TYPE}
    for name in _KEPT:
        value = request.header(name)
        if value:
            kept[name] = value
    encoding = _content_encoding(request)
    if encoding:
        kept["content-encoding"] = encoding
    return kept | _metadata(request)


def _content_encoding(request: S3Request) -> str:
    encodings = (encoding.strip() for encoding in (request.header("content-encoding") or "").split(","))
    return ",".join(encoding for encoding in encodings if encoding and encoding != "aws-chunked")


def _metadata(request: S3Request) -> dict[str, str]:
    names = sorted({name for name in request.headers if name.startswith(METADATA_PREFIX)})
    metadata = {name: ",".join(request.headers.getlist(name)) for name in names}
    size = sum(len(name) - len(METADATA_PREFIX) + len(value) for name, value in metadata.items())
    if size > MAX_METADATA_BYTES:
        raise S3Error(ErrorCode.METADATA_TOO_LARGE)
    return metadata


def overrides(request: S3Request) -> dict[str, str]:
    """The response headers that a (signed) URL asks for. Control characters would break out of the header."""
    wanted = {name: request.query.get(f"response-{name}") for name in _OVERRIDES}
    given = {name: value for name, value in wanted.items() if value is not None}
    for name, value in given.items():
        if not _is_header_value(value):
            raise S3Error(ErrorCode.INVALID_ARGUMENT, f"response-{name} is not a header value.")
    return given


def _is_header_value(value: str) -> bool:
    return all(
        character == "\t" or (" " <= character <= "\xff" and character != "\x7f") for character in value
    )
