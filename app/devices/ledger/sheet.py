"""The register as an Excel sheet: its columns, and how a device stands in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from app.devices.ledger.facts import DeviceOut
from app.devices.ledger.rules import KINDS
from app.sheets import Cell, Sheet, read_book, write_book

# What may be changed by a sheet; the order is that of the columns.
HEADERS: Mapping[str, str] = {
    "kind": "设备类型",
    "family": "通信方式",
    "number": "号码",
    "printed_number": "机身编号",
    "label": "名称",
    "region": "地区",
    "holder": "保管人",
    "phone": "保管人电话",
    "team": "队伍",
    "lon": "经度",
    "lat": "纬度",
    "coverage_km": "覆盖半径km",
    "talk_groups": "通话组",
    "note": "备注",
    "active": "启用",
}
# What only the house knows: written, never read.
TOLD: Sequence[str] = ("状态", "最近通联", "电量%", "调试状态", "最近调试")
_STATES = {"never_heard": "从未通联", "live": "在线", "silent": "失联", "off": "停用"}
_TESTS = {
    "ok": "合格",
    "due": "到期",
    "overdue": "超期",
    "failed": "不合格",
    "running": "调试中",
    "untested": "未调试",
    "exempt": "免调试",
}
_WIDTHS = (14, 10, 24, 16, 20, 26, 12, 16, 24, 10, 10, 10, 16, 30, 6)


def write_sheet(devices: Iterable[DeviceOut], zone: ZoneInfo) -> bytes:
    """Return the register as xlsx."""
    rows = (_written(device, zone) for device in devices)
    return write_book("设备台账", (*HEADERS.values(), *TOLD), _WIDTHS, rows)


def read_sheet(data: bytes) -> Sheet:
    """Return the rows of the first worksheet. Raises InvalidInput for what is no such sheet."""
    return read_book(data, HEADERS, ("family", "number"))


def _written(device: DeviceOut, zone: ZoneInfo) -> list[Cell]:
    return [
        KINDS[device.kind].zh if device.kind in KINDS else "",
        device.family,
        device.number,
        device.printed_number,
        device.label,
        device.region_path,
        device.holder_name,
        device.holder_phone,
        device.team_name,
        device.lon,
        device.lat,
        device.coverage_km,
        "、".join(device.talk_groups),
        device.note,
        "是" if device.active else "否",
        _STATES[device.state],
        _time(device.last_heard_at, zone),
        device.battery_pct,
        _TESTS[device.test.state],
        _time(device.test.at, zone),
    ]


def _time(at: datetime | None, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M") if at else ""
