"""Teams, equipment and experts for the tests of the register, and sheets of them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

from tests.api.desk import Desk
from tests.world import COUNTY, EAST, RIVER

BOAT: dict[str, Any] = {"kind": "assault_boat", "name": "冲锋舟1号", "number": "ZB-001", "team_id": RIVER}
TEAM: dict[str, Any] = {
    "name_zh": "东镇民兵应急连",
    "call_sign": "民一",
    "kind": "militia",
    "region_code": EAST,
    "phone": "0799-5550101",
    "strength": 30,
    "standby_strength": 6,
    "capabilities": ["evacuation", "boat"],
    "leader_id": 2,
}
EXPERT: dict[str, Any] = {
    "name_zh": "沈知远",
    "sector": "flood",
    "speciality": "堤防险情",
    "workplace": "示例水利学院",
    "phone": "19600009001",
    "region_code": COUNTY,
}


async def made(desk: Desk, path: str, told: dict[str, Any], who: str = "lead") -> dict[str, Any]:
    """Return an entry just made."""
    answer = await desk.post(who, path, told)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def put(desk: Desk, path: str, told: dict[str, Any], who: str = "lead") -> Any:
    """Write an entry anew."""
    return await desk.ask(who, "PUT", path, told)


async def repair(desk: Desk, piece: dict[str, Any], readiness: str = "in_repair") -> dict[str, Any]:
    """Say that a piece is in repair."""
    told = {"readiness": readiness, "reason": "发动机故障", "revision": piece["revision"]}
    answer = await desk.post("officer", f"/api/equipment/{piece['id']}/readiness", told)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def sheet_of(headers: Sequence[str], *rows: Sequence[object]) -> bytes:
    """Return an xlsx with these rows below the headers."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (headers, *rows):
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
