"""A lock that the kernel releases with its holder, however that ends."""

import fcntl
import os
from pathlib import Path


class AlreadyLockedError(RuntimeError):
    """Somebody else holds the lock. `note` is what the holder wrote into it."""

    def __init__(self, path: Path, note: str) -> None:
        super().__init__(f"{path} is locked: {note or 'the holder left no note'}")
        self.note = note


class FileLock:
    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def acquire(self, note: str) -> None:
        """Raises AlreadyLockedError when it is held elsewhere; taking it twice only renews the note."""
        if self._descriptor is None:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(descriptor)
                raise AlreadyLockedError(self.path, self.path.read_text()) from None
            self._descriptor = descriptor
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, note.encode(), 0)

    def release(self) -> None:
        if self._descriptor is not None:
            os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = None


def holder_note(path: Path) -> str | None:
    """What the holder wrote, or None when nobody holds the lock."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return path.read_text()
    finally:
        os.close(descriptor)
    return None
