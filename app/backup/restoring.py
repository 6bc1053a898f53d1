"""Bring an archive back into an empty place, and prove that the copy is equal."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from app.backup import dump
from app.backup.archive import DUMP, MANIFEST, PART, BadArchive, opened, said_in
from app.backup.making import FOLDERS, Say
from app.backup.rules import FORMAT, Difference, FileSum, Manifest, differences
from app.backup.store import is_empty, snapshot

SETTINGS = "settings-from-backup"  # below the data folder: for the technician to put in their places


class NotEmpty(Exception):
    """The place to restore into holds something already; its message names it."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What came out of an archive, and everything in which it is not what the archive promises."""

    manifest: Manifest
    differences: list[Difference]


@dataclass(slots=True)
class _Poured:
    files: dict[str, FileSum] = field(default_factory=dict)
    dump: FileSum = field(default_factory=lambda: FileSum(0, hashlib.sha256().hexdigest()))
    manifest: Manifest | None = None


async def restore(path: Path, identities: Sequence[str], url: str, data: Path, *, say: Say) -> Restored:
    """Pour an archive into an empty database and a data folder without files, then compare.

    Raises NotEmpty before anything is written; BadArchive, OSError, DumpFailed or PostgresError amid it.
    """
    if not await is_empty(url):
        raise NotEmpty("DATABASE_URL")
    for folder in (*FOLDERS, SETTINGS):
        if (data / folder).exists() and any((data / folder).iterdir()):
            raise NotEmpty(str(data / folder))
    say("解开并恢复", "opening and restoring")
    poured = await asyncio.to_thread(_pour, path, identities, url, data)
    if poured.manifest is None:
        raise BadArchive(MANIFEST)
    say("与备份清单逐项核对", "comparing with the manifest")
    async with snapshot(url) as instant:
        contents = await instant.contents()
    return Restored(poured.manifest, differences(poured.manifest, contents, poured.files, poured.dump))


def _pour(path: Path, identities: Sequence[str], url: str, data: Path) -> _Poured:
    poured = _Poured()
    sha256, size = hashlib.sha256(), 0
    with opened(path, identities) as entries, ExitStack() as restoring:
        sink: IO[bytes] | None = None
        for name, content in entries:
            if name.startswith(f"{DUMP}/"):
                sink = sink or restoring.enter_context(dump.restoring(url))
                size += _copy(content, sink, sha256.update)
                continue
            restoring.close()  # the database is whole before the first file
            if name == MANIFEST:
                poured.manifest = said_in(content.read(), Manifest, FORMAT)
            else:
                poured.files[name] = place(data, name, content)
    poured.dump = FileSum(size, sha256.hexdigest())
    return poured


def place(data: Path, name: str, content: IO[bytes], *, replace: bool = False) -> FileSum:
    """Write a file of ours where it belongs, only where it may. Raises BadArchive, OSError."""
    first, _, rest = name.partition("/")
    if first not in (*FOLDERS, "settings") or not rest:
        raise BadArchive(name)
    path = data / (SETTINGS if first == "settings" else first) / rest
    path.parent.mkdir(parents=True, exist_ok=True)
    sha256 = hashlib.sha256()
    new = os.O_TRUNC if replace else os.O_EXCL
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | new, 0o600), "wb") as file:
        size = _copy(content, file, sha256.update)
    return FileSum(size, sha256.hexdigest())


def _copy(source: IO[bytes], sink: IO[bytes], also: Callable[[bytes], None]) -> int:
    size = 0
    while block := source.read(PART):
        sink.write(block)
        also(block)
        size += len(block)
    return size
