"""The gateway's memory on disk (SQLite): events not yet sent, commands not yet carried out, answers given.

Also by which channel each device was heard last: that is where a command to it leaves.

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
ROUTES_KEPT = timedelta(days=90)
LOCKED_FOR_S = 0.2  # somebody else at the file: waited for so long at once, the cables wait too
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
CREATE TABLE IF NOT EXISTS route (device TEXT PRIMARY KEY, channel TEXT NOT NULL, heard_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS terminal (
  number TEXT PRIMARY KEY, terminal_id TEXT NOT NULL, code_hash TEXT NOT NULL
);
"""
# What a file of an earlier version, which knew Beidou alone, lacks: who carries a command out, and its notes.
_ADDED = (("channel", "TEXT NOT NULL DEFAULT 'beidou'"), ("note", "TEXT NOT NULL DEFAULT ''"))
_TASK = "SELECT id, device, type, body, expires_at, channel, note FROM command "


@dataclass(frozen=True, slots=True)
class Waiting:
    """An event that the broker has not taken yet."""

    key: int
    topic: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Task:
    """A command that was taken. `note` is what its channel wrote down about it."""

    id: str
    device: str
    type: str
    body: bytes
    expires_at: datetime
    channel: str = ""
    note: str = ""


class Store:
    """One file. Every call is one transaction, on disk when it returns; several are within `together`.

    Every call raises sqlite3.Error when the disk does not take it; then nothing has changed.
    """

    def __init__(self, path: Path, *, most_events: int = MOST_EVENTS) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._most = most_events
        self._file = sqlite3.connect(path, isolation_level=None, timeout=LOCKED_FOR_S)
        self._file.execute("PRAGMA journal_mode = WAL")
        self._file.execute("PRAGMA synchronous = FULL")
        self._file.executescript(_SCHEMA)
        there = {row[1] for row in self._file.execute("PRAGMA table_info(command)")}
        for name, kind in _ADDED:
            if name not in there:
                self._file.execute(f"ALTER TABLE command ADD COLUMN {name} {kind}")
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
        with self.together():
            self._file.execute(
                "INSERT INTO event (topic, payload, precious) VALUES (?, ?, ?)", (topic, payload, precious)
            )
            if self._count >= self._most:
                self._file.execute(
                    "DELETE FROM event WHERE key = (SELECT key FROM event ORDER BY precious, key LIMIT 1)"
                )
                self.given_up += 1
            else:
                self._count += 1

    def waiting(self, after: int, limit: int) -> list[Waiting]:
        """Return the oldest waiting events after a key, in their order."""
        rows = self._file.execute(
            "SELECT key, topic, payload FROM event WHERE key > ? ORDER BY key LIMIT ?", (after, limit)
        )
        return [Waiting(*row) for row in rows]

    def sent(self, *keys: int) -> None:
        """Forget events: the broker has them."""
        with self.together():
            for key in keys:
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
            "INSERT INTO command (id, device, type, body, expires_at, taken_at, channel) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                task.id,
                task.device,
                task.type,
                task.body,
                task.expires_at.timestamp(),
                now.timestamp(),
                task.channel,
            ),
        )
        return True

    def tasks(self, channel: str | None = None, limit: int = MOST_COMMANDS) -> list[Task]:
        """Return the oldest commands that wait, of one channel or of all."""
        rows = self._file.execute(
            f"{_TASK} WHERE result = '' AND (? IS NULL OR channel = ?) ORDER BY key LIMIT ?",
            (channel, channel, limit),
        )
        return [_task(row) for row in rows]

    def noted(self, channel: str) -> list[Task]:
        """Return the commands of a channel that have a note, carried out or not, the latest first."""
        rows = self._file.execute(f"{_TASK} WHERE note <> '' AND channel = ? ORDER BY key DESC", (channel,))
        return [_task(row) for row in rows]

    def write_note(self, command_id: str, note: str) -> None:
        """Keep what a channel is to remember of a command."""
        self._file.execute("UPDATE command SET note = ? WHERE id = ?", (note, command_id))

    def note_of(self, command_id: str) -> str:
        """Return what a channel remembers of a command, "" for nothing."""
        row = self._file.execute("SELECT note FROM command WHERE id = ?", (command_id,)).fetchone()
        return "" if row is None else str(row[0])

    def heard(self, device: str, channel: str, now: datetime) -> None:
        """Keep by which channel a device was heard last."""
        self._file.execute(
            "INSERT INTO route VALUES (?, ?, ?) "
            "ON CONFLICT (device) DO UPDATE SET channel = excluded.channel, heard_at = excluded.heard_at",
            (device, channel, now.timestamp()),
        )

    def channel_of(self, device: str) -> str | None:
        """Return the channel by which a device was heard last, None for one never heard."""
        row = self._file.execute("SELECT channel FROM route WHERE device = ?", (device,)).fetchone()
        return None if row is None else str(row[0])

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

    def terminal(self, number: str) -> tuple[str, str]:
        """Return the id that a terminal's number is pinned to and the hash of its code, "" for neither."""
        row = self._file.execute(
            "SELECT terminal_id, code_hash FROM terminal WHERE number = ?", (number,)
        ).fetchone()
        return ("", "") if row is None else (str(row[0]), str(row[1]))

    def pin(self, number: str, terminal_id: str, code_hash: str) -> None:
        """Keep which terminal a number belongs to, and the hash of the code issued to it."""
        self._file.execute(
            "INSERT OR REPLACE INTO terminal VALUES (?, ?, ?)", (number, terminal_id, code_hash)
        )

    def forget(self, now: datetime) -> None:
        """Forget answers that nobody asks for any more, and devices not heard for months."""
        with self.together():
            self._file.execute(
                "DELETE FROM command WHERE result <> '' AND taken_at < ?", ((now - REMEMBERED).timestamp(),)
            )
            self._file.execute("DELETE FROM route WHERE heard_at < ?", ((now - ROUTES_KEPT).timestamp(),))

    @contextmanager
    def together(self) -> Iterator[None]:
        """Make all that is done within the block one transaction: all of it is on disk, or nothing."""
        if self._file.in_transaction:
            yield
            return
        before = self._count, self.given_up
        self._file.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._file.execute("COMMIT")
        except BaseException:
            if self._file.in_transaction:  # a full disk may have ended it by itself
                self._file.execute("ROLLBACK")
            self._count, self.given_up = before
            raise


def _task(row: tuple[str, str, str, bytes, float, str, str]) -> Task:
    key, device, kind, body, expires_at, channel, note = row
    return Task(key, device, kind, body, datetime.fromtimestamp(expires_at, UTC), channel, note)
