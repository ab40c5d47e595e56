"""Answers that a client may keep, if it asks each time whether they still hold (RFC 9110, 13)."""

import hashlib
import re

from fastapi import Request, Response, status

_ETAG = re.compile(r'"[^"]*"')
KEPT = {"Cache-Control": "private, no-cache"}


def revalidated(request: Request, json: bytes) -> Response:
    """The answer, or 304 when the client knows it. Marks of weakness do not count: a GET compares weakly."""
    etag = f'"{hashlib.sha256(json).hexdigest()[:32]}"'
    headers = {**KEPT, "ETag": etag}
    if etag in _ETAG.findall(request.headers.get("if-none-match", "")):
        return Response(status_code=status.HTTP_304_NOT_MODIFIED, headers=headers)
    return Response(json, media_type="application/json", headers=headers)
