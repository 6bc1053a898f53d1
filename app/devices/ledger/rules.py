"""What may stand in the register, and whether a device counts as heard: judged per kind.

Sources: domain/rules A3.1 (register), design/field.md complaint 30 ("never heard" is not "lost"; a device
that vanishes is told, with its age).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

DeviceState = Literal["never_heard", "live", "silent", "off"]
_MINUTES, _DAYS = timedelta(minutes=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of device: its names, and for how long its silence says nothing."""

    zh: str
    en: str
    silent_after: timedelta


# A vehicle reports every ten seconds, a radio renews its registration, a satellite phone lies in a drawer
# and is heard at its weekly test: the limit is the time in which a working one is always heard.
KINDS: Mapping[str, Kind] = {
    "vehicle_terminal": Kind("车载终端", "vehicle terminal", 10 * _MINUTES),
    "field_phone": Kind("手机 app", "field phone", 10 * _MINUTES),
    "gateway": Kind("接入网关", "gateway", 3 * _MINUTES),
    "radio_370": Kind("370MHz 电台", "370 MHz radio", 30 * _MINUTES),
    "repeater": Kind("中转台", "repeater", 30 * _MINUTES),
    "beidou_terminal": Kind("北斗终端", "Beidou terminal", 8 * _DAYS),
    "satellite_phone": Kind("卫星电话", "satellite phone", 8 * _DAYS),
    "sbd_terminal": Kind("铱星终端", "Iridium SBD terminal", 8 * _DAYS),
    "broadcast_terminal": Kind("广播终端", "broadcast terminal", 8 * _DAYS),
    "conference_room": Kind("视频会议室", "conference room", 2 * _DAYS),
    "video_backhaul": Kind("图传背包", "video backpack", 31 * _DAYS),
    "uav": Kind("无人机", "drone", 31 * _DAYS),
    "tower_camera": Kind("铁塔摄像机", "tower camera", 2 * _DAYS),
    "other": Kind("其他设备", "other device", 8 * _DAYS),
}

# How a device speaks, and what it is unless somebody knows better.
FAMILIES: Mapping[str, str] = {
    "hdap": "radio_370",
    "rdss21": "beidou_terminal",
    "rdss40": "beidou_terminal",
    "rsmc": "beidou_terminal",
    "jt808": "vehicle_terminal",
    "satphone": "satellite_phone",
    "sbd": "sbd_terminal",
    "gateway": "gateway",
    "app": "field_phone",
    "repeater": "repeater",
    "uav": "uav",
    "dji": "uav",
    "mavlink": "uav",
    "video_backhaul": "video_backhaul",
    "tower_camera": "tower_camera",
    "conference_room": "conference_room",
    "broadcast": "broadcast_terminal",
}


def kind_of(kind: str) -> Kind:
    """Return what is known of a kind; a word nobody knows is treated as `other`."""
    return KINDS.get(kind, KINDS["other"])


@dataclass(frozen=True, slots=True)
class Vouched:
    """What a network says of a device: the connection of a gateway (its broker knows), and how often the
    registration of a radio is renewed while it is registered.
    """

    connection: str = ""  # online | offline | unknown, "" for what has none
    renew_s: float | None = None


NOBODY = Vouched()


def vouched_by(facts: Mapping[str, object]) -> Vouched:
    """Read what is vouched for out of a device's facts; what is no such fact says nothing."""
    renew_s = facts.get("renew_s") if facts.get("online") is True else None
    renews = isinstance(renew_s, int | float) and not isinstance(renew_s, bool)
    return Vouched(str(facts.get("connection") or ""), float(renew_s) if renews else None)  # type: ignore[arg-type]


RENEWALS_MISSED = 2  # a network renews a registration in time, or the radio is gone
_LONGEST_RENEWAL_S = 86_400.0


def silent_after(kind: str, vouched: Vouched = NOBODY) -> timedelta:
    """Return for how long a device may say nothing."""
    renewed = RENEWALS_MISSED * timedelta(seconds=min(max(vouched.renew_s or 0, 0), _LONGEST_RENEWAL_S))
    return max(kind_of(kind).silent_after, renewed)


def device_state(
    kind: str, heard_at: datetime | None, now: datetime, *, active: bool, vouched: Vouched = NOBODY
) -> DeviceState:
    """Say in one word how a device stands. One that was never heard is not lost: it never was there.

    A gateway that its broker holds is live however little it has to say.
    """
    if not active:
        return "off"
    if heard_at is None:
        return "never_heard"
    if vouched.connection in ("online", "offline"):
        return "live" if vouched.connection == "online" else "silent"
    return "live" if now - heard_at <= silent_after(kind, vouched) else "silent"


@dataclass(frozen=True, slots=True)
class NumberForm:
    """How the numbers of a family are written."""

    pattern: re.Pattern[str]
    zh: str
    en: str
    at_most: int | None = None  # the greatest value, for what is a number on the wire


_WORD = NumberForm(
    re.compile(r"[0-9A-Za-z._:@/-]{1,64}"),
    "应为 1–64 个字母、数字或 . _ : @ / -",
    "must be 1 to 64 letters, digits or . _ : @ / -",
)
_CARD = NumberForm(
    re.compile(r"[1-9][0-9]{0,7}"),
    "应为十进制北斗卡号(不带前导零,不超过 16777214)",
    "must be a decimal card number without leading zeros, at most 16777214",
    0xFFFFFE,
)
FORMS: Mapping[str, NumberForm] = {
    "hdap": NumberForm(
        re.compile(r"[1-9][0-9]{0,7}"),
        "应为十进制电台号(1–16776415)",
        "must be a decimal radio id from 1 to 16776415",
        16_776_415,  # ETSI TS 102 361-1 annex A: above are gateways and the all-unit id
    ),
    "rdss21": _CARD,
    "rdss40": _CARD,
    "rsmc": _CARD,
    "jt808": NumberForm(
        re.compile(r"[1-9][0-9]{0,19}"),
        "应为终端手机号(不带前导零,最多 20 位)",
        "must be the terminal's phone number without leading zeros, at most 20 digits",
    ),
    "satphone": NumberForm(
        re.compile(r"[1-9][0-9]{4,14}"),
        "应为不带 + 的号码(5–15 位数字)",
        "must be the number without +, 5 to 15 digits",
    ),
    "sbd": NumberForm(re.compile(r"[0-9]{15}"), "应为 15 位 IMEI", "must be an IMEI of 15 digits"),
    "mavlink": NumberForm(
        re.compile(r"[1-9][0-9]{0,2}"),
        "应为 MAVLink 系统号(1–255)",
        "must be a MAVLink system id, 1 to 255",
        255,
    ),
    "dji": NumberForm(
        re.compile(r"[A-Za-z0-9_-]{1,64}"), "应为大疆设备序列号", "must be a DJI serial number"
    ),
    "broadcast": NumberForm(
        re.compile(r"[0-9]{23}"), "应为 23 位应急广播资源编码", "must be a resource code of 23 digits"
    ),
}


def number_fault(family: str, number: str) -> tuple[str, str] | None:
    """Return in both languages why this cannot be a number of the family, or None."""
    form = FORMS.get(family, _WORD)
    if form.pattern.fullmatch(number) is None or (form.at_most and int(number) > form.at_most):
        return (form.zh, form.en)
    return None
