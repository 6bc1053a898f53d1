"""Iridium Short Burst Data: binary frames and the lines around them (ISU AT Command Reference, 9601/9602).

SBDRB gives length, content, checksum; SBDWB takes content and checksum after the command that says how
long it is. The checksum is the sum of the content's octets modulo 65536, high octet first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any

from app.devices.adapter import Adapter, Garbage, Reading

FAMILY = "sbd"
MO_MAX = 340
"""Octets of a message to send with a 9602; Chinese text is UTF-8, three octets a character."""

MT_MAX = 1890
"""Octets of the longest message any of the modems receives (9522; a 9602 takes 270)."""

MAX_HELD = MT_MAX + 4

WRITE_RESULTS: Mapping[int, str] = MappingProxyType(
    {0: "ok", 1: "timeout", 2: "checksum_mismatch", 3: "wrong_size"}
)
TRY_LATER = 36
TRY_LATER_S = 180
_MT = ("none", "received", "check_failed")
_NUMBERS = re.compile(r"(\+SBDIX|\+SBDSX|\+AREG|\+CSQF?): *(-?[0-9]{1,9}(?: *, *-?[0-9]{1,9})*)\Z")
_WRITE = re.compile(rb"AT\+SBDWB=([0-9]{1,4})\Z")
_TEXT_FROM, _TEXT_TO = 0x20, 0x7E
_SURE = 4  # octets: out of step, a shorter frame or one of nothing but zeros is met by accident


def checksum(content: bytes) -> bytes:
    """Return the two octets that follow the content."""
    return (sum(content) & 0xFFFF).to_bytes(2, "big")


def write_frame(content: bytes) -> bytes:
    """Return what is written after READY."""
    return content + checksum(content)


def read_frame(content: bytes) -> bytes:
    """Return what AT+SBDRB gives. For simulators and tests."""
    return len(content).to_bytes(2, "big") + content + checksum(content)


def content_of(frame: bytes) -> bytes | None:
    """Return the content of a complete SBDRB frame; None when length or checksum is wrong."""
    content = frame[2:-2]
    right = len(frame) >= 4 and int.from_bytes(frame[:2], "big") == len(content)
    return content if right and frame[-2:] == checksum(content) else None


def line_fields(line: str) -> dict[str, Any] | None:
    """Read a line that concerns SBD; None for any other line. Field names as `zhishou decode sbd` prints."""
    if line == "SBDRING":
        return {"urc": "sbd_ring"}
    if line in ("0", "1", "2", "3"):
        return {"sbdwb": WRITE_RESULTS[int(line)]}
    match = _NUMBERS.match(line)
    if match is None:
        return None
    numbers = [int(number) for number in match[2].split(",")]
    count, read = _LINES[match[1]]
    return read(numbers) if len(numbers) == count else None


def _session(numbers: list[int]) -> dict[str, Any]:
    """+SBDIX: MO status 0 to 4 is success, 36 asks to wait three minutes (§3, SBDIX)."""
    mo, momsn, mt, mtmsn, mt_len, queued = numbers
    fields: dict[str, Any] = {
        "mo_status": mo,
        "mo_ok": 0 <= mo <= 4,
        "momsn": momsn,
        "mt_status": mt,
        "mt": _MT[mt] if 0 <= mt <= 2 else "check_failed",
        "mtmsn": mtmsn,
        "mt_len": mt_len,
        "mt_queued": queued,
    }
    return fields | ({"retry_after_s": TRY_LATER_S} if mo == TRY_LATER else {})


def _status(numbers: list[int]) -> dict[str, Any]:
    names = ("mo_flag", "momsn", "mt_flag", "mtmsn", "ring_alert", "waiting")
    return dict(zip(names, numbers, strict=True))


def _registered(numbers: list[int]) -> dict[str, Any]:
    return {"urc": "auto_registration", "event": numbers[0], "reg_err": numbers[1]}


def _signal(numbers: list[int]) -> dict[str, Any]:
    return {"bars": numbers[0], "max": 5}


_LINES: Mapping[str, tuple[int, Callable[[list[int]], dict[str, Any]]]] = MappingProxyType(
    {
        "+SBDIX": (6, _session),
        "+SBDSX": (6, _status),
        "+AREG": (2, _registered),
        "+CSQ": (1, _signal),
        "+CSQF": (1, _signal),
    }
)


class SbdCodec:
    """The codec of a line to an SBD modem, as a log of it holds: text lines and binary frames.

    A frame of SBDWB is known by the AT+SBDWB line before it; standing alone it is known at the end of what
    came in one piece. What is out of step is garbage up to the next line or frame that is plainly one.
    """

    def __init__(self) -> None:
        self._held = bytearray()
        self._lost = bytearray()  # octets that were nothing, until something or silence follows
        self._expects: int | None = None
        self._broken = False

    def feed(self, data: bytes) -> Iterator[Reading | Garbage]:
        """Take the next bytes of the stream; everything is decoded before this returns."""
        self._held += data
        return iter(self._read(last=False))

    def idle(self) -> Iterator[Reading | Garbage]:
        """Give up what is incomplete; a frame of SBDWB may stand alone."""
        whole = bytes(self._lost + self._held)
        if self._expects is None and _stands_alone(whole):
            self._lost.clear()
            self._held.clear()
            yield _frame("SBDWB", whole, whole[:-2])
        yield from self._read(last=True)
        yield from self._give_up()
        self._expects, self._broken = None, False

    def _read(self, *, last: bool) -> list[Reading | Garbage]:
        out: list[Reading | Garbage] = []
        while self._held:
            took = self._step(out, last=last)
            if took == 0:
                break
            del self._held[:took]
        return out

    def _step(self, out: list[Reading | Garbage], *, last: bool) -> int:
        """Read what stands at the front; return how many octets that took, 0 to wait for more."""
        if self._expects is not None:
            size = self._expects + 2
            if len(self._held) < size and not last:
                return 0
            self._expects = None
            if (frame := bytes(self._held[:size])) and frame[-2:] == checksum(frame[:-2]):
                return self._good(out, _frame("SBDWB", frame, frame[:-2]), size)
        first = self._held[0]
        if first in b"\r\n":
            return 1
        if _TEXT_FROM <= first <= _TEXT_TO:
            return self._line(out, last=last)
        return self._binary(out, last=last)

    def _line(self, out: list[Reading | Garbage], *, last: bool) -> int:
        end = next((at for at, octet in enumerate(self._held) if not _TEXT_FROM <= octet <= _TEXT_TO), None)
        if end is None:
            if not last and len(self._held) <= MAX_HELD:
                return 0
            end = len(self._held)
        elif self._held[end] not in b"\r\n":
            return self._lose(out, end)
        raw = bytes(self._held[:end])
        self._broken = False
        if write := _WRITE.match(raw):
            self._expects = min(int(write[1]), MT_MAX)
            return end + 1  # its CR; a line feed would be the first octet of the frame
        fields = line_fields(raw.decode("ascii"))
        if fields is None:
            return self._passed(out, raw)
        kind = str(fields.get("urc") or raw.partition(b":")[0].decode("ascii"))
        return self._good(out, Reading(FAMILY, kind, "", fields, raw), end)

    def _passed(self, out: list[Reading | Garbage], raw: bytes) -> int:
        """Pass over another line of the modem; what no modem says is garbage."""
        if raw in (b"OK", b"ERROR", b"READY") or raw.startswith((b"AT", b"+")):
            out.extend(self._give_up())
            return len(raw)
        return self._lose(out, len(raw))

    def _binary(self, out: list[Reading | Garbage], *, last: bool) -> int:
        if len(self._held) < 2:
            return self._lose(out, 1) if last else 0
        size = int.from_bytes(self._held[:2], "big")
        if size > MT_MAX:
            return self._lose(out, 1)
        if len(self._held) < size + 4 and not last:
            return 0
        frame = bytes(self._held[: size + 4])
        content = content_of(frame)
        if content is None or (self._broken and (size < _SURE or not any(content))):
            return self._lose(out, 1)
        return self._good(out, _frame("SBDRB", frame, content), len(frame))

    def _good(self, out: list[Reading | Garbage], reading: Reading, took: int) -> int:
        out.extend(self._give_up())
        out.append(reading)
        self._broken = False
        return took

    def _lose(self, out: list[Reading | Garbage], took: int) -> int:
        self._lost += self._held[:took]
        self._broken = True
        if len(self._lost) > MAX_HELD:
            out.extend(self._give_up())
        return took

    def _give_up(self) -> Iterator[Garbage]:
        if self._lost:
            yield Garbage(bytes(self._lost), "out of step")
            self._lost.clear()


def _stands_alone(whole: bytes) -> bool:
    """Whether octets of no SBDRB frame are content and checksum: not of one with a damaged length either."""
    if not 3 <= len(whole) <= MO_MAX + 2 or whole[:2] == b"\0\0" or content_of(whole) is not None:
        return False
    meant = int.from_bytes(whole[:2], "big") + 4 == len(whole)
    return not meant and whole[-2:] == checksum(whole[:-2])


def _frame(kind: str, raw: bytes, content: bytes) -> Reading:
    fields: dict[str, Any] = {
        "op": kind,
        "length": len(content),
        "payload_hex": content.hex(),
        "checksum_hex": raw[-2:].hex(),
    }
    with suppress(UnicodeDecodeError):
        fields["text"] = content.decode("utf-8")
    return Reading(FAMILY, kind, "", fields, raw)


ADAPTER = Adapter(
    family=FAMILY,
    title_zh="铱星短突发数据 SBD",
    title_en="Iridium Short Burst Data",
    codec=SbdCodec,
    text_lines=True,
)
