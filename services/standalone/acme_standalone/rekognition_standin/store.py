"""Collections and their faces, in SQLite: what was answered is still there after a crash."""

import array
import json
import time
import uuid
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from acme_standalone.rekognition_standin.eyes import SeenFace
from acme_standalone.sqlite_file import SqliteFile

_SCHEMA = """
CREATE TABLE IF NOT EXISTS collections (id TEXT PRIMARY KEY, created REAL NOT NULL);
CREATE TABLE IF NOT EXISTS faces (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    collection TEXT NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
    image TEXT NOT NULL, external TEXT, place INTEGER NOT NULL,
    box TEXT NOT NULL, confidence REAL NOT NULL, vector BLOB NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS faces_once ON faces (collection, image, coalesce(external, ''), place);
"""
_COLUMNS = "number, id, image, external, box, confidence, vector"


@dataclass(frozen=True)
class StoredFace:
    number: int
    """In the order of indexing: what a page ends with."""
    id: str
    image_id: str
    external_image_id: str | None
    box: tuple[float, float, float, float]
    confidence: float
    vector: Sequence[float]


class Store:
    """Calls block for a moment."""

    def __init__(self, path: Path) -> None:
        self._file = SqliteFile(path, _SCHEMA)
        self._lock, self._db = self._file.lock, self._file.db

    def close(self) -> None:
        self._db.close()

    def _transaction(self) -> AbstractContextManager[None]:
        return self._file.transaction()

    def create(self, collection: str) -> bool:
        """False when there is one of this name."""
        statement = "INSERT INTO collections VALUES (?, ?) ON CONFLICT DO NOTHING"
        with self._lock:
            return self._db.execute(statement, (collection, time.time())).rowcount == 1

    def delete(self, collection: str) -> bool:
        with self._lock:
            return self._db.execute("DELETE FROM collections WHERE id = ?", (collection,)).rowcount == 1

    def exists(self, collection: str) -> bool:
        with self._lock:
            found = self._db.execute("SELECT 1 FROM collections WHERE id = ?", (collection,)).fetchone()
        return found is not None

    def add(
        self, collection: str, image: str, external: str | None, faces: Sequence[SeenFace]
    ) -> list[StoredFace]:
        """The same image under the same external id is kept once: the faces it already has are returned."""
        with self._transaction():
            for place, face in enumerate(faces):
                vector = array.array("d", face.vector).tobytes()
                self._db.execute(
                    "INSERT INTO faces (id, collection, image, external, place, box, confidence, vector) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                    (
                        *(str(uuid.uuid4()), collection, image, external, place),
                        *(json.dumps(face.box), face.confidence, vector),
                    ),
                )
            rows = self._db.execute(
                f"SELECT {_COLUMNS} FROM faces WHERE collection = ? AND image = ? "  # noqa: S608 - our columns
                "AND coalesce(external, '') = ? AND place < ? ORDER BY place",
                (collection, image, external or "", len(faces)),
            ).fetchall()
        return [_stored(row) for row in rows]

    def faces(self, collection: str, *, after: int = 0, limit: int = -1) -> list[StoredFace]:
        statement = (
            f"SELECT {_COLUMNS} FROM faces WHERE collection = ? AND number > ? ORDER BY number LIMIT ?"  # noqa: S608 - as above
        )
        with self._lock:
            rows = self._db.execute(statement, (collection, after, limit)).fetchall()
        return [_stored(row) for row in rows]

    def remove(self, collection: str, face_ids: Sequence[str]) -> list[str]:
        """Those that were there."""
        statement = "DELETE FROM faces WHERE collection = ? AND id = ?"
        with self._transaction():
            return [
                face_id
                for face_id in dict.fromkeys(face_ids)
                if self._db.execute(statement, (collection, face_id)).rowcount
            ]


def _stored(row: tuple[int, str, str, str | None, str, float, bytes]) -> StoredFace:
    number, face_id, image, external, box, confidence, vector = row
    values = array.array("d")
    values.frombytes(vector)
    return StoredFace(number, face_id, image, external, tuple(json.loads(box)), confidence, values)
