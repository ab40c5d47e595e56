"""The files of one built app: fingerprinted ones for ever, pages always asked for again."""

import os
from http import HTTPStatus
from mimetypes import MimeTypes
from pathlib import Path, PurePosixPath

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope

from acme_standalone.web.encodings import best_variant

FINGERPRINTED = "assets"
FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
PAGE = "index.html"
NOT_BUILT = "This web app has not been built. `make web` builds it; then reload this page.\n"

# Not the machine's own table, nor that of one version of Python: a file has the same type everywhere.
KNOWN_TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
    ".webp": "image/webp",
    ".wasm": "application/wasm",
}
MEDIA_TYPES = MimeTypes()
for suffix, known in KNOWN_TYPES.items():
    MEDIA_TYPES.add_type(known, suffix)


class BuiltApp(StaticFiles):
    """Every address without a file extension is a page, and the app's own router draws it."""

    def __init__(self, dist: Path) -> None:
        super().__init__(directory=dist, check_dir=False)
        self._dist = dist.resolve()
        # The folder may come later, and go while the app is built anew.
        self.config_checked = True

    async def get_response(self, path: str, scope: Scope) -> Response:
        if is_hidden(path):
            return await self._page(path, scope)
        try:
            return await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code != HTTPStatus.NOT_FOUND:
                raise
            return await self._page(path, scope)

    async def _page(self, path: str, scope: Scope) -> Response:
        if not (self._dist / PAGE).is_file():
            return PlainTextResponse(NOT_BUILT, HTTPStatus.SERVICE_UNAVAILABLE)
        if not is_page(path):
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return await super().get_response(PAGE, scope)

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,  # noqa: ARG002 - of the file itself, not of what is sent for it
        scope: Scope,
        status_code: int = HTTPStatus.OK,
    ) -> Response:
        file, asked = Path(full_path), Headers(scope=scope)
        variant = best_variant(file, asked.get("accept-encoding", ""))
        headers = {"Cache-Control": self._caching(file), "Vary": "Accept-Encoding"}
        if variant.encoding:
            headers["Content-Encoding"] = variant.encoding
        response = FileResponse(
            variant.path, status_code, headers, media_type(file), stat_result=variant.path.stat()
        )
        return (
            NotModifiedResponse(response.headers)
            if self.is_not_modified(response.headers, asked)
            else response
        )

    def _caching(self, file: Path) -> str:
        return FOR_EVER if file.is_relative_to(self._dist / FINGERPRINTED) else ASK_AGAIN


def is_page(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return (
        not PurePosixPath(path).suffix and not is_hidden(path) and parts[:1] not in {(FINGERPRINTED,), ("-",)}
    )


def is_hidden(path: str) -> bool:
    """Build tools leave notes of their own beside the app, in names that begin with a dot."""
    return any(part.startswith(".") for part in PurePosixPath(path).parts)


def media_type(file: Path) -> str:
    return MEDIA_TYPES.guess_type(file.name)[0] or "application/octet-stream"
