"""Whether the chain of base, increments and log is young and without a gap, by its names alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from app.backup.chain.rules import gaps, pieces_in
from app.doctor.rules import BACKUP_BAD, BACKUP_WARN, GIB, Finding, State

LOG_WARN, LOG_BAD = timedelta(minutes=10), timedelta(hours=2)
KEPT_WARN, KEPT_BAD = GIB, 6 * GIB  # of the log that the database holds for us; the embedded one lets go at 8
Lives = Mapping[str, tuple[Sequence[str], Sequence[str]]]


def judged(lives: Lives, log_at: datetime | None, now: datetime) -> list[Finding]:
    """Judge every life; nothing where there is none. `log_at`: when the log of the newest was sealed last."""
    found = [Finding("chain", *_gaps(life, *names)) for life, names in sorted(lives.items())]
    pieces = [one for names, _ in lives.values() for one in pieces_in(names)]
    if not pieces:
        return []
    age = now - max(one.at for one in pieces)
    late = None if log_at is None else now - log_at
    state: State = "ok"
    if age > BACKUP_BAD or late is None or late > LOG_BAD:
        state = "bad"
    elif age > BACKUP_WARN or late > LOG_WARN:
        state = "warn"
    minutes = "—" if late is None else f"{late / timedelta(minutes=1):.0f}"
    zh = f"基础与增量最近一份在 {age / timedelta(hours=1):.0f} 小时前,数据库日志最近封存在 {minutes} 分钟前"
    en = f"the newest piece is {age / timedelta(hours=1):.0f} hours old, the log was sealed {minutes} min ago"
    if state != "ok":
        zh += ",请检查 zhishou backup --increment 和 zhishou wal 的定时任务"
        en += ": look at the timers of `zhishou backup --increment` and `zhishou wal`"
    return [Finding("chain", state, zh, en), *(one for one in found if one.state != "ok")]


def kept(behind: int | None, *, lost: bool) -> list[Finding]:
    """Judge how much of its log the database keeps until we fetch it; nothing where it keeps none."""
    if behind is None:
        return []
    state: State = "bad" if lost or behind > KEPT_BAD else "warn" if behind > KEPT_WARN else "ok"
    zh, en = (
        f"数据库为我们保留 {behind / GIB:.1f} GiB 日志",
        f"the database keeps {behind / GIB:.1f} GiB of its log for us",
    )
    if lost:
        zh, en = "数据库没能保留日志,增量链已断", "the database could not keep its log: the chain has a gap"
    if state != "ok":
        zh += ",请运行 zhishou wal;断了的,运行 zhishou backup --base"
        en += "; run `zhishou wal`, or `zhishou backup --base` after a gap"
    return [Finding("chain", state, zh, en)]


def _gaps(life: str, names: Sequence[str], wal: Sequence[str]) -> tuple[State, str, str]:
    missing = gaps(pieces_in(names), wal)
    if not missing:
        return "ok", f"{life} 没有间断", f"{life} has no gap"
    named = ", ".join(missing[:3])
    return (
        "bad",
        f"{life} 缺少 {len(missing)} 份:{named},请从另存处取回,并运行 zhishou backup --base",
        f"{life} lacks {len(missing)}: {named}; bring them back from another copy and run "
        "`zhishou backup --base`",
    )
