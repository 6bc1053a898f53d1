"""The pieces of a chain by their names: which of them a moment needs, what is missing, what may go.

A folder holds lives (段): one database server from its first base on. A life holds bases and increments,
`20261128T021300Z-000000010000000000000003.base.age` (finished then; the log is needed from that file on),
`…-after-20261128T021300Z.increment.age`, and below `wal` the files of the log and new files of ours.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

from app.backup.rules import FileSum

FORMAT = "zhishou-chain/1"
SEGMENT = 1 << 24  # bytes of a file of the log; other sizes are refused
_PER_NAME = (1 << 32) // SEGMENT
_STAMP = "%Y%m%dT%H%M%SZ"
_LIFE = re.compile(r"zhishou-(?P<stream>\w+)-(?P<at>\d{8}T\d{6}Z)")
_PIECE = re.compile(
    r"(?P<at>\d{8}T\d{6}Z)-(?P<start>[0-9A-F]{24})(-after-(?P<after>\d{8}T\d{6}Z))?\.(?P<kind>base|increment)\.age"
)
_LOG = re.compile(r"(?P<name>[0-9A-F]{24})(?P<partial>\.partial)?\.age")
_FILES = re.compile(r"files-(?P<at>\d{8}T\d{6}Z)\.age")
Kind = Literal["base", "increment"]


class Trouble(Exception):
    """What the technician can mend: what it is and what to do, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        """Both sentences, without their last stop."""
        super().__init__(f"{zh} / {en}")
        self.zh, self.en = zh, en


class Missing(Trouble):
    """A piece that others need is not there, or is damaged."""

    def __init__(self, name: str) -> None:
        """`name`: of the piece, with the reason if there is one."""
        super().__init__(
            f"缺少或已损坏:{name}。请从另存处取回;或用 --from 指定更早的一份(其后由日志补上);"
            "日志间断的,加 --despite-gap 恢复到间断之前。什么也没有改动",
            f"missing or damaged: {name}. Bring it back from another copy; or begin with an earlier piece by "
            "--from (the log makes up for the rest); or, where the log has a gap, stop before it by "
            "--despite-gap. Nothing was changed",
        )
        self.name = name


@dataclass(frozen=True, slots=True)
class Note:
    """The last entry of a piece: of what it was made, and where each stream of the journal ended before."""

    made_at: datetime
    server: int  # the major version of PostgreSQL
    database: str
    login: str
    heads: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    content: FileSum = field(default_factory=lambda: FileSum(0, ""))
    files: Mapping[str, FileSum] = field(default_factory=dict)
    format: str = FORMAT


@dataclass(frozen=True, slots=True)
class Piece:
    """A base, or an increment upon the piece that was finished at `after`."""

    name: str
    at: datetime
    start: str  # the file of the log from which on it needs the log
    after: datetime | None

    @property
    def is_base(self) -> bool:
        """Whether it stands alone."""
        return self.after is None


@dataclass(frozen=True, slots=True)
class Plan:
    """What brings a moment back: the pieces, base first; the files of the log; what is missing in it."""

    pieces: tuple[Piece, ...]
    log: tuple[str, ...]
    files: tuple[str, ...]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Going:
    """What may go of a life: these pieces and files of the log; `whole`: all of it."""

    pieces: tuple[str, ...] = ()
    wal: tuple[str, ...] = ()
    whole: bool = False


def stamp(at: datetime) -> str:
    """Return an instant as names have it."""
    return at.astimezone(UTC).strftime(_STAMP)


def life_name(stream: str, at: datetime) -> str:
    """Return the name of a life that begins."""
    return f"zhishou-{stream}-{stamp(at)}"


def is_life(name: str, stream: str) -> bool:
    """Whether a folder is a life of this stream."""
    match = _LIFE.fullmatch(name)
    return match is not None and match["stream"] == stream


def piece_name(at: datetime, start: str, after: datetime | None) -> str:
    """Return the name of a piece that was finished."""
    tail = f"-after-{stamp(after)}.increment" if after else ".base"
    return f"{stamp(at)}-{start}{tail}.age"


def pieces_in(names: Iterable[str]) -> list[Piece]:
    """Return the pieces among names, oldest first; other names are left out."""
    found = []
    for name in names:
        match = _PIECE.fullmatch(name)
        if match and (match["kind"] == "base") == (match["after"] is None):
            after = _instant(match["after"]) if match["after"] else None
            found.append(Piece(name, _instant(match["at"]), match["start"], after))
    return sorted(found, key=lambda one: (one.at, one.name))


def log_file(timeline: int, position: int) -> str:
    """Return the name of the file of the log that holds a position."""
    number = position // SEGMENT
    return f"{timeline:08X}{number // _PER_NAME:08X}{number % _PER_NAME:08X}"


def log_files(names: Iterable[str]) -> dict[str, str]:
    """Return files of the log by the name PostgreSQL gives them; a whole one goes before its part."""
    found: dict[str, str] = {}
    for name in sorted(names, key=len, reverse=True):  # `.partial` first: the whole one replaces it
        if match := _LOG.fullmatch(name):
            found[match["name"]] = name
    return found


