"""The chain of an incident's written reports through the public API: steps, refusals, papers, scope."""

from __future__ import annotations

import asyncio
import hashlib
import io
import zipfile
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.db import Tx
from app.reporting.report.actions import signing
from app.reporting.report.actions.composing import Office
from app.reporting.report.commands import ReportSignIn
from app.reporting.report.rules.sheet import Sheet
from app.reporting.report.templates import SHIPPED, shipped
from tests.api.desk import Desk, problem
from tests.world import EAST_BANK, SECRET_KIND, ZONE

pytestmark = pytest.mark.database
TO: list[dict[str, Any]] = [
    {"node": "CG", "name": "县委县政府总值班室"},
    {"node": "P", "name": "市应急管理局"},
    {"node": "D", "name": "县水利局", "is_copy": True},
]
INITIAL = {"kind": "initial", "addressees": TO, "urgency": "extra_urgent", "contact": "0790-110"}


async def did(desk: Desk, who: str, path: str, told: Any = None, method: str = "POST") -> dict[str, Any]:
    answer = await desk.ask(who, method, path, told if told is not None else {})
    assert answer.status_code in (200, 201), answer.text
    found: dict[str, Any] = answer.json()
    return found


async def refused(
    desk: Desk, who: str, path: str, status: int, code: str, told: Any = None
) -> dict[str, Any]:
    return problem(await desk.post(who, path, told if told is not None else {}), status, code)


async def drafted(desk: Desk, incident: int, told: Mapping[str, Any] = INITIAL) -> dict[str, Any]:
    return await did(desk, "officer", f"/api/incidents/{incident}/reports", told)


