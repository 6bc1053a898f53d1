"""The sheet for when power fails: everything open on one or two pages, one file an hour."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.desk.papersheet.folder import kept
from app.desk.papersheet.keeper import PaperKeeper, sheet_now
from app.desk.papersheet.paper import sheet_of
from app.desk.papersheet.pdf import sheet_pdf
from tests.api.desk import problem
from tests.dark.county import HEAD, Dark
from tests.world import STREAM, ZONE

pytestmark = pytest.mark.database


def pages_of(content: bytes) -> int:
    assert content.startswith(b"%PDF")
    return len(re.findall(rb"/Type /Page\b(?!s)", content))


async def test_the_sheet_tells_what_is_open_and_who_is_out_of_contact(dark: Dark) -> None:
    await dark.world.send()
    secret = await dark.world.incident(region_code=HEAD, title="另案", lon=None, lat=None)
    await dark.world.run(
        "UPDATE incident SET readers = '{person:1}', restricted = true WHERE id = :id", id=secret.id
    )
    await dark.fall_silent("洲头乡")
    sheet = await dark.world.do(lambda tx: sheet_now(tx, STREAM, dark.now, ZONE))
    said = "".join([*sheet.facts, *(cell for part in sheet.sections for row in part.rows for cell in row)])
    for words in ("东岸村溺水", "江河救援队", "洲头乡", "全部无应答", "2025年07月02日 20:36", "13800000001"):
        assert words in said, words
    assert "另案" not in said and secret.number in said
    answer = await dark.desk.get("officer", "/api/paper-sheets/now.pdf")
    assert answer.status_code == 200
    assert pages_of(answer.content) == 1


async def test_a_sheet_lies_in_the_folder_each_hour_and_old_ones_go(dark: Dark, tmp_path: Path) -> None:
    keeper = PaperKeeper(dark.world.database, dark.world.clock, STREAM, ZONE, tmp_path, "", 2)
    first = await keeper.look()
    assert first == tmp_path / "2025-07-02" / "20.pdf"
    assert await keeper.look() is None, "one an hour"
    for _ in range(5):
        dark.world.later(hours=1)
        assert await keeper.look() is not None
    assert [(day, hour) for day, hour, _ in kept(tmp_path)] == [
        ("2025-07-03", "01"),
        ("2025-07-03", "00"),
        ("2025-07-02", "23"),
    ]


async def test_a_township_and_a_path_out_of_the_folder_are_refused(dark: Dark) -> None:
    problem(await dark.desk.get("east", "/api/paper-sheets/now.pdf"), 403, "not_permitted")
    problem(await dark.desk.get("officer", "/api/paper-sheets/2025-07-02/09.pdf"), 404, "not_found")
    assert (await dark.desk.get("officer", "/api/paper-sheets/..%2F..%2Fetc/09.pdf")).status_code in (
        404,
        422,
    )


def test_a_bad_night_fits_on_two_pages() -> None:
    assert pages_of(bad_night()) == 2


def bad_night() -> bytes:
    """Return the sheet of a night with much of everything."""
    now = datetime(2025, 7, 2, 14, 0, tzinfo=UTC)
    out: list[dict[str, Any]] = [
        {
            "name_zh": f"洲{n}乡",
            "phone": f"0795-730{n:04}",
            "state": "lost" if n % 2 else "limited",
            "means": [] if n % 2 else ["radio_370"],
            "heartbeat_at": now - timedelta(minutes=90),
            "owner": "刘海",
            "frozen": {
                "incidents": [f"SJ-20250702-00{n} 洲{n}乡滑坡"],
                "shelter_heads": 23,
                "last_words": "房倒2 伤1 路断 需医",
            },
        }
        for n in range(6)
    ]
    incidents = [
        {
            "number": f"SJ-20250702-0{n:02}",
            "title": f"临溪镇东岸村第{n}组山洪围困群众",
            "initial_level": 1 + n % 4,
            "place": "临溪镇东岸村",
            "opened_at": now - timedelta(minutes=n),
            "sealed": False,
            "casualties": {"trapped": n, "evacuated": 12},
        }
        for n in range(14)
    ]
    teams = [
        {
            "number": f"SJ-20250702-0{n:02}",
            "team": f"第{n}镇综合应急救援队",
            "call_sign": f"综{n}",
            "state": ("dispatched", "en_route", "on_scene")[n % 3],
            "assigned_at": now - timedelta(minutes=n),
            "due_at": now + timedelta(minutes=n - 5),
            "people": 12,
            "leader": "王大山",
            "phone": "13800001234",
        }
        for n in range(16)
    ]
    orders = [
        {
            "number": f"樟应指令〔2025〕{n}号",
            "title": "立即转移危房群众并每小时报告",
            "name": f"第{n}镇人民政府",
            "state": "sent",
            "due_at": now,
        }
        for n in range(10)
    ]
    matters = [
        {"kind": "clock", "text": "续报二须报市政府总值班室", "due_at": now + timedelta(minutes=n)}
        for n in range(6)
    ]
    messengers = [
        {
            "messenger": "民兵赵刚",
            "phone": "13900001111",
            "places": "洲头村、洲尾村",
            "words": "核实人数并带回名单",
            "left_at": now,
            "expected_at": now,
            "overdue": False,
        }
        for _ in range(3)
    ]
    posts = [{"name_zh": f"第{n}镇值班室", "phone": f"0795-73{n:05}", "kind": "township"} for n in range(36)]
    found: dict[str, Any] = {
        "out": out,
        "incidents": incidents,
        "assignments": teams,
        "orders": orders,
        "matters": matters,
        "status": [{"title": "各乡镇转移人数", "due_at": now, "silent": 5, "asked": 22}],
        "messengers": messengers,
        "posts": posts,
        "terminals": [{"label": "中心天通", "kind": "satellite_phone", "number": "17400001111"}],
    }
    return sheet_pdf(sheet_of(found, "公网中断(21:10起)", "刘海 13800000000", now, ZONE))
