"""What a request says about its signature, parsed but not yet believed."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import NoReturn

from acme_standalone.objectstore.errors import ErrorCode, S3Error
from acme_standalone.objectstore.request import S3Request

ALGORITHM = "AWS4-HMAC-SHA256"
UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"
LONGEST_VALIDITY = timedelta(days=7)
_SCOPE_PARTS = 5
_HEADER_FIELDS = frozenset({"Credential", "SignedHeaders", "Signature"})


@dataclass(frozen=True, slots=True)
class Scope:
    access_key_id: str
    date: str
    region: str
    service: str
    terminator: str

    @property
    def text(self) -> str:
        return f"{self.date}/{self.region}/{self.service}/{self.terminator}"


@dataclass(frozen=True, slots=True)
class Claim:
    scope: Scope
    signed_at: datetime
    signed_headers: tuple[str, ...]
    signature: str
    payload: str
    valid_for: timedelta | None
    """Only a presigned URL has it."""

    def malformed(self, message: str, **details: str) -> S3Error:
        return S3Error(_malformed_code(in_query=self.valid_for is not None), message, details=details)


def _malformed_code(*, in_query: bool) -> ErrorCode:
    return ErrorCode.AUTHORIZATION_QUERY_ERROR if in_query else ErrorCode.AUTHORIZATION_HEADER_MALFORMED


def read_claim(request: S3Request, *, payload: str | None = None) -> Claim:
    """Raises `AccessDenied` when the request is anonymous.

    S3 believes what a header says of the body and checks it later; others give its digest as `payload`.
    """
    in_header = "authorization" in request.headers
    in_query = "X-Amz-Algorithm" in request.query.names
    if in_header and in_query:
        raise S3Error(ErrorCode.INVALID_ARGUMENT, "Only one auth mechanism is allowed.")
    if "x-amz-security-token" in request.headers or "X-Amz-Security-Token" in request.query.names:
        raise S3Error(ErrorCode.INVALID_TOKEN)
    if in_header:
        return _header_claim(request, payload)
    if in_query:
        return _query_claim(request, payload)
    raise S3Error(ErrorCode.ACCESS_DENIED)


def _header_claim(request: S3Request, payload: str | None) -> Claim:
    algorithm, _, rest = (request.header("authorization") or "").partition(" ")
    if algorithm != ALGORITHM:
        raise S3Error(ErrorCode.INVALID_REQUEST, f"Use {ALGORITHM} to sign the request.")
    pairs = [field.strip().partition("=") for field in rest.split(",")]
    fields = {name: value for name, _, value in pairs}
    if len(pairs) != len(_HEADER_FIELDS) or fields.keys() != _HEADER_FIELDS:
        raise S3Error(ErrorCode.AUTHORIZATION_HEADER_MALFORMED)
    return Claim(
        scope=_scope(fields["Credential"], in_query=False),
        signed_at=_header_time(request),
        signed_headers=_signed_headers(fields["SignedHeaders"], in_query=False),
        signature=fields["Signature"],
        payload=_announced_payload(request) if payload is None else payload,
        valid_for=None,
    )


def _announced_payload(request: S3Request) -> str:
    payload = request.header("x-amz-content-sha256")
    if payload is None:
        raise S3Error(ErrorCode.INVALID_REQUEST, "Missing required header: x-amz-content-sha256")
    return payload


def _header_time(request: S3Request) -> datetime:
    stamp = request.header("x-amz-date")
    if stamp is not None:
        return _time(stamp, in_query=False)
    try:
        # Only an aware result is a date with its zone; "-0000" parses as naive and means UTC.
        parsed = parsedate_to_datetime(request.header("date") or "")
    except ValueError as error:
        raise S3Error(ErrorCode.ACCESS_DENIED, "A valid date or x-amz-date header is required.") from error
    return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def _query_claim(request: S3Request, given: str | None) -> Claim:
    if _parameter(request, "X-Amz-Algorithm") != ALGORITHM:
        _refuse_query(f"X-Amz-Algorithm only supports {ALGORITHM}.")
    payload = given or request.header("x-amz-content-sha256") or request.query.get("X-Amz-Content-Sha256")
    return Claim(
        scope=_scope(_parameter(request, "X-Amz-Credential"), in_query=True),
        signed_at=_time(_parameter(request, "X-Amz-Date"), in_query=True),
        signed_headers=_signed_headers(_parameter(request, "X-Amz-SignedHeaders"), in_query=True),
        signature=_parameter(request, "X-Amz-Signature"),
        payload=payload or UNSIGNED_PAYLOAD,
        valid_for=_validity(_parameter(request, "X-Amz-Expires")),
    )


def _parameter(request: S3Request, name: str) -> str:
    value = request.query.get(name)
    if not value:
        _refuse_query(f"The query parameter {name} is required.")
    return value


def _refuse_query(message: str) -> NoReturn:
    raise S3Error(ErrorCode.AUTHORIZATION_QUERY_ERROR, message)


def _validity(text: str) -> timedelta:
    if not (text.isascii() and text.isdecimal()) or len(text) > len(str(LONGEST_VALIDITY.total_seconds())):
        _refuse_query("X-Amz-Expires must be a number of seconds.")
    validity = timedelta(seconds=int(text))
    if not timedelta() < validity <= LONGEST_VALIDITY:
        _refuse_query("X-Amz-Expires must be between a second and a week.")
    return validity


def _scope(credential: str, *, in_query: bool) -> Scope:
    # An access key id may hold slashes; the scope behind it never does.
    parts = credential.rsplit("/", _SCOPE_PARTS - 1)
    if len(parts) != _SCOPE_PARTS:
        raise S3Error(_malformed_code(in_query=in_query), "The credential is malformed.")
    return Scope(*parts)


def _signed_headers(text: str, *, in_query: bool) -> tuple[str, ...]:
    names = tuple(text.split(";"))
    if text != text.lower() or not text.isascii() or len(set(names)) != len(names):
        raise S3Error(_malformed_code(in_query=in_query), "The list of signed headers is malformed.")
    return names


def _time(stamp: str, *, in_query: bool) -> datetime:
    try:
        return datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise S3Error(
            _malformed_code(in_query=in_query), "The date is not of ISO 8601 basic form."
        ) from error
