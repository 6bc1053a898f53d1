"""Every refusal has a status and two sentences; whatever comes in, the answer is a problem, never a crash."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from app.api.problems import STATUS
from app.refusals import Refusal
from tests.api.desk import Desk, problem
from tests.modules import modules
from tests.world import EAST_BANK, OPEN_KIND

OPEN = {"event_code": OPEN_KIND, "region_code": EAST_BANK}


def refusals(of: type[Refusal] = Refusal) -> set[type[Refusal]]:
    found = set(of.__subclasses__())
    return found.union(*(refusals(kind) for kind in found))


def test_every_refusal_of_the_house_has_a_status_and_a_code_of_its_own() -> None:
    list(modules())  # whatever refuses is known once its module is
    ours = {kind for kind in refusals() if kind.__module__.startswith("app.")}
    assert ours == set(STATUS)
    codes = [kind.code for kind in ours]
    assert len(codes) == len(set(codes))


@pytest.mark.database
@pytest.mark.parametrize(
    ("told", "field", "zh", "en"),
    [
        ({"region_code": EAST_BANK}, "event_code", "此项必填", "this field is required"),
        ({**OPEN, "region_code": "12"}, "region_code", "格式不正确", "has the wrong format"),
        ({**OPEN, "lon": 200, "lat": 1}, "lon", "不能大于 180", "must not be greater than 180"),
        ({**OPEN, "initial_level": 0}, "initial_level", "不能小于 1", "must not be less than 1"),
        ({**OPEN, "initial_level": "four"}, "initial_level", "应为整数", "must be a whole number"),
        ({**OPEN, "titel": "x"}, "titel", "没有这个字段", "no such field"),
        ({**OPEN, "title": "长" * 201}, "title", "超过长度上限 200", "longer than 200 characters"),
        ({**OPEN, "received_at": "2025-06-18T02:00:00"}, "received_at", "时间须带时区", "needs a zone"),
        ({**OPEN, "callers": [{}] * 21}, "callers", "超过数量上限 20", "more than 20 items"),
        ({**OPEN, "life_threat": "maybe"}, "life_threat", "应为真或假", "true or false"),
        ({**OPEN, "lon": "east", "lat": 1}, "lon", "应为数字", "must be a number"),
        ({**OPEN, "source": "rumour"}, "source", "之一", "one of"),
        ({**OPEN, "region_code": "990181999999"}, "region_code", "没有区划代码", "no region"),
        ({**OPEN, "event_code": "12Z99"}, "event_code", "没有事件类型", "no event type"),
    ],
)
async def test_a_validation_problem_names_the_field_in_both_languages(
    desk: Desk, told: dict[str, object], field: str, zh: str, en: str
) -> None:
    document = problem(await desk.post("officer", "/api/incidents", told), 422, "invalid_input")
    fault = next(fault for fault in document["fields"] if fault["name"] == field)
    assert zh in fault["zh"] and en in fault["en"]


@pytest.mark.database
async def test_half_a_position_is_refused_in_both_languages(desk: Desk) -> None:
    document = problem(
        await desk.post("officer", "/api/incidents", {**OPEN, "lon": 1.0}), 422, "invalid_input"
    )
    assert "经度和纬度须同时填写" in document["zh"]
    assert "lon and lat belong together" in document["en"]


@pytest.mark.database
@pytest.mark.parametrize("body", [b"{", b"", b"\xff\xfe", b'{"event_code": NaN}', b"[]", b"null"])
async def test_a_body_that_is_no_json_object_is_a_problem(desk: Desk, body: bytes) -> None:
    headers = {"Cookie": "zhishou_session=token-officer", "Content-Type": "application/json"}
    answer = await desk.client.post("/api/incidents", content=body, headers=headers)
    problem(answer, 422, "invalid_input")


@pytest.mark.database
@pytest.mark.parametrize("lon", [b"NaN", b"Infinity", b"1e999"])
async def test_a_place_that_is_no_number_is_a_problem(desk: Desk, lon: bytes) -> None:
    headers = {"Cookie": "zhishou_session=token-crew", "Content-Type": "application/json"}
    body = b'{"lon": ' + lon + b', "lat": 28.5}'
    problem(await desk.client.post("/api/positions", content=body, headers=headers), 422, "invalid_input")


@pytest.mark.database
@pytest.mark.parametrize(
    "path",
    [
        "/api/incidents/99999999999999999999",
        "/api/incidents/99999999999999999999/timeline",
        "/api/incidents/0",
        "/api/incidents/-1/recommendation",
    ],
)
async def test_a_number_that_no_row_can_have_is_not_found(desk: Desk, path: str) -> None:
    answer = await desk.get("officer", path)
    assert answer.status_code in (404, 422), answer.text
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.database
async def test_numbers_beyond_the_database_are_problems_in_commands_too(desk: Desk) -> None:
    huge = 2**70
    incident = await desk.world.incident()
    for path, told in (
        (f"/api/incidents/{incident.id}/assignments", {"team_id": huge}),
        (f"/api/alarms/{huge}/acknowledge", {}),
        (f"/api/assignments/{huge}/steps", {"step": "acknowledge"}),
        (f"/api/deliveries/{huge}/receipt", {}),
        (f"/api/teams/{huge}/standby", {"standby": True}),
    ):
        answer = await desk.post("officer", path, told)
        assert answer.status_code in (404, 422), (path, answer.text)
    assert (await desk.get("officer", f"/api/events?after={huge}")).status_code == 422


@pytest.mark.database
async def test_characters_that_the_database_cannot_hold_are_problems(desk: Desk) -> None:
    for told in ({"title": "a\0b"}, {"callers": [{"name": "a\0b"}]}, {"description": "\0"}):
        document = problem(
            await desk.post("officer", "/api/incidents", {**OPEN, **told}), 422, "invalid_input"
        )
        assert "控制字符" in document["zh"] and "control character" in document["en"]
    login = {"username": "a\0b", "password": "x"}
    problem(await desk.post(None, "/api/login", login), 422, "invalid_input")


@pytest.mark.database
async def test_an_unknown_address_is_a_problem_too(desk: Desk) -> None:
    document = problem(await desk.get("officer", "/api/nothing"), 404, "not_found")
    assert document["zh"] == "没有这个地址"
    problem(await desk.ask("officer", "DELETE", "/api/incidents"), 405, "method_not_allowed")


@pytest.mark.database
async def test_a_body_over_one_mebibyte_is_refused_announced_or_not(desk: Desk) -> None:
    headers = {"Cookie": "zhishou_session=token-officer", "Content-Type": "application/json"}
    huge = b'{"title": "' + b"a" * (1024 * 1024) + b'"}'
    answer = await desk.client.post("/api/incidents", content=huge, headers=headers)
    problem(answer, 413, "too_large")

    async def pieces() -> AsyncIterator[bytes]:
        for at in range(0, len(huge), 65536):
            yield huge[at : at + 65536]

    answer = await desk.client.post("/api/incidents", content=pieces(), headers=headers)
    problem(answer, 413, "too_large")
    assert await desk.world.rows("SELECT id FROM incident") == []


@pytest.mark.database
async def test_every_answer_carries_the_headers_that_protect_the_browser(desk: Desk) -> None:
    answers: list[httpx.Response] = [
        await desk.get("officer", "/api/me"),
        await desk.get(None, "/api/me"),
        await desk.get(None, "/api/nothing"),
    ]
    for answer in answers:
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "script-src 'self'" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"
