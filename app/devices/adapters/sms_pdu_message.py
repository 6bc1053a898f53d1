"""One short message as it stands in a PDU (3GPP TS 23.040 §9.2): reading it, whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Literal

from app.devices.adapters.sms_pdu_alphabet import Alphabet, alphabet_of, from_ucs2, text_of, unpack

Kind = Literal["SMS-DELIVER", "SMS-SUBMIT", "SMS-STATUS-REPORT"]

_KINDS: tuple[Kind | None, ...] = ("SMS-DELIVER", "SMS-SUBMIT", "SMS-STATUS-REPORT", None)
_DIGITS = "0123456789*#abc"
_LONGEST_NUMBER = 20
_ALPHANUMERIC = 5
_INTERNATIONAL = 1


class BadPdu(ValueError):
    """The bytes are no PDU. Its text is a short reason; it never leaves the codec."""


@dataclass(frozen=True, slots=True)
class Concat:
    """Which part of a longer text this is (information elements 00 and 08, §9.2.3.24.1 and .8)."""

    ref: int
    total: int
    seq: int
    bits: int


@dataclass(frozen=True, slots=True)
class Content:
    """User data: septets (one in each byte), UTF-16BE or data, without its header."""

    alphabet: Alphabet
    body: bytes

    @property
    def text(self) -> str:
        """The words; "" for data."""
        if self.alphabet == "8bit":
            return ""
        return text_of(self.body) if self.alphabet == "gsm7" else from_ucs2(self.body)


@dataclass(frozen=True, slots=True)
class Message:
    """One PDU, read. `number` is the far side's: `+` and digits, national digits, or a name.

    `validity` is the relative octet (TP-VP), an instant, or None. Times keep the zone that was sent.
    """

    kind: Kind
    smsc: str | None
    tpdu_len: int
    number: str
    reference: int | None = None
    pid: int = 0
    dcs: int = 0
    sent_at: datetime | None = None
    discharged_at: datetime | None = None
    status: int | None = None
    wants_report: bool | None = None
    validity: int | datetime | None = None
    concat: Concat | None = None
    content: Content | None = None


def read_pdu(pdu: bytes) -> Message:
    """Read a PDU that begins with its SMSC field, as AT+CMGR, +CMT and +CDS give it. Raises BadPdu."""
    reader = _Octets(pdu)
    smsc = _smsc(reader)
    tpdu_len = reader.left
    first = reader.octet()
    kind = _KINDS[first & 3]
    if kind == "SMS-DELIVER":
        return _deliver(reader, first, smsc, tpdu_len)
    if kind == "SMS-SUBMIT":
        return _submit(reader, first, smsc, tpdu_len)
    if kind == "SMS-STATUS-REPORT":
        return _report(reader, smsc, tpdu_len)
    raise BadPdu("message type")


class _Octets:
    """Takes octets from the front; asking for more than there are is BadPdu."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def left(self) -> int:
        return len(self._data) - self._at

    def octet(self) -> int:
        return self.take(1)[0]

    def take(self, count: int) -> bytes:
        if count > self.left:
            raise BadPdu("truncated")
        self._at += count
        return self._data[self._at - count : self._at]


def _deliver(reader: _Octets, first: int, smsc: str | None, tpdu_len: int) -> Message:
    number = _address(reader)
    pid, dcs = reader.take(2)
    sent_at = _time(reader.take(7))
    concat, content = _user_data(reader, dcs, has_header=bool(first & 0x40))
    return Message(
        "SMS-DELIVER",
        smsc,
        tpdu_len,
        number,
        pid=pid,
        dcs=dcs,
        sent_at=sent_at,
        concat=concat,
        content=content,
    )


def _submit(reader: _Octets, first: int, smsc: str | None, tpdu_len: int) -> Message:
    reference = reader.octet()
    number = _address(reader)
    pid, dcs = reader.take(2)
    validity = _validity(reader, first >> 3 & 3)
    concat, content = _user_data(reader, dcs, has_header=bool(first & 0x40))
    return Message(
        "SMS-SUBMIT",
        smsc,
        tpdu_len,
        number,
        reference=reference,
        pid=pid,
        dcs=dcs,
        wants_report=bool(first & 0x20),
        validity=validity,
        concat=concat,
        content=content,
    )


