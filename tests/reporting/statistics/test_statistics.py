"""Statistics of reporting through the public API: what is counted, for whom, and the sheet."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import load_workbook

from app.dispatch.actions import incidents
from app.dispatch.commands import IncidentIn
from app.reporting.watcher import ReportWatch
from tests.api.desk import Desk, problem
from tests.reporting.report.test_report_chain import did, drafted, edited, signed, step
from tests.reporting.reporting_evening import POLICY
from tests.world import EAST, EAST_BANK, OPEN_KIND, SECRET_KIND, STREAM, WEST_LAKE, ZONE

pytestmark = pytest.mark.database
JUNE = "?first=2025-06&last=2025-06"


async def counted(desk: Desk, who: str = "officer", period: str = JUNE) -> dict[str, Any]:
    return await did(desk, who, f"/api/reporting/statistics{period}", method="GET")


def of_unit(told: dict[str, Any], node: str, place: str = "") -> dict[str, Any]:
    (one,) = [one for one in told["units"] if (one["node"], one["region_code"]) == (node, place)]
    return dict(one)


async def opened(desk: Desk, place: str = EAST_BANK, kind: str = OPEN_KIND, **ago: float) -> int:
    """Open an incident the centre heard of so long ago."""
    now = desk.world.clock.now()
    heard = now - timedelta(**ago)
    told = IncidentIn(event_code=kind, region_code=place, title="溺水", received_at=heard, occurred_at=heard)
    by = desk.world.people["officer"]
    made = await desk.world.do(lambda tx: incidents.open_by_hand(tx, by, told, now, ZONE))
    return made.id


async def told(desk: Desk, incident: int, receiver: str, who: str = "officer", **more: Any) -> None:
    call = {"whom": "值班室", "receiver": receiver, "number": "0790-1", **more}
    await did(desk, who, f"/api/incidents/{incident}/tellings", call)


async def knew(desk: Desk, incident: int) -> None:
    """The township knew when the incident was opened: then it owes a call within half an hour."""
    at = desk.world.clock.now().isoformat()
    known = {"kind": "learned", "name": "T", "at": at}
    await did(desk, "officer", f"/api/incidents/{incident}/reporting/knowledge", known)


async def stays_logged_in(desk: Desk) -> None:
    await desk.world.run("UPDATE login_session SET expires_at = expires_at + interval '30 days'")


async def watched(desk: Desk, minutes: float) -> None:
    desk.world.later(minutes=minutes)
    await ReportWatch(desk.world.database, desk.world.clock, STREAM, POLICY).look()


async def test_in_time_late_and_unmade_are_counted_by_unit_with_their_delays(desk: Desk) -> None:
    first, second = await opened(desk), await opened(desk, minutes=12)
    await told(desk, first, "L")  # at once
    await told(desk, second, "L")  # 5 minutes were given, 12 gone
    centre = of_unit(await counted(desk), "C")
    assert (centre["due"], centre["in_time"], centre["late"], centre["unmade"]) == (2, 1, 1, 0)
    assert (centre["average_delay_min"], centre["longest_delay_min"]) == (7.0, 7)
    assert centre["name_zh"] == "县应急指挥中心"
    assert (centre["first_reports"], centre["first_p50_s"], centre["first_p90_s"]) == (2, 360.0, 648.0)
    # The head of the bureau was to be told within 15 minutes of each, the general duty office within 30.
    await watched(desk, 20)
    centre = of_unit(await counted(desk), "C")
    assert (centre["due"], centre["late"], centre["unmade"], centre["longest_delay_min"]) == (5, 4, 3, 17)


async def test_a_correction_disputes_a_late_report_and_does_not_undo_it(desk: Desk) -> None:
    incident = await opened(desk)
    desk.world.later(minutes=45)
    now = desk.world.clock.now()
    path = f"/api/incidents/{incident}/reporting/knowledge"
    learned = {"kind": "learned", "name": "T", "at": (now - timedelta(minutes=40)).isoformat()}
    known = await did(desk, "east", path, learned)
    await told(desk, incident, "C", "east", sender="T")
    (entry,) = [one for one in known["known"] if one["kind"] == "learned"]
    right = {**learned, "at": now.isoformat(), "corrects": entry["id"], "reason": "误记"}
    await did(desk, "east", path, right)
    seen = await counted(desk)
    east = of_unit(seen, "T", EAST)
    assert (east["due"], east["in_time"], east["late"], east["disputed"]) == (1, 0, 1, 1)
    assert (east["average_delay_min"], east["corrections"]) == (15.0, 1)
    assert east["name_zh"] == "东镇"


async def test_what_is_missed_of_a_row_of_reports_counts_each_time(desk: Desk) -> None:
    await stays_logged_in(desk)
    incident = await opened(desk)
    for _ in range(2):
        await watched(desk, 48 * 60)
        await did(
            desk,
            "officer",
            f"/api/incidents/{incident}/tellings",
            {"whom": "市局", "receiver": "P", "channel": "written", "receipt": "王", "kind": "followup"},
        )
    rows = await desk.world.rows(
        "SELECT DISTINCT l.due_at FROM report_late l JOIN report_due d ON d.id = l.due_id "
        "WHERE d.kind = 'followup'"
    )
    late = await desk.world.rows(
        "SELECT count(DISTINCT d.id) AS n FROM report_late l JOIN report_due d ON d.id = l.due_id "
        "WHERE d.kind <> 'followup'"
    )
    assert len(rows) == 2
    assert (await counted(desk))["total"]["late"] == late[0]["n"] + 2


async def test_returns_oral_consents_and_signed_reports_are_counted_of_the_desk_that_wrote_them(
    desk: Desk,
) -> None:
    incident = await desk.world.incident(life_threat=True)
    report = await drafted(desk, incident.id)
    report = await step(desk, "lead", report, "return", remarks="写明水深")
    report = await did(desk, "officer", f"/api/reports/{report['id']}", edited(report), "PUT")
    await signed(desk, report)
    other = await desk.world.incident(life_threat=True)
    spoken = await drafted(desk, other.id)
    consent = {"consent_of": "周敏", "consent_at": desk.world.clock.now().isoformat()}
    await step(desk, "officer", spoken, "sign", signed_as="oral_consent", **consent)
    centre = of_unit(await counted(desk), "C")
    assert (centre["written"], centre["returns"], centre["oral_consents"]) == (2, 1, 1)


async def test_months_are_the_countys_and_the_sums_agree(desk: Desk) -> None:
    await stays_logged_in(desk)
    await opened(desk, minutes=12)
    desk.world.later(days=13)  # the first of July
    await opened(desk, minutes=12)
    await watched(desk, 1)
    seen = await counted(desk, period="?first=2025-06&last=2025-07")
    assert [one["month"] for one in seen["months"]] == ["2025-06", "2025-07"]
    for name in ("due", "late", "in_time", "unmade"):
        assert sum(one[name] for one in seen["months"]) == seen["total"][name]
        assert sum(one[name] for one in seen["units"]) == seen["total"][name]
        assert sum(one[name] for one in seen["cells"]) == seen["total"][name]
    assert (await counted(desk, period="?first=2025-08&last=2025-08"))["total"]["due"] == 0
    for period in ("?first=2025-07&last=2025-06", "?first=2023-01&last=2025-06"):
        problem(await desk.ask("officer", "GET", f"/api/reporting/statistics{period}"), 422, "invalid_input")
    problem(
        await desk.ask("officer", "GET", "/api/reporting/statistics?first=2025-13&last=x"),
        422,
        "invalid_input",
    )


async def test_a_township_sees_its_own_units_and_nobody_a_secret(desk: Desk) -> None:
    for place, kind in ((EAST_BANK, OPEN_KIND), (WEST_LAKE, OPEN_KIND), (EAST_BANK, SECRET_KIND)):
        await knew(desk, await opened(desk, place, kind, minutes=12))
    await watched(desk, 120)
    everything, east = await counted(desk), await counted(desk, "east")
    assert {one["region_code"][:9] for one in east["units"]} == {EAST[:9]}
    assert {"C"} < {one["node"] for one in everything["units"]}
    whole, own = of_unit(everything, "T", EAST), of_unit(east, "T", EAST)
    assert own["due"] < whole["due"]  # the need-to-know one is not the township's to know
    problem(await desk.ask("crew", "GET", f"/api/reporting/statistics{JUNE}"), 403, "not_permitted")
    problem(await desk.ask("crew", "GET", f"/api/reporting/statistics.xlsx{JUNE}"), 403, "not_permitted")


async def test_the_sheet_holds_numbers_as_numbers_and_no_formula(desk: Desk) -> None:
    await desk.world.run("UPDATE region SET name_zh = '=HYPERLINK(\"x\")' WHERE code = :c", c=EAST)
    await knew(desk, await opened(desk, minutes=12))
    await watched(desk, 120)
    answer = await desk.ask("officer", "GET", f"/api/reporting/statistics.xlsx{JUNE}")
    assert answer.headers["content-disposition"] == 'attachment; filename="reporting-2025-06-2025-06.xlsx"'
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:6] == ("单位", "类别", "月份", "应报", "按时", "迟报")
    assert rows[-1][0] == "全部单位"
    total = (await counted(desk))["total"]
    assert rows[-1][3:6] == (total["due"], total["in_time"], total["late"])
    (cell,) = [
        row[0] for row in sheet.iter_rows() if str(row[0].value).startswith("=") and row[2].value == "合计"
    ]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
