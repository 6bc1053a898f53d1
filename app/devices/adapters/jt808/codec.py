"""The incremental decoder of one JT/T 808 link."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.devices.adapter import Garbage, Reading
from app.devices.adapters.jt808.assemble import Assembler, Missing
from app.devices.adapters.jt808.bodies import decode_body
from app.devices.adapters.jt808.frame import FLAG, Frame, Header, read_frame
from app.devices.adapters.jt808.meaning import signals_of
from app.devices.adapters.stream import Pieces
from app.signals import Signal

FAMILY = "jt808"
MAX_FRAME = 64 * 1024
"""Bytes kept while waiting for the closing flag; twice the longest legal frame is about 2 KiB."""


class Jt808Codec:
    """Frames stand between flags 7E. A flag shared by two frames and noise between frames are both met.

    Each sub-package is a reading, so that each can be acknowledged; the one that completes the message
    carries the whole as `assembled` and its signals.
    """

    __slots__ = ("_assembler", "_opened", "_pieces")

    def __init__(self) -> None:
        self._pieces = Pieces(FLAG, MAX_FRAME)
        self._assembler = Assembler()
        self._opened = False

    def feed(self, data: bytes) -> Iterator[Reading | Garbage]:
        """Take the next bytes of the stream; everything is decoded before this returns."""
        out: list[Reading | Garbage] = []
        for piece, whole in self._pieces.feed(data):
            if not whole:
                out.append(Garbage(piece, "oversized"))
            elif not self._opened and piece:
                out.append(Garbage(piece, "noise"))
            elif piece:  # 7E7E: one frame's end and the next one's start
                out.append(self._read(piece))
            self._opened = True
        return iter(out)

    def idle(self) -> Iterator[Reading | Garbage]:
        """Give up a frame whose closing flag did not come."""
        left, _ = self._pieces.give_up()
        if left:
            yield Garbage(FLAG + left if self._opened else left, "incomplete")
            self._opened = False

    @property
    def unfinished(self) -> bool:
        """Whether sub-packages of a long message are still waited for."""
        return self._assembler.unfinished

    def missing(self) -> tuple[Missing, ...]:
        """Return which sub-packages have not been heard."""
        return self._assembler.missing()

    def stalled(self) -> tuple[Missing, ...]:
        """Return which sub-packages to ask for again (0x8003); see `Assembler.stalled`."""
        return self._assembler.stalled()

    def give_up(self, message: Missing) -> Garbage:
        """Forget a long message whose missing packages never came."""
        return Garbage(self._assembler.give_up(message), "packages_missing")

    def _read(self, piece: bytes) -> Reading | Garbage:
        raw = FLAG + piece + FLAG
        frame = read_frame(piece)
        if isinstance(frame, str):
            return Garbage(raw, frame)
        header, body = frame
        fields = _header_fields(header)
        meant: dict[str, Any] = {}
        if header.encrypt:
            fields["body"] = {"body_hex": body.hex()}
        elif header.subpackage:
            fields["body"] = {"body_hex_len": len(body)}
            meant = self._assembled(frame, fields)
        else:
            meant = decode_body(header.msg_id, body, layout_2019=header.terminal.layout_2019)
            fields["body"] = meant
        sender = header.terminal.sender
        signals: tuple[Signal, ...] = signals_of(header.msg_id, sender, header.serial, meant) if meant else ()
        return Reading(FAMILY, fields["msg_id"], sender, fields, raw, signals)

    def _assembled(self, frame: Frame, fields: dict[str, Any]) -> dict[str, Any]:
        body = self._assembler.add(frame)
        if body is None:
            return {}
        whole = decode_body(frame.header.msg_id, body, layout_2019=frame.header.terminal.layout_2019)
        fields["assembled"] = {"body_len": len(body), "body": whole}
        return whole


def _header_fields(header: Header) -> dict[str, Any]:
    terminal = header.terminal
    fields: dict[str, Any] = {
        "msg_id": f"0x{header.msg_id:04X}",
        "body_len": header.body_len,
        "encrypt": header.encrypt,
        "subpackage": header.subpackage,
        "version_flag": terminal.version_flag,
        "layout": "2019" if terminal.layout_2019 else "2013",
        "phone": terminal.phone,
        "serial": header.serial,
        "body_len_ok": True,
    }
    if terminal.layout_2019:
        fields["protocol_version"] = terminal.protocol_version
    if header.subpackage:
        fields["total"], fields["index"] = header.total, header.index
    return fields
