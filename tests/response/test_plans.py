"""The register of plans through the public API: versions with files, what runs out, sheets, cards, scope."""

from __future__ import annotations

import io
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from app.response.plan.plan_sheet import HEADERS
from app.response.plan.shipped import shipped_cards
from tests.response.war_room import PLANS, WarRoom
from tests.world import COUNTY, EAST

pytestmark = pytest.mark.database
PLAN = {
    "kind": "special",
    "name_zh": "防汛预案",
    "hazards": ["11A"],
    "owner_name": "市水利局",
    "region_code": COUNTY,
}


def sheet_of(*rows: tuple[Any, ...]) -> bytes:
    book = Workbook()
    sheet = book.create_sheet(index=0)
    for row in (tuple(HEADERS.values()), *rows):
        sheet.append(list(row))
    found = io.BytesIO()
    book.save(found)
    return found.getvalue()


async def send(room: WarRoom, who: str, data: bytes, *, apply: bool = False) -> Any:
    return await room.desk.client.request(
        "POST",
        f"{PLANS}/sheet?apply={str(apply).lower()}",
        content=data,
        headers={"Cookie": f"zhishou_session=token-{who}"},
    )


async def test_a_version_is_kept_with_its_file_by_its_hash(room: WarRoom) -> None:
    plan = await room.do("officer", PLANS, PLAN)
    assert (plan["versions"], plan["validity"]) == (0, "none")
    path = f"{PLANS}/{plan['id']}/versions"
    answer = await room.desk.client.request(
        "POST",
        f"{path}?number=1号&issued_on=2024-01-01&valid_to=2025-08-01&name=预案.pdf",
        content=b"%PDF-1.7 text",
        headers={"Cookie": "zhishou_session=token-officer"},
    )
    assert answer.status_code == 201, answer.text
    assert (answer.json()["versions"], answer.json()["validity"]) == (1, "expiring")
    content = await room.desk.get("east", f"{path}/1/content")
    assert content.content == b"%PDF-1.7 text"
    # What is named a PDF and is none is refused in words; so is one that ends before it begins.
    fake = await room.desk.client.request(
        "POST",
        f"{path}?issued_on=2025-01-01&name=预案.pdf",
        content=b"MZ\x90",
        headers={"Cookie": "zhishou_session=token-officer"},
    )
    assert fake.status_code in (415, 422) and "PDF" in fake.json()["zh"]
    wrong = await room.desk.post("officer", f"{path}?issued_on=2025-01-02&valid_to=2025-01-01")
    assert wrong.status_code == 422
    later = await room.do("officer", f"{path}?issued_on=2025-01-01&valid_to=2030-01-01")
    assert (later["versions"], later["validity"]) == (2, "valid")
    history = (await room.desk.read("officer", f"{PLANS}/{plan['id']}"))["history"]
    assert [one["version"] for one in history] == [2, 1]


async def test_plans_that_run_out_are_listed_and_found_by_words(room: WarRoom) -> None:
    room.at("2025-06-20 12:00")
    for name, last in (("甲", "2025-06-19"), ("乙", "2025-07-01"), ("丙", "2029-01-01")):
        plan = await room.do("officer", PLANS, {**PLAN, "name_zh": f"{name}预案"})
        await room.do("officer", f"{PLANS}/{plan['id']}/versions?issued_on=2020-01-01&valid_to={last}")
    page = await room.desk.read("officer", PLANS)
    assert (page["total"], page["expiring"], page["expired"], page["kinds"]["special"]) == (3, 1, 1, 3)
    expired = await room.desk.read("officer", f"{PLANS}?state=expired")
    assert [one["name_zh"] for one in expired["plans"]] == ["甲预案"]
    found = await room.desk.read("officer", f"{PLANS}?words=丙")
    assert [one["name_zh"] for one in found["plans"]] == ["丙预案"] and found["found"] == 1
    for spelt in ("bing", "byaj", "byuan"):
        found = await room.desk.read("officer", f"{PLANS}?words={spelt}")
        assert [one["name_zh"] for one in found["plans"]] == (["丙预案"] if spelt == "bing" else [])
    assert (await room.desk.read("officer", f"{PLANS}?words=yuan"))["found"] == 3
    assert (await room.desk.read("officer", f"{PLANS}?words=%25"))["found"] == 0


