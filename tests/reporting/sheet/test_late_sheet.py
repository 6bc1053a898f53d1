"""The late-report sheet through the public API: what it says, its proof, its editions, who may read it."""

from __future__ import annotations

import hashlib
import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest

from app.desk.late_sheet_paper import pages_of, proof_words
from app.desk.prints.pdf import pdf_of
from app.reporting.sheet.facts import LateSheet, SheetProofFact
from app.reporting.watcher import ReportWatch
from tests.api.desk import Desk, problem
from tests.reporting.report.test_report_chain import did, drafted, sent
from tests.reporting.reporting_evening import POLICY
from tests.world import EAST_BANK, SECRET_KIND, STREAM, ZONE

pytestmark = pytest.mark.database


async def told_late(desk: Desk, **changes: Any) -> int:
    """Open an incident whose leader was told eight minutes after the call: three too late. Return its id."""
    now = desk.world.clock.now()
    incident = await desk.world.incident(
        received_at=now - timedelta(minutes=8),
        occurred_at=now - timedelta(minutes=20),
        callers=[{"name": "李四", "phone": "13900000007"}],
        **changes,
    )
    call = {"whom": "带班领导周敏", "receiver": "L", "number": "13900000001"}
    await did(desk, "officer", f"/api/incidents/{incident.id}/tellings", call)
    return incident.id


async def exported(desk: Desk, incident: int, who: str = "officer", **told: Any) -> dict[str, Any]:
    return await did(desk, who, f"/api/incidents/{incident}/reporting/late-sheets", told)


