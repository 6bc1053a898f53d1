"""A caller for help: what is answered at once, when his silence is told, how far he may be by now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.delivery.rules import shortened

ONE_MESSAGE_BYTES = 77
"""What a card of level 3 carries in one message (628 bits): a reply never takes a second slot."""
REPLY_LIFETIME = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Search:
    """How far somebody gets from where he was seen last, on foot: bounded from below and above."""

    speed_mps: float = 4 / 3.6
    least_m: float = 200.0
    most_m: float = 10_000.0


@dataclass(frozen=True, slots=True)
class SosRules:
    """What a county sets of calls for help. An empty reply answers nothing."""

    reply: str = "已收到,正在救援。请开机守候,有情况随时回复"
    silence: timedelta = timedelta(minutes=10)
    search: Search = Search()


def reply_words(template: str, now: datetime, zone: ZoneInfo) -> str:
    """Return the words that go back to the card, within one message. `{time}` is the hour and minute."""
    return shortened(template.replace("{time}", f"{now.astimezone(zone):%H:%M}"), ONE_MESSAGE_BYTES)


def radius_m(search: Search, seen_at: datetime, now: datetime) -> float:
    """Return the radius within which somebody is who was seen there then: his pace by the time, bounded."""
    gone = search.speed_mps * max(0.0, (now - seen_at).total_seconds())
    return min(search.most_m, search.least_m + gone)


def is_silent(last_word: datetime, acknowledged_at: datetime, rules: SosRules, now: datetime) -> bool:
    """Whether a caller whose call was acknowledged has said nothing for too long."""
    return now - max(last_word, acknowledged_at) >= rules.silence


def silence_words(silence: timedelta, seen_at: datetime | None, radius: float, zone: ZoneInfo) -> str:
    """Return what the alarm of silence says."""
    minutes = round(silence.total_seconds() / 60)
    if seen_at is None:
        return f"呼救后{minutes}分钟无消息,无位置"
    seen = f"{seen_at.astimezone(zone):%H:%M}"
    return f"呼救后{minutes}分钟无消息,末次位置{seen},搜索半径约{radius / 1000:.1f}公里"
