"""Hytera HDAP by itself: one frame a datagram, as mobile radios send it to UDP ports 3002 to 3009 (§2.1)."""

from __future__ import annotations

from collections.abc import Iterator

from app.devices.adapter import Adapter, Garbage, Reading
from app.devices.adapters.hytera import control, location, meaning, registration, words
from app.devices.adapters.hytera.frame import DDS, LP, RCP, RRS, SERVICES, TMP, Frame, cut, order
from app.devices.adapters.hytera.layout import Cursor, Fields, Layout, read_columns

FAMILY = "hdap"
MAX_FRAMES = 16
"""Frames read out of one datagram at most; one is the rule."""


class HdapCodec:
    """Takes whole datagrams: HDAP has no mark to find a frame by in a stream.

    With `strict` a frame with a wrong checksum is garbage; without, it is read and says so, because real
    repeaters send and execute such frames and UDP has a checksum of its own.
    """

    def __init__(self, *, strict: bool = False) -> None:
        self._strict = strict

    def feed(self, data: bytes) -> Iterator[Reading | Garbage]:
        """Take one datagram; zeros behind the last frame are the padding of Ethernet."""
        at = 0
        for _ in range(MAX_FRAMES):
            frame = cut(data, at)
            if isinstance(frame, str):
                yield Garbage(data[at:], frame)
                return
            yield read(frame, strict=self._strict)
            at += len(frame.raw)
            if not data[at:].strip(b"\0"):
                return
        yield Garbage(data[at:], "oversized")

    def idle(self) -> Iterator[Reading | Garbage]:
        """Nothing is ever kept."""
        return iter(())


def read(frame: Frame, number: str = "", *, strict: bool = False) -> Reading | Garbage:
    """Read one frame; `number` is the transport's number of it (see `meaning.signals`)."""
    if strict and not frame.checksum_ok:
        return Garbage(frame.raw, "checksum")
    content = _content(frame)
    if content is None:
        return Garbage(frame.raw, "payload")
    return Reading(
        FAMILY,
        content["msg"],
        meaning.speaker(content),
        {"layer": "HDAP", "hdap": {**_envelope(frame), **content}},
        frame.raw,
        meaning.signals(content, number),
    )


def _envelope(frame: Frame) -> Fields:
    return {
        "service": SERVICES[frame.service],
        "reliable": frame.reliable,
        "opcode": f"0x{frame.opcode:04X}",
        "payload_len": len(frame.payload),
        "checksum_ok": frame.checksum_ok,
        "end_ok": True,
    }


def _content(frame: Frame) -> Fields | None:
    """Return what the payload says, None when it is too short for its own opcode."""
    cursor = Cursor(frame.payload, order(frame.service))
    if frame.service == TMP:
        return words.read_words(frame.opcode, cursor)
    if frame.service == DDS:
        return registration.read_delivery_state(frame.opcode, cursor)
    layout = _layout(frame)
    if layout is None:
        return {"msg": "unknown", "payload": frame.payload.hex()}
    return read_columns(layout, cursor)


def _layout(frame: Frame) -> Layout | None:
    if frame.service == RCP:
        return control.layout(frame.opcode, frame.payload)
    tables = {RRS: registration.MESSAGES, LP: location.MESSAGES}
    return tables.get(frame.service, {}).get(frame.opcode)


ADAPTER = Adapter(
    family=FAMILY,
    title_zh="370 MHz 电台 海能达 HDAP",
    title_en="370 MHz radio, Hytera HDAP",
    codec=HdapCodec,
    datagrams=True,
)
