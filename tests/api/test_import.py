"""The register leaves as a sheet and comes back: looked at first, all of it or nothing, within the scope."""

from __future__ import annotations

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from app.devices.ledger.sheet import HEADERS
from app.journal.export.proof import check
from app.sheets import MEDIA_TYPE
from tests.api.desk import Desk, problem
from tests.devices.test_sheet import sheet_of
from tests.world import EAST, EAST_BANK, STREAM, WEST

pytestmark = pytest.mark.database
NEW = [None, "hdap", 370101, None, "东镇1", EAST, "江队长", 13800000001, "江河救援队"]


async def send(desk: Desk, data: bytes, *, apply: bool, who: str = "admin") -> Any:
    headers = {"Cookie": f"zhishou_session=token-{who}", "Content-Type": MEDIA_TYPE}
    path = f"/api/devices/import?apply={str(apply).lower()}"
    return await desk.client.post(path, content=data, headers=headers)


async def exported(desk: Desk, who: str = "admin") -> list[list[Any]]:
    answer = await desk.get(who, "/api/devices/export.xlsx")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == MEDIA_TYPE
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    return [list(row) for row in sheet.iter_rows(values_only=True)]


async def test_a_sheet_is_looked_at_first_and_changes_nothing_until_it_is_applied(desk: Desk) -> None:
    data = sheet_of(NEW, [None, "jt808", 13900000001, None, "江一车载", EAST_BANK])
    told = (await send(desk, data, apply=False)).json()
    assert (told["applied"], told["created"], told["amended"], told["faults"]) == (False, 1, 1, [])
    assert told["rows"][1]["changed"] == ["holder_id", "region_code", "team_id"]  # empty cells take away
    assert len(await desk.read("admin", "/api/devices")) == 4
    assert await desk.world.types() == []
    told = (await send(desk, data, apply=True)).json()
    assert (told["applied"], told["created"], told["amended"]) == (True, 1, 1)
    by_number = {d["number"]: d for d in await desk.read("admin", "/api/devices")}
    entered = by_number["370101"]
    assert (entered["holder_id"], entered["team_id"], entered["kind"]) == (1, 1, "radio_370")
    assert by_number["13900000001"]["region_code"] == EAST_BANK
    (event,) = await desk.world.events()
    assert (event["type"], event["created"], event["amended"]) == ("device.imported", 1, 1)
    assert event["device_ids"] == sorted([entered["id"], 1])
    told = (await send(desk, data, apply=True)).json()
    assert (told["unchanged"], told["created"], told["amended"]) == (2, 0, 0)
    assert len(await desk.world.types()) == 1


async def test_a_sheet_says_who_took_it_out_and_where_the_journal_stood(desk: Desk) -> None:
    await send(desk, sheet_of(NEW), apply=True)
    data = (await desk.get("admin", "/api/devices/export.xlsx?x=东 镇")).content
    found = check(data)
    assert await desk.world.types() == ["device.imported", "personal.read"]  # the second says who took it
    (stood,) = await desk.world.rows("SELECT hash FROM journal WHERE stream = :of AND seq = 1", of=STREAM)
    assert (found.verdict, found.rows, found.key) == ("whole", 1 + 5, "")
    assert found.parts["journal"] == f"{STREAM} 1"
    assert found.parts["journal_hash"] == f"sha256 {stood['hash'].hex()}"
    assert found.parts["asked"] == "/api/devices/export.xlsx?x=东 镇"
    assert found.parts["exported_by"].endswith(" (admin)")
    # … and comes back as it left: the proof is not in the first worksheet.
    told = (await send(desk, data, apply=False)).json()
    assert (told["faults"], told["created"], told["amended"]) == ([], 0, 0)


async def test_one_bad_cell_and_nothing_is_taken(desk: Desk) -> None:
    data = sheet_of(NEW, [None, "hdap", "0x5", None, "东镇2", EAST])
    told = (await send(desk, data, apply=False)).json()
    assert [fault["cell"] for fault in told["faults"]] == ["C3"]
    assert told["faults"][0]["zh"]
    assert told["faults"][0]["en"]
    refused = problem(await send(desk, data, apply=True), 422, "invalid_input")
    assert [fault["name"] for fault in refused["fields"]] == ["C3"]
    assert len(await desk.read("admin", "/api/devices")) == 4


async def test_columns_that_are_not_in_the_sheet_stay_as_they_are(desk: Desk) -> None:
    data = sheet_of(["jt808", "13900000001", "修过天线"], headers=["通信方式", "号码", "备注"])
    assert (await send(desk, data, apply=True)).json()["amended"] == 1
    shown = await desk.read("admin", "/api/devices/1")
    assert (shown["note"], shown["label"], shown["team_id"]) == ("修过天线", "江一车载", 1)
    new = sheet_of(["hdap", "370101", "x"], headers=["通信方式", "号码", "备注"])
    assert [f["cell"] for f in (await send(desk, new, apply=False)).json()["faults"]] == ["B2"]


async def test_what_was_exported_comes_back_unchanged(desk: Desk) -> None:
    answer = await desk.get("admin", "/api/devices/export.xlsx")
    told = (await send(desk, answer.content, apply=True)).json()
    assert (told["unchanged"], told["created"], told["amended"], told["faults"]) == (4, 0, 0, [])


async def test_each_exports_the_own_part_and_only_keepers_import_there(desk: Desk) -> None:
    assert (await exported(desk))[0][: len(HEADERS)] == list(HEADERS.values())
    assert len(await exported(desk, "officer")) == 5
    assert [row[2] for row in (await exported(desk, "west"))[1:]] == ["13900000002"]
    problem(await desk.get("crew", "/api/devices/export.xlsx"), 403, "not_permitted")
    for who in ("officer", "east", "auditor", "crew"):
        problem(await send(desk, sheet_of(NEW), apply=True, who=who), 403, "not_permitted")
    await desk.world.run("UPDATE account SET scope = :scope WHERE username = 'admin'", scope=EAST[:9])
    west = sheet_of(
        [None, "hdap", 370201, None, "西镇1", WEST], [None, "jt808", 13900000002, None, "偷来的车", EAST]
    )
    assert [f["cell"] for f in (await send(desk, west, apply=False)).json()["faults"]] == ["F2", "C3"]
    assert (await send(desk, sheet_of(NEW), apply=True)).json()["created"] == 1


async def test_what_is_no_sheet_or_too_large_is_refused(desk: Desk) -> None:
    problem(await send(desk, b"hello", apply=False), 422, "invalid_input")
    problem(await send(desk, b"x" * (2 * 1024 * 1024 + 1), apply=False), 413, "too_large")
    assert (await send(desk, b"x" * (1024 * 1024 + 1), apply=False)).status_code == 422
