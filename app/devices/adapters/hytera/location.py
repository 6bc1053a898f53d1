"""LP: where radios are (§2.6). A001, A002, A003, D001 and D004 were seen on devices, the others were not."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from app.devices.adapters.hytera.frame import LP, build
from app.devices.adapters.hytera.gps import read_gps
from app.devices.adapters.hytera.layout import (
    Column,
    Layout,
    digits,
    i16,
    ip,
    optional,
    radio_ip,
    u8,
    u16,
    u32,
)
from app.devices.adapters.hytera.registration import SUBNET

IMMEDIATE, REPORT, REPORT_RSSI, EMERGENCY = 0xA001, 0xA002, 0xA003, 0xB003
RESULTS = MappingProxyType({0: "", 6: "no_position", 0x69: "format"})

_WHO: tuple[Column, ...] = (("request_id", u32), ("radio", radio_ip))
_RESULT: tuple[Column, ...] = (*_WHO, ("result", u16))
# A refusal may end after the result: there is nothing to be said of a place.
_PLACE: tuple[Column, ...] = (("gps", optional(read_gps)),)
_RSSI: tuple[Column, ...] = (("rssi_dbm", optional(i16)),)
_SPAN: tuple[Column, ...] = (("start", digits(14)), ("stop", digits(14)), ("interval_ddhhmmss", digits(8)))

MESSAGES: Mapping[int, Layout] = MappingProxyType(
    {
        IMMEDIATE: Layout("immediate_request", _WHO),
        REPORT: Layout("immediate_report", (*_RESULT, *_PLACE)),
        REPORT_RSSI: Layout("immediate_report_rssi", (*_RESULT, *_PLACE, *_RSSI)),
        0xB001: Layout("emergency_stop_request", _WHO),
        0xB002: Layout("emergency_stop_answer", _RESULT),
        EMERGENCY: Layout(
            "emergency_report", (("radio", radio_ip), ("emergency_type", u8), ("gps", optional(read_gps)))
        ),
        0xC001: Layout("triggered_request", (*_WHO, *_SPAN)),
        0xC002: Layout("triggered_answer", _RESULT),
        0xC003: Layout("triggered_report", (*_WHO, ("remaining", digits(8)), ("gps", read_gps))),
        0xC004: Layout("triggered_stop_request", _WHO),
        0xC005: Layout("triggered_stop_answer", _RESULT),
        0xD001: Layout(
            "condition_request",
            (
                *_WHO,
                ("trigger", u8),
                ("distance_m", u32),
                *_SPAN,
                ("max_interval_ddhhmmss", digits(8)),
            ),
        ),
        0xD002: Layout("condition_answer", _RESULT),
        0xD003: Layout("condition_report", (*_WHO, ("gps", read_gps))),
        0xD004: Layout("condition_report_rssi", (*_RESULT, *_PLACE, *_RSSI)),
    }
)


def immediate_request(request_id: int, radio: int, *, subnet: int = SUBNET) -> bytes:
    """Ask a radio where it is, now."""
    return build(LP, IMMEDIATE, request_id.to_bytes(4, "big") + ip(radio, subnet))


def immediate_report(
    request_id: int, radio: int, gps: bytes, *, result: int = 0, subnet: int = SUBNET
) -> bytes:
    """Answer where a radio is; `gps` are the forty characters of `write_gps`."""
    payload = request_id.to_bytes(4, "big") + ip(radio, subnet) + result.to_bytes(2, "big") + gps
    return build(LP, REPORT, payload)


def emergency_report(radio: int, gps: bytes, *, kind: int = 1, subnet: int = SUBNET) -> bytes:
    """Report a place in an emergency: the SOS key was pressed. No public capture shows this frame."""
    return build(LP, EMERGENCY, ip(radio, subnet) + bytes((kind,)) + gps)
