"""Whether the database keeps its log (WAL) somewhere else, for what happened since the last backup."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg

from app.doctor.rules import Finding, State

BEHIND_WARN, BEHIND_BAD = 4, 64  # files of the log that are written and not yet away
_FULL = 1 << 32  # bytes that the middle part of a name counts
_ASKED = """
SELECT current_setting('archive_mode') AS mode,
       (SELECT setting::int FROM pg_settings WHERE name = 'archive_timeout') AS timeout_s,
       pg_size_bytes(current_setting('wal_segment_size')) AS segment,
       (pg_current_wal_lsn() - '0/0'::pg_lsn)::bigint AS written,
       last_archived_wal AS last, last_archived_time AS last_at, last_failed_time AS failed_at
  FROM pg_stat_archiver WHERE NOT pg_is_in_recovery()
"""


@dataclass(frozen=True, slots=True)
class Archiving:
    """What a database says: on or not, how many files behind (None: none is away yet), whether it fails."""

    on: bool
    behind: int | None = None
    last_at: datetime | None = None
    fails: bool = False
    timeout_s: int = 0


NO_ARCHIVE = Archiving(on=False)


async def archiving(connection: asyncpg.Connection[Any]) -> Archiving:
    """Ask a database."""
    row = await connection.fetchrow(_ASKED)
    if row is None or row["mode"] == "off":
        return NO_ARCHIVE
    fails = row["failed_at"] is not None and (row["last_at"] is None or row["failed_at"] > row["last_at"])
    last = position_of(row["last"] or "", row["segment"])
    behind = None if last is None else max(0, row["written"] // row["segment"] - last - 1)
    return Archiving(on=True, behind=behind, last_at=row["last_at"], fails=fails, timeout_s=row["timeout_s"])


def position_of(name: str, segment: int) -> int | None:
    """Return which file of the log has this name, counted from the first; None for another kind of file."""
    try:
        return int(name[8:16], 16) * (_FULL // segment) + int(name[16:24], 16)
    except ValueError:
        return None


def judged(found: Archiving, *, wanted: bool) -> list[Finding]:
    """Judge it; nothing where it is neither on nor wanted (`ZHISHOU_WAL_ARCHIVED`)."""
    if not found.on:
        zh = "数据库没有开启 WAL 归档(archive_mode=off),上次备份之后的内容只在本机,请按运维手册开启"
        en = "the database does not archive its WAL (archive_mode=off): see docs/operation.md"
        return [Finding("archiving", "bad", zh, en)] if wanted else []
    return [Finding("archiving", *_said(found))]


def _said(found: Archiving) -> tuple[State, str, str]:
    at = f"{found.last_at:%Y-%m-%d %H:%M}Z" if found.last_at else None
    zh = f"WAL 归档落后 {found.behind or 0} 个文件,最近一次 {at or '从未成功'}"
    en = f"WAL archiving is {found.behind or 0} files behind, the last went {at or 'never'}"
    if found.fails or (found.behind or 0) > BEHIND_BAD:
        return (
            "bad",
            f"{zh};归档失败会写满磁盘,请看数据库日志和 archive_command",
            f"{en}; where it fails the disk fills up: see the database's log and archive_command",
        )
    if found.behind is None or found.behind > BEHIND_WARN:
        return "warn", f"{zh},请检查归档的目的地", f"{en}: look where it goes"
    if found.timeout_s == 0:
        return (
            "warn",
            f"{zh};archive_timeout=0,文件写满才会归档,请设为 60",
            f"{en}; with archive_timeout=0 a file goes only when it is full: set it to 60",
        )
    return "ok", zh, en
