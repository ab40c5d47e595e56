"""Requests signed by botocore, and then sent, tampered with or not, by a plain HTTP client."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

import httpx
from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.services.standalone.objectstore.endpoints import ACCESS_KEY_ID, SECRET_ACCESS_KEY, Endpoint


@dataclass(frozen=True)
class Signer:
    endpoint: Endpoint
    access_key_id: str = ACCESS_KEY_ID
    secret: str = SECRET_ACCESS_KEY
    region: str = "auto"
    service: str = "s3"

    def url(self, bucket: str, key: str = "", query: str = "") -> str:
        path = f"/{bucket}/{quote(key, safe='/~')}" if key else f"/{bucket}"
        return f"{self.endpoint.url}{path}{'?' + query if query else ''}"

    def headers(
        self, method: str, url: str, *, headers: dict[str, str] | None = None, body: bytes = b""
    ) -> dict[str, str]:
        """Header authentication; the digest of the body is signed."""
        request = AWSRequest(method, url, headers=headers or {}, data=body)
        S3SigV4Auth(self._credentials, self.service, self.region).add_auth(request)
        return dict(request.headers.items())

    def presign(
        self, method: str, url: str, *, headers: dict[str, str] | None = None, expires_s: int = 60
    ) -> str:
        request = AWSRequest(method, url, headers=headers or {})
        S3SigV4QueryAuth(self._credentials, self.service, self.region, expires=expires_s).add_auth(request)
        return str(request.url)

    @property
    def _credentials(self) -> Credentials:
        return Credentials(self.access_key_id, self.secret)


@dataclass(frozen=True)
class PresignedUpload:
    """The upload that the platform issues: type, length and single use are part of the signature."""

    url: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    def put(
        self, *, body: bytes | None = None, changed: Mapping[str, str | None] | None = None
    ) -> httpx.Response:
        """`changed` headers replace those that were signed; None leaves one out."""
        headers = {**self.headers, **(changed or {})}
        kept = {name: value for name, value in headers.items() if value is not None}
        return httpx.put(self.url, content=self.body if body is None else body, headers=kept)


def presigned_upload(signer: Signer, bucket: str, key: str, body: bytes) -> PresignedUpload:
    headers = {"content-length": str(len(body)), "content-type": "image/jpeg", "if-none-match": "*"}
    url = signer.presign("PUT", signer.url(bucket, key), headers=headers)
    return PresignedUpload(url, body, headers)


def error_code(response: httpx.Response) -> str:
    assert response.headers["content-type"] == "application/xml"
    return response.text.partition("<Code>")[2].partition("</Code>")[0]
