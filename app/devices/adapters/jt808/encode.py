"""Writing JT/T 808 messages: of the platform, and of the terminal for simulators and tests.

Body builders return bytes; `frames` and `encode` put them into the layout of the terminal addressed.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, tzinfo

from app.devices.adapters.jt808.bodies import FIXED
from app.devices.adapters.jt808.frame import (
    FLAG,
    MAX_BODY,
    Header,
    Terminal,
    build_frame,
    read_header,
    unescape,
)
from app.devices.adapters.jt808.meaning import CHINA_TIME
from app.devices.adapters.payload import to_gbk
from app.devices.adapters.stream import xor

TERMINAL_ACK = 0x0001
HEARTBEAT = 0x0002
REGISTER = 0x0100
AUTHENTICATE = 0x0102
LOCATION = 0x0200
LOCATION_ANSWER = 0x0201
PARAMETERS_ANSWER = 0x0104
PLATFORM_ACK = 0x8001
RESEND = 0x8003
SERVER_TIME = 0x8004
REGISTER_ANSWER = 0x8100
SET_PARAMETERS = 0x8103
QUERY_PARAMETERS = 0x8104
QUERY_LOCATION = 0x8201
CONFIRM_ALARM = 0x8203
TEXT = 0x8300

NOTHING = b""
"""The body of 0x0002, 0x0003, 0x8104 and 0x8201."""


def packages(body: bytes) -> int:
    """Return how many frames, and so how many consecutive serials, a body takes."""
    return max(1, -(-len(body) // MAX_BODY))


def frames(msg_id: int, body: bytes, *, to: Terminal, serial: int) -> list[bytes]:
    """Write a message as frames: more than one, with consecutive serials, when the body passes MAX_BODY."""
    total = packages(body)
    out = []
    for index in range(1, total + 1):
        part = body[(index - 1) * MAX_BODY : index * MAX_BODY]
        header = Header(
            msg_id=msg_id,
            body_len=len(part),
            encrypt=0,
            terminal=to,
            serial=(serial + index - 1) & 0xFFFF,
            subpackage=total > 1,
            total=total,
            index=index,
        )
        out.append(build_frame(header, part))
    return out


def encode(msg_id: int, body: bytes, *, to: Terminal, serial: int) -> bytes:
    """Write a message as the bytes to send; it takes `packages(body)` serials from `serial` on."""
    return b"".join(frames(msg_id, body, to=to, serial=serial))


def refuse(raw: bytes, *, serial: int) -> bytes | None:
    """Answer a Garbage of reason "length" with 0x8001 result 2, as the standard asks; None for other bytes.

    Its check byte is right and its header was read, its body is not to be trusted.
    """
    data = unescape(raw.strip(FLAG))
    header = read_header(data) if data and not xor(data) else None
    if header is None:
        return None
    ack = platform_ack(header.serial, header.msg_id, result=2)
    return encode(PLATFORM_ACK, ack, to=header.terminal, serial=serial)


# Platform to terminal


def platform_ack(serial: int, msg_id: int, result: int = 0) -> bytes:
    """0x8001: result 0 ok, 1 failed, 2 bad message, 3 unsupported, 4 alarm confirmed."""
    return struct.pack(">HHB", serial, msg_id, result)


def register_answer(serial: int, result: int, auth_code: str = "") -> bytes:
    """0x8100: 0 ok with code, 1 vehicle or 3 terminal already registered, 2 no such vehicle, 4 terminal."""
    return struct.pack(">HB", serial, result) + (auth_code.encode("gbk") if result == 0 else b"")


def resend(first_serial: int, indexes: Iterable[int], *, to: Terminal) -> bytes:
    """0x8003: ask for sub-packages again; the count is a BYTE in 2013 and a WORD in 2019."""
    wanted = tuple(indexes)
    count = len(wanted).to_bytes(2 if to.layout_2019 else 1, "big")
    return first_serial.to_bytes(2, "big") + count + struct.pack(f">{len(wanted)}H", *wanted)


def set_parameters(values: Mapping[int, bytes]) -> bytes:
    """0x8103: set parameters, each an id and its value of at most 255 bytes."""
    return bytes((len(values),)) + b"".join(
        struct.pack(">IB", number, len(value)) + value for number, value in values.items()
    )


def parameters_answer(serial: int, values: Mapping[int, bytes]) -> bytes:
    """0x0104: answer to 0x8104 with that serial."""
    return serial.to_bytes(2, "big") + set_parameters(values)


def server_time(now: datetime) -> bytes:
    """0x8004 (2019): the platform's time, in UTC by the standard."""
    return _bcd_time(now, UTC)


