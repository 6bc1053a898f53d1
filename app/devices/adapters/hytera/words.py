"""TMP: texts and their acknowledgements (§2.7). The opcode's low byte is the message, the high one flags."""

from __future__ import annotations

from types import MappingProxyType

from app.devices.adapters.hytera.frame import MAX_PAYLOAD, TMP, build
from app.devices.adapters.hytera.layout import Cursor, Fields, Layout, ip, radio_ip, read_columns, u8, u32
from app.devices.adapters.hytera.registration import SUBNET
from app.devices.adapters.payload import sanitise

PRIVATE, PRIVATE_ACK, GROUP, GROUP_ACK = 0xA1, 0xA2, 0xB1, 0xB2
OK, NO_ACK = 0, 8
MAX_PARTS = 15
"""Messages of one text at most."""

RESULTS = MappingProxyType(
    {
        0: "",
        1: "failed",
        3: "parameters",
        4: "busy",
        5: "receive_only",
        6: "low_battery",
        7: "not_tuned",
        NO_ACK: "no_answer",
        9: "not_woken",
        10: "no_contact",
        11: "not_allowed",
        12: "interrupted",
    }
)
"""What an acknowledgement may say instead of "delivered"."""

_NAMES = MappingProxyType(
    {
        PRIVATE: "private_text",
        PRIVATE_ACK: "private_text_ack",
        GROUP: "group_text",
        GROUP_ACK: "group_text_ack",
        0xAE: "private_data",
        0xAF: "private_data_ack",
        0xBE: "group_data",
        0xBF: "group_data_ack",
    }
)
_TEXTS = frozenset((PRIVATE, GROUP))
_ACKS = frozenset((PRIVATE_ACK, GROUP_ACK, 0xAF, 0xBF))
_WITHOUT_SOURCE = frozenset((GROUP_ACK, 0xBF))
_OPTION = 0x40


def read_words(opcode: int, cursor: Cursor) -> Fields | None:
    """Read a TMP message; None when it is too short, `{"msg": "unknown"}` when it is none of these.

    Sources disagree on what flag bit 7 means, so it is printed and nothing is made of it.
    """
    service, flags = opcode & 0xFF, opcode >> 8
    name = _NAMES.get(service)
    if name is None:
        return {"msg": "unknown", "payload": cursor.take(cursor.left).hex()}
    fields: Fields = {"msg": name, "flag_bit7": bool(flags & 0x80), "has_option": bool(flags & _OPTION)}
    options = cursor.number(2) if flags & _OPTION else 0
    source = () if service in _WITHOUT_SOURCE else (("source", radio_ip),)
    head = Layout(name, (("request_id", u32), ("dest", radio_ip), *source))
    fields.update((column, read(cursor)) for column, read in head.columns)
    size = cursor.left - options
    if service in _ACKS:
        size = 1
        fields["result"] = u8(cursor)
    elif size < 0:
        return None
    else:
        content = cursor.take(size)
        fields.update({"text": as_text(content)} if service in _TEXTS else {"data": content.hex()})
    rest = read_columns(Layout(name), cursor)
    if rest is None:
        return None
    return {**fields, **rest}


def as_text(content: bytes) -> str:
    """Decode UTF-16LE for display; what is no character becomes U+FFFD, a NUL at the end is dropped."""
    return content.decode("utf-16-le", "replace").rstrip("\0")


def text_bytes(text: str) -> bytes:
    """Encode a text for the air; an unpaired surrogate becomes a question mark."""
    return text.encode("utf-16-le", "replace")


def segment(text: str, units: int) -> list[str]:
    """Split a text into messages of at most so many UTF-16 units, marked "(1/3)" when more than one.

    Cuts no character in two. Raises ValueError when more than fifteen would be needed.
    """
    text = sanitise(text)
    if _units(text) <= units:
        return [text]
    parts = _cut(text, units - len("(15/15)"))
    if len(parts) > MAX_PARTS:
        raise ValueError(f"{len(text)} characters are too many")
    return [f"({number}/{len(parts)}){part}" for number, part in enumerate(parts, 1)]


def _units(text: str) -> int:
    return len(text_bytes(text)) // 2


def _cut(text: str, room: int) -> list[str]:
    parts = [""]
    used = 0
    for char in text:
        size = _units(char)
        if used + size > room:
            parts.append("")
            used = 0
        parts[-1] += char
        used += size
    return parts


def private_text(request_id: int, dest: int, source: int, text: str, *, subnet: int = SUBNET) -> bytes:
    """Write a text to one radio; an acknowledgement (A2) is wanted."""
    return _text(PRIVATE, request_id, ip(dest, subnet), ip(source, subnet), text)


def group_text(request_id: int, group: int, source: int, text: str, *, subnet: int = SUBNET) -> bytes:
    """Write a text to a talk group; groups have subnet 0."""
    return _text(GROUP, request_id, ip(group, 0), ip(source, subnet), text)


def private_ack(request_id: int, dest: int, source: int, result: int = OK, *, subnet: int = SUBNET) -> bytes:
    """Acknowledge a private text: addresses in the order of the text, as devices do."""
    payload = request_id.to_bytes(4, "big") + ip(dest, subnet) + ip(source, subnet) + bytes((result,))
    return build(TMP, PRIVATE_ACK, payload)


def group_ack(request_id: int, group: int, result: int = OK) -> bytes:
    """Acknowledge a group text: the repeater has sent it; nobody in the group answers."""
    return build(TMP, GROUP_ACK, request_id.to_bytes(4, "big") + ip(group, 0) + bytes((result,)))


def _text(service: int, request_id: int, dest: bytes, source: bytes, text: str) -> bytes:
    content = text_bytes(text)
    if 12 + len(content) > MAX_PAYLOAD:
        raise ValueError(f"{len(text)} characters are too many for one text")
    return build(TMP, service, request_id.to_bytes(4, "big") + dest + source + content)
