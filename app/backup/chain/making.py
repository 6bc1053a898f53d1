"""Make a base or an increment: the server's own blocks, compressed and sealed while they are read."""

from __future__ import annotations

import asyncio
import os
import shutil
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

import asyncpg
import msgspec

from app.backup.archive import MANIFEST, Packer, sealing
from app.backup.chain import programs, store
from app.backup.chain.place import Chain, Known, Memory, alone, let_go, remember, remembered, replace_file
from app.backup.chain.rules import (
    SEGMENT,
    Note,
    Piece,
    Trouble,
    life_name,
    piece_name,
    pieces_in,
)
from app.backup.chain.scan import ManifestScan, start_in
from app.backup.making import Say, in_data
from app.clock import Clock

CONTENT = "server"
OLDEST = 17  # increments; the version that learned to make them
MOST_KEPT = "8GB"  # of the embedded server's log for a run that does not come
_BLOCK = 1 << 20


class Refused(Trouble):
    """The server does not allow it."""


@dataclass(frozen=True, slots=True)
class Made:
    """A finished piece."""

    path: Path
    is_base: bool
    size: int
    files: int


async def extend(
    chain: Chain, clock: Clock, *, base: bool, base_every: timedelta, keep: int | None, say: Say
) -> Made:
    """Add an increment upon the newest piece, or a base where there is none, it is too old or `base` asks.

    Raises Refused, NoProgram, Busy, ValueError, OSError, DumpFailed, asyncpg.PostgresError; a piece that
    could not be finished leaves nothing behind, and nothing older is removed for it.
    """
    with alone(chain, "pieces"):
        async with store.connected(chain.url) as connection:
            found = await store.server(connection)
            refuse(found)
            await _prepare(connection, chain, found)
            heads = await store.heads(connection)
        memory, upon = _upon(chain, found, clock, base_every)
        if base or memory is None or upon is None:
            upon = None
            fits = memory is not None and (chain.folder / memory.life).is_dir()
            life = memory.life if fits and memory else life_name(chain.stream, clock.now())
            memory = Memory(life, found.system, found.timeline)
        say("基础备份" if upon is None else "增量备份", "base" if upon is None else "increment")
        note = Note(clock.now(), found.major, found.database, found.login, heads)
        made = await asyncio.to_thread(_make, chain, memory, upon, note, clock)
        if keep is not None:
            let_go(chain.folder, chain.stream, keep, lambda name: say(f"已删除 {name}", f"removed {name}"))
        return made


def refuse(found: store.Server) -> None:
    """Say why a server cannot have a chain. Raises Refused."""
    if found.major < OLDEST:
        raise Refused(
            f"数据库是 PostgreSQL {found.major},增量备份要 {OLDEST} 及以上;请用 zhishou backup 整体备份",
            f"PostgreSQL {found.major} makes no increments, {OLDEST} does: use plain `zhishou backup`",
        )
    if not found.replicates:
        raise Refused(
            f"数据库账号 {found.login} 没有复制权限,请由管理员执行 ALTER ROLE {found.login} REPLICATION,"
            "或用 ZHISHOU_BACKUP_DATABASE_URL 指定有此权限的账号",
            f"{found.login} may not replicate: ALTER ROLE {found.login} REPLICATION, or name a login that "
            "may by ZHISHOU_BACKUP_DATABASE_URL",
        )
    if found.standby:
        raise Refused(
            "这是备机,请连接主机做增量备份", "this is a standby: make the chain of the primary server"
        )
    if found.wal_level == "minimal" or found.lines == 0:
        raise Refused(
            "数据库没有开启复制(wal_level=minimal,或 max_wal_senders、max_replication_slots 为 0),请由管理员"
            "执行 ALTER SYSTEM SET wal_level = replica; 并用同样的命令把另两项设为 10,然后重启数据库",
            "the server lets nobody fetch its log (wal_level=minimal, or max_wal_senders or "
            "max_replication_slots is 0): ALTER SYSTEM SET wal_level = replica; set the other two to 10 "
            "likewise, and restart it",
        )
    if found.segment != SEGMENT:
        raise Refused(
            f"数据库日志每个文件 {found.segment >> 20}MB,增量备份只支持 16MB(建库时由 "
            "initdb --wal-segsize 决定);请用 zhishou backup 整体备份",
            f"files of its log have {found.segment >> 20}MB, a chain needs 16MB (chosen by "
            "initdb --wal-segsize): use plain `zhishou backup`",
        )


