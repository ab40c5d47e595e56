"""What lies where in a backup, and the list of what belongs to it."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

FORMAT = 1


class BackupUnusableError(RuntimeError):
    """The folder holds no complete backup, or not what its list says."""


class NotEmptyError(RuntimeError):
    """A restore never writes over data."""


@dataclass(frozen=True)
class KeptObject:
    key: str
    size_bytes: int
    content_type: str
    etag: str
    sha256: str


@dataclass(frozen=True)
class BackupFolder:
    path: Path

    @property
    def dump(self) -> Path:
        return self.path / "database.dump"

    @property
    def _list(self) -> Path:
        return self.path / "objects.jsonl"

    @property
    def _seal(self) -> Path:
        return self.path / "backup.json"

    def file_of(self, key: str) -> Path:
        """Raises `BackupUnusableError` for a key that would lie outside."""
        parts = PurePosixPath(key).parts
        if not parts or key.startswith("/") or ".." in parts:
            raise BackupUnusableError(f"{key!r} is no key of ours")
        return self.path / "objects" / Path(*parts)

    def known(self) -> dict[str, KeptObject]:
        """Of an earlier backup into the same folder: what has not changed is not fetched again."""
        try:
            return {kept.key: kept for kept in self._kept()}
        except (BackupUnusableError, FileNotFoundError):
            return {}

    def seal(self, created_at: datetime, objects: Sequence[KeptObject]) -> None:
        """Last of all: a backup without it is not one."""
        lines = "".join(json.dumps(asdict(kept)) + "\n" for kept in objects)
        _replace(self._list, lines)
        said = {
            "format": FORMAT,
            "created_at": created_at.isoformat(),
            "database_sha256": sha256_of(self.dump),
            "objects": len(objects),
            "objects_sha256": sha256_of(self._list),
        }
        _replace(self._seal, json.dumps(said, indent=2) + "\n")

    def unseal(self) -> None:
        """While a new backup is written into the folder it is none."""
        self._seal.unlink(missing_ok=True)

    def opened(self) -> Sequence[KeptObject]:
        """What the backup holds, each file proven. Raises `BackupUnusableError`."""
        if not self._seal.exists():
            raise BackupUnusableError(f"{self.path} holds no complete backup")
        said = json.loads(self._seal.read_text())
        if said["format"] != FORMAT:
            raise BackupUnusableError(f"this backup has format {said['format']}, not {FORMAT}")
        for file, digest in ((self.dump, "database_sha256"), (self._list, "objects_sha256")):
            if sha256_of(file) != said[digest]:
                raise BackupUnusableError(f"{file.name} is not as it was written")
        kept = list(self._kept())
        for item in kept:
            if not self.file_of(item.key).exists() or sha256_of(self.file_of(item.key)) != item.sha256:
                raise BackupUnusableError(f"{item.key} is missing, or not as it was written")
        return kept

    def _kept(self) -> Iterator[KeptObject]:
        with self._list.open() as lines:
            for line in lines:
                yield KeptObject(**json.loads(line))


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _replace(path: Path, text: str) -> None:
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(text)
    unfinished.replace(path)
