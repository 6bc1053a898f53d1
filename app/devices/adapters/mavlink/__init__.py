"""MAVLink v1 and v2 as drones speak it: frames with their checksum, and what seven messages mean.

Written from the protocol's description (https://mavlink.io/en/guide/serialization.html, signing:
https://mavlink.io/en/guide/message_signing.html); the tests hold it against pymavlink. Nothing is sent.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.devices.adapter import Adapter, Garbage, Reading
from app.devices.adapters.mavlink.frames import LONGEST, Frame, cut
from app.devices.adapters.mavlink.meaning import signals_of
from app.devices.adapters.mavlink.messages import fields_of

FAMILY = "mavlink"

__all__ = ["ADAPTER", "FAMILY", "MavlinkCodec"]


class MavlinkCodec:
    """Cuts frames out of a stream: a mark, a length, a checksum that knows the message."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._lost = bytearray()

    def feed(self, data: bytes) -> Iterator[Reading | Garbage]:
        """Take the next bytes of the stream; everything is decoded before this returns."""
        out: list[Reading | Garbage] = []
        for at in range(0, len(data), LONGEST):  # so that little is held, however much comes at once
            self._held += data[at : at + LONGEST]
            self._read(out, last=False)
        return iter(out)

    def idle(self) -> Iterator[Reading | Garbage]:
        """Give up what is incomplete; a whole frame behind a false mark is still found."""
        out: list[Reading | Garbage] = []
        self._read(out, last=True)
        self._give_up(out, 1)
        return iter(out)

    def _read(self, out: list[Reading | Garbage], *, last: bool) -> None:
        while self._held:
            frame = cut(self._held)
            if isinstance(frame, Frame):
                self._give_up(out, 1)
                del self._held[: len(frame.raw)]
                out.append(_reading(frame))
            elif frame == "incomplete" and not last:
                return
            else:
                self._lost += self._held[:1]
                del self._held[:1]
                self._give_up(out, LONGEST)

    def _give_up(self, out: list[Reading | Garbage], least: int) -> None:
        while len(self._lost) >= least:
            out.append(Garbage(bytes(self._lost[:LONGEST]), "frame"))
            del self._lost[:LONGEST]


def _reading(frame: Frame) -> Reading:
    told = fields_of(frame)
    fields = {
        "version": frame.version,
        "seq": frame.seq,
        "system": frame.system,
        "component": frame.component,
        **told,
    }
    return Reading(FAMILY, frame.name, str(frame.system), fields, frame.raw, signals_of(frame, told))


ADAPTER = Adapter(
    family=FAMILY,
    title_zh="无人机 MAVLink",
    title_en="drones over MAVLink",
    codec=MavlinkCodec,
)
