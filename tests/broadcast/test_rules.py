"""The laws of broadcasts over all inputs: drills, who speaks first, coverage, results, draws, voices."""

from __future__ import annotations

import io
import itertools
import struct
import wave
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.broadcast.rules import coverage, law, results, speech, voice
from app.broadcast.rules.draw import drawn
from app.broadcast.rules.places import prefix_of
from app.broadcast.rules.priority import Airing, Slot, schedule
from app.broadcast.settings import load_terms, sender_code
from app.broadcast.templates import SHIPPED, load_templates
from app.codecs.colours import Colour
from app.codecs.ebm.identifiers import covers, resource_of
from app.dispatch.attachments.rules import FileRefused
from app.filing.rules.numbers import DRILL_MARK
from app.org.rules.rings import within
from tests.world import ZONE

NOON = datetime(2025, 6, 18, 4, tzinfo=UTC)


def minutes(n: float) -> datetime:
    return NOON + timedelta(minutes=n)


# ---- the law of drills


@given(st.sampled_from(law.WISHES), st.text(max_size=12) | st.just("actual"), st.text(max_size=40))
def test_only_an_actual_wish_with_an_actual_cause_becomes_msg_type_1(
    wish: law.Wish, status: str, text: str
) -> None:
    try:
        kind = law.msg_type_of(wish, status, text)
    except law.NotForReal:
        assert wish == "actual" and (status != "actual" or DRILL_MARK in text)
        return
    assert (kind == 1) == (wish == "actual")
    assert kind != 1 or status == "actual"
    assert kind != 2, "nobody asks for a cancel: a stop makes it"
    assert law.wish_of(kind) == wish


@pytest.mark.parametrize(
    "status", ["Test", "Exercise", "test", "exercise", "Actual", "ACTUAL", "", "Draft", "真"]
)
def test_no_word_of_a_cause_but_actual_is_for_real(status: str) -> None:
    with pytest.raises(law.NotForReal):
        law.msg_type_of("actual", status)


@given(st.text(max_size=40), st.booleans(), st.integers(0, 3))
def test_a_drill_says_so_once_and_first(text: str, drill: bool, times: int) -> None:
    told = law.marked(DRILL_MARK * times + text, drill=drill)
    assert told.startswith(DRILL_MARK) == drill
    assert law.marked(told, drill=drill) == told


def test_severity_comes_of_the_one_table_and_without_a_colour_it_is_the_lowest() -> None:
    assert [law.severity_of(one) for one in (*Colour, None)] == [1, 2, 3, 4, 0]
    assert [law.audible(kind) for kind in range(1, 6)] == [True, False, False, False, True]


# ---- who speaks first

_airings = st.builds(
    lambda key, urgent, level, severity, start, window, length: Airing(
        key,
        urgent,
        level,
        severity,
        minutes(start),
        minutes(start + window),
        None if length is None else timedelta(minutes=length),
    ),
    key=st.just(0),
    urgent=st.booleans(),
    level=st.integers(1, 6),
    severity=st.integers(0, 4),
    start=st.integers(0, 30),
    window=st.integers(1, 30),
    length=st.none() | st.integers(1, 20),
)


@st.composite
def _day(draw: st.DrawFn) -> list[Airing]:
    rows = draw(st.lists(_airings, max_size=6))
    return [
        Airing(n, one.urgent, one.sender_level, one.severity, one.start, one.end, one.length)
        for n, one in enumerate(rows)
    ]


@settings(max_examples=150, deadline=None)
@given(_day())
def test_one_message_at_a_time_each_within_its_window_and_no_longer_than_it_needs(day: list[Airing]) -> None:
    slots = schedule(day)
    by_key = {one.key: one for one in day}
    for before, after in itertools.pairwise(slots):
        assert before.end <= after.start
    for one in day:
        own = [slot for slot in slots if slot.key == one.key]
        assert all(one.start <= slot.start < slot.end <= one.end for slot in own)
        assert sum((slot.end - slot.start for slot in own), timedelta()) <= (
            one.length or one.end - one.start
        )
    assert {slot.key for slot in slots} <= by_key.keys()


@settings(max_examples=150, deadline=None)
@given(_day())
def test_nobody_speaks_while_somebody_strictly_higher_waits_and_no_time_is_wasted(day: list[Airing]) -> None:
    slots = schedule(day)
    heard = {one.key: timedelta() for one in day}
    for n in range(62):
        at = minutes(n)
        speaking = next((slot.key for slot in slots if slot.start <= at < slot.end), None)
        waiting = [
            one
            for one in day
            if one.start <= at < one.end and heard[one.key] < (one.length or one.end - one.start)
        ]
        if speaking is None:
            assert waiting == []
            continue
        rank = next(one.rank for one in day if one.key == speaking)
        assert not any(one.rank < rank for one in waiting)
        heard[speaking] += timedelta(minutes=1)


