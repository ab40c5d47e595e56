"""Presigned URLs by AWS Signature Version 4, without an SDK: a page of photos needs fifty of them.

botocore takes some 630 us for one URL, this 4: the day's key is derived once, and whatever does not depend
on the object's key is put together once for all URLs of the same second, life, headers and query. The tests
hold it to botocore's own URLs, letter by letter.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import quote, urlsplit

ALGORITHM = "AWS4-HMAC-SHA256"
UNRESERVED = "-._~"
DEFAULT_PORTS = {"http": 80, "https": 443}
KEPT_FORMS = 256
HOST = "host"

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Credentials:
    access_key_id: str
    secret_access_key: str
    region: str


@dataclass(frozen=True)
class Form:
    """URLs of one bucket, method and moment: all of them but the object's key and the headers' values."""

    origin: str
    root: str
    query: str
    """Of the URL, but for the signature."""
    names: tuple[str, ...]
    """Of the headers that the request must carry beside its host, in lower case, sorted."""
    request: str
    """Has a %s for the path and one for each of these headers."""
    text_to_sign: str
    """But for the digest of the request."""
    mac: hmac.HMAC
    """Keyed; to be copied."""

    def url(self, key: str, *values: str) -> str:
        """`values` are those of the headers, in their order, folded."""
        path = self.root + quote(key, safe="/~")
        request = self.request % (path, *values)
        mac = self.mac.copy()
        mac.update((self.text_to_sign + hashlib.sha256(request.encode()).hexdigest()).encode())
        return f"{self.origin}{path}?{self.query}&X-Amz-Signature={mac.hexdigest()}"


class UrlSigner:
    """URLs of one bucket, whose name is part of the path."""

    def __init__(self, endpoint_url: str, bucket: str, credentials: Credentials) -> None:
        address = urlsplit(endpoint_url.rstrip("/"))
        self._origin = f"{address.scheme}://{address.netloc}"
        self._root = f"{address.path}/{quote(bucket, safe=UNRESERVED)}/"
        self._host = _host(endpoint_url)
        self._credentials = credentials
        self._form = lru_cache(maxsize=KEPT_FORMS)(self._new_form)

    def sign(
        self,
        method: str,
        key: str,
        *,
        at: datetime,
        ttl_s: int,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> str:
        """Valid for `ttl_s` from `at` on. The request must carry exactly these headers."""
        values = {name.lower(): folded(value) for name, value in (headers or {}).items()}
        form = self.form(method, tuple(values), at=at, ttl_s=ttl_s, query=query)
        return form.url(key, *[values[name] for name in form.names])

    def form(
        self,
        method: str,
        headers: tuple[str, ...],
        *,
        at: datetime,
        ttl_s: int,
        query: Mapping[str, str] | None = None,
    ) -> Form:
        """For many URLs of one moment. The names of headers are in lower case."""
        return self._form(method, headers, int(at.timestamp()), ttl_s, tuple((query or {}).items()))

    def _new_form(self, method: str, headers: tuple[str, ...], at: int, ttl_s: int, query: Pairs) -> Form:
        timestamp = datetime.fromtimestamp(at, UTC).strftime("%Y%m%dT%H%M%SZ")
        day, region = timestamp[:8], self._credentials.region
        scope = f"{day}/{region}/s3/aws4_request"
        signed = sorted((HOST, *headers))
        claims = (
            ("X-Amz-Algorithm", ALGORITHM),
            ("X-Amz-Credential", f"{self._credentials.access_key_id}/{scope}"),
            ("X-Amz-Date", timestamp),
            ("X-Amz-Expires", str(ttl_s)),
            ("X-Amz-SignedHeaders", ";".join(signed)),
        )
        sorted_query = _encoded(query + claims, is_sorted=True)
        return Form(
            origin=self._origin,
            root=self._root,
            query=_encoded(query + claims),
            names=tuple(name for name in signed if name != HOST),
            request=self._request(method, sorted_query, signed),
            text_to_sign=f"{ALGORITHM}\n{timestamp}\n{scope}\n",
            mac=hmac.new(_day_key(self._credentials, day), digestmod="sha256"),
        )

    def _request(self, method: str, sorted_query: str, signed: Sequence[str]) -> str:
        """As it is signed, ready for `%`: queries are full of percent signs of their own."""
        query, host = (text.replace("%", "%%") for text in (sorted_query, self._host))
        lines = [f"{name}:{host if name == HOST else '%s'}" for name in signed]
        return "\n".join((method, "%s", query, *lines, "", ";".join(signed), "UNSIGNED-PAYLOAD"))


@lru_cache(maxsize=8)
def _day_key(credentials: Credentials, day: str) -> bytes:
    key = f"AWS4{credentials.secret_access_key}".encode()
    for part in (day, credentials.region, "s3", "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


def _encoded(pairs: Pairs, *, is_sorted: bool = False) -> str:
    parts = [(quote(name, safe=UNRESERVED), quote(value, safe=UNRESERVED)) for name, value in pairs]
    return "&".join(f"{name}={value}" for name, value in (sorted(parts) if is_sorted else parts))


def folded(value: str) -> str:
    """As every server reads it: without spaces around it, and single ones within."""
    return " ".join(value.split())


def _host(endpoint_url: str) -> str:
    """The Host header that browsers will send: a port only where it is not the scheme's own."""
    address = urlsplit(endpoint_url)
    name = address.hostname or ""
    host = f"[{name}]" if ":" in name else name
    is_usual = address.port in {None, DEFAULT_PORTS.get(address.scheme)}
    return host if is_usual else f"{host}:{address.port}"
