"""A lock that the kernel releases with its holder, however that ends."""

import fcntl
import os
import time
from pathlib import Path

ATTEMPTS = 15


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
            if not _lock_patiently(descriptor):
                os.close(descriptor)
                raise AlreadyLockedError(self.path, self.path.read_text())
            self._descriptor = descriptor
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, note.encode(), 0)

    def release(self) -> None:
        if self._descriptor is not None:
            os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = None


def _lock_patiently(descriptor: int) -> bool:
    """Tries for a moment: whoever only asks for the holder (below) has the lock for some microseconds."""
    for _ in range(ATTEMPTS):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.02)
        else:
            return True
    return False


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
