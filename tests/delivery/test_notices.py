"""Notices: plain words to a person, in the app first, then by SMS; read once, told once."""

from __future__ import annotations

import ast
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.delivery.notices import actions
from app.delivery.notices.actions import Matter
from app.delivery.notices.rules import first_step, same_number, says_received, sms_at, sms_text
from app.dispatch.actions import intake
from app.dispatch.escalator import Escalator
from app.org import store as org
from app.org.store import DeviceFact
from app.signals import Text
from tests.api.desk import Desk, desk, problem
from tests.world import COUNTY, EAST, LIMITS, STREAM, World

__all__ = ["desk"]
HEAD, PHONE = 900, "13800000900"
NOW = datetime(2025, 6, 18, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("logged_in", "phone", "by_sms", "step"),
    [
        (True, PHONE, True, "app"),
        (True, "", False, "app"),
        (False, PHONE, True, "sms"),
        (False, PHONE, False, "none"),
        (False, "", True, "none"),
    ],
)
def test_who_is_logged_in_is_told_there_and_everybody_else_by_sms(
    logged_in: bool,
    phone: str,
    by_sms: bool,
    step: str,
) -> None:
    assert first_step(logged_in=logged_in, phone=phone, by_sms=by_sms) == step


def test_an_sms_follows_only_what_waits_in_the_app_of_somebody_with_a_telephone() -> None:
    wait = timedelta(minutes=3)
    assert sms_at("app", PHONE, NOW, wait, by_sms=True) == NOW + wait
    assert sms_at("app", "", NOW, wait, by_sms=True) is None
    assert sms_at("app", PHONE, NOW, wait, by_sms=False) is None
    assert sms_at("sms", PHONE, NOW, wait, by_sms=True) is None


def test_a_receipt_is_one_word_and_a_number_may_lack_its_country() -> None:
    assert all(says_received(text) for text in ("1", " 收到。", "【收到】", "OK"))
    assert not any(says_received(text) for text in ("", "12", "收到求救信号", "没收到"))
    assert same_number("+8613800000900", PHONE)
    assert not same_number("13800000901", PHONE)
    assert not same_number("12345", "12345"), "a service is nobody"
    assert sms_text("请整改") == "【值班】请整改 收到请回复1"


def test_what_the_house_itself_tells_a_person_is_said_in_english_too() -> None:
    told = [
        (path.name, {word.arg for word in call.keywords})
        for path in Path("app").rglob("*.py")
        if "delivery.notices" in (text := path.read_text(encoding="utf-8"))
        for call in ast.walk(ast.parse(text))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Matter"
    ]
    assert len(told) > 10
    silent = [name for name, words in told if "text_en" not in words]
    assert silent == ["actions.py"], "only what an officer types (POST /api/notices) is in his words alone"


@pytest.fixture
async def head(desk: Desk) -> Desk:
    """The head of the east township, who has an account as well."""
    await desk.world.run(
        "INSERT INTO person (id, name_zh, post, region_code, phones) "
        "VALUES (:id, '镇长', '镇长', :east, :phones)",
        id=HEAD, east=EAST, phones=[PHONE, "0799-1"],
    )  # fmt: skip
    return desk


async def logged_in(desk: Desk) -> None:
    await desk.world.run("UPDATE account SET person_id = :id WHERE username = 'east'", id=HEAD)


async def messages(world: World) -> list[tuple[str, str, str, str]]:
    return [(m.channel, m.address, m.addressee, m.state) for m in await world.deliveries()]


async def tell(world: World, key: str = "a", **more: Any) -> list[Any]:
    matter = Matter("rectification", key, "请整改", (EAST,), **more)
    return await world.do(lambda tx: actions.tell(tx, STREAM, [HEAD], matter, world.clock.now()))


@pytest.mark.database
async def test_who_is_not_logged_in_gets_an_sms_and_answers_it_by_sms(head: Desk) -> None:
    world = head.world
    answer = await head.post("officer", "/api/notices", {"person_ids": [HEAD], "text": "请速来会商"})
    (sent,) = answer.json()
    assert (sent["step"], sent["sms_state"], sent["sent_by"]) == ("sms", "queued", "值班员甲")
    assert await messages(world) == [("satellite_phone", PHONE, "镇长", "queued")]
    phone = await stranger(world)
    await world.do(lambda tx: intake.hear_text(tx, phone, Text("s1", "收到", b""), b"", world.clock.now()))
    assert (await world.types())[-1] == "notice.read"
    assert "text.received" not in await world.types(), "a receipt is no words for the desk"
    (told,) = await head.read("officer", "/api/notices")
    assert (told["read_means"], told["sms_state"]) == ("sms", "delivered")
    await world.do(lambda tx: intake.hear_text(tx, phone, Text("s2", "收到", b""), b"", world.clock.now()))
    assert (await world.types())[-1] == "text.received", "nothing waits for a receipt any more"


async def stranger(world: World) -> DeviceFact:
    await world.run(
        "INSERT INTO device (id, stream, family, number, label, region_code, active, facts) "
        "VALUES (90, :stream, 'satphone', :number, '镇长', :county, true, '{}')",
        stream=STREAM, number=f"86{PHONE}", county=COUNTY,
    )  # fmt: skip
    found = await world.do(lambda tx: org.device_by_number(tx, ("satphone",), f"86{PHONE}"))
    assert found is not None
    return found


@pytest.mark.database
async def test_what_is_not_opened_in_the_app_follows_by_sms_once(head: Desk) -> None:
    world = head.world
    await logged_in(head)
    (told,) = await tell(world)
    assert (told.step, await messages(world)) == ("app", [])
    assert [one["text"] for one in await head.read("east", "/api/notices/mine")] == ["请整改"]
    escalator = Escalator(world.database, world.clock, LIMITS)
    assert await escalator.look() == 0
    world.later(minutes=3)
    assert [await escalator.look(), await escalator.look()] == [1, 0]
    assert await messages(world) == [("satellite_phone", PHONE, "镇长", "queued")]
    read = await head.post("east", f"/api/notices/{told.id}/read")
    assert (read.json()["read_means"], read.json()["sms_state"]) == ("app", "cancelled")
    assert (await head.post("east", f"/api/notices/{told.id}/read")).json() == read.json()
    assert await head.read("east", "/api/notices/mine") == []
    assert await world.types() == ["notice.sent", "notice.escalated", "notice.read"]


@pytest.mark.database
async def test_what_was_read_in_time_brings_no_sms_and_a_matter_is_told_once(head: Desk) -> None:
    world = head.world
    await logged_in(head)
    (told,) = await tell(world)
    assert await tell(world) == []
    assert len(await tell(world, key="b", by_sms=False)) == 1
    await head.post("east", f"/api/notices/{told.id}/read")
    world.later(hours=1)
    assert await Escalator(world.database, world.clock, LIMITS).look() == 0
    assert await messages(world) == []


@pytest.mark.database
async def test_notices_stay_within_the_scope_and_are_read_by_their_reader_only(head: Desk) -> None:
    words = {"person_ids": [HEAD], "text": "请速来"}
    problem(await head.post("west", "/api/notices", words), 404, "not_found")
    problem(await head.post("crew", "/api/notices", words), 403, "not_permitted")
    problem(await head.post("officer", "/api/notices", {"person_ids": [], "text": "x"}), 422, "invalid_input")
    (told,) = (await head.post("east", "/api/notices", words)).json()
    problem(await head.post("officer", f"/api/notices/{told['id']}/read"), 404, "not_found")
    assert await head.read("west", "/api/notices") == []
    assert await head.read("officer", "/api/notices/mine") == []
