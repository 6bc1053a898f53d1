"""Situations and instants in few words, for the tests of reporting."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from app.reporting.rules.book import Rulebook
from app.reporting.rules.dues import Due, dues
from app.reporting.rules.situation import Situation, Told
from app.reporting.rules.terms import Channel, Kind, Node
from app.reporting.settings import CHINA, shipped

RULES = shipped()
DEFAULT = RULES.default_profiles
Row = tuple[str, str, str]


def clock(words: str, day: str = "2025-06-18") -> datetime:
    """An instant of the county: 02:13:20, or 06-19 04:05 of the same year."""
    date, _, time = words.rpartition(" ")
    on = f"{day[:5]}{date}" if date else day
    return datetime.fromisoformat(f"{on} {time}").replace(tzinfo=CHINA)


def rows(
    situation: Situation,
    now: datetime,
    kind: Kind = "initial",
    profiles: Collection[str] = DEFAULT,
    rules: Rulebook = RULES,
) -> dict[Row, list[Due]]:
    """The dues of a kind by sender, receiver and channel, the rounds in order."""
    found: dict[Row, list[Due]] = {}
    for due in dues(situation, rules, profiles, now):
        if due.kind == kind:
            found.setdefault((due.sender, due.receiver, due.channel), []).append(due)
    return {row: sorted(told, key=lambda due: due.round) for row, told in found.items()}


def telling(
    situation: Situation,
    sender: Node,
    receiver: Node,
    channel: Channel,
    at: datetime,
    kind: Kind = "initial",
    as_of: datetime | None = None,
) -> Situation:
    """The situation after a report that counts."""
    told = Told(sender, receiver, channel, at, len(situation.told) + 1, kind, as_of)
    return replace(situation, told=(*situation.told, told))
