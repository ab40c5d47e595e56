"""What is known about the platform on one data directory: whether it runs, where, and with which settings."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from acme_standalone.processes.home import make_home, write_private
from acme_standalone.processes.lock import AlreadyLockedError, FileLock, holder_note
from acme_standalone.settings.environment import as_lines, from_lines


class AlreadyRunningError(RuntimeError):
    """Another supervisor holds the data; the message names it and its URLs."""


class NotRunningError(RuntimeError):
    """No platform is ready on the data."""


@dataclass(frozen=True)
class DataDirectory:
    path: Path

    @classmethod
    def chosen(cls, given: Path | None = None) -> "DataDirectory":
        """`given`, else ACME_DATA_DIR, else `.data` in the workspace or, outside of one, here."""
        path = given or Path(os.environ.get("ACME_DATA_DIR") or workspace() / ".data")
        return cls(path.expanduser().resolve())

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def mailbox(self) -> Path:
        return self.path / "mailbox"

    @property
    def _environment(self) -> Path:
        return self.path / "run" / "environment"

    @property
    def _lock(self) -> Path:
        return self.path / "run" / "lock"

    def create(self) -> None:
        make_home(self.path)
        for folder in (self._lock.parent, self.logs, self.mailbox):
            folder.mkdir(mode=0o700, exist_ok=True)

    def lock(self, urls: dict[str, str]) -> FileLock:
        """Raises AlreadyRunningError when another supervisor has it."""
        lock = FileLock(self._lock)
        try:
            lock.acquire(json.dumps({"pid": os.getpid(), "urls": urls}))
        except AlreadyLockedError as held:
            raise AlreadyRunningError(
                f"The platform already runs on {self.path}: {_describe(held.note)}"
            ) from None
        self.forget_environment()
        return lock

    def holder(self) -> str | None:
        """Who runs the platform here, None when nobody does."""
        note = holder_note(self._lock)
        return None if note is None else _describe(note)

    def publish_environment(self, environment: dict[str, str]) -> None:
        write_private(self._environment, as_lines(environment))

    def forget_environment(self) -> None:
        self._environment.unlink(missing_ok=True)

    def running_environment(self) -> dict[str, str]:
        """The settings of the platform that is ready here. Raises NotRunningError."""
        if self.holder() is None:
            raise NotRunningError(f"No platform runs on {self.path}; start it with `make up` (or `acme up`).")
        if not self._environment.exists():
            raise NotRunningError(f"The platform on {self.path} is still starting; ask again in a moment.")
        return from_lines(self._environment.read_text())


def workspace() -> Path:
    """The nearest folder from here upwards that holds the workspace's lock, else the current one."""
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / "uv.lock").exists()), here)


def _describe(note: str) -> str:
    try:
        known = json.loads(note)
    except ValueError:
        return "it has just been started"
    urls = "".join(f"\n  {name}: {url}" for name, url in known["urls"].items())
    return f"pid {known['pid']}{urls}"
