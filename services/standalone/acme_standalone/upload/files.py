"""The files of the folder: found, digested, read."""

import asyncio
import hashlib
import os
import stat
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from acme_standalone.upload.errors import FileChangedError

CONTENT_TYPES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".avif": "image/avif",
    ".heic": "image/heic",
    ".heif": "image/heic",
    ".cr2": "image/x-canon-cr2",
    ".cr3": "image/x-canon-cr3",
    ".nef": "image/x-nikon-nef",
    ".arw": "image/x-sony-arw",
    ".dng": "image/x-adobe-dng",
    ".raf": "image/x-fuji-raf",
}
CHUNK_BYTES = 1 << 18


@dataclass(frozen=True)
class LocalFile:
    path: Path
    shown: str
    """Its path within the folder, as text that is safe on a terminal."""
    size_bytes: int
    mtime_ns: int

    @property
    def name(self) -> str:
        """As text: a name on the disk may be any bytes."""
        return _text(self.path.name)

    @property
    def version(self) -> tuple[int, int]:
        return self.size_bytes, self.mtime_ns

    def require_unchanged(self) -> None:
        """Raises `FileChangedError` or `OSError`."""
        now = self.path.stat()
        if (now.st_size, now.st_mtime_ns) != self.version:
            raise FileChangedError


@dataclass(frozen=True)
class DigestedFile:
    file: LocalFile
    sha256: str
    content_type: str


@dataclass(frozen=True)
class Findings:
    files: list[LocalFile] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    """Path and reason."""


def look(folder: Path, *, is_recursive: bool) -> Findings:
    """In the order of their names. A linked file is taken, a linked folder is not entered."""
    found = Findings()

    def unreadable(error: OSError) -> None:
        found.unreadable.append((_shown(Path(error.filename), folder), error.strerror or str(error)))

    for parent, folders, names in os.walk(folder, onerror=unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith(".")) if is_recursive else []
        for name in sorted(names):
            _sort_in(Path(parent, name), folder, found)
    return found


def digest(file: LocalFile) -> DigestedFile:
    """Raises `FileChangedError` or `OSError`."""
    sha256, head = hashlib.sha256(), b""
    for chunk in _chunks(file.path):
        head = head or chunk[:16]
        sha256.update(chunk)
    file.require_unchanged()
    content_type = _content_type_by_signature(head) or CONTENT_TYPES[file.path.suffix.lower()]
    return DigestedFile(file, sha256.hexdigest(), content_type)


async def stream(digested: DigestedFile, advance: Callable[[int], None]) -> AsyncIterator[bytes]:
    """The file's bytes, the last of them only when they are still those that were announced.

    Raises `FileChangedError` or `OSError`; the object store then has an incomplete body, and keeps nothing.
    """
    await asyncio.to_thread(digested.file.require_unchanged)
    sha256, chunks = hashlib.sha256(), _chunks(digested.file.path)
    left, held = digested.file.size_bytes, b""
    while left >= 0 and (chunk := await asyncio.to_thread(next, chunks, b"")):
        if held:
            yield held
            advance(len(held))
        sha256.update(chunk)
        left, held = left - len(chunk), chunk
    if sha256.hexdigest() != digested.sha256:
        raise FileChangedError
    yield held
    advance(len(held))


def _sort_in(path: Path, folder: Path, found: Findings) -> None:
    shown = _shown(path, folder)
    if path.name.startswith(".") or path.suffix.lower() not in CONTENT_TYPES:
        found.skipped.append(shown)
        return
    try:
        state = path.stat()
    except OSError as error:
        found.unreadable.append((shown, error.strerror or str(error)))
    else:
        if stat.S_ISREG(state.st_mode):
            found.files.append(LocalFile(path, shown, state.st_size, state.st_mtime_ns))
        else:
            found.skipped.append(shown)  # a pipe would keep its reader for ever


def _shown(path: Path, folder: Path) -> str:
    text = _text(path.relative_to(folder).as_posix())
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


def _text(name: str) -> str:
    return os.fsencode(name).decode("utf-8", "replace")


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def _content_type_by_signature(head: bytes) -> str | None:
    """Cameras and people misname files, and the server refuses a type that is not the file's."""
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith((b"II*\0", b"MM\0*")):
        return "image/tiff"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return "image/avif" if head[4:12] in {b"ftypavif", b"ftypavis"} else None
