"""Make an archive: one instant of the database, the files it names, and the sums that prove a copy equal."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from app.backup.archive import DUMP, MANIFEST, Packer, sealing
from app.backup.dump import dumping
from app.backup.rules import FileSum, Manifest, expired, name_of
from app.backup.store import snapshot
from app.dispatch.attachments.vault import DRAWN

# Below the data folder: what no database holds. Small pictures of photos are made again.
FOLDERS = ("attachments", "map")
Say = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Source:
    """What is backed up: a database, the data folder, and the files of settings by the names they get."""

    url: str
    data: Path
    stream: str
    settings: Sequence[tuple[str, Path]] = ()


@dataclass(frozen=True, slots=True)
class Backup:
    """A finished archive."""

    path: Path
    size: int
    manifest: Manifest
    removed: tuple[str, ...]


async def back_up(
    source: Source, folder: Path, recipients: Sequence[str], now: datetime, *, keep: int | None, say: Say
) -> Backup:
    """Write the archive of this instant into a folder; then let those beyond the newest `keep` go.

    The service goes on meanwhile. Files are read after the database: what the database names is there, since
    files are only ever added. Raises ValueError, OSError, DumpFailed, asyncpg.PostgresError; an archive that
    could not be finished leaves nothing behind, and no older one is removed for it.
    """
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    path = folder / name_of(source.stream, now)
    async with snapshot(source.url) as instant:
        with sealing(path, recipients) as packer:
            say("数据库", "database")
            dump = await asyncio.to_thread(_dump, packer, source.url, instant.name)
            say(f"校验和(已写 {dump.size // 1024:,} KiB)", f"sums ({dump.size // 1024:,} KiB written)")
            contents = await instant.contents()
            say("文件", "files")
            files = await asyncio.to_thread(_files, packer, source)
            manifest = Manifest(now, source.stream, instant.server_version, contents, dump, files)
            packer.content(MANIFEST, msgspec.json.encode(manifest))
    removed = tuple(_let_go(folder, source.stream, keep)) if keep is not None else ()
    return Backup(path, path.stat().st_size, manifest, removed)


def _dump(packer: Packer, url: str, instant: str) -> FileSum:
    with dumping(url, instant) as stream:
        return packer.stream(DUMP, stream.read)


def _files(packer: Packer, source: Source) -> dict[str, FileSum]:
    kept = {name: packer.file(name, path) for name, path in in_data(source.data)}
    return kept | {
        f"settings/{name}": packer.file(f"settings/{name}", path) for name, path in source.settings
    }


def in_data(data: Path) -> Iterator[tuple[str, Path]]:
    """Name every file of ours below the data folder that no database holds."""
    for folder in FOLDERS:
        for path in sorted((data / folder).rglob("*")):
            passing = path.name.startswith(".") or path.name.endswith(DRAWN)
            if path.is_file() and not path.is_symlink() and not passing:
                yield path.relative_to(data).as_posix(), path


def _let_go(folder: Path, stream: str, keep: int) -> Iterator[str]:
    for name in expired([path.name for path in folder.iterdir()], stream, keep):
        (folder / name).unlink()
        yield name