async def _prepare(connection: asyncpg.Connection[Any], chain: Chain, found: store.Server) -> None:
    if not found.summarizes:
        if not found.superuser:
            raise Refused(
                "数据库没有开启 summarize_wal,请由管理员执行 ALTER SYSTEM SET summarize_wal = on; "
                "SELECT pg_reload_conf();",
                "the server does not note what changes: ALTER SYSTEM SET summarize_wal = on; "
                "SELECT pg_reload_conf();",
            )
        ours = chain.embedded and found.most_kept == "-1"
        await store.summarize(connection, MOST_KEPT if ours else None)
    await store.keep_log(connection, chain.stream)


def _upon(
    chain: Chain, found: store.Server, clock: Clock, base_every: timedelta
) -> tuple[Memory | None, Piece | None]:
    """Return what is remembered of this very server, and the piece an increment would stand upon."""
    memory = remembered(chain)
    if memory is None or (memory.system, memory.timeline) != (found.system, found.timeline):
        return None, None
    folder = chain.folder / memory.life
    pieces = pieces_in(path.name for path in folder.iterdir()) if folder.is_dir() else []
    last = next((one for one in pieces if one.name == memory.last), None)
    bases = [one for one in pieces if one.is_base]
    young = bool(bases) and clock.now() - bases[-1].at < base_every
    return memory, last if last is not None and young and chain.manifest.is_file() else None


def _make(chain: Chain, memory: Memory, upon: Piece | None, note: Note, clock: Clock) -> Made:
    folder = chain.folder / memory.life
    (folder / "wal").mkdir(parents=True, exist_ok=True)
    if upon is None and memory.last == "":  # what another life left here is not of this one
        _clear_foreign(chain, memory)
    making, scan = folder / "making.age", ManifestScan()
    with sealing(making, chain.recipients) as packer:
        tools = programs.folder_of(note.server)
        with programs.basebackup(tools, chain.url, chain.manifest if upon else None) as source:
            content = packer.stream(CONTENT, _Squeezed(source, scan.feed).read)
        taken = take_files(packer, chain.data, memory.files if upon else {})
        files = {name: known.sum for name, known in taken.items()}
        packer.content(MANIFEST, msgspec.json.encode(replace(note, content=content, files=files)))
    manifest = scan.found()
    before = [one.at for one in pieces_in(path.name for path in folder.iterdir())]
    # Names tell seconds and no two pieces share one; later than it was is safe, earlier is not.
    finished = max([clock.now(), *(at + timedelta(seconds=1) for at in before[-1:])])
    name = piece_name(finished, start_in(manifest), upon.at if upon else None)
    os.replace(making, folder / name)
    replace_file(chain.manifest, manifest)
    kept = {**(memory.files if upon else {}), **taken}
    remember(chain, replace(memory, last=name, files=kept))
    return Made(folder / name, upon is None, (folder / name).stat().st_size, len(taken))


def _clear_foreign(chain: Chain, memory: Memory) -> None:
    before = remembered(chain, "wal")
    if before is None or before.life != memory.life:
        shutil.rmtree(chain.incoming, ignore_errors=True)
        chain.incoming.mkdir(mode=0o700)


def take_files(packer: Packer, data: Path, known: dict[str, Known] | object) -> dict[str, Known]:
    """Put in what is new or changed since it was taken last; return it."""
    before: dict[str, Known] = known if isinstance(known, dict) else {}
    return {
        name: Known(packer.file(name, path), changed) for name, path, changed in changed_files(data, before)
    }


def changed_files(data: Path, known: dict[str, Known]) -> Iterator[tuple[str, Path, int]]:
    """Name what is new or changed since it was taken last."""
    for name, path in in_data(data):
        now, then = path.stat(), known.get(name)
        if then is None or (then.sum.size, then.changed_ns) != (now.st_size, now.st_mtime_ns):
            yield name, path, now.st_mtime_ns


class _Squeezed:
    """A stream that is compressed while it is read; `also` sees what it was before."""

    def __init__(self, source: IO[bytes], also: Callable[[bytes], None]) -> None:
        self._source, self._also = source, also
        self._packing = zlib.compressobj(1, wbits=31)
        self._held = bytearray()
        self._ended = False

    def read(self, size: int) -> bytes:
        while len(self._held) < size and not self._ended:
            block = self._source.read(_BLOCK)
            self._ended = not block
            self._also(block)
            self._held += self._packing.compress(block) if block else self._packing.flush()
        found = bytes(self._held[:size])
        del self._held[:size]
        return found
