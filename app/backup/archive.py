"""The file itself: a tar inside age (age-encryption.org/v1), written and read as a stream.

What is read from the database never lies on a disk unencrypted, however large it is. Anybody who knows the
public key can make an archive: what an archive says is proved by the journal, not by its encryption.
"""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import IO, Protocol, TypeVar, cast

import msgspec
import pyrage

from app.backup.rules import FileSum

PART = 16 * 1024 * 1024
MANIFEST = "manifest.json"
DUMP = "database"
Reading = Callable[[int], bytes]


class BadArchive(Exception):
    """The file is no archive of ours, is damaged or cut short, or opens with another key."""


class Described(Protocol):
    """What the last entry of an archive says: of which format it is."""

    @property
    def format(self) -> str:
        """The name of the format, with its version."""
        ...


Said = TypeVar("Said", bound=Described)


def said_in(content: bytes, kind: type[Said], expected: str) -> Said:
    """Read what an archive says of itself, in a format that we know. Raises BadArchive."""
    try:
        said = msgspec.json.decode(content, type=kind)
    except msgspec.MsgspecError as error:
        raise BadArchive(f"{MANIFEST}: {error}") from error
    if said.format != expected:
        raise BadArchive(said.format)
    return said


class Packer:
    """Puts entries into an archive that is being written."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar

    def stream(self, name: str, read: Reading) -> FileSum:
        """Put in what has no size yet, as parts of 16 MiB; return the sum of the whole."""
        sha256, size, number = hashlib.sha256(), 0, 0
        while part := _exactly(read, PART):
            self.content(f"{name}/{number:08d}", part)
            sha256.update(part)
            size += len(part)
            number += 1
        return FileSum(size, sha256.hexdigest())

    def file(self, name: str, path: Path) -> FileSum:
        """Put in a file as it is now. Raises OSError; a file that shrinks meanwhile is one too."""
        with path.open("rb") as source:
            info = _info(name, os.fstat(source.fileno()).st_size)
            hashing = _Hashing(source)
            self._tar.addfile(info, cast("IO[bytes]", hashing))
        return FileSum(info.size, hashing.sha256.hexdigest())

    def content(self, name: str, content: bytes) -> None:
        """Put in bytes."""
        self._tar.addfile(_info(name, len(content)), io.BytesIO(content))


@contextmanager
def sealing(path: Path, recipients: Sequence[str]) -> Iterator[Packer]:
    """Write an archive that only the recipients' keys can open; it appears whole or not at all.

    Raises ValueError for a recipient that is none, OSError when it cannot be written.
    """
    keys = [_recipient(one) for one in recipients]
    part = path.with_name(path.name + ".part")
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as sink:
            with _through(lambda source: pyrage.encrypt_io(source, sink, keys)) as pipe:  # noqa: SIM117
                with tarfile.open(fileobj=pipe, mode="w|", format=tarfile.PAX_FORMAT) as tar:
                    yield Packer(tar)
            sink.flush()
            os.fsync(sink.fileno())
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def opened(path: Path, identities: Sequence[str]) -> Iterator[Iterator[tuple[str, IO[bytes]]]]:
    """Read an archive: its entries in order, each with a stream of its bytes. Raises BadArchive, OSError."""
    keys = [pyrage.x25519.Identity.from_str(one) for one in identities]
    read_end, write_end = os.pipe()
    with path.open("rb") as sealed, ThreadPoolExecutor(1) as thread, os.fdopen(read_end, "rb") as pipe:
        opening = thread.submit(_open, sealed, write_end, keys)
        try:
            with tarfile.open(fileobj=pipe, mode="r|") as tar:
                yield _entries(tar)
            while pipe.read(PART):  # to its very end: only there the last part proves that nothing is missing
                pass
        except (tarfile.TarError, EOFError) as error:
            pipe.close()
            opening.result()
            raise BadArchive(str(error)) from error
        opening.result()


def new_identity() -> tuple[str, str]:
    """Return a new key: the secret that opens archives, and the recipient that seals them."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def identities_in(text: str) -> list[str]:
    """Return the secrets of a key file; lines that begin with # are remarks. Raises ValueError."""
    found = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    try:
        for one in found:
            pyrage.x25519.Identity.from_str(one)
    except pyrage.IdentityError as error:
        raise ValueError(str(error)) from error
    if not found:
        raise ValueError("AGE-SECRET-KEY-1…")
    return found


def _recipient(text: str) -> pyrage.x25519.Recipient:
    try:
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError as error:
        raise ValueError(f"{text}: {error}") from error


@contextmanager
def _through(work: Callable[[IO[bytes]], None]) -> Iterator[IO[bytes]]:
    """Lend a pipe whose other end `work` reads in a thread of its own; what it raises is raised here."""
    read_end, write_end = os.pipe()

    def run() -> None:
        with os.fdopen(read_end, "rb") as source:
            work(source)

    with ThreadPoolExecutor(1) as thread:
        working = thread.submit(run)
        try:
            with os.fdopen(write_end, "wb") as pipe:
                yield pipe
        except BrokenPipeError:
            working.result()
            raise
        working.result()


def _open(sealed: IO[bytes], write_end: int, keys: Sequence[pyrage.x25519.Identity]) -> None:
    with suppress(BrokenPipeError), os.fdopen(write_end, "wb") as pipe:
        try:
            pyrage.decrypt_io(sealed, pipe, keys)
        except BrokenPipeError:
            raise
        except (pyrage.DecryptError, OSError) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise  # the machine's own error; what age finds wrong has no number
            raise BadArchive(str(error)) from error


def _entries(tar: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes]]]:
    for info in tar:
        content = tar.extractfile(info) if info.isfile() else None
        if content is None or not _is_plain(info.name):
            raise BadArchive(info.name)
        yield info.name, content


def _is_plain(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name and "\0" not in name


def _info(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info


def _exactly(read: Reading, size: int) -> bytes:
    found = bytearray()
    while len(found) < size and (more := read(size - len(found))):
        found += more
    return bytes(found)


class _Hashing:
    """A file that is hashed while it is read."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self.sha256 = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        found = self._source.read(size)
        self.sha256.update(found)
        return found
