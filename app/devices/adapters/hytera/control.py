"""RCP: calls and who talks, radio checks, subscriptions (§2.8); little endian, ids without subnet.

Seen on devices: calls, buttons, B843, B844, B845, 10C9, 1847, 00E7, 0452. Not seen: 0833 and its answer,
0834, 0849, 084A, whatever is an emergency. The last three are read, and never written: to silence a radio
or to open its microphone is not this program's to do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from app.devices.adapters.hytera.frame import RCP, build
from app.devices.adapters.hytera.layout import Cursor, Layout, optional, radio_ip, u8, u16, u32

CHECK, CHECK_ACK, SUBSCRIBE, SUBSCRIBE_REPLY = 0x0833, 0x8833, 0x10C9, 0x80C9
TX_STATUS, RX_STATUS, REPEATER_STATUS, STATUS_REPORT = 0xB843, 0xB844, 0xB845, 0xB0C8
OWN_ID, OWN_ID_REPLY, COPY_MESSAGES, COPY_MESSAGES_REPLY = 0x0452, 0x8452, 0x1847, 0x8847

CALL_TYPES = MappingProxyType(
    {
        0: "private",
        1: "group",
        2: "all",
        3: "emergency_group",
        4: "remote_monitor",
        5: "emergency_alarm",
        # One source of three numbers these three 5, 6, 7.
        6: "priority_private",
        7: "priority_group",
        8: "priority_all",
        12: "emergency_alarm_call",
    }
)
EMERGENCIES = frozenset(("emergency_group", "emergency_alarm", "emergency_alarm_call"))

_TARGET = (("target", u32),)
_RESULT_TARGET = (("result", u8), ("target", u32))
_RESULT = (("result", u8),)


def _call_type(column: Callable[[Cursor], int]) -> Callable[[Cursor], str]:
    def read(cursor: Cursor) -> str:
        number = column(cursor)
        return CALL_TYPES.get(number, f"type_{number}")

    return read


def _pairs(second: Callable[[Cursor], int]) -> Callable[[Cursor], list[list[int]]]:
    """Return a column of n times (u8, value): settings or states by their number."""
    return lambda cursor: [[u8(cursor), second(cursor)] for _ in range(min(u8(cursor), cursor.left))]


MESSAGES: Mapping[int, Layout] = MappingProxyType(
    {
        0x0004: Layout("ident_request"),
        0x0041: Layout("button_request", (("key", u8), ("operation", u8))),
        0x8041: Layout("button_reply", (("result", u32), ("key", u32), ("operation", u32))),
        0x0841: Layout("call_request", (("call_type", _call_type(u8)), *_TARGET)),
        0x8841: Layout("call_reply", _RESULT),
        0x0842: Layout("clear_target"),
        0x8842: Layout("clear_target_reply", _RESULT),
        SUBSCRIBE: Layout("status_broadcast_subscribe", (("settings", _pairs(u8)),)),
        SUBSCRIBE_REPLY: Layout("status_broadcast_reply", _RESULT),
        COPY_MESSAGES: Layout("msg_broadcast_config", (("mask", u32), ("reserved", optional(u32)))),
        COPY_MESSAGES_REPLY: Layout("msg_broadcast_config_reply", _RESULT),
        TX_STATUS: Layout(
            "tx_status", (("process", u16), ("source", u16), ("call_type", _call_type(u16)), *_TARGET)
        ),
        RX_STATUS: Layout(
            "rx_status", (("process", u16), ("call_type", _call_type(u16)), *_TARGET, ("sender", u32))
        ),
        REPEATER_STATUS: Layout(
            "repeater_status",
            (
                ("mode", u16),
                ("status", u16),
                ("service_type", u16),
                ("call_type", _call_type(u16)),
                *_TARGET,
                ("sender", u32),
            ),
        ),
        CHECK: Layout("radio_check", _TARGET),
        CHECK_ACK: Layout("radio_check_ack", _RESULT_TARGET),
        0x0834: Layout("remote_monitor", _TARGET),
        0x8834: Layout("remote_monitor_ack", _RESULT_TARGET),
        0x0835: Layout("alert_call", _TARGET),
        0x8835: Layout("alert_call_ack", _RESULT_TARGET),
        0x0849: Layout("radio_disable", _TARGET),
        0x8849: Layout("radio_disable_ack", _RESULT_TARGET),
        0x084A: Layout("radio_enable", _TARGET),
        0x884A: Layout("radio_enable_ack", _RESULT_TARGET),
        0x10C7: Layout("status_change_subscribe", (("settings", _pairs(u8)),)),
        0x80C7: Layout("status_change_reply", _RESULT),
        STATUS_REPORT: Layout("radio_status_report", (("target", u8), ("value", u16))),
        0x00E7: Layout("channel_status_request", (("what", u8), ("value_type", u8))),
        0x80E7: Layout(
            "channel_status_reply",
            (*_RESULT, ("items", _pairs(lambda cursor: cursor.number(4, signed=True)))),
        ),
        OWN_ID: Layout("id_ip_request", (("what", u8),)),
    }
)
_OWN_ID = Layout("id_ip_reply", (*_RESULT, ("what", u8), ("value", u32)))
_OWN_IP = Layout("id_ip_reply", (*_RESULT, ("what", u8), ("value", radio_ip)))


def layout(opcode: int, payload: bytes) -> Layout | None:
    """Return how an RCP message reads; the answer to "who are you" depends on what was asked."""
    if opcode == OWN_ID_REPLY:
        return _OWN_IP if payload[1:2] == b"\x01" else _OWN_ID
    return MESSAGES.get(opcode)


def subscribe() -> bytes:
    """Ask to be told who talks: our own transmissions, those we receive, those that are repeated."""
    return build(RCP, SUBSCRIBE, bytes((3, 0, 1, 1, 1, 2, 1)))


def copy_messages() -> bytes:
    """Ask for a copy of texts and short data between radios (mask 3)."""
    return build(RCP, COPY_MESSAGES, (3).to_bytes(4, "little") + bytes(4))


def own_id() -> bytes:
    """Ask a radio on a cable for its own id."""
    return build(RCP, OWN_ID, b"\0")


def radio_check(radio: int) -> bytes:
    """Ask whether a radio can be reached. No public capture shows this frame: send it only where allowed."""
    if not 0 < radio < 1 << 24:
        raise ValueError(f"{radio} is no radio id")
    return build(RCP, CHECK, radio.to_bytes(4, "little"))


def radio_check_ack(radio: int, result: int = 0) -> bytes:
    """Answer a radio check, for simulators: 0 reached."""
    return build(RCP, CHECK_ACK, bytes((result,)) + radio.to_bytes(4, "little"))


def repeater_status(status: int, call_type: int, target: int, sender: int, *, service: int = 1) -> bytes:
    """Report a repeater's status, for simulators: 0 repeating, 1 hang, 4 channel hang, 5 sleep."""
    numbers = (1, status, service, call_type)
    return build(
        RCP,
        REPEATER_STATUS,
        b"".join(number.to_bytes(2, "little") for number in numbers)
        + target.to_bytes(4, "little")
        + sender.to_bytes(4, "little"),
    )
