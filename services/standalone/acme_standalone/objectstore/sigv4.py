"""Verification of AWS Signature Version 4, in the Authorization header and in presigned URLs."""

import hashlib
import hmac
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Self

from acme_standalone.objectstore.canonical import canonical_request
from acme_standalone.objectstore.claims import Claim, Scope, read_claim
from acme_standalone.objectstore.errors import ErrorCode, S3Error
from acme_standalone.objectstore.request import S3Request

TIMESTAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Verifier:
    access_key_id: str
    secret_access_key: str
    region: str
    clock_skew: timedelta
    service: str = "s3"

    def verify(self, request: S3Request, now: datetime) -> "Authorization":
        """Raises the S3Error that says why the request is not authentic."""
        return self.verify_claim(request, read_claim(request), now)

    def verify_claim(self, request: S3Request, claim: Claim, now: datetime) -> "Authorization":
        self._check_scope(claim)
        self._check_time(claim, now)
        check_signed_headers(request, claim)
        canonical = canonical_request(request, claim.signed_headers, claim.payload)
        key = signing_key(self.secret_access_key, claim.scope)
        text = string_to_sign(claim, canonical)
        if not is_same(sign(key, text), claim.signature):
            raise S3Error(
                ErrorCode.SIGNATURE_DOES_NOT_MATCH,
                details={"CanonicalRequest": canonical.decode("latin-1")},
            )
        return Authorization(claim.payload, ChunkSigner(key, claim.signed_at, claim.scope, claim.signature))

    def _check_scope(self, claim: Claim) -> None:
        if not is_same(self.access_key_id, claim.scope.access_key_id):
            raise S3Error(ErrorCode.INVALID_ACCESS_KEY_ID)
        if claim.scope.region != self.region:
            raise claim.malformed(f"The region is wrong; expecting '{self.region}'.", Region=self.region)
        if (claim.scope.service, claim.scope.terminator) != (self.service, "aws4_request"):
            raise claim.malformed(f"The credential scope must end in {self.service}/aws4_request.")
        if claim.scope.date != claim.signed_at.strftime("%Y%m%d"):
            raise claim.malformed("The date of the credential scope is not that of the signature.")

    def _check_time(self, claim: Claim, now: datetime) -> None:
        if claim.valid_for is None:
            if abs(now - claim.signed_at) > self.clock_skew:
                raise S3Error(ErrorCode.REQUEST_TIME_TOO_SKEWED)
            return
        if claim.signed_at - now > self.clock_skew:
            raise S3Error(ErrorCode.ACCESS_DENIED, "Request is not valid yet")
        if now > claim.signed_at + claim.valid_for:
            raise S3Error(ErrorCode.ACCESS_DENIED, "Request has expired")


def check_signed_headers(request: S3Request, claim: Claim) -> None:
    """A signed header must be there, and nothing that S3 acts upon may be added to a signed request."""
    present = set(request.headers.keys())
    if "host" not in claim.signed_headers:
        raise claim.malformed("The host header must be signed.")
    if not present.issuperset(claim.signed_headers):
        raise S3Error(ErrorCode.SIGNATURE_DOES_NOT_MATCH)
    unsigned = {name for name in present if name.startswith("x-amz-")}.difference(claim.signed_headers)
    if unsigned:
        raise S3Error(
            ErrorCode.ACCESS_DENIED,
            "There were headers present in the request which were not signed",
            details={"HeadersNotSigned": ", ".join(sorted(unsigned))},
        )


def is_same(expected: str, given: str) -> bool:
    return hmac.compare_digest(expected.encode(), given.encode())


def sign(key: bytes, text: bytes) -> str:
    return hmac.digest(key, text, "sha256").hex()


def signing_key(secret: str, scope: Scope) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in (scope.date, scope.region, scope.service, scope.terminator):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


def string_to_sign(claim: Claim, canonical: bytes) -> bytes:
    lines = (
        "AWS4-HMAC-SHA256",
        claim.signed_at.strftime(TIMESTAMP),
        claim.scope.text,
        hashlib.sha256(canonical).hexdigest(),
    )
    return "\n".join(lines).encode()


@dataclass(frozen=True, slots=True)
class ChunkSigner:
    """Signs the chunks of a streamed body, each chained to the signature before it."""

    key: bytes
    signed_at: datetime
    scope: Scope
    previous: str

    def after(self, signature: str) -> Self:
        return replace(self, previous=signature)

    def chunk_signature(self, chunk_sha256: str) -> str:
        empty = hashlib.sha256().hexdigest()
        return self._sign("AWS4-HMAC-SHA256-PAYLOAD", empty, chunk_sha256)

    def trailer_signature(self, trailer: bytes) -> str:
        return self._sign("AWS4-HMAC-SHA256-TRAILER", hashlib.sha256(trailer).hexdigest())

    def _sign(self, algorithm: str, *digests: str) -> str:
        timestamp = self.signed_at.astimezone(UTC).strftime(TIMESTAMP)
        lines = (algorithm, timestamp, self.scope.text, self.previous, *digests)
        return sign(self.key, "\n".join(lines).encode())


@dataclass(frozen=True, slots=True)
class Authorization:
    payload: str
    """The value of x-amz-content-sha256: a digest, or how the body is (not) signed."""
    chunk_signer: ChunkSigner
