"""What a person is told of his own duty (值班提醒), in words. Pure functions of data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.duty.roster.rules.examine import ROLES

REMIND_BEFORE = timedelta(hours=12)
"""A shift is called to mind so long before it begins, once."""
URGENT_BEFORE = timedelta(hours=24)
"""What changes so shortly before goes out by SMS to whoever is not logged in."""
DIGEST_AT = (time(8, 30), time(17, 30))
"""When the leaders on duty are told who is on and who is next."""
MOST_NAMED = 4
Words = tuple[str, str]
"""The same in Chinese and in English."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One shift of one person; `id` is its row, `withdrawn` whether it no longer holds."""

    id: int
    person_id: int
    seat_id: int
    post_name: str
    region_code: str
    role: str
    starts_at: datetime
    ends_at: datetime
    withdrawn: bool = False

    @property
    def what(self) -> tuple[int, int, datetime, datetime]:
        """What the person would call it: two rows of one span on one seat are one shift."""
        return (self.person_id, self.seat_id, self.starts_at, self.ends_at)


@dataclass(frozen=True, slots=True)
class Changes:
    """What is new and what is off for one person, each in the order of its beginning."""

    added: tuple[Turn, ...]
    dropped: tuple[Turn, ...]

    @property
    def turns(self) -> tuple[Turn, ...]:
        """All of them."""
        return self.added + self.dropped


def changes(turns: Iterable[Turn]) -> dict[int, Changes]:
    """Return by person what changed; a shift that was written anew as it was is no change."""
    added: dict[int, dict[object, Turn]] = defaultdict(dict)
    dropped: dict[int, dict[object, Turn]] = defaultdict(dict)
    for turn in turns:
        (dropped if turn.withdrawn else added)[turn.person_id][turn.what] = turn
    found = {}
    for person in sorted(added.keys() | dropped.keys()):
        new = [turn for what, turn in added[person].items() if what not in dropped[person]]
        off = [turn for what, turn in dropped[person].items() if what not in added[person]]
        if new or off:
            found[person] = Changes(_ordered(new), _ordered(off))
    return found


def _ordered(turns: Iterable[Turn]) -> tuple[Turn, ...]:
    return tuple(sorted(turns, key=lambda turn: (turn.starts_at, turn.seat_id)))


def urgent(changed: Changes, now: datetime) -> bool:
    """Whether something changed that begins within a day."""
    return any(turn.starts_at - now <= URGENT_BEFORE for turn in changed.turns)


def changed_words(changed: Changes, zone: ZoneInfo) -> Words:
    """Say what changed: what is off first, then what is new; of many the first and their number."""
    zh, en = [], []
    if changed.dropped:
        off = _listed(changed.dropped, zone)
        zh.append("取消 " + off[0])
        en.append("off " + off[1])
    if changed.added:
        new = _listed(changed.added, zone)
        zh.append(("改为 " if changed.dropped else "新排 ") + new[0])
        en.append("new " + new[1])
    return "您的值班有变:" + ";".join(zh), "Your duty has changed: " + "; ".join(en)


def reminder_words(turn: Turn, zone: ZoneInfo) -> Words:
    """Call a shift to mind."""
    zh, en = _said(turn, zone)
    return f"值班提醒:{zh},请提前10分钟到岗交接", f"Your duty: {en}. Please be there 10 minutes before"


def _listed(turns: Sequence[Turn], zone: ZoneInfo) -> Words:
    said = [_said(turn, zone) for turn in turns[:MOST_NAMED]]
    zh, en = "、".join(one for one, _ in said), ", ".join(one for _, one in said)
    if len(turns) <= MOST_NAMED:
        return zh, en
    return f"{zh}等共{len(turns)}班", f"{en} and more, {len(turns)} shifts in all"


def _said(turn: Turn, zone: ZoneInfo) -> Words:
    start, end = turn.starts_at.astimezone(zone), turn.ends_at.astimezone(zone)
    one_day = start.date() == end.date()
    until, until_en = (f"{end:%H:%M}",) * 2 if one_day else (f"{end:%m月%d日%H:%M}", f"{end:%m-%d %H:%M}")
    zh, en = ROLES.get(turn.role, (turn.role, turn.role))
    return (
        f"{start:%m月%d日%H:%M}至{until} {turn.post_name}{zh}",
        f"{start:%m-%d %H:%M} to {until_en}, {turn.post_name} ({en})",
    )


def digest_of(now: datetime, last_look: datetime, zone: ZoneInfo) -> tuple[date, time] | None:
    """Return the digest whose hour came since the last look, None if none did."""
    here, before = now.astimezone(zone), last_look.astimezone(zone)
    for at in reversed(DIGEST_AT):
        instant = datetime.combine(here.date(), at, zone)
        if before < instant <= here:
            return here.date(), at
    return None


def digest_words(
    on: Sequence[str], following: Sequence[str], until: datetime | None, missing: int, zone: ZoneInfo
) -> Words:
    """Say who is on duty at the centre, who is next, and how many seats of the county are empty."""
    next_at = f"{until.astimezone(zone):%m月%d日%H:%M}" if until else "下一班"
    seats = f";全市缺岗{missing}人,请核实" if missing else ";全市各岗位满员"
    at = f"{until.astimezone(zone):%m-%d %H:%M}" if until else "the next shift"
    empty = f"{missing} seats of the county are empty, please look" if missing else "no seat is empty"
    return (
        f"当前值班 {'、'.join(on) or '无人'};{next_at}接班 {'、'.join(following) or '无人'}{seats}",
        f"On duty {', '.join(on) or 'nobody'}; at {at} {', '.join(following) or 'nobody'}; {empty}",
    )
