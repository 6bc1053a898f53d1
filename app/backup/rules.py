"""What an archive says of itself, in what a copy differs from it, and which archives are old enough to go."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

FORMAT = "zhishou-backup/1"
_NAME = re.compile(r"zhishou-(?P<stream>\w+)-(?P<at>\d{8}T\d{6}Z)\.age")
_STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class TableSum:
    """One table at one instant: its rows, and a sum over their texts that does not depend on their order."""

    rows: int
    digest: str


@dataclass(frozen=True, slots=True)
class FileSum:
    """One file: its bytes and their SHA-256 in hex."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Contents:
    """A database at one instant: the end of each stream of the journal (number, hash in hex), each table."""

    schema: str
    heads: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    tables: Mapping[str, TableSum] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Manifest:
    """The last entry of an archive: what stands before it, and what the database held when it was read."""

    made_at: datetime
    stream: str
    server_version: str
    contents: Contents
    dump: FileSum
    files: Mapping[str, FileSum] = field(default_factory=dict)
    format: str = FORMAT


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as the archive says. `kind`: schema | stream | table | file | dump."""

    kind: str
    name: str
    wanted: str
    found: str


def differences(
    manifest: Manifest, contents: Contents, files: Mapping[str, FileSum], dump: FileSum
) -> list[Difference]:
    """Return everything in which a copy is not what its archive promises; nothing when it is equal."""
    wanted = manifest.contents
    found = [
        *_unlike("schema", {"": wanted.schema}, {"": contents.schema}),
        *_unlike("stream", wanted.heads, contents.heads),
        *_unlike("table", wanted.tables, contents.tables),
        *_unlike("file", manifest.files, files),
        *_unlike("dump", {"": manifest.dump}, {"": dump}),
    ]
    return sorted(found, key=lambda one: (one.kind, one.name))


def _unlike(kind: str, wanted: Mapping[str, object], found: Mapping[str, object]) -> Iterable[Difference]:
    for name in {*wanted, *found}:
        if wanted.get(name) != found.get(name):
            yield Difference(kind, name, _said(wanted.get(name)), _said(found.get(name)))


def _said(one: object) -> str:
    match one:
        case None:
            return "—"
        case TableSum(rows, digest):
            return f"{rows} ({digest})"
        case FileSum(size, sha256):
            return f"{size} B {sha256[:12]}"
        case (seq, digest):
            return f"{seq} {str(digest)[:12]}"
        case _:
            return str(one)


def name_of(stream: str, at: datetime) -> str:
    """Return the name of the archive of an instant."""
    return f"zhishou-{stream}-{at.astimezone(UTC).strftime(_STAMP)}.age"


def made_at(name: str, stream: str) -> datetime | None:
    """Return when an archive of this stream was made, by its name; None for any other file."""
    if (match := _NAME.fullmatch(name)) is None or match["stream"] != stream:
        return None
    return datetime.strptime(match["at"], _STAMP).replace(tzinfo=UTC)


def expired(names: Sequence[str], stream: str, keep: int) -> list[str]:
    """Return the archives of this stream beyond the newest `keep`, oldest first, never another file."""
    if keep < 1:
        raise ValueError("至少保留 1 份备份 / at least one backup must be kept")
    ours = sorted(name for name in names if made_at(name, stream) is not None)
    return ours[:-keep]