def test_the_higher_interrupts_and_what_it_interrupted_goes_on_within_its_window() -> None:
    yellow = Airing(1, True, 4, 3, minutes(0), minutes(30), timedelta(minutes=20))
    red = Airing(2, True, 4, 1, minutes(5), minutes(15), timedelta(minutes=6))
    daily = Airing(3, False, 1, 1, minutes(0), minutes(60), timedelta(minutes=10))
    unknown = Airing(4, True, 4, 0, minutes(1), minutes(40), timedelta(minutes=5))
    assert schedule([yellow, red, daily, unknown]) == [
        Slot(1, minutes(0), minutes(5)),
        Slot(2, minutes(5), minutes(11)),
        Slot(1, minutes(11), minutes(26)),
        Slot(4, minutes(26), minutes(31)),
        Slot(3, minutes(31), minutes(41)),
    ]


def test_an_equal_one_waits_and_is_dropped_when_its_window_closes_first() -> None:
    first = Airing(1, True, 4, 2, minutes(0), minutes(30))
    second = Airing(2, True, 4, 2, minutes(5), minutes(20))
    higher_level = Airing(3, True, 2, 4, minutes(25), minutes(27))
    assert [slot.key for slot in schedule([first, second, higher_level])] == [1, 3, 1]


# ---- coverage before, results after

_states = st.sampled_from(["running", "recovered", "broadcasting", "stopped", "fault", "unknown"])
_speakers = st.lists(
    st.tuples(st.integers(0, 5), _states, st.booleans(), st.none() | st.integers(1, 3)), max_size=25
)


@given(_speakers)
def test_coverage_counts_every_terminal_once_and_names_who_has_no_reserve(
    told: list[tuple[int, str, bool, int | None]],
) -> None:
    rows = [coverage.Loudspeaker(n, f"v{v}", state, d, p) for n, (v, state, d, p) in enumerate(told)]
    villages = [f"v{n}" for n in range(5)]
    found = coverage.covered(villages, rows)
    inside = [one for one in rows if one.region_code in villages]
    assert found.terminals == len(inside) == found.live + found.offline + found.fault
    for one in found.villages:
        live = sum(row.region_code == one.region_code and row.state in coverage.LIVE for row in rows)
        assert one.live == live
        assert one.cover == ("none" if not one.terminals else ("dead", "single", "sound")[min(live, 2)])
    marked = coverage.for_drill(villages, rows)
    for code in villages:
        own = [row.drills for row in rows if row.region_code == code]
        assert (code in marked) == (bool(own) and all(own))


@given(_speakers, st.booleans())
def test_a_drill_is_shared_out_to_marked_platforms_only(
    told: list[tuple[int, str, bool, int | None]], drill: bool
) -> None:
    rows = [
        coverage.Loudspeaker(n, f"9901811{v:05d}", state, d, p) for n, (v, state, d, p) in enumerate(told)
    ]
    carriers = [coverage.Carrier(1, "990181", drills=False), coverage.Carrier(2, "990181", drills=True)]
    villages = [f"9901811{n:05d}" for n in range(6)]
    shares = coverage.shared_out(villages, rows, carriers, drill=drill)
    assert not (drill and 1 in shares)
    for code in villages:
        own = {row.peer_id for row in rows if row.region_code == code and row.peer_id is not None}
        given_ = {key for key, codes in shares.items() if code in codes}
        assert given_ <= own if own else given_ == ({2} if drill else {1, 2})


def test_a_village_is_reached_by_one_terminal_and_the_platforms_word_is_never_the_whole() -> None:
    villages = [f"v{n}" for n in range(40)]
    played = [(f"v{n}", 3) for n in range(37) for _ in range(2)]
    failed = [(f"v{n}", state) for n in range(37, 40) for state in (4, 0)]
    found = results.tally(villages, [*played, *failed])
    assert (found.reached, found.villages, found.played, found.failed, found.silent) == (37, 40, 74, 3, 3)
    assert found.coverage_rate == 0.925
    assert results.outcome(found, [4], over=False) == "partial"
    assert results.outcome(found, [3], over=False) == "partial"
    assert results.outcome(found, [2], over=False) == ""
    nothing = results.tally(villages, [("v1", 0)])
    assert results.outcome(nothing, [2], over=True) == "failed"
    assert results.outcome(nothing, [3], over=False) == "success", "no terminal of it reports"
    assert results.outcome(nothing, [5], over=False) == "cancelled"
    assert results.outcome(results.tally(["a"], [("a", 3)]), [None], over=True) == "success"


def test_a_terminal_without_another_in_its_village_is_repaired_within_a_day() -> None:
    assert (results.repair_hours(0), results.repair_hours(1)) == (24, 72)


@given(
    st.sets(st.text("0123456789", min_size=12, max_size=12), max_size=30),
    st.text(max_size=9),
    st.integers(0, 40),
)
def test_a_draw_can_be_done_again_and_grows_by_more(codes: set[str], seed: str, count: int) -> None:
    once = drawn(codes, seed, count)
    assert once == drawn(sorted(codes, reverse=True), seed, count)
    assert len(once) == min(count, len(codes)) == len(set(once))
    assert drawn(codes, seed, count + 1)[:count] == once


# ---- places, texts, voices, numbers