def edited(report: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    told = {name: report[name] for name in ("revision", "title", "text", "secrecy", "urgency", "contact")}
    return {**told, "addressees": TO, **changes}


def shipped_text(kind: str) -> str:
    return (SHIPPED / f"{kind}.txt").read_text(encoding="utf-8")


async def step(desk: Desk, who: str, report: Mapping[str, Any], name: str, **told: Any) -> dict[str, Any]:
    return await did(
        desk, who, f"/api/reports/{report['id']}/{name}", {"revision": report["revision"], **told}
    )


async def signed(desk: Desk, report: Mapping[str, Any]) -> dict[str, Any]:
    return await step(desk, "leader", await step(desk, "lead", report, "review"), "sign")


async def sent(desk: Desk, report: Mapping[str, Any]) -> dict[str, Any]:
    ready = await signed(desk, report)
    return await did(desk, "officer", f"/api/reports/{ready['id']}/send", {"channel": "fax"})


async def test_a_report_is_drafted_returned_reviewed_signed_sent_and_received(desk: Desk) -> None:
    incident = await desk.world.incident(description="3人被困屋顶")
    report = await drafted(desk, incident.id)
    assert (report["state"], report["version"], report["number"]) == ("draft", 1, None)
    assert report["title"].endswith("事件初报") or report["title"].endswith("事故初报")
    assert "经过：3人被困屋顶。" in report["text"]
    assert "起因" in report["unknown"]
    assert report["reask_at"] == "2025-06-17T18:28:20Z"  # 15 minutes after the draft

    report = await step(desk, "lead", report, "return", remarks="写明水深")
    assert (report["state"], report["returns"], report["remarks"]) == ("returned", 1, "写明水深")
    path = f"/api/reports/{report['id']}"
    points = await desk.world.rows("SELECT points FROM written_report")
    report = await did(desk, "officer", path, edited(report, text=report["text"] + "\n水深1.6米。"), "PUT")
    assert report["state"] == "draft"
    assert await desk.world.rows("SELECT points FROM written_report") == points
    report = await step(desk, "lead", report, "review")
    report = await step(desk, "leader", report, "sign")
    assert (report["state"], report["number"]) == ("signed", "樟应信初〔2025〕1号")
    assert report["signed_by"] == "带班领导"

    desk.world.later(minutes=5)
    report = await did(desk, "officer", f"{path}/send", {"channel": "system"})
    assert report["state"] == "sent"
    assert {one["channel"] for one in report["addressees"]} == {"system"}
    general, city, water = report["addressees"]
    await did(desk, "officer", f"{path}/addressees/{general['id']}/confirm", {"confirmed_as": "receipt"})
    call = {"confirmed_as": "call", "who": "赵科", "number": "0790-8123", "at": "2025-06-17T18:18:20Z"}
    report = await did(desk, "officer", f"{path}/addressees/{city['id']}/confirm", call)
    assert report["state"] == "sent"
    assert report["addressees"][1]["confirmed_by"] == "赵科"
    assert report["addressees"][1]["confirmed_at"] == "2025-06-17T18:18:20Z"
    report = await did(
        desk, "officer", f"{path}/addressees/{water['id']}/confirm", {"confirmed_as": "receipt"}
    )
    assert report["state"] == "confirmed"
    tellings = (await desk.read("officer", f"/api/incidents/{incident.id}"))["tellings"]
    assert [(one["whom"], one["channel"]) for one in tellings] == [
        ("县委县政府总值班室", "written"),
        ("市应急管理局", "written"),
        ("县水利局", "written"),
    ]
    types = [one for one in await desk.world.types() if one.startswith("report.")]
    assert types == [
        *("report.drafted", "report.returned", "report.edited", "report.reviewed", "report.signed"),
        *("report.sent", *["report.confirmed"] * 3),
    ]


async def test_a_follow_up_says_only_what_is_new_and_is_counted(desk: Desk) -> None:
    incident = await desk.world.incident(description="3人被困屋顶")
    await sent(desk, await drafted(desk, incident.id))
    told = {"kind": "trapped", "value": 5, "source": "现场"}
    await did(desk, "officer", f"/api/incidents/{incident.id}/figures", told)
    path = f"/api/incidents/{incident.id}/reports"
    seen = await did(desk, "officer", f"{path}/preview", {"kind": "followup", "addressees": TO})
    report = await drafted(desk, incident.id, {"kind": "followup", "addressees": TO})
    assert report["text"] == seen["text"] == "伤亡情况：截至02:13，被困5人。"
    assert report["title"].endswith("续报一")
    await sent(desk, report)
    again = await drafted(desk, incident.id, {"kind": "followup", "addressees": TO})
    assert again["text"] == "截至02:13，较上一报无新变化。"
    assert (again["title"][-3:], again["version"]) == ("续报二", 3)
    more = edited(again, refresh=True, narrative={"course": "水位开始回落"})
    again = await did(desk, "officer", f"/api/reports/{again['id']}", more, "PUT")
    assert again["text"] == "进展：水位开始回落。"
    await sent(desk, again)
    final = await drafted(desk, incident.id, {"kind": "final", "addressees": TO})
    assert "被困5人" in final["text"]
    await sent(desk, final)
    kinds = [one["kind"] for one in (await desk.read("officer", path))["reports"]]
    assert kinds == ["initial", "followup", "followup", "final"]
    await refused(desk, "officer", path, 409, "out_of_chain", {"kind": "followup", "addressees": TO})


async def test_what_may_not_follow_is_refused(desk: Desk) -> None:
    incident = await desk.world.incident()
    path = f"/api/incidents/{incident.id}/reports"
    follow = {"kind": "followup", "addressees": TO}
    assert "初报" in (await refused(desk, "officer", path, 409, "out_of_chain", follow))["zh"]
    report = await drafted(desk, incident.id)
    assert "尚未发出" in (await refused(desk, "officer", path, 409, "out_of_chain", follow))["zh"]
    await refused(desk, "officer", path, 409, "out_of_chain", INITIAL)
    dropped = await did(desk, "officer", f"/api/reports/{report['id']}/drop", {"reason": "重写"})
    assert dropped["state"] == "dropped"
    again = await drafted(desk, incident.id)
    assert again["version"] == 1
    await sent(desk, again)
    assert "已有初报" in (await refused(desk, "officer", path, 409, "out_of_chain", INITIAL))["zh"]


async def test_a_text_for_one_addressee_alone_is_refused(desk: Desk) -> None:
    incident = await desk.world.incident()
    report = await drafted(desk, incident.id)
    told = edited(report, text="给市局的另一种说法", only_for=report["addressees"][1]["id"])
    answer = await desk.ask("officer", "PUT", f"/api/reports/{report['id']}", told)
    assert "同一口径" in problem(answer, 422, "one_text_for_all")["zh"]
    assert (await desk.read("officer", f"/api/reports/{report['id']}"))["text"] == report["text"]


async def test_every_step_has_its_role_and_its_place(desk: Desk) -> None:
    incident = await desk.world.incident()
    report = await drafted(desk, incident.id)
    path, now = f"/api/reports/{report['id']}", {"revision": 1}
    await refused(desk, "officer", f"{path}/review", 403, "not_permitted", now)
    await refused(desk, "officer", f"{path}/return", 403, "not_permitted", {**now, "remarks": "改"})
    await refused(desk, "lead", f"{path}/sign", 403, "not_permitted", now)
    await refused(desk, "leader", f"{path}/sign", 409, "illegal_report_step", now)
    await refused(desk, "officer", f"{path}/send", 409, "illegal_report_step", {})
    await refused(desk, "lead", f"{path}/review", 409, "stale_report", {"revision": 7})
    await refused(desk, "leader", f"{path}/countersign", 409, "illegal_report_step", now)
    assert (await refused(desk, "lead", f"{path}/return", 422, "invalid_input", now))["fields"]
    problem(await desk.get("officer", f"{path}.pdf"), 404, "no_such_paper")
    ready = await signed(desk, report)
    await refused(desk, "officer", f"{path}/drop", 409, "illegal_report_step", {"reason": "改"})
    put = await desk.ask("officer", "PUT", path, edited(ready))
    problem(put, 409, "illegal_report_step")
    await refused(desk, "leader", f"{path}/countersign", 409, "nothing_open_to_sign", {"revision": 3})
    first, second, _ = ready["addressees"]
    await did(desk, "officer", f"{path}/send", {"addressee_id": first["id"]})
    await refused(desk, "officer", f"{path}/send", 409, "already_sent_there", {"addressee_id": first["id"]})
    receipt = {"confirmed_as": "receipt"}
    await refused(
        desk, "officer", f"{path}/addressees/{second['id']}/confirm", 409, "not_sent_there", receipt
    )
    await refused(desk, "officer", f"{path}/addressees/999/confirm", 404, "not_found", receipt)
    one = f"{path}/addressees/{first['id']}/confirm"
    untold = await refused(desk, "officer", one, 422, "invalid_input", {"confirmed_as": "call"})
    assert "对方姓名" in untold["fields"][0]["zh"]
    await did(desk, "officer", one, receipt)
    await refused(desk, "officer", one, 409, "already_sent_there", receipt)


async def test_oral_consent_is_for_grave_cases_and_stays_open_until_it_is_signed(desk: Desk) -> None:
    plain, grave = await desk.world.incident(), await desk.world.incident(life_threat=True)
    consent = {
        "revision": 1,
        "signed_as": "oral_consent",
        "consent_of": "周敏",
        "consent_at": "2025-06-17T18:13:00Z",
    }
    report = await drafted(desk, plain.id)
    await refused(desk, "officer", f"/api/reports/{report['id']}/sign", 409, "not_grave", consent)
    report = await drafted(desk, grave.id)
    path = f"/api/reports/{report['id']}"
    await refused(desk, "officer", f"{path}/sign", 422, "invalid_input", {**consent, "consent_of": ""})
    late = {**consent, "consent_at": "2025-06-17T18:14:00Z"}
    await refused(desk, "officer", f"{path}/sign", 422, "invalid_input", late)
    report = await did(desk, "officer", f"{path}/sign", consent)
    assert (report["state"], report["signature_open"], report["reviewed_by"]) == ("signed", True, None)
    report = await did(desk, "officer", f"{path}/send", {})
    assert report["signature_open"]
    told = {"revision": report["revision"]}
    await refused(desk, "lead", f"{path}/countersign", 403, "not_permitted", told)
    report = await did(desk, "leader", f"{path}/countersign", told)
    assert not report["signature_open"]
    assert [one["edition"] for one in report["papers"] if one["form"] == "docx"] == [1, 2]
    assert "周敏（口头同意，带班领导补签）" in words_of((await desk.get("officer", f"{path}.docx")).content)


async def test_skipping_a_level_needs_a_reason_and_a_copy(desk: Desk) -> None:
    incident = await desk.world.incident()
    path = f"/api/incidents/{incident.id}/reports"
    province = {"node": "PR", "name": "省应急管理厅"}
    told: dict[str, Any] = {"kind": "initial", "addressees": [province], "skip_reason": "市局失联"}
    await refused(desk, "officer", path, 422, "level_skipped", told)
    copy = {"node": "P", "name": "市应急管理局", "is_copy": True}
    told["addressees"] = [province, copy]
    await refused(desk, "officer", path, 422, "level_skipped", {**told, "skip_reason": ""})
    report = await did(desk, "officer", path, told)
    ready = await signed(desk, report)
    paper = words_of((await desk.get("officer", f"/api/reports/{ready['id']}.docx")).content)
    assert "越级报送理由:市局失联" in paper
    await refused(desk, "officer", path, 422, "invalid_input", {**told, "addressees": [copy]})
    await refused(desk, "officer", path, 422, "invalid_input", {**told, "addressees": [province] * 2})


def words_of(docx: bytes) -> str:
    return zipfile.ZipFile(io.BytesIO(docx)).read("word/document.xml").decode()


async def test_a_reprint_is_the_same_to_the_byte_whatever_happened_since(desk: Desk) -> None:
    incident = await desk.world.incident(title="溃坝😀𠮷", description="水" * 300)
    report = await signed(desk, await drafted(desk, incident.id))
    kept = {one["form"]: one["sha256"] for one in report["papers"]}
    assert set(kept) == {"docx", "pdf"}
    for form in ("docx", "pdf"):
        first = await desk.get("officer", f"/api/reports/{report['id']}.{form}")
        desk.world.later(minutes=90)
        await desk.world.run("UPDATE written_report SET text = 'x', title = 'y'")
        second = await desk.get("lead", f"/api/reports/{report['id']}.{form}")
        assert first.content == second.content
        assert hashlib.sha256(first.content).hexdigest() == kept[form] == first.headers["x-content-sha256"]


async def test_hostile_words_print(desk: Desk) -> None:
    incident = await desk.world.incident()
    await desk.world.run("UPDATE incident SET description = :d", d="\x01\x1f‮<b>&amp;😀𠮷𠀀龘" + "长" * 9_900)
    report = await drafted(desk, incident.id)
    for form, head in (("pdf", b"%PDF"), ("docx", b"PK")):
        answer = await desk.get("officer", f"/api/reports/{report['id']}/preview.{form}")
        assert answer.status_code == 200, answer.text
        assert answer.content.startswith(head)
    assert "&lt;b&gt;&amp;amp;😀𠮷𠀀龘长" in words_of(answer.content)
    ready = await signed(desk, report)
    assert {one["form"] for one in ready["papers"]} == {"pdf", "docx"}
    too_long = edited(report, text="长" * 20_001)
    put = await desk.ask("officer", "PUT", f"/api/reports/{report['id']}", too_long)
    problem(put, 422, "invalid_input")


async def test_who_may_not_know_the_incident_does_not_know_its_reports(desk: Desk) -> None:
    incident = await desk.world.incident(event_code=SECRET_KIND)
    report = await drafted(desk, incident.id)
    for who, path in (
        ("east", f"/api/incidents/{incident.id}/reports"),
        ("east", f"/api/reports/{report['id']}"),
        ("west", f"/api/reports/{report['id']}"),
        ("east", f"/api/reports/{report['id']}/preview.docx"),
        ("east", f"/api/reports/{report['id']}.pdf"),
    ):
        problem(await desk.get(who, path), 404, "not_found")
    problem(await desk.get("crew", f"/api/reports/{report['id']}"), 403, "not_permitted")
    assert (await desk.get("auditor", f"/api/reports/{report['id']}")).status_code == 200
    await refused(desk, "auditor", f"/api/reports/{report['id']}/drop", 403, "not_permitted", {"reason": "x"})


async def test_a_township_writes_its_own_chain_and_does_not_read_the_countys(desk: Desk) -> None:
    incident = await desk.world.incident(region_code=EAST_BANK)
    path = f"/api/incidents/{incident.id}/reports"
    ours = await drafted(desk, incident.id)
    theirs = await did(desk, "east", path, INITIAL)
    assert theirs["version"] == 1
    assert [one["id"] for one in (await desk.read("east", path))["reports"]] == [theirs["id"]]
    assert [one["id"] for one in (await desk.read("officer", path))["reports"]] == [ours["id"], theirs["id"]]
    problem(await desk.get("west", path), 404, "not_found")


async def test_twenty_sign_offs_at_once_get_twenty_numbers_without_gap_or_double(desk: Desk) -> None:
    world, reviewed = desk.world, []
    for _ in range(20):
        incident = await world.incident()
        reviewed.append(await step(desk, "lead", await drafted(desk, incident.id), "review"))

    async def press(sheet: Sheet) -> Mapping[str, bytes]:
        await asyncio.sleep(0)
        return {"docx": sheet.number.encode()}

    rules = desk.house.settings
    office = Office(shipped(), rules.report_number_prefix, ZONE, timedelta(minutes=15))
    leader, now = world.people["leader"], world.clock.now()

    async def one(report: dict[str, Any], n: int) -> int | None:
        async def work(tx: Tx) -> int:
            told = ReportSignIn(revision=report["revision"])
            made = await signing.sign(tx, leader, report["id"], told, now, office, press)
            if n % 5 == 4:
                raise RuntimeError("the machine stops")  # what is not committed gives its number back
            return made.id

        try:
            return await world.do(work)
        except RuntimeError:
            return None

    done = await asyncio.gather(*(one(report, n) for n, report in enumerate(reviewed)))
    assert sum(one is not None for one in done) == 16
    rows = await world.rows("SELECT running FROM written_report WHERE running IS NOT NULL ORDER BY running")
    assert [row["running"] for row in rows] == list(range(1, 17))
    papers = await world.rows(
        "SELECT count(*) AS n FROM document d JOIN written_report r ON d.subject = 'report:' || r.id"
        " JOIN document_file f ON f.document_id = d.id WHERE convert_from(f.data, 'UTF8') = r.number"
    )
    assert papers == [{"n": 16}]


async def test_a_countys_template_counts_at_once_and_a_broken_one_is_told_with_its_line(
    desk: Desk, tmp_path: Path
) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    desk.house.settings.report_templates = folder
    incident = await desk.world.incident(description="3人被困")
    path = f"/api/incidents/{incident.id}/reports"
    for kind in ("followup", "final"):
        (folder / f"{kind}.txt").write_text(shipped_text(kind), encoding="utf-8")
    told = shipped_text("initial")
    (folder / "initial.txt").write_text(told.replace("经过：", "事情是这样："), encoding="utf-8")
    seen = await did(desk, "officer", f"{path}/preview", INITIAL)
    assert "事情是这样：3人被困。" in seen["text"]
    assert seen["template_faults"] == []
    (folder / "initial.txt").write_text(told.replace("{起因}", "{起音}"), encoding="utf-8")
    seen = await did(desk, "officer", f"{path}/preview", INITIAL)
    assert "起因：正在核实。" in seen["text"]
    faults = [(one["file"], one["line"]) for one in seen["template_faults"]]
    assert faults == [("initial.txt", 7)]
    (folder / "initial.txt").unlink()
    seen = await did(desk, "officer", f"{path}/preview", INITIAL)
    assert "经过：3人被困。" in seen["text"]
    assert "文件不存在" in seen["template_faults"][0]["zh"]


async def test_a_final_report_of_a_closed_incident_is_received_too(desk: Desk) -> None:
    incident = await desk.world.incident()
    await sent(desk, await drafted(desk, incident.id))
    await did(desk, "officer", f"/api/incidents/{incident.id}/close", {"reason": "全部获救"})
    final = await sent(desk, await drafted(desk, incident.id, {"kind": "final", "addressees": TO}))
    assert "处置结果：全部获救。" in final["text"]
    one = final["addressees"][0]["id"]
    path = f"/api/reports/{final['id']}/addressees/{one}/confirm"
    report = await did(desk, "officer", path, {"confirmed_as": "receipt"})
    assert report["addressees"][0]["confirmed_as"] == "receipt"
