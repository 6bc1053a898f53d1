"""W4: ten thousand terminals on the wire: an alert made for its platforms, and what they played read back.

Processor seconds of one core. The alert names 5,000 villages and is written, read back, signed and packed
for each of five platforms; then a report of 10,000 terminals is unpacked, its signature proved, judged and
read into rows. The limit in the same run: the bytes of that report through expat alone.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from xml.parsers import expat

from app.broadcast.shapes import Payload, PayloadContent
from app.broadcast.wire.keys import Key, Keys
from app.broadcast.wire.manners import Manners
from app.broadcast.wire.message import message_said
from app.broadcast.wire.parcel import parcel
from app.broadcast.wire.rules import reports
from app.broadcast.wire.rules.freshness import Window
from app.codecs.ebm import trial
from app.codecs.ebm.archive import unpack
from app.codecs.ebm.message import message_of
from app.codecs.ebm.profile import GDJ_2018
from app.codecs.ebm.receive import receive
from app.codecs.ebm.signature import SoftwareSigner
from app.simulators.broadcast_bytes import PLAYING, Broadcast, Speaker, Writer, state_of
from app.simulators.broadcast_command import TRIAL_KEY
from benchmarks.result import Result

VILLAGES, EACH, PLATFORMS = 5_000, 2, 5
PROMISE_S = 2.0
_NOW = datetime(2026, 6, 18, 1, 30, tzinfo=UTC)
_CENTRE, _PLATFORM = "49901810000000001010101", "49901810000000314010101"


def measure(repetitions: int = 3) -> Iterator[Result]:
    """Interleave all three; the best repetition counts: whatever disturbs only slows down."""
    keys, manners = _keys(), _manners()
    report = _report()
    business = next(iter(unpack(report).values()))
    sent = read = bare = float("inf")
    for _ in range(repetitions):
        sent = min(sent, _seconds(lambda: _hand_over(keys, manners)))
        read = min(read, _seconds(lambda: _read(report, manners)))
        bare = min(bare, _seconds(lambda: expat.ParserCreate("utf-8").Parse(business, True)))  # noqa: FBT003
    each = f"{PLATFORMS} platforms, {VILLAGES:,} villages; the promise is {PROMISE_S:.0f} s"
    yield Result("W4", "alert for 10,000 terminals handed to platforms", "s", sent, {}, each)
    note = f"{len(report) / 2**20:.1f} MiB, signature proved; best of {repetitions}"
    yield Result("W4", "report of 10,000 terminals read and judged", "s", read, {"expat only": bare}, note)


def _seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _hand_over(keys: Keys, manners: Manners) -> None:
    for number in range(PLATFORMS):
        parcel(manners, keys, message_said(manners, _payload(), for_drills=False), number, _NOW)


def _read(report: bytes, manners: Manners) -> None:
    got = receive(report, manners.trust, manners.profile)
    if got.packet is None or not got.valid:
        raise RuntimeError(str(got.findings[:3]))
    if len(reports.results(got.packet.payload)) != VILLAGES * EACH:
        raise RuntimeError("a terminal is missing")


def _villages() -> list[str]:
    return [f"990181{100 + n % 50}{200 + n // 50}" for n in range(VILLAGES)]


def _payload() -> Payload:
    content = PayloadContent(
        language="zho", title="暴雨红色预警", text="请立即转移。" * 20, areas=tuple(_villages())
    )
    return Payload(
        ebmid=f"{_CENTRE}202606180001",
        msg_type=1,
        drill=False,
        sender_name="樟川市应急指挥中心",
        sender_code=_CENTRE,
        sent_at=_NOW,
        event_type="11B03",
        severity=1,
        start_at=_NOW,
        end_at=_NOW + timedelta(hours=1),
        repeats=3,
        interval_s=60,
        contents=(content,),
    )


def _report() -> bytes:
    writer = Writer(_PLATFORM, _CENTRE, SoftwareSigner(TRIAL_KEY, _key().serial), GDJ_2018, lambda: _NOW)
    speakers = [Speaker(f"6{village}03140104{n + 1:02d}") for village in _villages() for n in range(EACH)]
    message = message_of(message_said(_manners(), _payload(), for_drills=False).payload)
    state = state_of(Broadcast(message, speakers, PLAYING, _NOW), lambda _: True, _NOW)
    return writer.pack("EBMStateResponse", state)


def _manners() -> Manners:
    profile = replace(GDJ_2018, rows_apart=True)
    return Manners(1, _PLATFORM, _CENTRE, "http://127.0.0.1/EB", "k", profile, Window(), trial.trial_trust())


def _key() -> Key:
    return Key(TRIAL_KEY, trial.PLATFORM)


def _keys() -> Keys:
    keys = Keys()
    keys.hold("k", _key())
    return keys