def files_name(now: datetime, names: Iterable[str], wal: Iterable[str]) -> str:
    """Return a name for files of ours that came with the log: never before a piece, never one that is taken.

    Pieces of one second are told apart by a second that has not come yet; a clock may be set back.
    """
    taken = [at + timedelta(seconds=1) for name in wal if (at := _files_at(name)) is not None]
    return f"files-{stamp(max([now, *(one.at for one in pieces_in(names)), *taken]))}.age"


def is_log(name: str) -> bool:
    """Whether a sealed file is one of the log."""
    return _LOG.fullmatch(name) is not None


def chain_of(piece: Piece, pieces: Collection[Piece]) -> tuple[Piece, ...]:
    """Return what a piece stands upon, base first, itself last. Raises Missing."""
    by_time = {one.at: one for one in pieces}
    chain = [piece]
    while (after := chain[-1].after) is not None:
        below = by_time.get(after)
        if below is None or after >= chain[-1].at:
            raise Missing(f"{stamp(after)}-….age ← {chain[-1].name}")
        chain.append(below)
    return tuple(reversed(chain))


def plan(
    names: Sequence[str], wal: Sequence[str], until: datetime | None = None, start: str | None = None
) -> Plan:
    """Choose what brings `until` (None: the last there is) back, from `start` if that piece is named.

    Raises Missing where a base or an increment is not there; gaps of the log are told in the plan, whose
    files end before the first.
    """
    pieces = pieces_in(names)
    fitting = [one for one in pieces if (until is None or one.at <= until) and start in (None, one.name)]
    if not fitting:
        raise Missing(start or "….base.age")
    chosen = fitting[-1]
    held = log_files(wal)
    later = sorted(name for name in held if name[:8] == chosen.start[:8] and name >= chosen.start)
    run, missing = _without_gap(chosen.start, later)
    files = [name for name in sorted(wal) if (at := _files_at(name)) is not None and at >= chosen.at]
    return Plan(chain_of(chosen, pieces), tuple(held[name] for name in run), tuple(files), tuple(missing))


def gaps(pieces: Sequence[Piece], wal: Iterable[str]) -> list[str]:
    """Return every file of the log that is missing since the oldest base, and every missing piece."""
    missing: list[str] = []
    for piece in pieces:
        try:
            chain_of(piece, pieces)
        except Missing as error:
            missing.append(error.name)
    first = next((one for one in pieces if one.is_base), None)
    if first is not None:
        held = sorted(name for name in log_files(wal) if name[:8] == first.start[:8] and name >= first.start)
        missing += _without_gap(first.start, held)[1]
    return missing


def going(lives: Mapping[str, tuple[Sequence[str], Sequence[str]]], keep: int) -> dict[str, Going]:
    """Return what may go of each life so that the newest `keep` bases stay, with all that stands upon them.

    Whatever is older than the oldest base that stays, in the log too; never anything newer than it.
    """
    if keep < 1:
        raise ValueError("至少保留 1 份基础备份 / at least one base must be kept")
    bases = sorted(
        ((one.at, life) for life, (names, _) in lives.items() for one in pieces_in(names) if one.is_base)
    )
    found = {}
    for life, (names, wal) in lives.items():
        ours = [at for at, name in bases if name == life]
        stay = [at for at, name in bases[-keep:] if name == life]
        if ours and not stay:
            found[life] = Going(whole=True)
        elif stay and stay[0] != ours[0]:
            found[life] = _older(pieces_in(names), wal, stay[0])
    return found


def _older(pieces: Sequence[Piece], wal: Sequence[str], oldest: datetime) -> Going:
    base = next(one for one in pieces if one.at == oldest and one.is_base)
    first, before = base.start, _needed_before(base, pieces)
    log = [name for name in wal if (match := _LOG.fullmatch(name)) and match["name"] < first]
    files = [name for name in wal if (at := _files_at(name)) is not None and at < oldest]
    return Going(tuple(one.name for one in before), tuple(log + files))


def _needed_before(base: Piece, pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces before a base that nothing after it stands upon."""
    needed: set[Piece] = set()
    for one in pieces:
        if one.at > base.at:
            with suppress(Missing):
                needed.update(chain_of(one, pieces))
    return [one for one in pieces if one.at < base.at and one not in needed]


def _without_gap(first: str, names: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the names that follow `first` one by one, and what is missing among all of them."""
    held = set(names)
    run, missing = [], []
    for number in range(_number(first), max(map(_number, names), default=_number(first) - 1) + 1):
        name = log_file(int(first[:8], 16), number * SEGMENT)
        if name not in held:
            missing.append(name)
        elif not missing:
            run.append(name)
    return run, missing


def _number(name: str) -> int:
    return int(name[8:16], 16) * _PER_NAME + int(name[16:24], 16)


def _files_at(name: str) -> datetime | None:
    match = _FILES.fullmatch(name)
    return _instant(match["at"]) if match else None


def _instant(text: str) -> datetime:
    return datetime.strptime(text, _STAMP).replace(tzinfo=UTC)