def confirm_alarm(serial: int = 0, types: int = 1) -> bytes:
    """0x8203: confirm by hand the alarm of that message (0: all of these types); bit 0 is the SOS."""
    return struct.pack(">HI", serial, types)


def text(content: str, *, to: Terminal, urgent: bool = False, speak: bool = True) -> bytes:
    """0x8300: show a text, and read it aloud if `speak`; longer than 1024 bytes some 2013 terminals cut it.

    2013: bit 0 urgent, 2 display, 3 speech. 2019: bits 0-1 hold 01 service or 10 urgent, and a type
    follows: 1 notice (通知), 2 service (服务).
    """
    flag = 1 << 2 | (1 << 3 if speak else 0)
    if to.layout_2019:
        return bytes((flag | (2 if urgent else 1), 1 if urgent else 2)) + to_gbk(content)
    return bytes((flag | (1 if urgent else 0),)) + to_gbk(content)


# Terminal to platform


def terminal_ack(serial: int, msg_id: int, result: int = 0) -> bytes:
    """0x0001: result 0 ok, 1 failed, 2 bad message, 3 unsupported."""
    return struct.pack(">HHB", serial, msg_id, result)


def register(
    *,
    to: Terminal,
    plate: str,
    maker: str = "",
    model: str = "",
    terminal_id: str = "",
    province: int = 0,
    city: int = 0,
    plate_color: int = 2,
) -> bytes:
    """0x0100 in the layout of `to` (the terminal itself); strings that are too long are cut."""
    widths = (11, 30, 30) if to.layout_2019 else (5, 20, 7)
    texts = (maker, model, terminal_id)
    padded = (to_gbk(value)[:width].ljust(width, b"\0") for value, width in zip(texts, widths, strict=True))
    return struct.pack(">HH", province, city) + b"".join(padded) + bytes((plate_color,)) + to_gbk(plate)


def authenticate(auth_code: str, *, to: Terminal, imei: str = "", software: str = "") -> bytes:
    """0x0102 in the layout of `to` (the terminal itself)."""
    code = auth_code.encode("gbk")
    if not to.layout_2019:
        return code
    tail = imei.encode("ascii")[:15].ljust(15, b"\0") + software.encode("ascii")[:20].ljust(20, b"\0")
    return bytes((len(code),)) + code + tail


def location(
    lon: float,
    lat: float,
    at: datetime,
    *,
    alarm: int = 0,
    status: int = FIXED,
    altitude_m: float = 0,
    speed_mps: float = 0,
    course_deg: float = 0,
    items: Iterable[tuple[int, bytes]] = (),
) -> bytes:
    """0x0200: WGS-84 degrees, aware time; the signs go to the status bits, `items` are (id, value) pairs."""
    status |= (1 << 2 if lat < 0 else 0) | (1 << 3 if lon < 0 else 0)
    fixed = struct.pack(
        ">IIIIHHH",
        alarm,
        status,
        round(abs(lat) * 1e6),
        round(abs(lon) * 1e6),
        max(0, round(altitude_m)),
        round(speed_mps * 36),
        round(course_deg) % 360,
    )
    extras = b"".join(bytes((key, len(value))) + value for key, value in items)
    return fixed + _bcd_time(at, CHINA_TIME) + extras


def location_answer(serial: int, location_body: bytes) -> bytes:
    """0x0201: answer to 0x8201 with that serial."""
    return serial.to_bytes(2, "big") + location_body


def _bcd_time(moment: datetime, zone: tzinfo) -> bytes:
    return bytes.fromhex(moment.astimezone(zone).strftime("%y%m%d%H%M%S"))
