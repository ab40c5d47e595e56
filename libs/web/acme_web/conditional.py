"""Answers that a client may keep, if it asks each time whether they still hold (RFC 9110, 13)."""

import hashlib
import re
from typing import Annotated

from fastapi import Depends, Request, Response, status

_ETAG = re.compile(r'"[^"]*"')
KEPT = {"Cache-Control": "private, no-cache"}


async def _known_etags(request: Request) -> frozenset[str]:
    return frozenset(_ETAG.findall(request.headers.get("if-none-match", "")))


KnownEtags = Annotated[frozenset[str], Depends(_known_etags)]
"""Of `If-None-Match`, without their marks of weakness: a GET compares weakly."""


def revalidated(json: bytes, known: frozenset[str]) -> Response:
    """The answer, or 304 when the client knows it."""
    etag = f'"{hashlib.sha256(json).hexdigest()[:32]}"'
    headers = {**KEPT, "ETag": etag}
    if etag in known:
        return Response(status_code=status.HTTP_304_NOT_MODIFIED, headers=headers)
    return Response(json, media_type="application/json", headers=headers)
