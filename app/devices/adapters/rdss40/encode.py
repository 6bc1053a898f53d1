"""Writing RDSS 4.0 frames: of the host, and of the machine for simulators and tests (beidou.md §1.2-§1.4)."""

from __future__ import annotations

from collections.abc import Sequence

from app.devices.adapters.payload import MIXED, to_gbk
from app.devices.adapters.rdss40.codec import build_frame

_MESSAGE, _ORDINARY, _CODED = 0b010 << 5, 1 << 2, 1 << 1

# Host to machine


def icjc(frame_no: int = 0, *, user: int = 0) -> bytes:
    """Ask for the card: frame 0 its own data, others the subordinates."""
    return build_frame("ICJC", user, bytes((frame_no,)))


def xtzj(period_s: int = 0, *, user: int = 0) -> bytes:
    """Ask for a self-check every so many seconds, 0 for once."""
    return build_frame("XTZJ", user, period_s.to_bytes(2, "big"))


def txsq(dest: int, text: str, *, user: int = 0, mixed: bool = True, urgent: bool = False) -> bytes:
    """Send a text: as mixed content, or as Chinese (汉字), where the air takes 14 bits a character.

    The length field counts 8 bits a byte in both. Urgent (特快) messages carry 188 bits at most.
    """
    payload = (bytes((MIXED,)) if mixed else b"") + to_gbk(text)
    info = _MESSAGE | (0 if urgent else _ORDINARY) | (_CODED if mixed else 0)
    content = (
        bytes((info,)) + dest.to_bytes(3, "big") + (8 * len(payload)).to_bytes(2, "big") + b"\0" + payload
    )
    return build_frame("TXSQ", user, content)


# Machine to host, for simulators and tests


def icxx(user: int, *, freq_s: int = 60, level: int = 3, subordinates: int = 0, user_type: int = 3) -> bytes:
    """Answer ICJC frame 0."""
    content = bytes(4) + bytes((user_type,)) + freq_s.to_bytes(2, "big") + bytes((level, 0))
    return build_frame("ICXX", user, content + subordinates.to_bytes(2, "big"))


def fkxx(flag: int, about: str = "TXSQ", *, user: int = 0, wait_s: int | None = None) -> bytes:
    """Give feedback: flag 0 accepted, 4 too soon with `wait_s` (1 to 255) in the last byte, others §1.4."""
    extra = about.encode("ascii") if wait_s is None else bytes((0, 0, 0, wait_s))
    return build_frame("FKXX", user, bytes((flag,)) + extra)


def txxx(sender: int, text: str, *, user: int = 0, mixed: bool = True, damaged: bool = False) -> bytes:
    """Hand over a received text; `damaged` sets the flag of a CRC error on the air."""
    payload = (bytes((MIXED,)) if mixed else b"") + to_gbk(text)
    head = bytes((0x60 if mixed else 0x40,)) + sender.to_bytes(3, "big") + b"\0\0"
    content = head + (8 * len(payload)).to_bytes(2, "big") + payload + bytes((damaged,))
    return build_frame("TXXX", user, content)


def zjxx(
    user: int, *, battery_pct: int = 100, beams: Sequence[int] = (4, 4, 4, 4, 4, 4), inbound: int = 2
) -> bytes:
    """Report a self-check; six beam powers of 0 to 4, inbound state 2 is normal."""
    return build_frame("ZJXX", user, bytes((1, 0, battery_pct, inbound, *beams)))
