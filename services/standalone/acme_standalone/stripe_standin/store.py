"""Objects, events and idempotency keys, in SQLite: a change and its events are one transaction."""

import json
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

from acme_standalone.sqlite_file import SqliteFile

Object = dict[str, Any]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, created REAL NOT NULL, body TEXT NOT NULL
);
DROP INDEX IF EXISTS objects_by_kind;
CREATE INDEX IF NOT EXISTS objects_of_kind ON objects (kind);
CREATE TABLE IF NOT EXISTS events (
    id TEXT PRIMARY KEY, created REAL NOT NULL, body TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
    next_at REAL, delivered_at REAL
);
CREATE TABLE IF NOT EXISTS idempotency (
    key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL,
    created REAL NOT NULL
);
"""
KEPT_S = 24 * 3600


@dataclass(frozen=True)
class Answer:
    status: int
    body: Object
    is_replayed: bool = False


@dataclass(frozen=True)
class Pending:
    """An event that is due."""

    id: str
    body: Object
    attempts: int


class Store:
    """Calls block for a moment. One writer at a time, so that one idempotency key has one effect."""

    def __init__(self, path: Path) -> None:
        self._file = SqliteFile(path, _SCHEMA)
        self._lock, self._db = self._file.lock, self._file.db

    def transaction(self) -> AbstractContextManager[None]:
        return self._file.transaction()

    def put(self, item: Object) -> Object:
        values = (item["id"], item["object"], item["created"], json.dumps(item))
        # Not REPLACE: it would give the row a new rowid, which is the order of creation.
        self._db.execute(
            "INSERT INTO objects VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body",
            values,
        )
        return item

    def get(self, kind: str, identifier: str) -> Object | None:
        with self._lock:
            row = self._db.execute(
                "SELECT body FROM objects WHERE id = ? AND kind = ?", (identifier, kind)
            ).fetchone()
        return json.loads(row[0]) if row else None

    def all_of(self, kind: str) -> list[Object]:
        """Newest first."""
        with self._lock:
            rows = self._db.execute(
                "SELECT body FROM objects WHERE kind = ? ORDER BY rowid DESC", (kind,)
            ).fetchall()
        return [json.loads(row[0]) for row in rows]

    def emit(self, kind: str, subject: Object, api_version: str) -> Object:
        """Record an event about the object as it is now; it is due at once."""
        now = time.time()
        event = {
            "id": new_id("evt"),
            "object": "event",
            "api_version": api_version,
            "created": int(now),
            "data": {"object": subject},
            "livemode": False,
            "pending_webhooks": 1,
            "request": {"id": None, "idempotency_key": None},
            "type": kind,
        }
        self._db.execute(
            "INSERT INTO events (id, created, body, next_at) VALUES (?, ?, ?, ?)",
            (event["id"], now, json.dumps(event), now),
        )
        return event

    def event(self, identifier: str) -> Object | None:
        with self._lock:
            row = self._db.execute("SELECT body FROM events WHERE id = ?", (identifier,)).fetchone()
        return json.loads(row[0]) if row else None

    def events(self, limit: int) -> list[Object]:
        with self._lock:
            rows = self._db.execute(
                "SELECT body FROM events ORDER BY rowid DESC LIMIT ?", (limit,)
            ).fetchall()
        return [json.loads(row[0]) for row in rows]

    def due(self, now: float, limit: int = 50) -> list[Pending]:
        with self._lock:
            rows = self._db.execute(
                "SELECT id, body, attempts FROM events WHERE next_at <= ? ORDER BY next_at, rowid LIMIT ?",
                (now, limit),
            ).fetchall()
        return [Pending(row[0], json.loads(row[1]), row[2]) for row in rows]

    def delivered(self, identifier: str, now: float) -> None:
        with self.transaction():
            self._db.execute(
                "UPDATE events SET delivered_at = ?, next_at = NULL, attempts = attempts + 1 WHERE id = ?",
                (now, identifier),
            )

    def undelivered(self, identifier: str, next_at: float | None) -> None:
        with self.transaction():
            self._db.execute(
                "UPDATE events SET attempts = attempts + 1, next_at = ? WHERE id = ?", (next_at, identifier)
            )

    def redeliver(self, identifier: str, now: float) -> bool:
        """False when there is no such event."""
        with self.transaction():
            done = self._db.execute("UPDATE events SET next_at = ? WHERE id = ?", (now, identifier))
            return done.rowcount == 1

    def recall(self, key: str, now: float) -> tuple[str, Answer] | None:
        """The fingerprint and answer of a request that came with this key in the last day."""
        row = self._db.execute(
            "SELECT fingerprint, status, body FROM idempotency WHERE key = ? AND created > ?",
            (key, now - KEPT_S),
        ).fetchone()
        return (row[0], Answer(row[1], json.loads(row[2]), is_replayed=True)) if row else None

    def remember(self, key: str, fingerprint: str, answer: Answer, now: float) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO idempotency VALUES (?, ?, ?, ?, ?)",
            (key, fingerprint, answer.status, json.dumps(answer.body), now),
        )


def new_id(prefix: str) -> str:
    return f"{prefix}_{token_urlsafe(18).replace('-', 'x').replace('_', 'y')}"
