"""Take pieces apart: the server's files into a folder, ours beside them, the log into its place."""

from __future__ import annotations

import hashlib
import tarfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, cast

from app.backup.archive import MANIFEST, PART, BadArchive, opened, said_in
from app.backup.chain.making import CONTENT
from app.backup.chain.receiving import LOG
from app.backup.chain.rules import FORMAT, Missing, Note
from app.backup.rules import FileSum

Entries = Iterator[tuple[str, IO[bytes]]]
Place = Callable[[str, IO[bytes]], FileSum]


def unpack(path: Path, identities: Sequence[str], into: Path, place: Place) -> Note:
    """Lay the server's files of a piece into a folder and hand ours to `place`. Raises Missing naming it."""
    into.mkdir(parents=True, mode=0o700)
    note, placed, content = None, {}, None
    try:
        with opened(path, identities) as entries:
            parts = _Parts(entries)
            with tarfile.open(fileobj=cast("IO[bytes]", parts), mode="r|", bufsize=PART) as tar:
                tar.extractall(into, filter="data")
            content = parts.drained()
            for name, stream in parts.rest():
                if name == MANIFEST:
                    note = said_in(stream.read(), Note, FORMAT)
                else:
                    placed[name] = place(name, stream)
    except (BadArchive, tarfile.TarError, zlib.error, EOFError, FileNotFoundError) as error:
        raise Missing(f"{path.name}: {error}") from error
    if note is None or note.content != content or dict(note.files) != placed:
        raise Missing(path.name)
    into.chmod(0o700)
    return note


def unpack_log(path: Path, identities: Sequence[str], into: Path) -> Note:
    """Lay one file of the log into a folder. Raises Missing naming it."""
    held: dict[str, bytes] = {}
    try:
        with opened(path, identities) as entries:
            held = {name: stream.read() for name, stream in entries}
        log, note = zlib.decompress(held[LOG], wbits=31), said_in(held[MANIFEST], Note, FORMAT)
    except (BadArchive, zlib.error, KeyError, FileNotFoundError) as error:
        raise Missing(f"{path.name}: {error}") from error
    (into / path.name.split(".", maxsplit=1)[0]).write_bytes(log)
    return note


def unpack_files(path: Path, identities: Sequence[str], place: Place) -> None:
    """Hand the files that came with the log to `place`. Raises Missing naming it."""
    note, placed = None, {}
    try:
        with opened(path, identities) as entries:
            for name, stream in entries:
                if name == MANIFEST:
                    note = said_in(stream.read(), Note, FORMAT)
                else:
                    placed[name] = place(name, stream)
    except (BadArchive, FileNotFoundError) as error:
        raise Missing(f"{path.name}: {error}") from error
    if note is None or dict(note.files) != placed:
        raise Missing(path.name)


class _Parts:
    """The server's tar as one stream, out of the parts an archive holds; then what follows them."""

    def __init__(self, entries: Entries) -> None:
        self._entries = entries
        self._current: IO[bytes] | None = None
        self._next: tuple[str, IO[bytes]] | None = None
        self._opening = zlib.decompressobj(wbits=31)
        self._sha256, self._size = hashlib.sha256(), 0
        self._ended = False

    def read(self, size: int) -> bytes:
        """Return the next bytes of the tar, up to so many; none at its end."""
        found = b""
        while not found and not self._ended:
            squeezed = self._opening.unconsumed_tail or self._squeezed()
            found = self._opening.decompress(squeezed, size) if squeezed else self._opening.flush()
            self._ended = not squeezed
        return found

    def drained(self) -> FileSum:
        """Read what the tar's reader left, and return the sum of the whole."""
        while self.read(PART):
            pass
        if not self._opening.eof:
            raise EOFError(CONTENT)
        return FileSum(self._size, self._sha256.hexdigest())

    def rest(self) -> Entries:
        """Return what follows."""
        if self._next is not None:
            yield self._next
        yield from self._entries

    def _squeezed(self) -> bytes:
        while True:
            if self._current is None:
                name, stream = next(self._entries, ("", None))
                if stream is None or not name.startswith(f"{CONTENT}/"):
                    self._next = (name, stream) if stream is not None else None
                    return b""
                self._current = stream
            if block := self._current.read(1 << 20):
                self._sha256.update(block)
                self._size += len(block)
                return block
            self._current = None
