"""Answers that a client may keep, if it asks each time whether they still hold (RFC 9110, 13)."""

import hashlib
import re

from fastapi import Request, Response, status

from acme_web.shortcuts import Answer, Asked

_ETAG = re.compile(r'"[^"]*"')
KEPT = {"Cache-Control": "private, no-cache"}
_KEPT = [(name.lower().encode(), value.encode()) for name, value in KEPT.items()]


def revalidated(request: Request, json: bytes) -> Response:
    """The answer, or 304 when the client knows it."""
    etag = _etag(json)
    headers = {**KEPT, "ETag": etag}
    if _is_known(etag, request.headers.get("if-none-match", "")):
        return Response(status_code=status.HTTP_304_NOT_MODIFIED, headers=headers)
    return Response(json, media_type="application/json", headers=headers)


def revalidated_shortly(asked: Asked, json: bytes) -> Answer:
    """Likewise, of a shortcut."""
    etag = _etag(json)
    headers = [*_KEPT, (b"etag", etag.encode())]
    if _is_known(etag, asked.headers.get(b"if-none-match", b"").decode("latin-1")):
        return Answer(status.HTTP_304_NOT_MODIFIED, b"", headers)
    return Answer(status.HTTP_200_OK, json, headers)


def _etag(json: bytes) -> str:
    return f'"{hashlib.sha256(json).hexdigest()[:32]}"'


def _is_known(etag: str, known: str) -> bool:
    """Marks of weakness do not count: a GET compares weakly."""
    return bool(known) and etag in _ETAG.findall(known)