@given(
    st.integers(0, 4),
    st.text("0123456789", min_size=12, max_size=12),
    st.text("123456789", min_size=12, max_size=12),
)
def test_places_below_are_those_the_wire_calls_covered(groups: int, wide: str, narrow: str) -> None:
    cut = (2, 4, 6, 9, 12)[groups]
    above = wide[:cut].ljust(12, "0")
    for one in (narrow, above[:cut] + narrow[cut:]):
        assert one.startswith(prefix_of(above)) == covers(above, one)


def test_points_in_drawn_shapes_are_found_also_in_hollow_ones() -> None:
    hollow = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (2.0, 1.0), (0.0, 4.0)]
    points = [("in", 1.0, 1.0), ("hollow", 2.0, 3.0), ("out", 5.0, 1.0), ("also", 3.9, 3.5)]
    assert within([hollow], points) == ["in", "also"]
    assert within([], points) == []


def test_a_minute_of_speech_has_some_240_characters() -> None:
    text = "请沿河群众立即向高处转移。" * 20
    assert speech.letters(text) == 240
    assert 60 <= speech.seconds(text) <= 75
    assert speech.on_air(10.0, 3, 5) == timedelta(seconds=40)


def wav(seconds: float) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8000)
        file.writeframes(b"\x80" * int(8000 * seconds))
    return out.getvalue()


def mp3(frames: int) -> bytes:
    """MPEG-1 layer III, 64 kbit/s, 48 kHz: 192 bytes a frame of 24 ms."""
    return (b"\xff\xfb\x54\xc0" + b"\x00" * 188) * frames


def ogg(seconds: int) -> bytes:
    head = b"OggS\x00\x02" + b"\x00" * 20 + b"\x01\x13OpusHead\x01\x01" + b"\x00" * 9
    return head + b"OggS\x00\x04" + struct.pack("<q", 48_000 * seconds) + b"\x00" * 14


def test_a_voice_is_told_by_its_content_and_says_how_long_it_plays() -> None:
    assert voice.voice_of(wav(2), "通知.wav") == ("wav", 2.0)
    assert voice.voice_of(mp3(500), "") == ("mp3", 12.0)
    assert voice.voice_of(b"ID3\x04\x00\x00\x00\x00\x00\x0a" + b"\x00" * 10 + mp3(500), "a.mp3") == (
        "mp3",
        12.0,
    )
    assert voice.voice_of(ogg(30), "a.ogg") == ("ogg", 30.0)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x89PNG\r\n\x1a\n",
        wav(0.1),
        ogg(4000),
        b"ID3" + b"\x00" * 50,
        b"RIFF\x00\x00\x00\x00WAVE",
        b"\xff\xfb",
    ],
)
def test_what_is_no_voice_is_refused(content: bytes) -> None:
    with pytest.raises(FileRefused):
        voice.voice_of(content, "a")


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader_of_voices(tail: bytes) -> None:
    for head in (b"ID3", b"\xff\xfb", b"OggS", b"RIFF\x00\x00\x00\x00WAVE"):
        try:
            form, seconds = voice.voice_of(head + tail, "")
        except FileRefused:
            continue
        assert form in ("mp3", "wav", "ogg") and 0.5 <= seconds <= voice.LONGEST_S


def test_a_desk_is_a_source_of_messages_with_a_code_of_its_own() -> None:
    told = resource_of(sender_code("990181100"))
    assert told is not None and (told.level, told.region, told.kind) == (5, "990181100000", "0001")
    assert load_terms("", "990181", ZONE, None).resource_code == "49901810000000001010101"
    with pytest.raises(ValueError, match="23"):
        load_terms("123", "990181", ZONE, None)


# ---- templates


def test_every_shipped_text_is_whole_in_each_colour() -> None:
    found = load_templates()
    assert len(found) == 4 * len(list(SHIPPED.glob("*.txt"))) and not any(one.faults for one in found)
    for one in found:
        assert {part.split("}")[0] for part in one.text.split("{")[1:]} <= {"区域", "单位", "时间"}
        assert one.title and 10 <= speech.letters(one.text) <= 200
    floods = {one.colour: one.text for one in found if one.event_type == "11A51"}
    assert len(set(floods.values())) == 4


def test_a_clerks_own_file_counts_at_once_and_a_wrong_one_is_told_with_its_line(tmp_path: Path) -> None:
    good = (
        "@事件:11A51\n@灾种:山洪\n@标题:山洪{颜色}\n@红色:快跑!\n@橙色:走\n@黄色:看\n@蓝色:听\n{区域}:{措施}"
    )
    (tmp_path / "flash_flood.txt").write_text(good, encoding="utf-8")
    (tmp_path / "gale.txt").write_text("@事件:11B06\n{风速}{措施}", encoding="utf-8")
    found = load_templates(tmp_path)
    own = next(one for one in found if one.key == "flash_flood" and one.colour == "red")
    assert (own.title, own.text) == ("山洪红色", "{区域}:快跑!")
    gale = next(one for one in found if one.key == "gale")
    assert "大风" in gale.text and gale.faults == [
        "gale.txt:2: 没有“风速”这个字段 / there is no field '风速'"
    ]
