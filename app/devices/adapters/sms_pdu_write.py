"""Writing short messages: splitting a text, building SMS-SUBMIT; SMS-DELIVER and reports for simulators."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.devices.adapters.sms_pdu_alphabet import ESCAPE, Alphabet, pack, septets_of, ucs2_of
from app.devices.adapters.sms_pdu_message import Concat, Content

SINGLE = {"gsm7": 160, "ucs2": 140, "8bit": 140}
"""Room of a message in one piece: septets, or octets (TS 23.040 §9.2.3.24)."""

PART = {"gsm7": 153, "ucs2": 134, "8bit": 134}
"""Room of a part beside the six octets of its concatenation header (67 UTF-16 units)."""

MAX_PARTS = 255
_CODING: dict[Alphabet, int] = {"gsm7": 0x00, "8bit": 0x04, "ucs2": 0x08}
_DIGITS = "0123456789*#abc"


def split(text: str) -> list[Content]:
    """Cut a text into the contents of one message or of parts, in GSM 7-bit when that can say it.

    An escape sequence or a surrogate pair is never cut. Raises ValueError for more than 255 parts.
    """
    septets = septets_of(text)
    alphabet: Alphabet = "ucs2" if septets is None else "gsm7"
    body = ucs2_of(text) if septets is None else septets
    if len(body) <= SINGLE[alphabet]:
        return [Content(alphabet, body)]
    parts: list[Content] = []
    while body:
        room = PART[alphabet]
        if len(body) > room and _cuts(alphabet, body, room):
            room -= 1 if alphabet == "gsm7" else 2
        parts.append(Content(alphabet, body[:room]))
        body = body[room:]
    if len(parts) > MAX_PARTS:
        raise ValueError(f"{len(parts)} parts are too many for one text")
    return parts


def _cuts(alphabet: Alphabet, body: bytes, at: int) -> bool:
    """Whether a cut there would part two that belong together."""
    if alphabet == "gsm7":
        return body[at - 1] == ESCAPE
    return 0xD8 <= body[at - 2] <= 0xDB


def submit(
    number: str,
    content: Content,
    *,
    concat: Concat | None = None,
    report: bool = True,
    validity: int | None = None,
    smsc: str = "",
    reference: int = 0,
) -> bytes:
    """Build the PDU of one message to send; `validity` is the octet of a relative period (TP-VP).

    AT+CMGS wants its length without the SMSC field: see `cmgs_length`.
    Raises ValueError for a number that is none.
    """
    first = 0x01 | 0x10 * (validity is not None) | 0x20 * report | 0x40 * (concat is not None)
    return b"".join(
        (
            _service_centre(smsc),
            bytes((first, reference & 0xFF)),
            _address(number),
            bytes((0, _CODING[content.alphabet])),
            b"" if validity is None else bytes((validity,)),
            _user_data(content, concat),
        )
    )


def cmgs_length(pdu: bytes) -> int:
    """Return what AT+CMGS and the headers of received messages announce: octets after the SMSC field."""
    return len(pdu) - 1 - pdu[0]


def validity_of(period: timedelta) -> int:
    """Return the octet of a relative validity period, rounded down, five minutes at least (§9.2.3.12.1)."""
    minutes = int(period.total_seconds() // 60)
    if minutes <= 12 * 60:
        return max(0, minutes // 5 - 1)
    if minutes <= 24 * 60:
        return 143 + (minutes - 12 * 60) // 30
    return min(196, 166 + minutes // (24 * 60))


def deliver(
    number: str, content: Content, sent_at: datetime, *, concat: Concat | None = None, smsc: str = ""
) -> bytes:
    """Build the PDU of a received message; `number` may be a name. For simulators and tests."""
    return b"".join(
        (
            _service_centre(smsc),
            bytes((0x04 | 0x40 * (concat is not None),)),
            _address(number),
            bytes((0, _CODING[content.alphabet])),
            _time(sent_at),
            _user_data(content, concat),
        )
    )


def status_report(
    reference: int, number: str, sent_at: datetime, done_at: datetime, status: int = 0
) -> bytes:
    """Build the PDU of a status report. For simulators and tests."""
    return b"".join(
        (
            bytes((0, 0x06, reference & 0xFF)),
            _address(number),
            _time(sent_at),
            _time(done_at),
            bytes((status,)),
        )
    )


def _service_centre(smsc: str) -> bytes:
    if not smsc:
        return b"\0"
    _, kind, digits = _parts_of(smsc)
    return bytes((1 + len(digits), kind)) + digits


def _address(number: str) -> bytes:
    size, kind, digits = _parts_of(number)
    return bytes((size, kind)) + digits


def _parts_of(number: str) -> tuple[int, int, bytes]:
    """Return semi-octets, type of address and octets of a number, or of a name."""
    digits = number.removeprefix("+")
    if not 1 <= len(digits) <= 20 or (number != digits and not digits.isdecimal()):
        raise ValueError(f"{number[:40]!r} is no number")
    if any(char not in _DIGITS for char in digits):
        septets = septets_of(digits)
        if septets is None or len(septets) > 11:
            raise ValueError(f"{number[:40]!r} is no number")
        packed = pack(septets)
        return (7 * len(septets) + 3) // 4, 0xD0, packed
    halves = [*map(_DIGITS.index, digits), *([15] if len(digits) % 2 else [])]
    octets = bytes(high << 4 | low for low, high in zip(halves[::2], halves[1::2], strict=True))
    return len(digits), 0x91 if number != digits else 0x81, octets


def _time(at: datetime) -> bytes:
    offset = at.utcoffset() or timedelta()
    quarters = abs(round(offset / timedelta(minutes=15)))
    values = (at.year % 100, at.month, at.day, at.hour, at.minute, at.second, quarters)
    octets = bytearray(value % 10 << 4 | value // 10 for value in values)
    octets[6] |= 0x08 if offset < timedelta() else 0
    return bytes(octets)


def _user_data(content: Content, concat: Concat | None) -> bytes:
    header = b""
    if concat is not None:
        wide = concat.bits == 16
        element = bytes((0x08, 4)) if wide else bytes((0x00, 3))
        value = concat.ref.to_bytes(2 if wide else 1, "big") + bytes((concat.total, concat.seq))
        header = bytes((len(element + value),)) + element + value
    if content.alphabet != "gsm7":
        return bytes((len(header) + len(content.body),)) + header + content.body
    fill = -8 * len(header) % 7
    septets = (8 * len(header) + fill) // 7 + len(content.body)
    return bytes((septets,)) + header + pack(content.body, fill)
