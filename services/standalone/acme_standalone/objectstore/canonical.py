"""The canonical form of a request, which its signature covers. S3 encodes the path once, as it is."""

from urllib.parse import quote

from starlette.datastructures import Headers

from acme_standalone.objectstore.request import Query, S3Request

SIGNATURE_PARAMETER = "X-Amz-Signature"


def canonical_path(path: str) -> str:
    return quote(path, safe="/")


def canonical_query(query: Query) -> str:
    encoded = (
        (quote(name, safe=""), quote(value, safe=""))
        for name, value in query.pairs
        if name != SIGNATURE_PARAMETER
    )
    return "&".join(f"{name}={value}" for name, value in sorted(encoded))


def canonical_header(headers: Headers, name: str) -> bytes:
    """Bytes, because a signer hashes what it sends, whatever the charset."""
    wire_name = name.encode("latin-1")
    values = (value for candidate, value in headers.raw if candidate == wire_name)
    return wire_name + b":" + b",".join(b" ".join(value.split()) for value in values) + b"\n"


def canonical_request(request: S3Request, signed_headers: tuple[str, ...], payload: str) -> bytes:
    lines = [
        request.method.encode(),
        canonical_path(request.path).encode(),
        canonical_query(request.query).encode(),
        b"".join(canonical_header(request.headers, name) for name in signed_headers),
        ";".join(signed_headers).encode(),
        payload.encode(),
    ]
    return b"\n".join(lines)
