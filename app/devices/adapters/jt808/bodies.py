"""Bodies of JT/T 808 messages as plain fields, one decoder a message id (2013: §8, 2019: §8)."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from app.devices.adapters.payload import gbk, sanitise

Body = dict[str, Any]
Decoder = Callable[[bytes, bool], Body | None]
"""Takes the body and whether the header has the 2019 layout; None when the body is too short."""

_LOCATION = struct.Struct(">IIIIHHH6s")
_ACK = struct.Struct(">HHB")
_SOUTH, _WEST = 1 << 2, 1 << 3
_ITEM_IDS = tuple(f"0x{number:02X}" for number in range(256))
FIXED = 1 << 1
"""Status bit 1: the terminal has a fix (已定位)."""


def decode_body(msg_id: int, body: bytes, *, layout_2019: bool) -> Body:
    """Return the fields of one whole, unencrypted body; what is unknown or too short stays as `body_hex`."""
    decoder = _DECODERS.get(msg_id)
    fields = decoder(body, layout_2019) if decoder else None
    if fields is not None:
        return fields
    return {"body_hex": body.hex()} if body else {}


def location(body: bytes) -> Body | None:
    """Read a 0x0200 body (位置基本信息 and its items); coordinates in degrees, speed in km/h."""
    if len(body) < _LOCATION.size:
        return None
    alarm, status, lat, lon, altitude, speed, direction, time = _LOCATION.unpack_from(body)
    return {
        "alarm": alarm,
        "status": status,
        "fixed": bool(status & FIXED),
        "lat": (-lat if status & _SOUTH else lat) / 1e6,
        "lon": (-lon if status & _WEST else lon) / 1e6,
        "altitude_m": altitude,
        "speed_kmh": speed / 10,
        "direction": direction,
        "time_bcd": time.hex(),
        "extras": _extras(body[_LOCATION.size :]),
    }


def _extras(data: bytes) -> list[Body]:
    """Read the additional items of 0x0200: id, length, value; a truncated last one is kept as it is."""
    items: list[Body] = []
    at, size = 0, len(data)
    while at < size:
        start = at + 2
        end = start + data[at + 1] if start <= size else size + 1
        if end > size:
            items.append({"id": _ITEM_IDS[data[at]], "truncated": data[at:].hex()})
            break
        items.append({"id": _ITEM_IDS[data[at]], "len": end - start, "hex": data[start:end].hex()})
        at = end
    return items


def _string(raw: bytes) -> str:
    """Read a STRING: GBK, padded with NUL before (2019 text) or behind (2013), makers do either."""
    return sanitise(gbk(raw.strip(b"\0")))


def _secret(raw: bytes) -> str:
    """Read an authentication code: compared, never shown, so nothing but padding is taken away."""
    return gbk(raw.strip(b"\0"))


def _strings(body: bytes, at: int, widths: tuple[tuple[str, int], ...]) -> Body:
    fields: Body = {}
    for name, width in widths:
        fields[name] = _string(body[at : at + width])
        at += width
    return fields


def _widths(maker: int, model: int, terminal_id: int) -> tuple[tuple[str, int], ...]:
    return (("maker", maker), ("model", model), ("terminal_id", terminal_id))


_REGISTER_2011 = _widths(5, 8, 7)
_REGISTER_2013 = _widths(5, 20, 7)
_REGISTER_2019 = _widths(11, 30, 30)
_ATTRIBUTES_2019 = _widths(5, 30, 30)
_MAX_PLATE_COLOUR = 9


def _register(body: bytes, layout_2019: bool) -> Body | None:  # noqa: FBT001 (Decoder's shape)
    """0x0100; a 2011 body is told by its length, or by what stands where 2013 has the plate colour."""
    if len(body) < 25:
        return None
    widths = _REGISTER_2011
    if layout_2019 and len(body) >= 76:
        widths = _REGISTER_2019
    elif len(body) >= 37 and body[36] <= _MAX_PLATE_COLOUR:
        widths = _REGISTER_2013
    plate_at = 4 + sum(width for _, width in widths)
    return {
        "province": int.from_bytes(body[0:2], "big"),
        "city": int.from_bytes(body[2:4], "big"),
        **_strings(body, 4, widths),
        "plate_color": body[plate_at],
        "plate": _string(body[plate_at + 1 :]),
    }


def _authenticate(body: bytes, layout_2019: bool) -> Body:  # noqa: FBT001 (Decoder's shape)
    """0x0102; 2019 puts a length before the code, then IMEI[15] and software version[20]."""
    if layout_2019 and body and 1 + body[0] <= len(body):
        code_end = 1 + body[0]
        return {
            "auth_code": _secret(body[1:code_end]),
            "imei": _string(body[code_end : code_end + 15]),
            "software": _string(body[code_end + 15 : code_end + 35]),
        }
    return {"auth_code": _secret(body)}


def _ack(body: bytes, _: bool) -> Body | None:  # noqa: FBT001 (Decoder's shape)
    if len(body) < _ACK.size:
        return None
    serial, msg_id, result = _ACK.unpack_from(body)
    return {"ack_serial": serial, "ack_id": f"0x{msg_id:04X}", "result": result}


def _register_answer(body: bytes, _: bool) -> Body | None:  # noqa: FBT001 (Decoder's shape)
    if len(body) < 3:
        return None
    fields: Body = {"ack_serial": int.from_bytes(body[0:2], "big"), "result": body[2]}
    if body[2] == 0:
        fields["auth_code"] = _secret(body[3:])
    return fields


def _location(body: bytes, _: bool) -> Body | None:  # noqa: FBT001 (Decoder's shape)
    return location(body)


def _location_answer(body: bytes, _: bool) -> Body | None:  # noqa: FBT001 (Decoder's shape)
    fields = location(body[2:])
    return fields and {"ack_serial": int.from_bytes(body[0:2], "big"), **fields}


def _batch(body: bytes, _: bool) -> Body | None:  # noqa: FBT001 (Decoder's shape)
    """0x0704; the type stands at offset 2 (the printed table has an erratum). A bad item ends the list."""
    if len(body) < 3:
        return None
    items: list[Body] = []
    at = 3
    while at + 2 <= len(body):
        end = at + 2 + int.from_bytes(body[at : at + 2], "big")
        item = location(body[at + 2 : end]) if end <= len(body) else None
        if item is None:
            break
        items.append(item)
        at = end
    return {"count": int.from_bytes(body[0:2], "big"), "type": body[2], "items": items}


def _resend(body: bytes, layout_2019: bool) -> Body | None:  # noqa: FBT001 (Decoder's shape)
    """0x8003, 0x0005: the serial of the first package, a count (BYTE in 2013, WORD in 2019), the indexes."""
    if len(body) < 2:
        return None
    rest = body[4:] if layout_2019 else body[3:]
    indexes = [int.from_bytes(rest[at : at + 2], "big") for at in range(0, len(rest) - 1, 2)]
    return {"orig_serial": int.from_bytes(body[0:2], "big"), "rest_hex": body[2:].hex(), "indexes": indexes}


def _set_parameters(body: bytes, _: bool) -> Body:  # noqa: FBT001 (Decoder's shape)
    """0x8103: count, then the parameters."""
    return {"body_hex": body.hex(), "parameters": _parameters(body[1:])}


def _parameters_answer(body: bytes, _: bool) -> Body | None:  # noqa: FBT001 (Decoder's shape)
    """0x0104: the serial of the question, count, then the parameters."""
    if len(body) < 3:
        return None
    serial = int.from_bytes(body[0:2], "big")
    return {"body_hex": body.hex(), "ack_serial": serial, "parameters": _parameters(body[3:])}


def _parameters(data: bytes) -> list[Body]:
    """Read parameters (id DWORD, length, value); one that is cut off ends the list."""
    items: list[Body] = []
    at = 0
    while at + 5 <= len(data):
        end = at + 5 + data[at + 4]
        if end > len(data):
            break
        items.append({"id": f"0x{data[at : at + 4].hex().upper()}", "hex": data[at + 5 : end].hex()})
        at = end
    return items


def _text(body: bytes, layout_2019: bool) -> Body | None:  # noqa: FBT001 (Decoder's shape)
    """0x8300; 2019 adds the text type after the flag."""
    if len(body) < 1 + layout_2019:
        return None
    if layout_2019:
        return {"flag": body[0], "text_type": body[1], "text": _string(body[2:])}
    return {"flag": body[0], "text": _string(body[1:])}


def _answer(body: bytes, _: bool) -> Body | None:  # noqa: FBT001 (Decoder's shape)
    """0x0302: the driver picked an answer to 0x8302 (提问应答)."""
    if len(body) < 3:
        return None
    return {"ack_serial": int.from_bytes(body[0:2], "big"), "answer_id": body[2]}


def _attributes(body: bytes, layout_2019: bool) -> Body | None:  # noqa: FBT001 (Decoder's shape)
    """0x0107; the offsets printed in 2013 are wrong, the widths are right."""
    widths = _ATTRIBUTES_2019 if layout_2019 else _REGISTER_2013
    iccid_at = 2 + sum(width for _, width in widths)
    if len(body) < iccid_at + 10:
        return None
    return {
        "body_hex": body.hex(),
        "type": int.from_bytes(body[0:2], "big"),
        **_strings(body, 2, widths),
        "iccid": body[iccid_at : iccid_at + 10].hex(),
    }


def _transparent(body: bytes, _: bool) -> Body | None:  # noqa: FBT001 (Decoder's shape)
    """0x0900: data passed through; type 41/42 is a serial port, behind which a Beidou machine may stand."""
    if not body:
        return None
    return {"body_hex": body.hex(), "type": body[0], "data_hex": body[1:].hex()}


_DECODERS: Mapping[int, Decoder] = MappingProxyType(
    {
        0x0001: _ack,
        0x8001: _ack,
        0x0100: _register,
        0x8100: _register_answer,
        0x0102: _authenticate,
        0x0107: _attributes,
        0x0200: _location,
        0x0201: _location_answer,
        0x0302: _answer,
        0x0704: _batch,
        0x0900: _transparent,
        0x8900: _transparent,
        0x8103: _set_parameters,
        0x0104: _parameters_answer,
        0x8003: _resend,
        0x0005: _resend,
        0x8300: _text,
    }
)

KNOWN_MESSAGES = frozenset(_DECODERS) | {0x0002, 0x0003, 0x0004}
"""Message ids with a meaning here; the last three have no body (heart-beat, log-out, time, please)."""
