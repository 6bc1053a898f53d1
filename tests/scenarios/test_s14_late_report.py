"""Scenario S14: a late report and an honest correction (domain/scenarios.md), through the public API."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.journal.proof import prove
from tests.scenarios.conftest import Begun
from tests.scenarios.night import Night

pytestmark = pytest.mark.database
EAST_BANK = "990181100204"
CALL = ("T", "C", "phone")


async def test_the_township_that_phoned_at_06_10_stays_late_whatever_it_corrects(begun: Begun) -> None:
    night = await begun("2025-06-18", "06:10:00")
    path, incident_id = await _opened(night, 4)

    # 1. It happened at 05:10, the township knew at 05:25 and phoned at 06:10: 迟报 30 minutes.
    (due,) = (await night.dues("chenjie", path))[CALL]
    assert (night.is_at(due["due_at"], "05:40:00"), due["rule_id"]) == (True, "D3")
    assert (due["state"], due["late_minutes"], due["flagged"]) == ("done_late", 30, True)
    assert [entry["type"] for entry in (await night.story(incident_id))["entries"]].count("report.late") == 1
    await night.refused("chenjie", f"/api/reporting/dues/{due['id']}/late-reason", 422, "invalid_input", {})
    why = {"reason": "值班员先核实后报"}
    told = await night.do("linxi", f"/api/reporting/dues/{due['id']}/late-reason", why)
    assert [(one["kind"], one["minutes"]) for one in told["late"]] == [("late", 30), ("reason", 30)]

    # 2. The centre is not late before it knows.
    (written,) = (await night.dues("chenjie", path))["C", "P", "written"]
    assert night.is_at(written["due_at"], "07:10:00")
    assert written["state"] == "running"

    # 3. 06:25: "we learned at 06:05" is a correction with its author; the flag stays, disputed.
    await night.at("06:25:00")
    claimed: dict[str, Any] = {"kind": "learned", "name": "T", "at": night.moment("06:05:00").isoformat()}
    await night.refused("linxi", f"{path}/reporting/knowledge", 422, "invalid_input", claimed)
    (entry,) = await _learned(night, path)
    claimed["corrects"] = entry["id"]
    await night.refused("linxi", f"{path}/reporting/knowledge", 422, "invalid_input", claimed)
    await night.do("linxi", f"{path}/reporting/knowledge", {**claimed, "reason": "05:25为误记"})
    linxi = (await night.read("linxi", "/api/me"))["name"]
    now, before = await _learned(night, path)
    assert night.is_at(now["corrected_at"], "05:25:00")
    assert (now["entered_by"], now["reason"], now["holds"], before["holds"]) == (
        linxi,
        "05:25为误记",
        True,
        False,
    )
    (due,) = (await night.dues("chenjie", path))[CALL]
    assert night.is_at(due["due_at"], "06:15:00")
    assert (due["state"], due["flagged"], due["disputed"]) == ("done", True, True)
    assert due["late"][0]["minutes"] == 30

    # 4. A posting of 05:50 is listed as evidence; no deadline moves by it.
    rumour = {
        "kind": "evidence",
        "name": "T",
        "at": night.moment("05:50:00").isoformat(),
        "evidence": "网络视频",
    }
    told = await night.do("chenjie", f"{path}/reporting/knowledge", rumour)
    assert told["known"][0]["evidence"] == "网络视频"
    assert (await night.dues("chenjie", path))[CALL][0]["due_at"] == due["due_at"]

    # 5. A superior asks: times, calls, what was corrected, and the chain, proved at that moment.
    made = await night.do("chenjie", f"{path}/reporting/late-sheets", {"receiver": "C"})
    assert (made["proof"]["ok"], made["proof"]["whole"]) == (True, made["proof"]["last_seq"])
    sheet = made["content"]
    (first,) = [one for one in sheet["dues"] if one["channel"] == "phone"]
    assert (first["flagged"], first["disputed"], first["rule_id"]) == (True, True, "D3")
    assert [(one["kind"], one["minutes"]) for one in first["late"]] == [("late", 30), ("reason", 30)]
    assert night.is_at(first["late"][0]["due_at"], "05:40:00")
    assert [(one["sender"], one["number"]) for one in sheet["tellings"]] == [("T", "0790-7000001")]
    corrected = next(one for one in sheet["known"] if one["corrects_id"])
    assert (corrected["entered_by"], corrected["reason"]) == (linxi, "05:25为误记")
    assert night.is_at(corrected["corrected_at"], "05:25:00")
    assert "网络视频" in {one["evidence"] for one in sheet["known"]}
    hashes = {row["seq"]: row["hash"] for row in await night.rows("SELECT seq, hash FROM journal")}
    assert all(hashes[one["seq"]].hex() == one["hash"] for one in sheet["entries"])
    assert "report.late" in {one["type"] for one in sheet["entries"]}
    printed = await _paper(night, made["sheet"])
    again = await night.do("chenjie", f"{path}/reporting/late-sheets", {"receiver": "C"})
    assert (again["fresh"], await _paper(night, again["sheet"])) == (False, printed)

    # 7. The month: of the township one late, half an hour on average.
    month = await night.read("chenjie", "/api/reporting/statistics", first="2025-06", last="2025-06")
    (town,) = [one for one in month["units"] if one["node"] == "T"]
    assert (town["name_zh"], town["late"], town["average_delay_min"]) == ("临溪镇", 1, 30.0)
    assert (town["disputed"], town["corrections"]) == (1, 1)

    # 6. What was late cannot be edited away; an entry edited in the database is named by the proof.
    for attack in ("DELETE FROM report_late", "UPDATE report_late SET minutes = 0", "DELETE FROM report_due"):
        with pytest.raises(DBAPIError, match="append-only"):
            await night.rows(attack)
    assert [one.broken_seq for one in await prove(night.house.database)] == [None]
    (late,) = await night.rows("SELECT seq FROM journal WHERE type = 'report.late'")
    async with night.house.database.transaction() as tx:
        await tx.execute(text("ALTER TABLE journal DISABLE TRIGGER USER"))
        edited = text(
            "UPDATE journal SET body = CAST(replace(CAST(body AS text), CAST(:was AS text), "
            "CAST(:now AS text)) AS json) WHERE seq = :seq"
        )
        told = {"was": '"late_minutes":30', "now": '"late_minutes":3', "seq": late["seq"]}
        await tx.execute(edited, told)
    assert [one.broken_seq for one in await prove(night.house.database)] == [late["seq"]]
    told = (await night.do("chenjie", f"{path}/reporting/late-sheets", {"receiver": "C"}))["proof"]
    assert (told["ok"], told["broken_seq"], told["broken_type"]) == (False, late["seq"], "report.late")


@pytest.mark.parametrize(("channel", "clock"), [("phone", "06:20:00"), ("written", "06:40:00")])
async def test_of_a_larger_incident_the_grace_after_the_receipt_holds(
    begun: Begun, channel: str, clock: str
) -> None:
    night = await begun("2025-06-18", "06:10:00")
    path, _ = await _opened(night, 3)
    (due,) = (await night.dues("chenjie", path))["C", "P", channel]
    assert night.is_at(due["due_at"], clock)


async def _opened(night: Night, level: int) -> tuple[str, int]:
    """Open what the township phoned, with when it knew and that it phoned."""
    told = {
        "event_code": "11D01",
        "title": "东岸村滑坡",
        "region_code": EAST_BANK,
        "initial_level": level,
        "occurred_at": night.moment("05:10:00").isoformat(),
        "received_at": night.moment("06:10:00").isoformat(),
        "callers": [{"name": "临溪镇值班室", "phone": "0790-7000001"}],
    }
    incident = await night.do("chenjie", "/api/incidents", told)
    path = f"/api/incidents/{incident['id']}"
    known = {"kind": "learned", "name": "T", "at": night.moment("05:25:00").isoformat()}
    await night.do("chenjie", f"{path}/reporting/knowledge", known)
    call = {"whom": "县应急指挥中心陈洁", "sender": "T", "receiver": "C", "number": "0790-7000001"}
    await night.do("chenjie", f"{path}/tellings", {**call, "told_at": night.moment("06:10:00").isoformat()})
    return path, incident["id"]


async def _paper(night: Night, sheet: dict[str, Any]) -> bytes:
    answer = await night.ask("chenjie", "GET", f"/api/late-sheets/{sheet['id']}.docx")
    assert answer.headers["X-Content-SHA256"] == hashlib.sha256(answer.content).hexdigest()
    return answer.content


async def _learned(night: Night, path: str) -> list[dict[str, Any]]:
    """Return what was entered of the township's learning, the latest first."""
    known = (await night.read("chenjie", f"{path}/reporting"))["known"]
    return [one for one in known if one["kind"] == "learned"]
