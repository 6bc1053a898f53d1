"""The published contract: every operation says what it does and what it answers.

Read as it is committed: that it is what the code says is proven by tests/test_contract.py.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.contract import OPENAPI

# What has no model: a page to print, the content of a file, a map as it was imported, a sheet, calendars,
# facts that each part words itself, and a position, which is taken in without a word.
FREE = {
    "GET /api/incidents/{incident_id}/timeline.html",
    "GET /api/incidents/{incident_id}/after-action.html",
    "GET /api/replay.html",
    "GET /api/incidents/{incident_id}/attachments/{attachment_id}/content",
    "GET /api/intake/{notice_id}/attachments/{attachment_id}/content",
    "GET /api/broadcasts/files/{file_id}",
    "GET /api/cameras/{camera_id}/hls/{file}",
    "POST /api/cameras/{camera_id}/whep",
    "PATCH /api/cameras/{camera_id}/whep/{session}",
    "DELETE /api/cameras/{camera_id}/whep/{session}",
    "GET /api/map/base",
    "GET /api/meetings/{meeting_id}.xlsx",
    "GET /api/map/archives/{name}",
    "GET /api/warnings/messages/{message_id}/raw",
    "GET /api/warnings/{warning_id}/cap",
    "GET /api/paper-sheets/now.pdf",
    "GET /api/paper-sheets/{day}/{hour}.pdf",
    "GET /api/health",
    "GET /api/documents/preview.{form}",
    "GET /api/documents/{document_id}/{way}.{form}",
    "GET /api/document-drafts/{draft_id}/preview.{form}",
    "GET /api/devices/export.xlsx",
    "GET /api/readiness/allowances/{month}/sheet.xlsx",
    "GET /api/spot-checks/{spot_check_id}/circular.html",
    "GET /api/people/export.xlsx",
    "GET /api/equipment/export.xlsx",
    "GET /api/experts/export.xlsx",
    "GET /api/duty/posts/{post_id}/rosters/{month}/export.xlsx",
    "GET /api/call-and-respond/{round_id}.xlsx",
    "GET /api/status-calls/{call_id}/summaries/{version}.xlsx",
    "GET /api/status-calls/{call_id}/summaries/{version}.{form}",
    "GET /api/evacuations/residents.xlsx",
    "GET /api/evacuations/{evacuation_id}/{kind}.{form}",
    "GET /api/supplies/stock.xlsx",
    "GET /api/supplies/transfers/{transfer_id}/slip.{form}",
    "GET /api/handovers/{handover_id}.{form}",
    "GET /api/orders/{order_id}.{form}",
    "GET /api/reports/{report_id}.{form}",
    "GET /api/late-sheets/{sheet_id}.{form}",
    "GET /api/reporting/statistics.xlsx",
    "GET /api/statistics.xlsx",
    "GET /api/statistics.csv",
    "GET /api/reports/{report_id}/preview.{form}",
    "GET /api/exchange/received/{received_id}.{form}",
    "GET /api/reports/{report_id}/addressees/{addressee_id}/package.zip",
    "GET /api/duty/posts/{post_id}/log/days/{day}.{form}",
    "GET /api/duty/posts/{post_id}/log/months/{month}.{form}",
    "GET /api/duty/mine.ics",
    "GET /api/duty/posts/{post_id}/roster.ics",
    "POST /api/positions",
    "POST /api/broadcast/speech",
    "GET /api/plans/sheet.xlsx",
    "GET /api/drills/{drill_id}/sheet.html",
    "GET /api/plans/{plan_id}/versions/{version}/content",
}


def operations() -> dict[str, dict[str, Any]]:
    document = json.loads(OPENAPI.read_text(encoding="utf-8"))
    return {
        f"{method.upper()} {path}": operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


@pytest.mark.parametrize(("name", "operation"), operations().items())
def test_every_operation_says_what_it_does_and_what_it_answers(name: str, operation: dict[str, Any]) -> None:
    assert operation["summary"]
    assert operation["description"]
    good = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
    assert good
    if name in FREE or "204" in operation["responses"]:
        return
    schema = good[0]["content"]["application/json"]["schema"]
    told = schema.get("anyOf", [schema])[0]  # a shape, or null where there is none
    assert "$ref" in told or told.get("type") in ("array", "null"), schema


def test_no_two_operations_share_a_name() -> None:
    names = [operation["operationId"] for operation in operations().values()]
    assert len(names) == len(set(names))
