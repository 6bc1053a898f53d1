"""Reading the words of a text: is it a call for help, is it an answer to an order, does it say where?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

# Payload profile: what people and handsets of this field really send when they need help.
DISTRESS_WORDS = ("SOS", "求救", "求助", "救命", "遇险", "被困", "紧急求援", "MAYDAY")
_SOS = re.compile("|".join(re.escape(word) for word in DISTRESS_WORDS), re.IGNORECASE)
_LAT_LON = re.compile(
    r"(?<!\d)(\d{1,2}\.\d{3,})[NnSs]?(?:\s*+[,,]\s*+|(?=[^\S ]*+ )\s++)[EeWw]?(\d{2,3}\.\d{3,})(?!\d)"
)
_LON_LAT = re.compile(
    r"(?<!\d)[EeWw]?(\d{3}\.\d{3,})[EeWw]?(?:\s*+[,,]\s*+|(?=[^\S ]*+ )\s++)[NnSs]?(\d{1,2}\.\d{3,})(?!\d)"
)

# A one-digit answer costs the least on a narrow channel; words are accepted too.
ANSWERS: Mapping[str, str] = {
    "1": "acknowledge",
    "收到": "acknowledge",
    "接受": "acknowledge",
    "OK": "acknowledge",
    "2": "decline",
    "拒绝": "decline",
    "无法出动": "decline",
    "3": "depart",
    "出发": "depart",
    "4": "arrive",
    "到场": "arrive",
    "到达": "arrive",
    "5": "finish",
    "完成": "finish",
    "6": "escalate",
    "升级": "escalate",
    "7": "safe",
    "平安": "safe",
    "8": "return",
    "归队": "return",
}

COPY_WINDOW = timedelta(minutes=10)  # protocols/beidou.md §8.6
SAME_WORDS_WINDOW = timedelta(minutes=2)  # a handset without a clock repeats itself under new references
TROUBLE_WINDOW = timedelta(hours=12)  # a battery that was judged once is not told again this shift
SETTLING = timedelta(seconds=30)  # around a judgement the benefit of the doubt is the caller's
TELL_ALWAYS_UP_TO = 20
TELL_AT_MOST_EVERY = timedelta(seconds=10)


def is_distress(text: str) -> bool:
    """Whether the words of a text call for help."""
    return _SOS.search(text) is not None


def place_in(text: str) -> tuple[float, float] | None:
    """Return (lon, lat) in WGS-84 degrees if the text states a plausible position, else None."""
    if found := _LON_LAT.search(text):
        lon, lat = float(found[1]), float(found[2])
    elif found := _LAT_LON.search(text):
        lat, lon = float(found[1]), float(found[2])
    else:
        return None
    return (lon, lat) if -180 <= lon <= 180 and -90 <= lat <= 90 else None


def answer_in(text: str) -> str | None:
    """Return the assignment step a short text stands for, or None if it is not an answer."""
    return ANSWERS.get(text.strip().rstrip("。.!").rstrip().upper())


def copy_window(kind: str) -> timedelta:
    """Return how long a repeated reference counts as a copy, by kind of alarm."""
    return COPY_WINDOW if kind in ("sos", "call") else TROUBLE_WINDOW


def should_tell(count: int, told_at: datetime, now: datetime) -> bool:
    """Whether a repeated call is told to the screens now.

    The first twenty always are; a terminal that repeats for hours is told every ten seconds, and the
    counter then takes in all that was heard since (S01: ten copies, one alarm, a counter of ten).
    """
    return count <= TELL_ALWAYS_UP_TO or now - told_at >= TELL_AT_MOST_EVERY


def is_of_the_settled(sent_at: datetime, least_delay: timedelta, settled_at: datetime) -> bool:
    """Whether a call was sent before the judgement on the last alarm, and so adds nothing to it.

    `least_delay` is the shortest time in which one of that alarm's calls came: a slow device clock shows
    in it and is put right, for a new call must never be taken for an old one.
    """
    return sent_at + max(least_delay, timedelta()) + SETTLING < settled_at


def is_newer_place(fixed_at: datetime | None, held_at: datetime | None, *, held: bool, now: datetime) -> bool:
    """Whether a call's position may replace the alarm's: not by an older one out of a terminal's memory.

    A position without a time counts as the present; one that stands in the future was a broken clock's.
    """
    if not held or held_at is None or held_at > now:
        return True
    return (fixed_at or now) >= held_at
