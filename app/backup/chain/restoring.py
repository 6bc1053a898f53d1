"""Bring a moment back from a chain: pieces combined, the log gone through, the journal compared."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from app.backup.chain import programs, store
from app.backup.chain.place import names_in
from app.backup.chain.recovering import combine, recovered
from app.backup.chain.rules import Missing, Note, Plan, plan
from app.backup.chain.unpacking import unpack, unpack_files, unpack_log
from app.backup.making import FOLDERS, Say
from app.backup.restoring import NotEmpty, place
from app.backup.rules import FileSum


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked: the key, the moment (None: the last), the piece to begin with, and not to mind a gap."""

    identities: Sequence[str]
    until: datetime | None = None
    start: str | None = None
    despite_gap: bool = False


@dataclass(frozen=True, slots=True)
class Brought:
    """A running copy: its address, from what it came, until when the log was there, what it lacks."""

    url: str
    plan: Plan
    reaches: datetime
    lacks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Laid:
    note: Note
    ends: tuple[Note, ...]  # of the files of the log, in order


@asynccontextmanager
async def brought_back(
    folder: Path, pgdata: Path, data: Path, wish: Wish, *, say: Say
) -> AsyncIterator[Brought]:
    """Make `pgdata` the server as it was and lend it running; files of ours go below `data`.

    Raises NotEmpty before anything is written; Missing naming the piece that is not there or damaged:
    nothing stays in the place then; Unreached, NoProgram, OSError, DumpFailed.
    """
    chosen = plan(names_in(folder), names_in(folder / "wal"), wish.until, wish.start)
    if chosen.missing and not wish.despite_gap:
        raise Missing(", ".join(f"wal/{name}" for name in chosen.missing[:3]))
    _require_empty(pgdata, data)
    with _workshop(data) as work:
        laid = await asyncio.to_thread(_lay, folder, chosen, work, wish, say)
        tools = programs.folder_of(laid.note.server)
        say("合并基础与增量", "putting base and increments together")
        pieces = [work / str(number) for number in range(len(chosen.pieces))]
        await asyncio.to_thread(combine, tools, pieces, pgdata)
        reaches = max(one.made_at for one in (laid.note, *laid.ends))
        known = wish.until is not None and wish.until <= reaches and not chosen.missing
        say("按日志恢复到指定时刻", "going through the log")
        running = recovered(
            tools,
            pgdata,
            work / "wal",
            wish.until,
            quiet_tail=known,
            login=laid.note.login,
            database=laid.note.database,
        )
        ok = False
        try:
            with _in_thread(running) as url:
                heads = _heads(laid, wish.until)
                lacks = await store.lacking(url, heads)
                shutil.copytree(work / "files", data, dirs_exist_ok=True)
                yield Brought(url, chosen, reaches, tuple(lacks))
                ok = True
        finally:
            if not ok:
                shutil.rmtree(pgdata, ignore_errors=True)


@contextmanager
def _in_thread(running):  # type: ignore[no-untyped-def]
    with running as url:
        yield url


def _heads(laid: _Laid, until: datetime | None) -> dict[str, tuple[int, str]]:
    """Return the newest ends of the journal that the copy must hold."""
    fitting = [
        one for one in (laid.note, *laid.ends) if one.heads and (until is None or one.made_at <= until)
    ]
    return dict(max(fitting, key=lambda one: one.made_at).heads) if fitting else {}


def _lay(folder: Path, chosen: Plan, work: Path, wish: Wish, say: Say) -> _Laid:
    (work / "wal").mkdir()
    files = work / "files"
    files.mkdir()

    def put(name: str, content: IO[bytes]) -> FileSum:
        return place(files, name, content, replace=True)

    note = None
    for number, piece in enumerate(chosen.pieces):
        say(f"解开 {piece.name}", f"opening {piece.name}")
        note = unpack(folder / piece.name, wish.identities, work / str(number), put)
    assert note is not None
    say(f"解开日志 {len(chosen.log)} 个文件", f"opening {len(chosen.log)} files of the log")
    ends = []
    for name in chosen.log:
        try:
            ends.append(unpack_log(folder / "wal" / name, wish.identities, work / "wal"))
        except Missing:
            if not wish.despite_gap:
                raise
            break
    for name in chosen.files:
        unpack_files(folder / "wal" / name, wish.identities, put)
    return _Laid(note, tuple(ends))


def _require_empty(pgdata: Path, data: Path) -> None:
    for folder in (pgdata, *(data / name for name in FOLDERS)):
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise NotEmpty(str(folder))
    if pgdata.exists():
        pgdata.rmdir()
    pgdata.parent.mkdir(parents=True, exist_ok=True)


@contextmanager
def _workshop(data: Path):  # type: ignore[no-untyped-def]
    """Lend a folder below the data folder, for what must lie in clear meanwhile, and clear it away."""
    work = data / "restoring"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True, mode=0o700)
    try:
        yield work.resolve()
    finally:
        shutil.rmtree(work, ignore_errors=True)
        assert os.path.lexists(data)