async def paper(desk: Desk, sheet: dict[str, Any], form: str, who: str = "officer") -> bytes:
    answer = await desk.ask(who, "GET", f"/api/late-sheets/{sheet['id']}.{form}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["X-Content-SHA256"] == hashlib.sha256(answer.content).hexdigest()
    return answer.content


async def test_it_says_when_it_was_due_made_and_late_and_names_the_calls_with_their_numbers(
    desk: Desk,
) -> None:
    incident = await told_late(desk)
    (due,) = await desk.world.rows("SELECT id FROM report_due WHERE receiver = 'L'")
    why = {"reason": "线路占用"}
    await did(desk, "officer", f"/api/reporting/dues/{due['id']}/late-reason", why)
    made = await exported(desk, incident)
    content = made["content"]
    first = content["dues"][0]
    assert (first["receiver"], first["rule_id"], first["anchor"], first["late_minutes"]) == (
        "L",
        "D6",
        "rcv",
        3,
    )
    assert (first["limit_zh"], first["flagged"], first["disputed"]) == ("5分钟", True, False)
    assert [(one["kind"], one["reason"], one["noted_by"]) for one in first["late"]] == [
        ("late", "", ""),
        ("reason", "线路占用", "值班员甲"),
    ]
    assert content["tellings"][0]["number"] == "13900000001"
    assert content["callers"] == [{"name": "李四", "phone": "13900000007"}]
    types = [one["type"] for one in content["entries"]]
    assert types[0] == "incident.opened"
    assert {"incident.reported", "report.late", "report.late_reason"} <= set(types)
    kept = await desk.world.rows("SELECT seq, encode(hash, 'hex') AS hash FROM journal")
    hashes = {row["seq"]: row["hash"] for row in kept}
    assert all(hashes[one["seq"]] == one["hash"] for one in content["entries"])
    proof = made["proof"]
    assert (proof["ok"], proof["broken_seq"], proof["whole"]) == (True, None, proof["last_seq"])
    assert proof["last_hash"] == hashes[proof["last_seq"]]


async def test_it_is_printed_the_same_again_while_nothing_of_it_is_new(desk: Desk) -> None:
    incident = await told_late(desk)
    first = await exported(desk, incident)
    assert (first["fresh"], first["sheet"]["edition"]) == (True, 1)
    assert [one["form"] for one in first["sheet"]["papers"]] == ["pdf", "docx", "json"]
    papers = {form: await paper(desk, first["sheet"], form) for form in ("pdf", "docx", "json")}
    assert papers["pdf"].startswith(b"%PDF")
    with zipfile.ZipFile(io.BytesIO(papers["docx"])) as whole:
        words = whole.read("word/document.xml").decode()
    for said in ("迟报核查表", "迟报3分钟", "13900000001", first["proof"]["last_hash"], "通过"):
        assert said in words, said
    # Something else happens in the county; the sheet says nothing new.
    await desk.world.incident(title="别处")
    again = await exported(desk, incident)
    assert (again["fresh"], again["sheet"]["id"]) == (False, first["sheet"]["id"])
    assert again["proof"]["last_seq"] > first["proof"]["last_seq"]
    assert {form: await paper(desk, again["sheet"], form) for form in papers} == papers
    # A reason is new.
    (due,) = await desk.world.rows(
        "SELECT id FROM report_due WHERE receiver = 'L' AND incident_id = :i", i=incident
    )
    await did(desk, "officer", f"/api/reporting/dues/{due['id']}/late-reason", {"reason": "线路占用"})
    third = await exported(desk, incident)
    assert (third["fresh"], third["sheet"]["edition"]) == (True, 2)
    listed: Any = await did(desk, "officer", f"/api/incidents/{incident}/reporting/late-sheets", method="GET")
    assert [one["edition"] for one in listed] == [2, 1]


async def test_of_one_addressee_it_says_nothing_of_another(desk: Desk) -> None:
    incident = await told_late(desk)
    await sent(desk, await drafted(desk, incident))
    desk.world.later(minutes=60)
    await ReportWatch(desk.world.database, desk.world.clock, STREAM, POLICY).look()
    whole = (await exported(desk, incident))["content"]
    prefecture = (await exported(desk, incident, receiver="P"))["content"]
    assert {due["receiver"] for due in prefecture["dues"]} == {"P"}
    assert {due["receiver"] for due in whole["dues"]} > {"P", "L"}
    assert prefecture["tellings"] == []
    assert [one["number"] for one in prefecture["versions"]] == [whole["versions"][0]["number"]]
    assert "report.late" not in {one["type"] for one in prefecture["entries"]}
    (version,) = whole["versions"]
    assert (version["signed_by"], [one["node"] for one in version["to"]]) == ("带班领导", ["CG", "P", "D"])
    assert version["papers"][0].split(" ")[1] in str(
        await desk.world.rows("SELECT sha256 FROM document_file")
    )


async def test_an_entry_altered_or_a_chain_written_anew_behind_the_houses_back_is_named(desk: Desk) -> None:
    incident = await told_late(desk)
    whole = await exported(desk, incident)
    (late,) = await desk.world.rows("SELECT seq FROM journal WHERE type = 'report.late'")
    await desk.world.run("ALTER TABLE journal DISABLE TRIGGER USER")
    await desk.world.run(
        "UPDATE journal SET body = CAST(replace(CAST(body AS text), CAST(:was AS text), CAST(:now AS text)) "
        "AS json) WHERE seq = :seq",
        was='"late_minutes":3',
        now='"late_minutes":1',
        seq=late["seq"],
    )
    altered = await exported(desk, incident)
    assert (altered["fresh"], altered["proof"]["ok"]) == (True, False)
    assert (altered["proof"]["broken_seq"], altered["proof"]["broken_type"]) == (late["seq"], "report.late")
    words = proof_words(SheetProofFact.model_validate(altered["proof"]))
    assert words == f"不通过:第{late['seq']}条被改动(迟报),此前{late['seq'] - 1}条完整"
    # Whoever reckons all hashes anew makes the chain whole, and is told by the editions kept before.
    await _written_anew(desk)
    again = (await exported(desk, incident))["proof"]
    assert (again["broken_seq"], again["ok"]) == (None, False)
    assert again["rewritten_upto"] == whole["proof"]["last_seq"]


async def _written_anew(desk: Desk) -> None:
    digest = b""
    rows = await desk.world.rows("SELECT seq, CAST(body AS text) AS body FROM journal ORDER BY seq")
    for row in rows:
        digest = hashlib.sha256(digest + row["body"].encode()).digest()
        await desk.world.run("UPDATE journal SET hash = :h WHERE seq = :s", h=digest, s=row["seq"])
    await desk.world.run("UPDATE journal_head SET hash = :h", h=digest)


async def test_who_may_not_know_the_incident_or_sits_below_the_desk_gets_no_sheet(desk: Desk) -> None:
    secret = await told_late(desk, event_code=SECRET_KIND)
    path = f"/api/incidents/{secret}/reporting/late-sheets"
    problem(await desk.post("east", path, {}), 404, "not_found")
    problem(await desk.post("crew", path, {}), 403, "not_permitted")
    made = await exported(desk, secret)
    kept = f"/api/late-sheets/{made['sheet']['id']}.pdf"
    for who, status, code in (("east", 404, "not_found"), ("admin", 403, "not_permitted")):
        problem(await desk.ask(who, "GET", kept), status, code)
    assert (await desk.ask("auditor", "GET", kept)).status_code == 200
    problem(await desk.ask("officer", "GET", "/api/late-sheets/999.pdf"), 404, "not_found")
    assert (await desk.ask("officer", "GET", kept.replace("pdf", "exe"))).status_code == 422

    # An open one: the township has a sheet of its own, without the centre's written reports.
    open_ = await told_late(desk)
    await drafted(desk, open_)
    centre, east = await exported(desk, open_), await exported(desk, open_, who="east")
    assert (len(centre["content"]["versions"]), east["content"]["versions"]) == (1, [])
    assert "report.drafted" not in {one["type"] for one in east["content"]["entries"]}
    problem(await desk.ask("east", "GET", f"/api/late-sheets/{centre['sheet']['id']}.json"), 404, "not_found")
    assert await paper(desk, east["sheet"], "json", "officer")
    problem(await desk.ask("west", "GET", f"/api/late-sheets/{east['sheet']['id']}.json"), 404, "not_found")


async def test_an_edition_is_kept_for_good(desk: Desk) -> None:
    await exported(desk, await told_late(desk))
    for attack in ("UPDATE late_sheet SET made_by = 'x'", "DELETE FROM late_sheet_paper"):
        with pytest.raises(Exception, match="append-only"):
            await desk.world.run(attack)


async def test_a_reason_longer_than_a_page_is_printed_whole(desk: Desk) -> None:
    incident = await told_late(desk, region_code=EAST_BANK)
    (due,) = await desk.world.rows("SELECT id FROM report_due WHERE receiver = 'L'")
    for n in range(3):
        told = {"reason": f"{n}" + "因线路占用未能及时接通" * 45}
        await did(desk, "officer", f"/api/reporting/dues/{due['id']}/late-reason", told)
    made = await exported(desk, incident)
    sheet = LateSheet.model_validate(made["content"])
    pages = pages_of(sheet, SheetProofFact.model_validate(made["proof"]), 1, "值班员甲", ZONE)
    assert [sum(page.widths) for page in pages] == [156] * 6
    assert pdf_of(pages).startswith(b"%PDF")


async def test_a_sheet_of_an_incident_that_was_closed_and_reopened_with_a_key_facility_is_printed(
    desk: Desk,
) -> None:
    """Found by `make fuzz`: what the house writes itself of an incident had no name on the sheet."""
    incident = await told_late(desk)
    path = f"/api/incidents/{incident}"
    await did(desk, "officer", f"{path}/key-facility", {"name": "樟川水库"}, "PUT")
    await did(desk, "officer", f"{path}/close", {"reason": "处置完毕"})
    await did(desk, "lead", f"{path}/reopen", {"reason": "复燃"})
    told = await exported(desk, incident)
    assert (await paper(desk, told["sheet"], "docx")).startswith(b"PK")
