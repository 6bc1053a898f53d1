"""Short messages in PDU mode, as lines of hex digits (3GPP TS 27.005 §3, TS 23.040)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from app.devices.adapter import Adapter, Garbage, Reading
from app.devices.adapters.payload import sanitise
from app.devices.adapters.sms_pdu_message import BadPdu, Content, Message, read_pdu
from app.devices.adapters.sms_pdu_parts import Assembler, Group
from app.devices.adapters.stream import Pieces
from app.signals import Receipt, Signal, Text

FAMILY = "sms-pdu"
MAX_LINE = 1024
"""Bytes kept while waiting for a line end; the longest PDU has some 370 hex digits."""

_HEX = re.compile(rb"(?:[0-9A-Fa-f]{2})+\Z")
# +CMT: [<alpha>],<length> · +CMGR: <stat>,[<alpha>],<length> · +CMGL: <index>,<stat>,[<alpha>],<length> ·
# +CDS: <length> (TS 27.005 §3.4.1, §4.1, §4.2)
_HEADER = re.compile(rb"\+(?:CMT|CMGR|CMGL|CDS|CBM):(?:.*,)? *([0-9]{1,3}) *\Z")
_OTHER_LINE = re.compile(rb"(?:OK|ERROR|[+^>][ -~]*)\Z")
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)

_REASONS = {
    0x40: "procedure_error",
    0x41: "incompatible",
    0x42: "rejected",
    0x43: "not_obtainable",
    0x44: "no_service_quality",
    0x45: "no_interworking",
    0x46: "validity_expired",
    0x47: "deleted",
    0x48: "deleted",
    0x49: "no_such_message",
}


def fields_of(message: Message) -> dict[str, Any]:
    """Return what `zhishou decode sms-pdu` prints; times as ISO 8601 with the zone that was sent."""
    fields: dict[str, Any] = {
        "type": message.kind,
        "smsc": message.smsc,
        "tpdu_len": message.tpdu_len,
        "number": message.number,
    }
    if message.reference is not None:
        fields["reference"] = message.reference
    if message.kind != "SMS-SUBMIT":
        fields["scts"] = _iso(message.sent_at)
    if message.status is not None:
        return fields | {"discharge": _iso(message.discharged_at), "status": message.status}
    fields |= {"pid": message.pid, "dcs": message.dcs}
    if message.wants_report is not None:
        fields["srr"] = message.wants_report
    if message.validity is not None:
        fields["vp"] = message.validity if isinstance(message.validity, int) else _iso(message.validity)
    if (concat := message.concat) is not None:
        fields["concat"] = {"ref": concat.ref, "total": concat.total, "seq": concat.seq, "bits": concat.bits}
    return fields | (_content(message.content) if message.content is not None else {})


def _content(content: Content) -> dict[str, Any]:
    said = {"data": content.body.hex()} if content.alphabet == "8bit" else {"text": content.text}
    return {"alphabet": content.alphabet, **said}


def text_signal(message: Message, words: str, raw: bytes) -> Text:
    """Say a received message as a text; `ref` is number, sending time and a digest of the words."""
    digest = hashlib.blake2s(words.encode("utf-8", "replace"), digest_size=8).hexdigest()
    sent_at = message.sent_at.astimezone(UTC) if message.sent_at else None
    return Text(f"{message.number}-{_iso(message.sent_at)}-{digest}", sanitise(words), raw, sent_at)


def receipt(message: Message) -> Receipt:
    """Say a status report (TP-ST, TS 23.040 §9.2.3.15): only 0 and 2 mean that the far phone has it.

    1 is "forwarded, delivery not confirmed"; 0x20 to 0x3F "still trying" — both are no more than accepted.
    """
    status, ref = message.status or 0, str(message.reference)
    if status in (0, 2):
        return Receipt(ref, "delivered")
    if status < 0x40:
        return Receipt(ref, "accepted", "still_trying" if status >= 0x20 else "not_confirmed")
    return Receipt(ref, "failed", _REASONS.get(status, f"status_{status}"))


class SmsPduCodec:
    """The codec of lines of PDUs, each alone or below the +CMGR, +CMGL, +CMT or +CDS line it came with.

    A length in that line must agree. Other lines of a modem are passed over. The last part of a long text
    carries the whole as `assembled` and its signals.
    """

    def __init__(self) -> None:
        self._lines = Pieces(b"\n", MAX_LINE)
        self._parts: Assembler[None] = Assembler()
        self._length: int | None = None

    def feed(self, data: bytes) -> Iterator[Reading | Garbage]:
        """Take the next bytes of the stream; everything is decoded before this returns."""
        out: list[Reading | Garbage] = []
        for line, whole in self._lines.feed(data.replace(b"\r", b"\n")):
            if line:
                out.extend(self._line(line) if whole else (Garbage(line, "oversized"),))
        return iter(out)

    def idle(self) -> Iterator[Reading | Garbage]:
        """Read a last line whose end did not come, if it is a PDU; forget a length that announced none."""
        line, whole = self._lines.give_up()
        if line:
            yield from self._line(line) if whole else (Garbage(line, "oversized"),)
        self._length = None

    def _line(self, line: bytes) -> Iterator[Reading | Garbage]:
        if header := _HEADER.match(line):
            self._length = int(header[1])
        elif _HEX.match(line):
            length, self._length = self._length, None
            yield self._pdu(line, length)
        elif not _OTHER_LINE.match(line):
            self._length = None
            yield Garbage(line, "not hex")

    def _pdu(self, line: bytes, length: int | None) -> Reading | Garbage:
        try:
            message = read_pdu(bytes.fromhex(line.decode("ascii")))
        except BadPdu as reason:
            return Garbage(line, str(reason))
        if length is not None and length != message.tpdu_len:
            return Garbage(line, "announced length")
        fields = fields_of(message)
        group = self._group(message)
        if group is not None:
            fields["assembled"] = {"text": group.text(), "parts": group.total}
        signals = tuple(_signals(message, group, line))
        return Reading(FAMILY, message.kind, message.number.lstrip("+"), fields, line, signals)

    def _group(self, message: Message) -> Group[None] | None:
        if message.concat is None or message.kind == "SMS-STATUS-REPORT":
            return None
        return self._parts.take(message, None, message.sent_at or _EPOCH)


def _signals(message: Message, group: Group[None] | None, raw: bytes) -> Iterator[Signal]:
    if message.kind == "SMS-STATUS-REPORT":
        yield receipt(message)
    elif message.kind == "SMS-DELIVER" and message.content is not None:
        if group is not None:
            yield text_signal(group.first, group.text(), raw)
        elif message.concat is None and message.content.alphabet != "8bit":
            yield text_signal(message, message.content.text, raw)


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None


ADAPTER = Adapter(
    family=FAMILY,
    title_zh="卫星电话短信 PDU",
    title_en="Satellite phone, short messages in PDU mode",
    codec=SmsPduCodec,
    text_lines=True,
    hex_lines=True,
)
