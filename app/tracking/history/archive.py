"""A day of positions as a file: CSV, compressed, with its SHA-256 beside it, read back before it counts.

It lies there in clear, readable for this account alone: where people went. `zcat` and `sha256sum -c` suffice.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import itertools
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

from app.tracking.history.rules import Part, file_name
from app.tracking.history.store import Departure

Writing = Callable[[bytes], Awaitable[None]]
_BLOCK = 1 << 20


class Unreadable(OSError):
    """What was written is not what is read back: the disk lies."""


class Sheet:
    """The file while it is written: beside the loop, a block at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = open(  # noqa: SIM115  closed by close or abandon
            os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb"
        )
        self._packed = gzip.GzipFile(filename="", mode="wb", fileobj=self._file, compresslevel=6, mtime=0)
        self._waiting = bytearray()

    async def write(self, data: bytes) -> None:
        """Take rows in. Raises OSError."""
        self._waiting += data
        if len(self._waiting) >= _BLOCK:
            await self._pack()

    async def close(self) -> None:
        """Bring everything to the disk. Raises OSError."""
        await self._pack()
        await asyncio.to_thread(self._finish)

    def abandon(self) -> None:
        """Close without a word, whatever happened."""
        self._file.close()

    async def _pack(self) -> None:
        block, self._waiting = bytes(self._waiting), bytearray()
        await asyncio.to_thread(self._packed.write, block)

    def _finish(self) -> None:
        self._packed.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()


async def archive(folder: Path, part: Part, write_out: Callable[[Writing], Awaitable[int]]) -> Departure:
    """Write a table into a new file of the folder; it appears whole, read back and equal, or not at all.

    `write_out` is given where the bytes go and returns how many rows they are. Raises OSError.
    """
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    sheet = Sheet(folder / f".{file_name(part)}.part")
    try:
        rows = await write_out(sheet.write)
        await sheet.close()
        return await asyncio.to_thread(_placed, sheet.path, folder, part, rows)
    finally:
        sheet.abandon()
        sheet.path.unlink(missing_ok=True)


def fits(path: Path, size: int, sha256: str) -> bool:
    """Whether a file is what was written. Raises OSError when it cannot be read."""
    return path.stat().st_size == size and _sha256(path) == sha256


def _placed(made: Path, folder: Path, part: Part, rows: int) -> Departure:
    if (found := _rows_in(made)) != rows:
        raise Unreadable(f"{made.name}: {found} rows, not {rows}")
    names = (file_name(part, number) for number in itertools.count(1))
    path = next(folder / name for name in names if not (folder / name).exists())
    sha256 = _sha256(made)
    with open(os.open(f"{path}.sha256", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as beside:
        beside.write(f"{sha256}  {path.name}\n")
        beside.flush()
        os.fsync(beside.fileno())
    os.replace(made, path)
    kept = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(kept)
    finally:
        os.close(kept)
    return Departure(rows, path.name, path.stat().st_size, sha256)


def _rows_in(path: Path) -> int:
    with gzip.open(path, "rb") as packed:
        lines = sum(block.count(b"\n") for block in iter(lambda: packed.read(_BLOCK), b""))
    return lines - 1  # the names of the columns


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
