"""The intake queue: signed notices of partners, typed and imported ones, villages; a person judges."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from app.dispatch.inbox.rules import rows_in, signature
from tests.api.desk import Desk, problem
from tests.world import EAST, EAST_BANK, OPEN_KIND

pytestmark = pytest.mark.database
TITLE = "𠮷家村桥梁垮塌😀𬭎"


async def partner(desk: Desk) -> dict[str, str]:
    made = await desk.post("lead", "/api/intake/partners", {"name_zh": "市水利局"})
    assert made.status_code == 201, made.text
    return dict(made.json())


async def notify(
    desk: Desk, who: dict[str, str], told: Any, *, skew_s: int = 0, sign: str | None = None
) -> httpx.Response:
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    at = str(int(desk.world.clock.now().timestamp()) + skew_s)
    headers = {
        "X-Zhishou-Timestamp": at,
        "X-Zhishou-Signature": signature(who["secret"], at, body) if sign is None else sign,
    }
    return await desk.client.post(f"/api/partners/{who['key']}/notices", content=body, headers=headers)


async def test_a_partners_notice_waits_for_a_person_and_comes_in_once(desk: Desk) -> None:
    who = await partner(desk)
    told = {"their_id": "SL-7", "title": TITLE, "text": "水位超警", "region_code": EAST_BANK}
    first, again = await notify(desk, who, told), await notify(desk, who, told)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["known"] is True
    assert first.json()["id"] == again.json()["id"]
    assert await desk.read("officer", "/api/incidents") == []  # it opens nothing by itself
    problem(await notify(desk, who, {**told, "text": "改了"}), 409, "same_id_other_content")
    (waiting,) = await desk.read("east", "/api/intake")
    assert (waiting["title"], waiting["from_name"]) == (TITLE, "市水利局")
    assert await desk.read("west", "/api/intake") == []

    opened = {"event_code": OPEN_KIND, "region_code": EAST_BANK, "title": waiting["title"]}
    incident = await desk.post("officer", f"/api/intake/{waiting['id']}/incident", opened)
    assert incident.status_code == 201, incident.text
    assert incident.json()["callers"][0]["words"] == "水位超警"
    problem(
        await desk.post("second", f"/api/intake/{waiting['id']}/dismissal", {"reason": "x"}),
        409,
        "notice_judged",
    )
    assert await desk.read("officer", "/api/intake") == []
    page = await desk.get("officer", f"/api/incidents/{incident.json()['id']}/timeline.html")
    assert TITLE in page.text  # rare characters and emoji survive to print


async def test_what_is_not_signed_well_is_refused_with_a_sentence_and_leaves_nothing(desk: Desk) -> None:
    who = await partner(desk)
    told = {"their_id": "1", "title": "塌方"}
    problem(await notify(desk, who, told, sign="sha256=00"), 401, "bad_signature")
    problem(await notify(desk, who, told, sign=""), 401, "bad_signature")
    problem(await notify(desk, who, told, skew_s=-301), 401, "stale_notice")
    problem(await notify(desk, who, told, skew_s=301), 401, "stale_notice")
    problem(await notify(desk, {**who, "key": "nobody"}, told), 401, "unknown_partner")
    other = await partner(desk)
    problem(await notify(desk, {**who, "secret": other["secret"]}, told), 401, "bad_signature")
    problem(await notify(desk, who, {"title": "没有编号"}), 422, "invalid_input")
    problem(await notify(desk, who, b"{"), 422, "invalid_input")
    problem(await notify(desk, who, {**told, "region_code": "110000000000"}), 422, "invalid_input")
    problem(await notify(desk, who, {**told, "text": "长" * 70_000}), 413, "notice_too_large")
    assert await desk.read("officer", "/api/intake") == []
    shut = await desk.ask("lead", "DELETE", f"/api/intake/partners/{who['id']}")
    assert shut.json()["revoked_by"] == "值班长"
    problem(await notify(desk, who, told), 401, "unknown_partner")
    for person in ("officer", "east", "crew"):
        problem(await desk.post(person, "/api/intake/partners", {"name_zh": "x"}), 403, "not_permitted")
    listed = await desk.get("lead", "/api/intake/partners")
    assert who["secret"] not in listed.text


async def test_files_come_in_all_or_none_and_twice_is_once(desk: Desk) -> None:
    async def take(content: bytes) -> httpx.Response:
        headers = {"Cookie": "zhishou_session=token-officer"}
        return await desk.client.post("/api/intake/file?source=warning", content=content, headers=headers)

    sheet = "编号,标题,内容,区划代码\nYJ1,暴雨红色预警,双河镇,990181100000\nYJ2,山洪橙色预警,,\n"
    for content in (sheet.encode("gb18030"), sheet.encode("utf-8-sig")):
        assert [one["title"] for one in (await take(content)).json()] == ["暴雨红色预警", "山洪橙色预警"]
    assert len(await desk.read("officer", "/api/intake")) == 2
    refused = problem(await take("标题,事件类型\n好,12Y00\n坏,XX\n".encode()), 422, "invalid_input")
    assert refused["fields"][0]["name"].startswith("第2条")
    problem(await take(b"\x00\x01"), 422, "invalid_input")
    problem(await take(b"[1]"), 422, "invalid_input")
    assert len(await desk.read("officer", "/api/intake")) == 2
    assert [row["title"] for row in rows_in(b'{"notices": [{"title": "a"}]}')] == ["a"]


async def test_a_village_reports_with_place_and_photo_and_it_joins_an_incident(desk: Desk) -> None:
    report = {"text": "河水漫堤", "lon": 118.21, "lat": 28.51, "accuracy_m": 12, "region_code": EAST}
    sent = await desk.post("crew", "/api/intake/reports", report, Idempotency_Key="r1")
    assert sent.status_code == 201, sent.text
    id_ = sent.json()["id"]
    files = f"/api/intake/{id_}/attachments"
    headers = {"Cookie": "zhishou_session=token-crew"}
    jpeg = b"\xff\xd8\xff\xe0" + b"1" * 20
    added = await desk.client.post(f"{files}?name=a.jpg", content=jpeg, headers=headers)
    assert added.status_code == 201, added.text
    problem(
        await desk.client.post(
            f"{files}?name=a.jpg", content=jpeg, headers={"Cookie": "zhishou_session=token-boatman"}
        ),
        404,
        "not_found",
    )
    assert len(await desk.read("officer", files)) == 1
    problem(await desk.get("west", files), 404, "not_found")
    incident = await desk.world.incident()
    joined = await desk.post("officer", f"/api/intake/{id_}/join", {"incident_id": incident.id})
    assert joined.json()["state"] == "joined"
    fact = await desk.read("officer", f"/api/incidents/{incident.id}")
    assert fact["callers"][-1].items() >= {"name": "江队队员", "phone": "", "words": "河水漫堤"}.items()
    assert len(await desk.read("officer", f"/api/incidents/{incident.id}/attachments")) == 1
    problem(await desk.post("auditor", "/api/intake/reports", report), 403, "not_permitted")
