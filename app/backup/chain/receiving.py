"""Fetch the server's log up to now and seal it, with files of ours that are new: what a minute adds."""

from __future__ import annotations

import asyncio
import zlib
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from app.backup.archive import MANIFEST, sealing
from app.backup.chain import programs, store
from app.backup.chain.making import Refused, changed_files, refuse, take_files
from app.backup.chain.place import Chain, Memory, alone, remember, remembered
from app.backup.chain.rules import Note, files_name, is_log
from app.clock import Clock

LOG = "log"


@dataclass(frozen=True, slots=True)
class Received:
    """What a run put away."""

    whole: int
    files: int
    size: int


async def receive(chain: Chain, clock: Clock) -> Received:
    """Bring the sealed log up to this instant.

    Raises Refused where a base must come first, NoProgram, Busy, OSError, DumpFailed, PostgresError. What was
    fetched and not sealed yet is sealed by the next run.
    """
    with alone(chain, "wal"):
        async with store.connected(chain.url) as connection:
            found = await store.server(connection)
            refuse(found)
            memory = _memory(chain, found, await store.slot(connection, chain.stream))
            heads = await store.heads(connection)
            until = await store.position(connection)
        note = Note(clock.now(), found.major, found.database, found.login, heads)
        tools = programs.folder_of(found.major)
        slot = store.slot_name(chain.stream)
        await asyncio.to_thread(programs.receive, tools, chain.url, slot, chain.incoming, until)
        return await asyncio.to_thread(_seal_all, chain, memory, note)


def _memory(chain: Chain, found: store.Server, slot: store.Slot | None) -> Memory:
    pieces = remembered(chain)
    fits = pieces is not None and (pieces.system, pieces.timeline) == (found.system, found.timeline)
    if pieces is None or not fits or slot is None or slot.lost:
        raise Refused(
            "还没有基础备份,或数据库已更换,或它没能保留日志(间断);请运行 zhishou backup --base",
            "there is no base yet, the database is another, or it could not keep its log (a gap): run "
            "`zhishou backup --base`",
        )
    memory = remembered(chain, "wal")
    if memory is None or memory.life != pieces.life:
        return Memory(pieces.life, pieces.system, pieces.timeline, files=pieces.files)
    return memory


def _seal_all(chain: Chain, memory: Memory, note: Note) -> Received:
    folder = chain.folder / memory.life / "wal"
    whole = size = 0
    arrived = sorted(chain.incoming.iterdir())
    logs = [path for path in arrived if is_log(f"{path.name}.age")]
    for path in logs:
        sealed = folder / f"{path.name}.age"
        if path.suffix != ".partial" and sealed.exists():  # kept by the run before, see below
            if path != logs[-1]:
                path.unlink()
            continue
        # The newest file alone reaches as far as the journal did: with an older one the copy ends earlier.
        _seal(path, sealed, chain, note if path == logs[-1] else replace(note, heads={}))
        size += sealed.stat().st_size
        if path.suffix != ".partial":
            if path != logs[-1]:  # the newest stays: pg_receivewal goes on after it
                path.unlink()
            (folder / f"{path.name}.partial.age").unlink(missing_ok=True)
            whole += 1
    for path in set(arrived) - set(logs):  # histories of timelines, which every base holds
        path.unlink()
    files = dict(memory.files)
    if any(changed_files(chain.data, files)):
        held = [path.name for path in folder.parent.iterdir()], [path.name for path in folder.iterdir()]
        sealed = folder / files_name(note.made_at, *held)
        with sealing(sealed, chain.recipients) as packer:
            new = take_files(packer, chain.data, files)
            told = replace(note, files={name: known.sum for name, known in new.items()})
            packer.content(MANIFEST, msgspec.json.encode(told))
        files |= new
    new_files = len(files) - len(memory.files)
    remember(chain, replace(memory, files=files), "wal")
    return Received(whole, new_files, size)


def _seal(path: Path, sealed: Path, chain: Chain, note: Note) -> None:
    packing = zlib.compressobj(1, wbits=31)
    with sealing(sealed, chain.recipients) as packer:
        packer.content(LOG, packing.compress(path.read_bytes()) + packing.flush())
        packer.content(MANIFEST, msgspec.json.encode(note))
