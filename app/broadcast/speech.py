"""Speech from text, for loudspeakers: a port, and an engine that runs programs of their own.

espeak-ng is GPL and lame LGPL: they are run as processes and never linked; without them the house says so,
and broadcasts go out as text that terminals speak themselves.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import shutil
import wave
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Annotated, Literal, Protocol

from pydantic import StringConstraints

from app.broadcast.mp3 import Mp3, read_mp3
from app.commands import Command
from app.config import Settings
from app.refusals import Refusal
from app.wire import Fact

MOST_TEXT = 2_000
MOST_SECONDS = 20 * 60.0
GIVE_UP_S = 60.0
KBIT = 48
_KEPT_BYTES, _AT_ONCE = 32 * 1024 * 1024, 2
_VOICES: Mapping[str, str] = {"zho": "cmn", "eng": "en-gb", "yue": "yue", "uig": "ug", "kaz": "kk"}
SpeechLanguage = Literal["zho", "eng", "yue", "uig", "kaz"]
_SAID: Sequence[tuple[str, str]] = (
    *(("℃", "摄氏度"), ("°C", "摄氏度"), ("m³/s", "立方米每秒"), ("m/s", "米每秒"), ("km/h", "公里每小时")),
    *(("【", "，"), ("】", "，"), ("[", "，"), ("]", "，"), ("〔", "，"), ("〕", "，")),
)
"""Units and signs the engine does not say; square brackets would switch it to phonemes."""


class SpeechIn(Command):
    """A text to be spoken; languages by the three letters of GB/T 4880.2."""

    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MOST_TEXT)]
    language: SpeechLanguage = "zho"


class SpeechState(Fact):
    """Whether text can be spoken here; if not, `words` say what is missing and that terminals speak text."""

    speaks: bool
    engine: str
    words_zh: str
    words_en: str


class SpeechRefused(Refusal):
    """Nothing could be spoken."""

    code = "speech_refused"


@dataclass(frozen=True, slots=True)
class Spoken:
    """An MP3 and how long it plays, read back from its own bytes."""

    data: bytes
    seconds: float


class Speech(Protocol):
    """Who speaks texts: a program of this machine, or another engine a county brings."""

    async def state(self) -> SpeechState:
        """Say whether it can."""
        ...

    async def speak(self, text: str, language: str) -> Spoken:
        """Return a text as MP3 for loudspeakers. Raises SpeechRefused, which says why."""
        ...


@dataclass(slots=True)
class TextOnly:
    """No engine: terminals speak the text themselves."""

    missing: str = "espeak-ng"

    async def state(self) -> SpeechState:
        """Say that broadcasts go out as text, and what is missing."""
        return SpeechState(
            speaks=False,
            engine="",
            words_zh=f"仅文本:由终端自行播报(本机没有 {self.missing},可运行 deploy/speech.sh)",
            words_en=f"text only: terminals speak themselves (no {self.missing} here, see deploy/speech.sh)",
        )

    async def speak(self, text: str, language: str) -> Spoken:
        """Refuse."""
        told = await self.state()
        raise SpeechRefused(told.words_zh, told.words_en)


@dataclass(slots=True)
class EspeakSpeech:
    """espeak-ng speaks, lame (or ffmpeg) makes MPEG-1 layer III of it; what was spoken once is kept."""

    espeak: str
    encoder: str
    within_s: float = GIVE_UP_S
    _kept: OrderedDict[str, Spoken] = field(default_factory=OrderedDict)
    _turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))

    async def state(self) -> SpeechState:
        """Say that it can."""
        return SpeechState(
            speaks=True, engine="espeak-ng", words_zh="可合成语音(espeak-ng)", words_en="speaks by espeak-ng"
        )

    async def speak(self, text: str, language: str) -> Spoken:
        """Return a text as MP3, 44.1 kHz mono. Raises SpeechRefused for what is too long or fails."""
        voice = _VOICES.get(language)
        if voice is None:
            raise SpeechRefused(
                f"不能合成语种 {language} 的语音,请改由人播报",
                f"no voice for {language}: have a person read it",
            )
        said = as_spoken(text, language)
        if not said or len(said) > 2 * MOST_TEXT:
            raise SpeechRefused(f"文本须为 1–{MOST_TEXT} 字", f"give a text of 1 to {MOST_TEXT} characters")
        key = hashlib.sha256(f"{voice}\n{KBIT}\n{said}".encode()).hexdigest()
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        async with self._turn:
            spoken = await self._spoken(voice, said)
        self._keep(key, spoken)
        return spoken

    async def _spoken(self, voice: str, said: str) -> Spoken:
        try:
            async with asyncio.timeout(self.within_s):
                sound = await _run(
                    (self.espeak, "-v", voice, "-s", "150", "--stdout", "--stdin"), said.encode()
                )
                data = await _run(self._encoding(), sound)
        except TimeoutError:
            raise SpeechRefused(
                "语音合成超时,请缩短文本", "speaking took too long: shorten the text"
            ) from None
        return checked(sound, data)

    def _encoding(self) -> tuple[str, ...]:
        if self.encoder.endswith("ffmpeg"):
            head = (self.encoder, "-loglevel", "error", "-f", "wav", "-i", "pipe:0", "-map_metadata", "-1")
            xing = ("-write_xing", "0", "-id3v2_version", "0", "-bitexact")
            return (*head, "-ac", "1", "-ar", "44100", "-b:a", f"{KBIT}k", *xing, "-f", "mp3", "pipe:1")
        return (
            self.encoder,
            "--quiet",
            "-m",
            "m",
            "-b",
            str(KBIT),
            "--cbr",
            "--resample",
            "44.1",
            "-t",
            "-",
            "-",
        )

    def _keep(self, key: str, spoken: Spoken) -> None:
        self._kept[key] = spoken
        while sum(len(one.data) for one in self._kept.values()) > _KEPT_BYTES:
            self._kept.popitem(last=False)


def load_speech(settings: Settings) -> Speech:
    """Return who speaks on this machine."""
    espeak = shutil.which("espeak-ng")
    encoder = shutil.which("lame") or shutil.which("ffmpeg")
    if settings.broadcast_voice == "off" or espeak is None:
        return TextOnly()
    return TextOnly("lame") if encoder is None else EspeakSpeech(espeak, encoder)


def as_spoken(text: str, language: str) -> str:
    """Return a text as the engine is to say it: units in words, no signs it would stumble over."""
    said = "".join(c if c.isprintable() or c == "\n" else " " for c in text)
    if language in ("zho", "yue"):
        for sign, words in _SAID:
            said = said.replace(sign, words)
    else:
        said = said.replace("[", " ").replace("]", " ")
    return said.strip()


def checked(sound: bytes, data: bytes) -> Spoken:
    """Return an MP3 that plays as long as the sound it was made of. Raises SpeechRefused.

    An engine that ends early leaves a warning that breaks off in the middle: nobody may be given that.
    """
    told = read_mp3(data)
    seconds = wave_seconds(sound)
    if told is None or not told.playable or not _as_long(told, seconds):
        raise SpeechRefused(
            "合成的语音不完整或格式不符,请改由人播报", "what was spoken is broken: have a person read it"
        )
    if told.seconds > MOST_SECONDS:
        raise SpeechRefused("语音过长,请缩短文本", "it speaks for too long: shorten the text")
    return Spoken(data, told.seconds)


def wave_seconds(sound: bytes) -> float:
    """Return how long a WAV plays by its bytes, 0 when it is none: a piped one has no length in its head."""
    try:
        with wave.open(io.BytesIO(sound)) as told:
            width, rate = told.getsampwidth() * told.getnchannels(), told.getframerate()
    except (wave.Error, EOFError):
        return 0.0
    at = sound.find(b"data")
    return max(0, len(sound) - at - 8) / (width * rate) if at > 0 and width and rate else 0.0


def _as_long(told: Mp3, seconds: float) -> bool:
    return seconds > 0 and -0.2 <= told.seconds - seconds <= 0.5


async def _run(words: tuple[str, ...], given: bytes) -> bytes:
    """Run a program with bytes on its input and return its output; it ends when nobody waits any longer."""
    process = await asyncio.create_subprocess_exec(
        *words,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        output, _ = await process.communicate(given)
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.returncode or not output:
        raise SpeechRefused("语音程序出错,请改由人播报", "the speech program failed: have a person read it")
    return output
