"""W1: CAP 1.2 messages read on one core: parsed within limits, checked against model and rules, built.

The limit in the same run: the same bytes through expat alone, with handlers that keep nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from xml.parsers import expat

from app.codecs import cap
from app.codecs.cap.alert import Alert, Area, Info
from benchmarks.result import Result

MESSAGES = 400
TOWNSHIPS = 5  # areas of one message, each a polygon of 24 points and a region code
PROMISE = 500


def measure(repetitions: int = 5) -> Iterator[Result]:
    """Interleave both; the best repetition counts: whatever disturbs only slows down."""
    messages = [cap.write(_alert(number)) for number in range(MESSAGES)]
    ours = limit = 0.0
    for _ in range(repetitions):
        ours = max(ours, _rate(_read, messages))
        limit = max(limit, _rate(_parse, messages))
    size = sum(map(len, messages)) / MESSAGES / 1024
    note = f"best of {repetitions}; {size:.1f} KiB each in two languages; the promise is {PROMISE:,}"
    yield Result("W1", "CAP 1.2 read and judged on one core", "messages/s", ours, {"expat only": limit}, note)


def _alert(number: int) -> Alert:
    sent = datetime(2026, 6, 18, 1, 30, tzinfo=UTC) + timedelta(seconds=number)
    areas = tuple(_area(number, township) for township in range(TOWNSHIPS))
    infos = tuple(
        Info(
            categories=("Met",),
            event="暴雨",
            urgency="Expected",
            severity="Severe",
            certainty="Likely",
            language=language,
            event_codes=(("CN-EVENT-5", "11B03"),),
            effective=sent,
            expires=sent + timedelta(hours=6),
            headline="樟川市气象台发布暴雨橙色预警",
            description="预计未来三小时降雨量将达五十毫米以上,山洪、滑坡风险高。" * 4,
            areas=areas,
        )
        for language in ("zh-CN", "en-US")
    )
    return Alert(
        f"CN-{number}", "met@example.cn", sent, "Exercise", "Alert", "Public", note="演练", infos=infos
    )


def _area(number: int, township: int) -> Area:
    south, west = 28 + township / 10, 115 + number / 1000
    edge = [(round(south + at / 500, 4), round(west, 4)) for at in range(12)]
    back = [(lat, round(west + 0.05, 4)) for lat, _ in reversed(edge)]
    return Area("乡镇", polygons=((*edge, *back, edge[0]),), geocodes=(("region", "360982100000"),))


def _rate(read: Callable[[list[bytes]], int], messages: list[bytes]) -> float:
    began = time.process_time()
    count = read(messages)
    took = time.process_time() - began
    if count != MESSAGES:
        raise RuntimeError(f"{count} of {MESSAGES} messages were read")
    return MESSAGES / took


def _read(messages: list[bytes]) -> int:
    return sum(cap.read(data).valid for data in messages)


def _parse(messages: list[bytes]) -> int:
    count = 0
    for data in messages:
        parser = expat.ParserCreate("utf-8", " ")
        parser.buffer_text = True
        parser.StartElementHandler = lambda *_: None
        parser.CharacterDataHandler = lambda *_: None
        count += parser.Parse(data, True)  # noqa: FBT003 — expat's own signature
    return count