async def test_who_saves_second_is_told_and_a_name_stands_once(room: WarRoom) -> None:
    plan = await room.do("officer", PLANS, PLAN)
    await room.refused("officer", PLANS, 409, "plan_name_taken", PLAN)
    path = f"{PLANS}/{plan['id']}"
    await room.do("officer", path, {**PLAN, "hazards": ["11A51"], "revision": 1}, "PUT")
    second = await room.desk.ask("lead", "PUT", path, {**PLAN, "revision": 1})
    assert (second.status_code, second.json()["code"]) == (409, "plan_stale")
    await room.do("officer", f"{path}/retirement", {"reason": "并入总体预案"})
    assert (await room.desk.read("officer", PLANS))["total"] == 0
    assert (await room.desk.read("officer", path))["retired_reason"] == "并入总体预案"


async def test_a_township_keeps_its_own_plans_and_reads_those_of_the_county(room: WarRoom) -> None:
    county = await room.do("officer", PLANS, PLAN)
    own = await room.do("east", PLANS, {**PLAN, "kind": "township", "region_code": EAST})
    assert {one["id"] for one in (await room.desk.read("east", PLANS))["plans"]} == {county["id"], own["id"]}
    assert [one["id"] for one in (await room.desk.read("west", PLANS))["plans"]] == [county["id"]]
    refused = await room.desk.ask("east", "PUT", f"{PLANS}/{county['id']}", {**PLAN, "revision": 1})
    assert refused.status_code == 403
    await room.refused("east", PLANS, 422, "invalid_input", {**PLAN, "name_zh": "别处"})
    assert (await room.desk.get("crew", PLANS)).status_code == 403


async def test_a_sheet_is_looked_at_first_and_every_bad_cell_is_named(room: WarRoom) -> None:
    good = (
        "专项预案",
        "县级",
        "地震预案",
        "11C",
        "市应急管理局",
        "",
        "樟府办发〔2024〕1号",
        "2024-01-01",
        "2029-01-01",
    )
    bad = ("特别预案", "", "", "12D、XX", "某局", "123", "", "", "2029-01-01")
    looked = (await send(room, "officer", sheet_of(good, bad))).json()
    assert {one["cell"] for one in looked["faults"]} == {"A3", "C3", "D3", "F3", "H3"}
    assert (looked["applied"], looked["created"]) == (False, 1)
    refused = await send(room, "officer", sheet_of(good, bad), apply=True)
    assert refused.status_code == 422 and (await room.desk.read("officer", PLANS))["total"] == 0

    done = (await send(room, "officer", sheet_of(good), apply=True)).json()
    assert (done["applied"], done["created"]) == (True, 1)
    again = (await send(room, "officer", sheet_of(good), apply=True)).json()
    assert (again["created"], again["amended"], again["unchanged"]) == (0, 0, 1)
    newer = (*good[:7], "2025-01-01", "2030-01-01")
    assert (await send(room, "officer", sheet_of(newer), apply=True)).json()["amended"] == 1
    (plan,) = (await room.desk.read("officer", PLANS))["plans"]
    assert (plan["versions"], plan["valid_to"]) == (2, "2030-01-01")

    # What is handed out can be taken in again, and changes nothing.
    out = await room.desk.get("officer", f"{PLANS}/sheet.xlsx")
    kept = load_workbook(io.BytesIO(out.content)).worksheets[0]
    assert kept["C2"].value == "地震预案"
    assert (await send(room, "officer", out.content, apply=True)).json()["unchanged"] == 1


async def test_a_card_is_kept_only_without_mistakes_and_each_version_stays(room: WarRoom) -> None:
    plan = await room.do("officer", PLANS, PLAN)
    path = f"{PLANS}/{plan['id']}/card"
    wrong = shipped_cards()["flood"].replace("due_min: 30", "due_min: soon", 1)
    looked = await room.do("officer", f"{PLANS}/card-check", {"text": wrong})
    assert [one["line"] for one in looked["faults"]] == [wrong[: wrong.index("soon")].count("\n") + 1]
    refused = await room.desk.ask("officer", "PUT", path, {"text": wrong, "version": 0})
    assert (refused.status_code, refused.json()["code"]) == (422, "card_invalid")
    assert refused.json()["fields"][0]["name"] == f"text.{looked['faults'][0]['line']}"
    first = shipped_cards()["flood"]
    await room.do("officer", path, {"text": first, "version": 0}, "PUT")
    stale = await room.desk.ask("lead", "PUT", path, {"text": first, "version": 0})
    assert stale.json()["code"] == "plan_stale"
    await room.do("officer", path, {"text": shipped_cards()["general"], "version": 1}, "PUT")
    told = await room.desk.read("officer", f"{PLANS}/{plan['id']}")
    assert (told["cards"], told["card"]["version"]) == ([2, 1], 2)
    old = await room.desk.read("officer", f"{PLANS}/{plan['id']}?card=1")
    assert old["card"]["text"] == first
