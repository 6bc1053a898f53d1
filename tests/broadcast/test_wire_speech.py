"""Speech from text: an MP3 as long as what was spoken, or a clear word that terminals speak themselves."""

from __future__ import annotations

import asyncio
import io
import os
import shutil
import stat
import wave
from pathlib import Path

import pytest

from app.broadcast.mp3 import Mp3, read_mp3
from app.broadcast.speech import (
    MOST_TEXT,
    EspeakSpeech,
    SpeechRefused,
    Spoken,
    TextOnly,
    as_spoken,
    checked,
    load_speech,
    wave_seconds,
)
from app.config import Settings
from tests.api.desk import Desk

WARNING = "【演练】县气象局发布暴雨红色预警,未来三小时降雨100毫米以上,请低洼地区群众立即转移。"
SENTENCE = "espeak-ng or lame is not installed: sh deploy/speech.sh"


def frames(number: int, head: bytes = b"\xff\xfb\x50\xc4", length: int = 208) -> bytes:
    """MPEG-1 layer III of 64 kbit/s at 44.1 kHz, mono: 208 bytes and 1,152 samples a frame."""
    return (head + b"\0" * (length - len(head))) * number


def sound(seconds: float) -> bytes:
    held = io.BytesIO()
    with wave.open(held, "wb") as told:
        told.setnchannels(1)
        told.setsampwidth(2)
        told.setframerate(22_050)
        told.writeframes(b"\0\0" * int(22_050 * seconds))
    return held.getvalue()


@pytest.fixture
def needed() -> None:
    """Skip loudly without the programs; in CI that is a failure."""
    if shutil.which("espeak-ng") is None or shutil.which("lame") is None:
        if os.environ.get("CI"):
            pytest.fail(SENTENCE)
        pytest.skip(SENTENCE)


def test_frames_are_counted_and_rates_read() -> None:
    told = read_mp3(frames(100))
    assert told == Mp3(100 * 1152 / 44_100, 64, 44_100)
    assert told.playable
    tag = b"ID3\x04\0\0\0\0\0\x0a" + b"\0" * 10
    assert read_mp3(tag + frames(3) + b"TAG" + b"\0" * 125) == Mp3(3 * 1152 / 44_100, 64, 44_100)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"RIFF....WAVE",
        frames(3)[:-1],
        frames(3) + b"x",
        frames(3, b"\xff\xf3\x50\xc4"),  # MPEG-2: 22.05 kHz
        frames(3, b"\xff\xfb\xf0\xc4"),  # a bit rate that is none
        frames(3, b"\xff\xfb\x5c\xc4"),  # a sampling rate that is none
        b"ID3",
    ],
)
def test_what_terminals_could_not_play_is_no_mp3(data: bytes) -> None:
    assert read_mp3(data) is None


def test_a_voice_that_breaks_off_is_given_to_nobody() -> None:
    whole = frames(77)  # two seconds
    assert checked(sound(2.0), whole).seconds == pytest.approx(2.0, abs=0.05)
    for wav, mp3 in ((sound(4.0), whole), (sound(2.0), b"x"), (b"", whole), (sound(2.0)[:20], whole)):
        with pytest.raises(SpeechRefused, match="broken"):
            checked(wav, mp3)
    loud = frames(77, b"\xff\xfb\xe0\xc4", 1044)  # 320 kbit/s: more than terminals take
    with pytest.raises(SpeechRefused, match="broken"):
        checked(sound(2.0), loud)


def test_the_length_of_a_piped_sound_is_read_from_its_bytes() -> None:
    piped = bytearray(sound(1.5))
    at = piped.find(b"data")
    piped[at + 4 : at + 8] = b"\xff\xff\xff\x7f"
    assert wave_seconds(bytes(piped)) == pytest.approx(1.5)


def test_units_are_said_and_brackets_switch_nothing() -> None:
    assert as_spoken("气温40℃,[[fo:n]] 风速30m/s", "zho") == "气温40摄氏度,，，fo:n，， 风速30米每秒"
    assert "[" not in as_spoken("[[test]] at 40 km/h", "eng")
    assert as_spoken("一\x07二", "zho") == "一 二"


async def test_without_an_engine_it_is_said_that_terminals_speak() -> None:
    quiet = load_speech(Settings(_env_file=None, broadcast_voice="off"))
    state = await quiet.state()
    assert (state.speaks, "终端自行播报" in state.words_zh) == (False, True)
    with pytest.raises(SpeechRefused, match="text only"):
        await quiet.speak("x", "zho")
    assert "lame" in (await TextOnly("lame").state()).words_en


@pytest.mark.usefixtures("needed")
async def test_a_warning_is_spoken_as_mp3_that_terminals_play() -> None:
    speech = load_speech(Settings(_env_file=None))
    assert (await speech.state()).speaks
    spoken = await speech.speak(WARNING, "zho")
    told = read_mp3(spoken.data)
    assert told is not None
    assert (told.kbit, told.rate, told.playable) == (48, 44_100, True)
    assert 8 < spoken.seconds < 40
    assert await speech.speak(WARNING, "zho") is spoken  # kept
    assert (await speech.speak("Test", "eng")).seconds < spoken.seconds


@pytest.mark.usefixtures("needed")
async def test_a_text_too_long_or_of_no_language_is_refused_in_words() -> None:
    speech = load_speech(Settings(_env_file=None))
    for text, language in (("雨" * (2 * MOST_TEXT + 1), "zho"), (" ", "zho"), ("x", "bod")):
        with pytest.raises(SpeechRefused):
            await speech.speak(text, language)


def program(folder: Path, text: str) -> str:
    file = folder / "program"
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return str(file)


async def test_a_program_that_fails_or_hangs_is_ended_and_told(tmp_path: Path) -> None:
    broken = EspeakSpeech(program(tmp_path, "exit 1"), "lame")
    with pytest.raises(SpeechRefused, match="failed"):
        await broken.speak("x", "zho")
    hanging = EspeakSpeech(program(tmp_path, "exec sleep 600"), "lame", within_s=0.1)
    with pytest.raises(SpeechRefused, match="too long"):
        await hanging.speak("x", "zho")


@pytest.mark.database
@pytest.mark.usefixtures("needed")
async def test_a_person_listens_before_it_is_approved(desk: Desk) -> None:
    assert (await desk.read("officer", "/api/broadcast/speech"))["speaks"] is True
    answer = await desk.post("officer", "/api/broadcast/speech", {"text": "测试"})
    assert answer.headers["content-type"] == "audio/mpeg"
    assert read_mp3(answer.content) is not None
    assert float(answer.headers["x-seconds"]) > 0
    assert (await desk.post("auditor", "/api/broadcast/speech", {"text": "测试"})).status_code == 403
    assert (await desk.post("officer", "/api/broadcast/speech", {"text": ""})).status_code == 422


@pytest.mark.database
async def test_texts_that_are_spoken_for_long_hold_no_connection_of_the_desk(desk: Desk) -> None:
    class Slow(TextOnly):
        async def speak(self, text: str, language: str) -> Spoken:
            started.set()
            await heard.wait()
            return Spoken(b"", 0.0)

    started, heard = asyncio.Event(), asyncio.Event()
    desk.house.speech = Slow()
    asked = asyncio.create_task(desk.post("officer", "/api/broadcast/speech", {"text": "测试"}))
    await started.wait()
    held = desk.world.database.engine.pool.checkedout()  # type: ignore[attr-defined]
    heard.set()
    assert (await asked).status_code == 200
    assert held == 0
