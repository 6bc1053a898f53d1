"""Where a chain lies: its life in the backup folder, and what this machine remembers of it."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from app.backup.chain.rules import Trouble, going, is_life
from app.backup.rules import FileSum


class Busy(Trouble):
    """Another run of the same command is at work."""

    def __init__(self) -> None:
        """Nothing more is to be said."""
        super().__init__("同一命令正在运行,请稍候", "the same command is at work already: wait for it")


@dataclass(frozen=True, slots=True)
class Known:
    """A file as it was when it was taken: sum and time of change."""

    sum: FileSum
    changed_ns: int


@dataclass(frozen=True, slots=True)
class Memory:
    """What the next increment stands upon. Lost with the data folder: then the next is a base."""

    life: str
    system: str
    timeline: int
    last: str = ""  # the newest piece
    files: Mapping[str, Known] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Chain:
    """What is backed up and whereto. `embedded`: the server is ours, its settings too."""

    url: str
    data: Path
    stream: str
    folder: Path
    recipients: Sequence[str]
    embedded: bool

    @property
    def own(self) -> Path:
        """The folder below the data folder that only chains use."""
        return self.data / "chain"

    @property
    def incoming(self) -> Path:
        """Where the log arrives before it is sealed."""
        return self.own / "wal"

    @property
    def manifest(self) -> Path:
        """PostgreSQL's list of blocks and files of the newest piece."""
        return self.own / "backup_manifest"


@contextmanager
def alone(chain: Chain, name: str) -> Iterator[None]:
    """Hold the lock of a command. Raises Busy."""
    chain.incoming.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (chain.own / f"{name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Busy from error
        yield


def remembered(chain: Chain, name: str = "pieces") -> Memory | None:
    """Return what was written down; None where nothing was, or nothing readable."""
    try:
        return msgspec.json.decode((chain.own / f"{name}.json").read_bytes(), type=Memory)
    except (OSError, msgspec.MsgspecError):
        return None


def remember(chain: Chain, memory: Memory, name: str = "pieces") -> None:
    """Write down, whole or not at all."""
    replace_file(chain.own / f"{name}.json", msgspec.json.encode(memory))


def replace_file(path: Path, content: bytes) -> None:
    """Write a file of our own anew, readable by this account alone."""
    part = path.with_name(path.name + ".part")
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as sink:
        sink.write(content)
        sink.flush()
        os.fsync(sink.fileno())
    os.replace(part, path)


def names_in(folder: Path) -> list[str]:
    """Return the names of the files of a folder; none where it is not there."""
    return [path.name for path in folder.iterdir() if path.is_file()] if folder.is_dir() else []


def lives(folder: Path, stream: str) -> dict[str, tuple[list[str], list[str]]]:
    """Return each life of a stream: names of its pieces, names of its log."""
    found = [path for path in folder.iterdir() if path.is_dir()] if folder.is_dir() else []
    return {
        path.name: (names_in(path), names_in(path / "wal")) for path in found if is_life(path.name, stream)
    }


def let_go(folder: Path, stream: str, keep: int, said: Callable[[str], None]) -> None:
    """Remove what is older than the newest `keep` bases and what nothing stands upon."""
    for life, gone in going(lives(folder, stream), keep).items():
        if gone.whole:
            shutil.rmtree(folder / life)
            said(life)
        for name in gone.pieces:
            (folder / life / name).unlink()
            said(f"{life}/{name}")
        for name in gone.wal:
            (folder / life / "wal" / name).unlink()
