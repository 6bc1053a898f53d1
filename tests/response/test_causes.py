"""A warning at the doors of what it may start: an exercise starts nothing real, whatever the sender says."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.api.desk import Desk, problem
from tests.broadcast.loudspeakers import FLASH_FLOOD, drill_peer, install
from tests.response.warning.bulletins import AT, take, xml
from tests.world import EAST, EAST_BANK, WEST

pytestmark = pytest.mark.database


def stamp(at: datetime) -> str:
    return at.isoformat()


async def warned(desk: Desk, status: str) -> int:
    receipt = await take(desk.world, xml(status=status))
    assert receipt.warning_id is not None
    return receipt.warning_id


def sheet(warning: int, **changes: Any) -> dict[str, Any]:
    return {
        "press": "press-aaaa",
        "event_type": FLASH_FLOOD,
        "colour": "red",
        "title": "山洪红色预警",
        "text": "请立即转移。",
        "areas": [EAST],
        "cause_kind": "warning",
        "cause_id": warning,
        "cause_words": "暴雨红色预警",
        "cause_status": "actual",
        **changes,
    }


def call(warning: int, **changes: Any) -> dict[str, Any]:
    return {
        "cause_kind": "warning",
        "cause_id": warning,
        "title": "暴雨红色预警",
        "colour": "red",
        "region_codes": [EAST],
        **changes,
    }


def proposal(warning: int, **changes: Any) -> dict[str, Any]:
    return {
        "cause_kind": "warning",
        "cause_id": warning,
        "cause_words": "暴雨红色预警",
        "event_code": FLASH_FLOOD,
        "level": 1,
        "region_codes": [EAST],
        **changes,
    }


@pytest.mark.parametrize("status", ["Exercise", "Test"])
async def test_an_exercise_starts_drills_and_nothing_real_even_if_the_sender_calls_it_actual(
    desk: Desk, status: str
) -> None:
    await desk.world.do(install)
    await desk.world.do(drill_peer)
    warning = await warned(desk, status)
    said = await desk.post("officer", "/api/broadcasts", sheet(warning))
    problem(said, 422, "broadcast_not_for_real")
    for path, told in (("/api/call-and-respond", call(warning)), ("/api/responses", proposal(warning))):
        found = problem(await desk.post("officer", path, told), 422, "invalid_input")
        assert "演练" in found["fields"][0]["zh"]
    drill = await desk.post("officer", "/api/broadcasts", sheet(warning, wish="drill_terminal"))
    assert drill.status_code == 201, drill.text
    assert drill.json()["cause_status"] == status.lower()
    for path, told in (("/api/call-and-respond", call(warning)), ("/api/responses", proposal(warning))):
        answer = await desk.post("officer", path, {**told, "drill": True})
        assert answer.status_code == 201, answer.text


async def test_what_nobody_sees_is_no_cause_of_a_broadcast(desk: Desk) -> None:
    await desk.world.do(install)
    problem(await desk.post("officer", "/api/broadcasts", sheet(4711)), 404, "not_found")


async def test_a_real_warning_is_a_cause_for_real(desk: Desk) -> None:
    await desk.world.do(install)
    warning = await warned(desk, "Actual")
    told = sheet(warning, cause_status="exercise")  # the sender errs on the safe side
    made = await desk.post("officer", "/api/broadcasts", told)
    assert made.status_code == 201, made.text
    assert made.json()["cause_status"] == "actual"


async def test_what_was_started_says_when_the_warning_changed_after_it_until_all_are_told(desk: Desk) -> None:
    await desk.world.do(install)
    await desk.world.run("UPDATE login_session SET expires_at = expires_at + interval '1 day'")
    warning = await warned(desk, "Actual")
    path = f"/api/warnings/{warning}/started"
    assert await desk.read("officer", path) == []
    round_ = (await desk.post("officer", "/api/call-and-respond", call(warning))).json()
    (*_, target) = (await desk.read("officer", f"/api/call-and-respond/{round_['id']}"))["targets"]
    said = {"means": "phone", "result": "answered", "name": "村支书", "words": "收到"}
    answer = await desk.post("officer", f"/api/call-and-respond/targets/{target['id']}/calls", said)
    assert answer.status_code in (200, 201), answer.text
    sheet_ = (await desk.post("officer", "/api/broadcasts", sheet(warning))).json()["broadcast"]
    response = (await desk.post("officer", "/api/responses", proposal(warning))).json()
    told = await desk.read("officer", path)
    assert [(one["kind"], one["id"], one["behind"]) for one in told] == [
        ("call_and_respond", round_["id"], False),
        ("broadcast", sheet_["id"], False),
        ("response", response["id"], False),
    ]

    desk.world.later(hours=2)
    now = desk.world.clock.now()
    lowered = await take(desk.world, xml("Yellow", now, of=AT))
    assert lowered.warning_id == warning
    told = {one["kind"]: one["behind"] for one in await desk.read("officer", path)}
    assert told == {"call_and_respond": True, "broadcast": False, "response": True}, "a draft reached nobody"

    told = {one["kind"]: one["tell"] for one in await desk.read("officer", path)}
    assert told["broadcast"] is None
    words = told["call_and_respond"]
    assert (words["turned"], words["before"], words["colour"]) == ("lowered", "red", "yellow")
    assert words == told["response"]

    desk.world.later(minutes=1)
    same = {"kind": "lowered", "colour": "yellow", "words": "预警降为黄色"}
    answer = await desk.post("officer", f"/api/call-and-respond/{round_['id']}/tell-the-same", same)
    assert answer.status_code == 201, answer.text
    told = await desk.read("officer", path)
    assert [one["behind"] for one in told if one["kind"] == "call_and_respond"] == [False, False]
    problem(await desk.ask("officer", "GET", "/api/warnings/4711/started"), 404, "not_found")


async def test_who_heard_the_alert_is_told_of_its_end_by_a_sheet_that_somebody_else_lets_go(
    desk: Desk,
) -> None:
    await desk.world.do(install)
    await desk.world.run("UPDATE login_session SET expires_at = expires_at + interval '1 day'")
    warning = await warned(desk, "Actual")
    path = f"/api/warnings/{warning}/started"
    told = {"areas": [EAST_BANK], "end_at": stamp(desk.world.clock.now() + timedelta(hours=5))}
    alert = await _let_go(desk, sheet(warning, **told))
    desk.world.later(hours=2)
    await take(desk.world, xml("Red", desk.world.clock.now(), of=AT, kind="Cancel"))
    (behind,) = await desk.read("officer", path)
    assert (behind["id"], behind["behind"], behind["tell"]["turned"]) == (alert, True, "lifted")
    words = behind["tell"]

    desk.world.later(minutes=1)
    end = sheet(
        warning, press="press-bbbb", areas=[], replaces_id=alert, title=words["title"], text=words["text"]
    )
    made = await desk.post("officer", "/api/broadcasts", {**end, "colour": None})
    assert made.status_code == 201, made.text
    number = made.json()["broadcast"]["id"]
    found = {one["id"]: one for one in await desk.read("officer", path)}
    assert (found[alert]["behind"], found[alert]["followed_by"]) == (True, number), "a draft tells nobody"
    await _approved(desk, number)
    found = {one["id"]: one for one in await desk.read("officer", path)}
    assert [one["behind"] for one in found.values()] == [False, False]
    rows = await desk.world.rows("SELECT region_code FROM broadcast_target WHERE message_id = :id", id=number)
    assert [one["region_code"] for one in rows] == [EAST_BANK], "exactly those who got the alert"


async def _let_go(desk: Desk, told: dict[str, Any]) -> int:
    made = await desk.post("officer", "/api/broadcasts", told)
    assert made.status_code == 201, made.text
    number: int = made.json()["broadcast"]["id"]
    await _approved(desk, number)
    return number


async def _approved(desk: Desk, number: int) -> None:
    problem(
        await desk.post("officer", f"/api/broadcasts/{number}/approval", {"revision": 1}),
        403,
        "not_permitted",
    )
    for who, act, revision in (("officer", "submission", 1), ("lead", "approval", 2)):
        answer = await desk.post(who, f"/api/broadcasts/{number}/{act}", {"revision": revision})
        assert answer.status_code == 200, answer.text


async def test_who_was_called_for_a_milder_warning_knows_once_a_new_round_calls_everywhere(
    desk: Desk,
) -> None:
    await desk.world.run("UPDATE login_session SET expires_at = expires_at + interval '1 day'")
    receipt = await take(desk.world, xml("Yellow"))
    warning, path = receipt.warning_id, f"/api/warnings/{receipt.warning_id}/started"
    assert warning is not None
    told = {"colour": "yellow", "region_codes": [EAST, WEST]}
    first = (await desk.post("officer", "/api/call-and-respond", call(warning, **told))).json()
    (*_, target) = (await desk.read("officer", f"/api/call-and-respond/{first['id']}"))["targets"]
    heard = {"means": "phone", "result": "answered", "name": "村支书", "words": "收到"}
    await desk.post("officer", f"/api/call-and-respond/targets/{target['id']}/calls", heard)
    desk.world.later(hours=2)
    await take(desk.world, xml("Red", desk.world.clock.now(), of=AT))
    (behind,) = await desk.read("officer", path)
    assert (behind["behind"], behind["tell"]["turned"]) == (True, "raised")

    desk.world.later(minutes=1)
    drill = call(warning, cause_kind="hand", cause_id=None, drill=True, region_codes=[EAST, WEST])
    assert (await desk.post("officer", "/api/call-and-respond", drill)).status_code == 201
    part = (await desk.post("officer", "/api/call-and-respond", call(warning, region_codes=[EAST]))).json()
    found = {one["id"]: one["behind"] for one in await desk.read("officer", path)}
    assert found == {first["id"]: True, part["id"]: False}, "the other township was not called"
    await desk.post("officer", f"/api/call-and-respond/{part['id']}/end", {})
    desk.world.later(minutes=1)
    whole = call(warning, region_codes=[EAST, WEST])
    second = (await desk.post("officer", "/api/call-and-respond", whole)).json()
    found = {one["id"]: one["behind"] for one in await desk.read("officer", path)}
    assert found == {first["id"]: False, part["id"]: False, second["id"]: False}
