"""The gateway's memory on disk (SQLite): events not yet sent, commands not yet carried out, answers given.

What was put in survives a power cut. Bounded: when it is full the oldest position goes first, and the hole
in the numbers shows it to the centre.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

MOST_EVENTS = 100_000
MOST_COMMANDS = 1000  # that wait; a gateway that cannot keep up says so
REMEMBERED = timedelta(hours=24)
_SCHEMA = """
CREATE TABLE IF NOT EXISTS event (
  key INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, payload BLOB NOT NULL, precious INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS event_to_give_up ON event (precious, key);
CREATE TABLE IF NOT EXISTS command (
  key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, device TEXT NOT NULL, type TEXT NOT NULL,
  body BLOB NOT NULL, expires_at REAL NOT NULL, taken_at REAL NOT NULL, result TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS command_waiting ON command (key) WHERE result = '';
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An event that the broker has not taken yet."""

    key: int
    topic: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Task:
    """A command that was taken and not carried out yet."""

    id: str
    device: str
    type: str
    body: bytes
    expires_at: datetime


class Store:
    """One file. Every call is one transaction, on disk when it returns."""

    def __init__(self, path: Path, *, most_events: int = MOST_EVENTS) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._most = most_events
        self._file = sqlite3.connect(path, isolation_level=None)
        self._file.execute("PRAGMA journal_mode = WAL")
        self._file.execute("PRAGMA synchronous = FULL")
        self._file.executescript(_SCHEMA)
        self._count = int(self._file.execute("SELECT count(*) FROM event").fetchone()[0])
        self.given_up = 0

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    @property
    def waiting_events(self) -> int:
        """How many events wait."""
        return self._count

    def put(self, topic: str, payload: bytes, *, precious: bool) -> None:
        """Let an event wait for the broker; `precious` ones outlive positions."""
        with self._transaction():
            self._file.execute(
                "INSERT INTO event (topic, payload, precious) VALUES (?, ?, ?)", (topic, payload, precious)
            )
            if self._count >= self._most:
                self._file.execute(
                    "DELETE FROM event WHERE key = (SELECT key FROM event ORDER BY precious, key LIMIT 1)"
                )
        if self._count >= self._most:
            self.given_up += 1
        else:
            self._count += 1

    def waiting(self, after: int, limit: int) -> list[Waiting]:
        """Return the oldest waiting events after a key, in their order."""
        rows = self._file.execute(
            "SELECT key, topic, payload FROM event WHERE key > ? ORDER BY key LIMIT ?", (after, limit)
        )
        return [Waiting(*row) for row in rows]

    def sent(self, key: int) -> None:
        """Forget an event: the broker has it."""
        self._count -= self._file.execute("DELETE FROM event WHERE key = ?", (key,)).rowcount

    def result_of(self, command_id: str) -> str | None:
        """Return what became of a command: its result, "" while it waits, None for one never taken."""
        row = self._file.execute("SELECT result FROM command WHERE id = ?", (command_id,)).fetchone()
        return None if row is None else str(row[0])

    def take(self, task: Task, now: datetime) -> bool:
        """Keep a command until it is carried out; False when too many wait already."""
        waiting = self._file.execute("SELECT count(*) FROM command WHERE result = ''").fetchone()[0]
        if waiting >= MOST_COMMANDS:
            return False
        self._file.execute(
            "INSERT INTO command (id, device, type, body, expires_at, taken_at) VALUES (?, ?, ?, ?, ?, ?)",
            (task.id, task.device, task.type, task.body, task.expires_at.timestamp(), now.timestamp()),
        )
        return True

    def next_task(self) -> Task | None:
        """Return the oldest command that waits."""
        row = self._file.execute(
            "SELECT id, device, type, body, expires_at FROM command WHERE result = '' ORDER BY key LIMIT 1"
        ).fetchone()
        if row is None:
            return None
        return Task(row[0], row[1], row[2], row[3], datetime.fromtimestamp(row[4], UTC))

    def finish(self, command_id: str, result: str) -> None:
        """Keep what became of a command."""
        self._file.execute("UPDATE command SET result = ? WHERE id = ?", (result, command_id))

    def note(self, task: Task, result: str, now: datetime) -> None:
        """Keep the answer to a command that was not taken, for whoever repeats it."""
        self._file.execute(
            "INSERT OR IGNORE INTO command (id, device, type, body, expires_at, taken_at, result) "
            "VALUES (?, ?, ?, '', ?, ?, ?)",
            (task.id, task.device, task.type, task.expires_at.timestamp(), now.timestamp(), result),
        )

    def forget(self, now: datetime) -> None:
        """Forget answers that nobody asks for any more."""
        self._file.execute(
            "DELETE FROM command WHERE result <> '' AND taken_at < ?", ((now - REMEMBERED).timestamp(),)
        )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._file.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._file.execute("ROLLBACK")
            raise
        self._file.execute("COMMIT")
