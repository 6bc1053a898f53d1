"""Documents through the public API: filed once, without gaps, read by those who may, reprinted alike."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from app.api.papers import office_of
from app.db import Tx
from app.desk.documents.actions import drafting, filing
from app.desk.documents.commands import DocumentFileIn, DocumentTextIn
from app.desk.documents.press import Laid
from tests.api.desk import Desk, problem
from tests.world import EAST_BANK, SECRET_KIND

pytestmark = pytest.mark.database
DOCUMENTS, DRAFTS = "/api/documents", "/api/document-drafts"
NUMBERED = "SELECT number FROM document WHERE kind = 'call_record' ORDER BY id"


async def did(desk: Desk, who: str, path: str, told: Any = None, method: str = "POST") -> Any:
    answer = await desk.ask(who, method, path, told if told is not None else {})
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


async def filed(desk: Desk, kind: str, id_: int, who: str = "officer", **more: Any) -> Any:
    return await did(desk, who, DOCUMENTS, {"kind": kind, "id": id_, **more})


async def names(desk: Desk, who: str, query: str = "") -> list[str]:
    page = await desk.read(who, DOCUMENTS + query)
    return [one["number"] for one in page["documents"]]


async def test_a_call_record_is_filed_once_and_its_reprint_is_the_same_to_the_byte(desk: Desk) -> None:
    caller = {"name": "李某", "phone": "13900000001", "words": "河边有人落水"}
    incident = await desk.world.incident(description="3人被困", callers=[caller])
    first = await filed(desk, "call_record", incident.id)
    assert (first["number"], first["edition"], first["drill"]) == ("樟应接〔2025〕1号", 1, False)
    assert first["incident_ids"] == [incident.id]
    kept = {}
    for file in first["files"]:
        answer = await desk.get("officer", f"{DOCUMENTS}/{first['id']}/file.{file['form']}")
        assert (
            hashlib.sha256(answer.content).hexdigest() == file["sha256"] == answer.headers["x-content-sha256"]
        )
        kept[file["form"]] = answer.content
    assert kept.keys() == {"pdf", "docx"}

    desk.world.later(minutes=5)
    again = await filed(desk, "call_record", incident.id)
    assert (again["id"], again["number"]) == (first["id"], first["number"]), (
        "unchanged words: the same document"
    )
    for form, data in kept.items():
        assert (await desk.get("officer", f"{DOCUMENTS}/{first['id']}/file.{form}")).content == data
    assert [event["type"] for event in await desk.world.events()].count("document.filed") == 1

    detail = await desk.read("officer", f"{DOCUMENTS}/{first['id']}")
    (page,) = detail["content"]["pages"]
    assert page["rows"][0][1:] == ["李某", "13900000001", "河边有人落水"]


async def test_other_words_are_the_next_edition_under_the_same_number(desk: Desk) -> None:
    incident = await desk.world.incident(description="1人落水")
    await filed(desk, "call_record", incident.id)
    await did(
        desk,
        "officer",
        f"/api/incidents/{incident.id}",
        {"version": incident.version, "description": "2人落水"},
        method="PATCH",
    )
    second = await filed(desk, "call_record", incident.id)
    assert (second["number"], second["edition"], second["latest"]) == ("樟应接〔2025〕1号", 2, True)
    found = (await desk.read("officer", DOCUMENTS))["documents"]
    assert [(one["edition"], one["latest"]) for one in found] == [(2, True), (1, False)]
    other = await desk.world.incident(title="另一起")
    assert (await filed(desk, "call_record", other.id))["number"] == "樟应接〔2025〕2号"


async def test_what_lies_in_the_archive_cannot_be_changed(desk: Desk) -> None:
    incident = await desk.world.incident()
    await filed(desk, "call_record", incident.id)
    for statement in ("UPDATE document SET title = 'x'", "DELETE FROM document_file"):
        with pytest.raises(Exception, match="is not changed"):
            await desk.world.run(statement)


async def test_drills_have_a_series_and_a_mark_of_their_own(desk: Desk) -> None:
    incident = await desk.world.incident()
    drill = await filed(desk, "call_record", incident.id, drill=True)
    assert drill["number"] == "演练樟应接〔2025〕1号"
    assert drill["title"].startswith("【演练】")
    earnest = await filed(desk, "call_record", incident.id)
    assert earnest["number"] == "樟应接〔2025〕1号", "a drill takes no number of the series in earnest"
    content = (await desk.read("officer", f"{DOCUMENTS}/{drill['id']}"))["content"]
    assert content["pages"][0]["title"] == "【演练】接报单"
    assert await names(desk, "officer", "?drill=true") == [drill["number"]]
    assert await names(desk, "officer", "?drill=false") == [earnest["number"]]


async def test_twenty_who_file_at_once_get_twenty_numbers_without_gap_or_double(desk: Desk) -> None:
    world = desk.world
    incidents = [await world.incident(title=f"第{n}起") for n in range(20)]
    office = await office_of(desk.house)
    officer = world.people["officer"]

    async def press(laid: Laid) -> Mapping[str, bytes]:
        await asyncio.sleep(0)
        return {"docx": laid.pages[0].number.encode()}

    async def one(n: int) -> bool:
        async def work(tx: Tx) -> None:
            told = DocumentFileIn(kind="call_record", id=incidents[n].id, drill=n % 2 == 1)
            await filing.file(tx, officer, told, office, press)
            if n % 10 >= 8:
                raise RuntimeError("the machine stops")  # what is not committed gives its number back

        try:
            await world.do(work)
        except RuntimeError:
            return False
        return True

    assert sum(await asyncio.gather(*(one(n) for n in range(20)))) == 16
    numbers = {str(row["number"]) for row in await world.rows(NUMBERED)}
    assert numbers == {f"{mark}樟应接〔2025〕{n}号" for mark in ("", "演练") for n in range(1, 9)}
    same = await world.rows(
        "SELECT count(*) AS n FROM document d JOIN document_file f ON f.document_id = d.id"
        " WHERE convert_from(f.data, 'UTF8') = d.number"
    )
    assert same == [{"n": 16}]


async def test_one_subject_filed_by_twenty_at_once_is_one_document(desk: Desk) -> None:
    incident = await desk.world.incident()
    office = await office_of(desk.house)
    officer = desk.world.people["officer"]

    async def press(laid: Laid) -> Mapping[str, bytes]:
        await asyncio.sleep(0)
        return {"docx": laid.title.encode()}

    told = DocumentFileIn(kind="call_record", id=incident.id)
    made = await asyncio.gather(
        *(desk.world.do(lambda tx: filing.file(tx, officer, told, office, press)) for _ in range(20))
    )
    assert len({one.id for one in made}) == 1
    assert await desk.world.rows(NUMBERED) == [{"number": "樟应接〔2025〕1号"}]


async def test_a_document_of_a_need_to_know_incident_is_for_those_who_may_know_it(desk: Desk) -> None:
    world = desk.world
    secret = await world.incident(event_code=SECRET_KIND, title="群体事件")
    made = await filed(desk, "call_record", secret.id)
    path = f"{DOCUMENTS}/{made['id']}"
    assert await names(desk, "leader") == [made["number"]]
    east = {"kind": "call_record", "id": secret.id}
    problem(await desk.post("east", DOCUMENTS, east), 404, "not_found")
    for way in ("", "/file.pdf", "/view.pdf"):
        problem(await desk.get("east", path + way), 404, "not_found")
    problem(await desk.post("east", f"{path}/prints", {"form": "pdf"}), 404, "not_found")

    await world.run("UPDATE incident SET readers = '{account:99}' WHERE id = :id", id=secret.id)
    assert await names(desk, "officer") == []
    problem(await desk.get("officer", path), 404, "not_found")
    problem(await desk.get("officer", f"{path}/file.docx"), 404, "not_found")


async def test_an_incident_that_becomes_need_to_know_takes_its_documents_along(desk: Desk) -> None:
    incident = await desk.world.incident(region_code=EAST_BANK)
    made = await filed(desk, "call_record", incident.id, who="east")
    assert (made["number"], made["unit"]) == ("东镇应接〔2025〕1号", "东镇"), (
        "a township numbers by its own name"
    )
    assert await names(desk, "east") == [made["number"]]
    assert await names(desk, "officer") == [made["number"]], "those above read it"
    assert await names(desk, "west") == []
    await desk.world.run("UPDATE incident SET restricted = true WHERE id = :id", id=incident.id)
    assert await names(desk, "east") == []
    assert await names(desk, "officer") == [made["number"]]


async def test_only_who_commands_files_and_a_responder_reads_nothing(desk: Desk) -> None:
    incident = await desk.world.incident()
    told = {"kind": "call_record", "id": incident.id}
    for who in ("crew", "admin", "auditor"):
        problem(await desk.post(who, DOCUMENTS, told), 403, "not_permitted")
    for path in (DOCUMENTS, f"{DOCUMENTS}/kinds", DRAFTS):
        problem(await desk.get("crew", path), 403, "not_permitted")
    problem(await desk.get(None, DOCUMENTS), 401, "not_logged_in")


async def test_prints_are_counted_and_the_search_finds_by_words_incident_and_day(desk: Desk) -> None:
    first = await desk.world.incident(title="水塔山火")
    second = await desk.world.incident(title="东岸落水")
    made = await filed(desk, "call_record", first.id)
    await filed(desk, "damage_table", second.id)
    for form in ("pdf", "pdf", "docx"):
        told = await did(desk, "officer", f"{DOCUMENTS}/{made['id']}/prints", {"form": form})
    assert told["prints"] == 3 and told["printed_at"] is not None
    assert await names(desk, "officer", "?words=水塔") == ["樟应接〔2025〕1号"]
    assert await names(desk, "officer", "?words=%25") == [], "a percent sign is a sign"
    assert await names(desk, "officer", f"?incident_id={second.id}") == ["樟应灾〔2025〕1号"]
    assert await names(desk, "officer", "?kind=damage_table") == ["樟应灾〔2025〕1号"]
    assert await names(desk, "officer", "?since=2025-06-18&until=2025-06-18") == [
        "樟应灾〔2025〕1号",
        "樟应接〔2025〕1号",
    ]
    assert await names(desk, "officer", "?until=2025-06-17") == []
    page = await desk.read("officer", f"{DOCUMENTS}?limit=1")
    assert page["more"] is True
    before = page["documents"][0]["id"]
    assert await names(desk, "officer", f"?before={before}") == ["樟应接〔2025〕1号"]


async def test_a_pdf_to_look_at_may_stand_in_the_consoles_own_frame_and_nothing_else_may(desk: Desk) -> None:
    incident = await desk.world.incident()
    made = await filed(desk, "call_record", incident.id)
    shown = await desk.get("officer", f"{DOCUMENTS}/{made['id']}/view.pdf")
    assert shown.headers["content-type"] == "application/pdf"
    assert shown.headers["content-disposition"].startswith("inline")
    assert "frame-ancestors 'self'" in shown.headers["content-security-policy"]
    kept = await desk.get("officer", f"{DOCUMENTS}/{made['id']}/file.pdf")
    assert kept.headers["content-disposition"].startswith("attachment")
    assert "frame-ancestors 'none'" in kept.headers["content-security-policy"]
    assert kept.content == shown.content


async def test_what_is_not_finished_is_previewed_but_not_filed(desk: Desk) -> None:
    order = {
        "title": "加固堤防",
        "recipients": [{"team_id": 1}],
        "tasks": [{"kind": "action", "text": "巡堤", "owner": None}],
    }
    made = await did(desk, "officer", "/api/orders", order)
    refusal = problem(
        await desk.post("officer", DOCUMENTS, {"kind": "order", "id": made["id"]}),
        409,
        "document_not_finished",
    )
    assert "尚未签发" in refusal["zh"]
    shown = await desk.get("officer", f"{DOCUMENTS}/preview.pdf?kind=order&id={made['id']}")
    assert shown.status_code == 200 and shown.content.startswith(b"%PDF")
    assert await names(desk, "officer") == []
    problem(
        await desk.post("officer", DOCUMENTS, {"kind": "duty_log", "id": 1, "part": "x"}),
        422,
        "invalid_input",
    )


async def test_a_telling_by_phone_becomes_a_telephone_record(desk: Desk) -> None:
    incident = await desk.world.incident(description="2人落水")
    told = {"whom": "市局值班室王某", "channel": "telephone"}
    await did(desk, "officer", f"/api/incidents/{incident.id}/tellings", told)
    await did(desk, "officer", f"/api/incidents/{incident.id}/tellings", {"whom": "省厅", "channel": "fax"})
    made = await filed(desk, "phone_record", incident.id, part="1")
    assert made["number"] == "樟应电〔2025〕1号"
    (page,) = (await desk.read("officer", f"{DOCUMENTS}/{made['id']}"))["content"]["pages"]
    assert ["对方", "市局值班室王某"] in page["facts"]
    assert ["报告内容", "2人落水"] in page["rows"]
    for part in ("2", "3"):
        asked = {"kind": "phone_record", "id": incident.id, "part": part}
        problem(await desk.post("officer", DOCUMENTS, asked), 404, "not_found")


async def test_a_table_of_damage_says_what_is_known_and_what_is_being_verified(desk: Desk) -> None:
    incident = await desk.world.incident(casualties={"dead": 0, "trapped": 3})
    made = await filed(desk, "damage_table", incident.id)
    (page,) = (await desk.read("officer", f"{DOCUMENTS}/{made['id']}"))["content"]["pages"]
    rows = {row[0]: row[1:3] for row in page["rows"]}
    assert rows["死亡"] == ["人", "0"]
    assert rows["被困"] == ["人", "3"]
    assert rows["失踪"] == ["人", "正在核实"]


SPECIAL = {"kind": "special_report", "title": "关于东岸堤防的专报", "text": "一、情况。\n二、措施。"}


async def test_a_special_report_is_written_by_the_desk_and_signed_by_a_leader(desk: Desk) -> None:
    told = {**SPECIAL, "addressees": ["市应急管理局"], "copies": ["市水利局"], "contact": "0790-110"}
    draft = await did(desk, "officer", DRAFTS, told)
    assert (draft["state"], draft["number"]) == ("draft", None)
    path = f"{DRAFTS}/{draft['id']}"
    problem(await desk.post("officer", f"{path}/sign", {"revision": 1}), 403, "not_permitted")
    edited = {
        "revision": 1,
        "title": draft["title"],
        "text": "一、情况已稳定。",
        "addressees": ["市应急管理局"],
    }
    draft = await did(desk, "officer", path, edited, method="PUT")
    problem(await desk.ask("officer", "PUT", path, edited), 409, "stale_document")
    problem(await desk.post("leader", f"{path}/sign", {"revision": 1}), 409, "stale_document")
    signed = await did(desk, "leader", f"{path}/sign", {"revision": 2})
    assert (signed["state"], signed["number"]) == ("signed", "樟应专〔2025〕1号")
    problem(await desk.post("officer", f"{path}/drop", {"reason": "重复"}), 409, "document_over")
    document = await desk.read("officer", f"{DOCUMENTS}/{signed['document_id']}")
    letter = document["content"]["letter"]
    assert letter["head"] == "信息专报"
    assert letter["paragraphs"] == ["一、情况已稳定。"]
    assert ["签发", "带班领导"] in letter["signs"] or any(sign[0] == "签发" for sign in letter["signs"])
    assert letter["foot"] == [["主送", "市应急管理局"]]
    types = [event["type"] for event in await desk.world.events() if event["type"].startswith("document.")]
    assert types == ["document.drafted", "document.edited", "document.signed", "document.filed"]


async def test_minutes_name_who_was_there_and_an_empty_text_is_not_signed(desk: Desk) -> None:
    told = {
        "kind": "minutes",
        "title": "防汛会商纪要",
        "chaired_by": "周敏",
        "place": "指挥中心",
        "participants": "水利、气象、水文",
        "held_at": "2025-06-18T01:30:00+08:00",
        "drill": True,
    }
    draft = await did(desk, "officer", DRAFTS, told)
    path = f"{DRAFTS}/{draft['id']}"
    problem(await desk.post("leader", f"{path}/sign", {"revision": 1}), 409, "document_empty")
    wanted = ("title", "chaired_by", "place", "participants", "held_at")
    edited = {"revision": 1, "text": "会议认为雨势减弱。", **{name: told[name] for name in wanted}}
    await did(desk, "officer", path, edited, method="PUT")
    signed = await did(desk, "leader", f"{path}/sign", {"revision": 2})
    assert signed["number"] == "演练樟应纪〔2025〕1号"
    letter = (await desk.read("officer", f"{DOCUMENTS}/{signed['document_id']}"))["content"]["letter"]
    assert letter["title"] == "【演练】防汛会商纪要"
    assert letter["paragraphs"] == [
        "会商时间：2025年6月18日01时30分。",
        "会商地点：指挥中心。",
        "主持人：周敏。",
        "参加人员：水利、气象、水文。",
        "会议认为雨势减弱。",
    ]


async def test_the_daily_brief_is_composed_of_its_day_and_leaves_out_what_is_need_to_know(desk: Desk) -> None:
    world = desk.world
    await world.send()
    await world.incident(title="群体事件某处", event_code=SECRET_KIND)
    told = {"kind": "daily_brief", "title": "值班信息(6月17日)", "day": "2025-06-17"}
    draft = await did(desk, "officer", DRAFTS, told)
    assert "东岸村溺水" in draft["text"] and "新增突发事件1起" in draft["text"]
    assert "群体事件某处" not in draft["text"]
    assert "出动队伍1批次" in draft["text"]
    problem(await desk.post("officer", DRAFTS, told), 409, "brief_twice")
    later = {**told, "day": "2025-06-19"}
    problem(await desk.post("officer", DRAFTS, later), 422, "invalid_input")
    problem(await desk.post("officer", DRAFTS, {**SPECIAL, "day": "2025-06-17"}), 422, "invalid_input")
    # An incident it tells of becomes need-to-know: the brief goes with it.
    await world.run(
        "UPDATE incident SET restricted = true, readers = '{account:99}' WHERE title = '东岸村溺水'"
    )
    problem(await desk.get("officer", f"{DRAFTS}/{draft['id']}"), 404, "not_found")
    assert await desk.read("officer", DRAFTS) == []


async def test_a_draft_of_a_need_to_know_incident_is_not_told_to_others(desk: Desk) -> None:
    secret = await desk.world.incident(event_code=SECRET_KIND, title="群体事件")
    draft = await did(desk, "officer", DRAFTS, {**SPECIAL, "incident_id": secret.id})
    assert [one["id"] for one in await desk.read("leader", DRAFTS)] == [draft["id"]]
    problem(await desk.post("east", DRAFTS, {**SPECIAL, "incident_id": secret.id}), 404, "not_found")
    (event,) = [e for e in await desk.world.events() if e["type"] == "document.drafted"]
    assert event["draft"]["incident_id"] == secret.id
    rows = await desk.world.rows("SELECT restricted FROM journal WHERE type = 'document.drafted'")
    assert rows == [{"restricted": True}]


async def test_twenty_signatures_at_once_leave_no_gap(desk: Desk) -> None:
    world, office = desk.world, await office_of(desk.house)
    officer, leader = world.people["officer"], world.people["leader"]

    async def press(laid: Laid) -> Mapping[str, bytes]:
        assert laid.letter is not None
        return {"docx": laid.letter.number.encode()}

    drafts = [
        await world.do(lambda tx: drafting.draft(tx, officer, DocumentTextIn(**SPECIAL), office))
        for _ in range(20)
    ]
    signed = await asyncio.gather(
        *(
            world.do(lambda tx, id_=one.id: drafting.sign(tx, leader, id_, 1, office, press))  # type: ignore[misc]
            for one in drafts
        )
    )
    assert {one.number for one in signed} == {f"樟应专〔2025〕{n}号" for n in range(1, 21)}


async def test_a_new_year_begins_with_one(desk: Desk) -> None:
    first = await desk.world.incident()
    await filed(desk, "call_record", first.id)
    desk.world.later(days=200)
    await desk.world.run("UPDATE login_session SET expires_at = expires_at + interval '400 days'")
    second = await desk.world.incident(title="新年第一起")
    assert (await filed(desk, "call_record", second.id))["number"] == "樟应接〔2026〕1号"


async def test_a_signed_report_lies_in_the_archive_with_the_others(desk: Desk) -> None:
    incident = await desk.world.incident()
    to = [{"node": "P", "name": "市应急管理局"}]
    report = await did(
        desk, "officer", f"/api/incidents/{incident.id}/reports", {"kind": "initial", "addressees": to}
    )
    path = f"/api/reports/{report['id']}"
    report = await did(desk, "lead", f"{path}/review", {"revision": 1})
    report = await did(desk, "leader", f"{path}/sign", {"revision": 2})
    (found,) = (await desk.read("officer", f"{DOCUMENTS}?kind=report_initial"))["documents"]
    assert (found["number"], found["subject"]) == (report["number"], f"report:{report['id']}")
    ours = await desk.get("officer", f"{DOCUMENTS}/{found['id']}/file.pdf")
    theirs = await desk.get("officer", f"{path}.pdf")
    assert ours.content == theirs.content
    assert {one["sha256"] for one in found["files"]} == {one["sha256"] for one in report["papers"]}


async def test_a_countys_template_counts_at_once_and_a_broken_one_is_told_with_its_line(
    desk: Desk, tmp_path: Path
) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    desk.house.settings.document_templates = folder
    own = "@标题：{单位}接报登记单\n@文号：{简称}防接〔{年}〕{序号}号\n来源：{信息来源}\n{其他}\n"
    (folder / "call_record.txt").write_text(own, encoding="utf-8")
    (folder / "damage_table.txt").write_text("@标题：{标题}\n@栏宽：1|2\n", encoding="utf-8")
    kinds = {one["key"]: one for one in await desk.read("officer", f"{DOCUMENTS}/kinds")}
    assert kinds["call_record"]["template"] == "own"
    assert kinds["call_record"]["numbers"] == "{简称}防接〔{年}〕{序号}号"
    assert kinds["damage_table"]["template"] == "faulty"
    assert kinds["damage_table"]["faults"][0]["line"] == 2
    assert kinds["minutes"]["faults"][0]["zh"].startswith("文件不存在")
    assert kinds["report_initial"]["template"] == "shipped"

    incident = await desk.world.incident()
    made = await filed(desk, "call_record", incident.id)
    assert made["number"] == "樟防接〔2025〕1号"
    (page,) = (await desk.read("officer", f"{DOCUMENTS}/{made['id']}"))["content"]["pages"]
    assert page["title"] == "樟川市应急指挥中心接报登记单"
    assert page["facts"][0][0] == "来源"
    assert (await filed(desk, "damage_table", incident.id))["number"] == "樟应灾〔2025〕1号", (
        "the shipped one"
    )


async def test_an_unknown_part_and_a_large_text_are_refused_in_words(desk: Desk) -> None:
    problem(await desk.post("officer", DRAFTS, {**SPECIAL, "text": "长" * 20_001}), 422, "invalid_input")
    problem(await desk.post("officer", DRAFTS, {**SPECIAL, "title": "a\x00b"}), 422, "invalid_input")
    problem(await desk.post("officer", DOCUMENTS, {"kind": "nothing", "id": 1}), 422, "invalid_input")
    problem(await desk.get("officer", f"{DOCUMENTS}/999"), 404, "not_found")