def _report(reader: _Octets, smsc: str | None, tpdu_len: int) -> Message:
    """Read a status report; optional parameters after the status (TP-PI and on) tell nothing we need."""
    reference = reader.octet()
    number = _address(reader)
    sent_at, discharged_at = _time(reader.take(7)), _time(reader.take(7))
    return Message(
        "SMS-STATUS-REPORT",
        smsc,
        tpdu_len,
        number,
        reference=reference,
        sent_at=sent_at,
        discharged_at=discharged_at,
        status=reader.octet(),
    )


def _smsc(reader: _Octets) -> str | None:
    """Read the service centre: its length counts octets, kind included (TS 27.005 §3.1, TS 24.011)."""
    size = reader.octet()
    if size == 0:
        return None
    if not 2 <= size <= 12:
        raise BadPdu("service centre")
    kind, *octets = reader.take(size)
    return _number(kind, bytes(octets), 2 * (size - 1))


def _address(reader: _Octets) -> str:
    """Read an address: its length counts semi-octets (§9.1.2.5)."""
    size, kind = reader.take(2)
    if size > _LONGEST_NUMBER or not kind & 0x80:
        raise BadPdu("address")
    octets = reader.take((size + 1) // 2)
    if kind >> 4 & 7 == _ALPHANUMERIC:
        return text_of(unpack(octets, size * 4 // 7))
    return _number(kind, octets, size)


def _number(kind: int, octets: bytes, size: int) -> str:
    halves = [half for octet in octets for half in (octet & 15, octet >> 4)]
    if len(halves) > size and halves.pop() != 15:
        raise BadPdu("address")
    while halves and halves[-1] == 15:
        halves.pop()
    if any(half == 15 for half in halves):
        raise BadPdu("address")
    digits = "".join(_DIGITS[half] for half in halves)
    return f"+{digits}" if kind >> 4 & 7 == _INTERNATIONAL else digits


def _time(octets: bytes) -> datetime | None:
    """Read TP-SCTS (§9.2.3.11), zone in quarters of an hour with a sign bit; None if it is no time."""
    *clock, zone = octets
    digits = [(octet & 15) * 10 + (octet >> 4) for octet in clock]
    quarters = (zone & 7) * 10 + (zone >> 4)
    offset = timedelta(minutes=15 * quarters)
    if any(octet & 15 > 9 or octet >> 4 > 9 for octet in clock) or offset >= timedelta(hours=24):
        return None
    year, month, day, hour, minute, second = digits
    try:
        zone_of = timezone(-offset if zone & 8 else offset)
        return datetime(2000 + year, month, day, hour, minute, second, tzinfo=zone_of)
    except ValueError:
        return None


def _validity(reader: _Octets, form: int) -> int | datetime | None:
    """Read TP-VP by its format (§9.2.3.3): none, enhanced, relative, absolute."""
    if form == 0:
        return None
    if form == 2:
        return reader.octet()
    octets = reader.take(7)
    return _time(octets) if form == 3 else None


def _user_data(reader: _Octets, dcs: int, *, has_header: bool) -> tuple[Concat | None, Content]:
    """Read TP-UDL and TP-UD to the last octet (§9.2.3.16, .23, .24)."""
    alphabet = alphabet_of(dcs)
    size = reader.octet()
    octets = reader.take((7 * size + 7) // 8 if alphabet == "gsm7" else size)
    if reader.left:
        raise BadPdu("length")
    header = b""
    if has_header:
        if not octets or 1 + octets[0] > len(octets):
            raise BadPdu("header")
        header = octets[1 : 1 + octets[0]]
    taken = 1 + len(header) if has_header else 0
    if alphabet != "gsm7":
        return _concat(header), Content(alphabet, octets[taken:])
    # The text starts at the next septet boundary after the header.
    skip = (8 * taken + 6) // 7
    if skip > size:
        raise BadPdu("header")
    return _concat(header), Content(alphabet, unpack(octets, size)[skip:])


def _concat(header: bytes) -> Concat | None:
    """Find the concatenation element; an impossible one is no concatenation (§9.2.3.24.1). Last one wins."""
    found: Concat | None = None
    at = 0
    while at + 2 <= len(header):
        element, size = header[at], header[at + 1]
        value = header[at + 2 : at + 2 + size]
        at += 2 + size
        if (element, len(value)) in ((0x00, 3), (0x08, 4)):
            *ref, total, seq = value
            if 1 <= seq <= total:
                found = Concat(int.from_bytes(bytes(ref), "big"), total, seq, 8 * len(ref))
    return found
