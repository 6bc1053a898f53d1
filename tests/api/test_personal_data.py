"""Personal data: masked for roles that need it not, everywhere; revealed one by one, and written down."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from sqlalchemy import insert

from app import personal
from app.config import Settings
from app.journal import store as journal
from app.main import create_app
from app.org.tables import Account, LoginSession
from app.realtime.asyncapi import document
from app.realtime.audience import Audience
from app.realtime.ring import Framed
from tests.api.desk import Desk, problem, token_of
from tests.api.test_need_to_know import gets
from tests.duty.county import settle_in
from tests.world import EAST_BANK, OPEN_KIND, STREAM

HOUR = timedelta(hours=1)
CALLER = "17412345678"
LOOKS_PERSONAL = re.compile(
    r"phone|mobile|telephone|(^|_)tel(_|$)|caller|contact($|_p|_n)|id_card|identity|satellite_number|beidou_number"
)
WHOLE = ("leader", "officer", "east")
MASKED = ("auditor",)


def _texts(schemas: dict[str, Any]) -> set[str]:
    """Return which fields of all that leaves the house hold words and look like personal data."""
    return {
        name
        for schema, told in schemas.items()
        if not schema.endswith(("In", "Patch", "Put"))
        for name, field in told.get("properties", {}).items()
        if LOOKS_PERSONAL.search(name) and '"string"' in json.dumps(field)
    }


def test_every_field_that_looks_like_personal_data_has_a_decision() -> None:
    """A new one fails here until `app/personal.py` says what becomes of it."""
    app = create_app(Settings(_env_file=None, database_url="postgresql://nobody@127.0.0.1:1/nothing"))
    names = _texts(app.openapi()["components"]["schemas"]) | _texts(document()["components"]["schemas"])
    assert len(names) > 10
    assert names - personal.NUMBERS - set(personal.TEXTS) == set()
    assert personal.NUMBERS - names == set()  # no decision about what is not there any more


async def _busy(desk: Desk) -> int:
    """Bring telephones into incidents, hand-over, log, orders; return the incident."""
    await desk.world.do(settle_in)
    told = {
        "event_code": OPEN_KIND,
        "region_code": EAST_BANK,
        "title": "东岸村被困",
        "description": f"来电人{CALLER}",
        "callers": [{"name": "张三丰", "phone": CALLER, "words": "水涨上来了"}],
    }
    made = await desk.post("officer", "/api/incidents", told)
    assert made.status_code == 201, made.text
    await desk.world.send(incident_id=made.json()["id"])
    return int(made.json()["id"])


@pytest.mark.database
async def test_no_answer_gives_a_telephone_or_a_caller_away_to_who_needs_it_not(desk: Desk) -> None:
    await _busy(desk)
    numbers = [row["phones"][0] for row in await desk.world.rows("SELECT phones FROM person")] + [CALLER]
    wall = await _wall(desk)
    read = 0
    for who in (*MASKED, wall):
        for path in gets(desk):
            answer = await desk.get(who, path)
            read += answer.status_code == 200
            kind = answer.headers.get("content-type", "")
            said = _cells(answer.content) if "spreadsheet" in kind else answer.text
            devices = [row["number"] for row in await desk.world.rows("SELECT number FROM device")]
            found = [one for one in (*numbers, "张三丰") if one in said and one not in devices]
            assert not found, (who, path, found)
    assert read > 100
    assert "138****0001" in _cells((await desk.get("auditor", "/api/people/export.xlsx")).content)
    for who in WHOLE:  # who must call sees whom
        assert CALLER in (await desk.get(who, "/api/snapshot")).text
        assert "13800000001" in (await desk.get(who, "/api/people")).text
    assert "13800000001" in _cells((await desk.get("officer", "/api/people/export.xlsx")).content)


async def _wall(desk: Desk) -> str:
    """Let a wall screen be logged in."""
    row = {"id": 990, "username": "wall", "password_hash": "-", "name_zh": "大厅", "role": "wall"}
    place = {"stream": STREAM, "scope": STREAM, "team_ids": [], "active": True}
    now = desk.world.clock.now()
    login = {"token_hash": token_of("wall"), "account_id": 990, "created_at": now, "expires_at": now + HOUR}
    await desk.world.do(lambda tx: tx.execute(insert(Account), [row | place]))
    await desk.world.do(lambda tx: tx.execute(insert(LoginSession), [login]))
    return "wall"


def _cells(content: bytes) -> str:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    return "\n".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)


@pytest.mark.database
async def test_a_push_is_masked_for_the_same_readers(desk: Desk) -> None:
    await _busy(desk)
    rows = [Framed.of(row) for row in await desk.world.do(lambda tx: journal.read_after(tx, STREAM, 0, 1000))]
    told = {
        who: b"".join(row.frame_for(Audience.of(desk.world.people[who])) for row in rows).decode(
            errors="replace"
        )
        for who in (*WHOLE, *MASKED)
    }
    for who in WHOLE:
        assert CALLER in told[who] and "张三丰" in told[who]
    for who in MASKED:
        assert CALLER not in told[who] and "张三丰" not in told[who]
        assert "174****5678" in told[who] and "张*" in told[who]
    assert len({Audience.of(desk.world.people[who]).personal for who in (*WHOLE, *MASKED)}) == 2


@pytest.mark.database
async def test_a_record_is_revealed_for_a_reason_and_auditors_read_who_read_whose(desk: Desk) -> None:
    incident = await _busy(desk)
    source = f"/api/incidents/{incident}"
    assert (await desk.read("auditor", source))["callers"][0]["phone"] == "174****5678"
    told = {"source": source, "reason": "核查投诉"}
    found = (await desk.post("auditor", "/api/personal-data/reveals", told)).json()
    values = {one["pointer"]: one["value"] for one in found["values"]}
    assert values["/callers/0/phone"] == CALLER
    assert values["/callers/0/name"] == "张三丰"
    assert values["/description"] == f"来电人{CALLER}"
    assert (await desk.read("auditor", source))["callers"][0]["phone"] == "174****5678"  # once
    event = (await desk.world.events())[-1]
    assert (event["type"], event["whose"], event["reason"]) == ("personal.revealed", ["张三丰"], "核查投诉")
    assert "/callers/0/phone" in event["fields"]
    (line,) = [one for one in await desk.read("auditor", "/api/accounts/audit") if "personal" in one["type"]]
    assert line["about"] == f"张三丰 · {source} · 核查投诉"
    assert (line["username"], line["by"]) == ("auditor", "审计员")


@pytest.mark.database
async def test_nothing_is_revealed_without_a_right_a_reason_or_a_record_one_may_read(desk: Desk) -> None:
    incident = await _busy(desk)
    told = {"source": f"/api/incidents/{incident}", "reason": "核查"}
    path = "/api/personal-data/reveals"
    problem(await desk.post("crew", path, told), 403, "not_permitted")
    problem(await desk.post("auditor", path, told | {"source": "/api/people/999"}), 404, "not_found")
    problem(await desk.post("auditor", path, told | {"reason": " "}), 422, "invalid_input")
    for source in (
        "/api/people",
        "/api/people/1?x=1",
        "/api/../people/1",
        "//host/1",
        "/api/people/export.xlsx",
    ):
        problem(await desk.post("auditor", path, told | {"source": source}), 422, "invalid_input")
    holder = await desk.post("auditor", path, {"source": "/api/devices/1", "reason": "联系持机人"})
    assert [one["value"] for one in holder.json()["values"]] == ["13800000001"]
    assert "personal.revealed" in await desk.world.types()
