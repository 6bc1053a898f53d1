"""RRS: radios register and leave; DDS: the fate of a message (§2.5, §2.9). Seen on devices: all but 0001."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from app.devices.adapters.hytera.frame import RRS, SERVICES, build
from app.devices.adapters.hytera.layout import Cursor, Fields, Layout, ip, radio_ip, read_columns, u8, u32

REGISTER, DEREGISTER, ONLINE_CHECK, REGISTER_ACK, ONLINE_ANSWER = 0x0003, 0x0001, 0x0002, 0x0080, 0x0082
SUBNET = 10
"""The subnet byte of a RadioIP unless the radios were programmed otherwise."""

_RADIO = (("radio", radio_ip),)

MESSAGES: Mapping[int, Layout] = MappingProxyType(
    {
        REGISTER: Layout("register", _RADIO),
        DEREGISTER: Layout("deregister", _RADIO),
        ONLINE_CHECK: Layout("online_check", _RADIO),
        REGISTER_ACK: Layout("register_ack", (*_RADIO, ("result", u8), ("renew_s", u32))),
        ONLINE_ANSWER: Layout("online_answer", (*_RADIO, ("offline", u8))),
    }
)


def read_delivery_state(opcode: int, cursor: Cursor) -> Fields | None:
    """Read DDS: the fate of a message of another service; the opcode's low byte names that service."""
    layout = Layout(
        "delivery_state",
        (
            ("radio", radio_ip),
            ("about_opcode", lambda c: f"0x{c.number(2):04X}"),
            ("result", u8),
        ),
    )
    fields = read_columns(layout, cursor)
    if fields is not None:
        fields["about_service"] = SERVICES.get(opcode & 0xFF, f"0x{opcode & 0xFF:02X}")
    return fields


def register(radio: int, *, subnet: int = SUBNET) -> bytes:
    """Write what a radio says when it comes up."""
    return build(RRS, REGISTER, ip(radio, subnet))


def deregister(radio: int, *, subnet: int = SUBNET) -> bytes:
    """Write what a radio says when it is switched off."""
    return build(RRS, DEREGISTER, ip(radio, subnet))


def register_ack(radio: int, renew_s: int, *, result: int = 0, subnet: int = SUBNET) -> bytes:
    """Answer a registration: 0 ok, 1 failure; the radio registers again before `renew_s` is over."""
    return build(RRS, REGISTER_ACK, ip(radio, subnet) + bytes((result,)) + renew_s.to_bytes(4, "big"))


def online_check(radio: int, *, subnet: int = SUBNET) -> bytes:
    """Ask whether a radio is still there."""
    return build(RRS, ONLINE_CHECK, ip(radio, subnet))


def online_answer(radio: int, *, offline: bool = False, subnet: int = SUBNET) -> bytes:
    """Answer an online check."""
    return build(RRS, ONLINE_ANSWER, ip(radio, subnet) + bytes((offline,)))
