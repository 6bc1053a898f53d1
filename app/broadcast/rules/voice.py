"""How long a voice file plays, read from its own head; never by its name. Pure.

MP3 by its first frame (or the count of frames a VBR file states), WAV by its chunks, Ogg by the last page.
"""

from __future__ import annotations

import struct

from app.dispatch.attachments.rules import MP3, OGG, WAV, FileRefused, FileType, type_of

LARGEST = 10_000_000
LONGEST_S = 600.0
FORMS = {MP3: "mp3", WAV: "wav", OGG: "ogg"}
_BITS_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)  # kbit/s, MPEG-1 layer III
_BITS_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)  # … MPEG-2 and 2.5
_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}


class VoiceRefused(FileRefused):
    """The file is no voice we can hand over."""

    code = "voice_refused"


def voice_of(content: bytes, name: str) -> tuple[str, float]:
    """Return the form (mp3, wav, ogg) and the seconds of a voice. Raises VoiceRefused, FileRefused."""
    if not content or len(content) > LARGEST:
        raise VoiceRefused(
            f"语音文件应为1字节–{LARGEST // 1_000_000} MB,当前{len(content)}字节:请压缩为单声道 MP3 后再传",
            f"a voice has 1 byte to {LARGEST // 1_000_000} MB, this one {len(content)} bytes: "
            "make it a mono MP3",
        )
    kind = type_of(content, name)
    form = FORMS.get(kind)
    if form is None:
        raise VoiceRefused(
            f"内容是{kind.zh},不是可播的语音:请改传 MP3、WAV 或 OGG",
            f"the content is {kind.media_type}: send MP3, WAV or Ogg",
        )
    length = _seconds(kind, content)
    if length is None or not 0.5 <= length <= LONGEST_S:
        told = "无法读出时长" if length is None else f"时长{length:.0f}秒"
        raise VoiceRefused(
            f"语音{told};应为1–{LONGEST_S:.0f}秒,请重新录制或裁剪",
            f"a voice plays 1 to {LONGEST_S:.0f} seconds and says how long in its head: record it anew",
        )
    return form, round(length, 1)


def _seconds(kind: FileType, content: bytes) -> float | None:
    try:
        if kind is WAV:
            return _wav(content)
        return _ogg(content) if kind is OGG else _mp3(content)
    except (struct.error, IndexError, ValueError, ZeroDivisionError):
        return None


def _wav(content: bytes) -> float | None:
    at, rate = 12, 0
    while at + 8 <= len(content):
        name, size = content[at : at + 4], struct.unpack_from("<I", content, at + 4)[0]
        if name == b"fmt ":
            rate = struct.unpack_from("<I", content, at + 16)[0]
        elif name == b"data":
            return float(min(size, len(content) - at - 8) / rate)
        at += 8 + size + size % 2
    return None


def _ogg(content: bytes) -> float | None:
    vorbis = content.find(b"\x01vorbis", 0, 512)
    if content.find(b"OpusHead", 0, 512) >= 0:
        rate = 48_000
    elif vorbis >= 0:
        rate = struct.unpack_from("<I", content, vorbis + 12)[0]
    else:
        return None
    last = content.rfind(b"OggS")
    return float(struct.unpack_from("<q", content, last + 6)[0] / rate)


def _mp3(content: bytes) -> float | None:
    at = 0
    if content.startswith(b"ID3"):
        a, b, c, d = content[6:10]
        at = 10 + (a << 21 | b << 14 | c << 7 | d)
    at = content.find(b"\xff", at, at + 4096)
    while at >= 0 and (content[at + 1] & 0xE6) != 0xE2:  # sync, layer III
        at = content.find(b"\xff", at + 1, at + 4096)
    if at < 0:
        return None
    version, place = content[at + 1] >> 3 & 3, content[at + 2]
    rate = _RATES[version][place >> 2 & 3]
    per_frame = 1152 if version == 3 else 576
    mark = max(content.find(b"Xing", at, at + 64), content.find(b"Info", at, at + 64))
    if mark >= 0 and content[mark + 7] & 1:
        return float(struct.unpack_from(">I", content, mark + 8)[0] * per_frame / rate)
    bits = (_BITS_1 if version == 3 else _BITS_2)[place >> 4]
    return float((len(content) - at) * 8 / (bits * 1000))
