"""A drill stays one down to the last message: marked, numbered apart, told in the app alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.db import Tx
from app.delivery.messages import SMS, Message, queue
from app.delivery.reason_words import reason_words
from app.dispatch.order.overseer import Overseer
from app.dispatch.order.rules.supervise import Standing, Waits, next_step
from app.filing.rules.numbers import DRILL_MARK, marked
from app.journal.concern import Concern
from app.journal.counts.store import count_span
from tests.response.war_room import RESPONSES, WarRoom
from tests.world import CARD, COUNTY, EAST_BANK, HILL, STREAM

MARK = DRILL_MARK
WAITS = Waits(timedelta(minutes=3), timedelta(minutes=7), timedelta(minutes=60))


async def supervised(room: WarRoom) -> int:
    """Let the clock of orders look as it would after a start."""
    world = room.world
    return await Overseer(world.database, world.clock, STREAM, room.desk.house.order_series).look()


async def flood_to_its_end(room: WarRoom, *, drill: bool) -> dict[str, Any]:
    """Respond at level 3 for four hours of silence, go up, go down, end; return the response at level 3."""
    plan = await room.carded("flood")
    room.at("2025-06-20 23:00")
    first = await room.decide(await room.respond(3, plan_id=plan, drill=drill))
    await room.look()
    for moment in ("23:04", "23:15", "23:59"):
        room.at(f"2025-06-20 {moment}")
        await supervised(room)
    room.at("2025-06-21 03:01")
    await supervised(room)
    await room.look()
    for kind, level in (("adjust", 2), ("adjust", 4), ("terminate", None)):
        told = {"kind": kind, "level": level, "basis": "情况变化"}
        response = await room.do("officer", f"{RESPONSES}/{first['id']}/steps", told)
        await room.decide(response)
        await room.look()
    return first


@pytest.mark.database
async def test_a_drilled_response_reaches_nobody_but_in_the_app_and_says_what_it_is(room: WarRoom) -> None:
    response = await flood_to_its_end(room, drill=True)
    sent = await room.world.deliveries()
    assert len(sent) > 50
    assert {row.channel for row in sent} == {"app"}
    assert all(row.drill and row.body.startswith(MARK) for row in sent)
    assert all(row.body.count(MARK) == 1 for row in sent if "【指令】" in row.body)

    orders = await room.desk.read("officer", "/api/orders")
    assert orders and all(one["drill"] and one["title"].startswith(MARK) for one in orders)
    numbers = [one["number"] for one in await room.world.rows("SELECT number FROM dispatch_order")]
    assert "演练樟应指令〔2025〕1号" in numbers and all(one.startswith("演练") for one in numbers)
    assert response["steps"][0]["number"] == "演练樟应响〔2025〕1号"

    asked = await room.desk.read("officer", "/api/status-calls")
    assert asked and all(one["drill"] and one["title"].startswith(MARK) for one in asked)
    # No order of it and no round-up is a figure of the day.
    span = (room.world.clock.now() - timedelta(days=2), room.world.clock.now() + timedelta(days=1))
    counted = await room.world.do(lambda tx: count_span(tx, STREAM, STREAM, *span, without=()))
    kinds = {type_ for type_, _ in counted}
    assert not {one for one in kinds if one.startswith("order.")}
    assert "status_call.opened" not in kinds


@pytest.mark.database
async def test_silence_in_a_drill_calls_nobodys_head_and_a_real_one_after_it_has_its_own_numbers(
    room: WarRoom,
) -> None:
    await flood_to_its_end(room, drill=True)
    fired = [one for one in await room.world.events() if one["type"] == "order.supervised"]
    assert fired and {one["supervision"]["step"] for one in fired} == {1}
    assert all(one["supervision"]["called"] == [] for one in fired)
    assert not [one for one in await room.world.events() if one["type"] == "status_call.escalated"]

    room.at("2025-06-21 04:00")
    plan = (await room.desk.read("officer", "/api/plans"))["plans"][0]["id"]
    real = await room.decide(await room.respond(3, plan_id=plan))
    assert real["steps"][0]["number"] == "樟应响〔2025〕1号"
    orders = [one for one in await room.desk.read("officer", "/api/orders") if not one["drill"]]
    assert "樟应指令〔2025〕1号" in {one["number"] for one in orders}
    assert not any(MARK in one["title"] for one in orders)
    room.at("2025-06-21 04:11")
    await supervised(room)
    later = [one for one in await room.world.events() if one["type"] == "order.supervised"][len(fired) :]
    assert {one["supervision"]["step"] for one in later} >= {1}


@pytest.mark.database
async def test_an_order_of_a_drill_by_hand_leaves_the_team_with_a_card_to_a_telephone_call(
    room: WarRoom,
) -> None:
    told: dict[str, Any] = {
        "title": "到一号堤集结",
        "recipients": [{"team_id": HILL}],
        "tasks": [{"text": "全员带抢险工具"}],
    }
    consent = {"issued_as": "commander"}
    for drill in (False, True):
        made = await room.do("leader", "/api/orders", {**told, "drill": drill})
        issued = await room.do(
            "leader", f"/api/orders/{made['id']}/issue", {**consent, "revision": made["revision"]}
        )
        detail = await room.desk.read("leader", f"/api/orders/{issued['id']}")
        assert detail["parts"][0]["reach"] == ("none" if drill else "device")
    assert [(row.channel, row.address) for row in await room.world.deliveries()] == [("beidou", CARD)]
    assert (issued["number"], issued["title"]) == ("演练樟应指令〔2025〕1号", f"{MARK}到一号堤集结")

    # What was issued stays what it is; an order of a drill is of no real incident.
    again = {**told, "revision": issued["revision"], "reason": "改期", "drill": False}
    found = await room.refused("leader", f"/api/orders/{issued['id']}/amend", 422, "invalid_input", again)
    assert [one["name"] for one in found["fields"]] == ["drill"]
    incident = await room.world.incident()
    real = {**told, "drill": True, "basis": "incident", "incident_id": incident.id}
    found = await room.refused("leader", "/api/orders", 422, "invalid_input", real)
    assert "演练" in found["fields"][0]["zh"]


@pytest.mark.database
async def test_a_round_up_of_a_drill_asks_in_the_app_and_says_who_is_to_be_telephoned(room: WarRoom) -> None:
    room.at("2025-06-20 22:00")
    told = {
        "title": "在岗点名",
        "questions": [{"kind": "number", "text": "在岗人数"}],
        "recipients": {"region_codes": [COUNTY]},
        "due_at": "2025-06-20T23:00:00+08:00",
        "drill": True,
    }
    asked = await room.do("officer", "/api/status-calls", told)
    assert (asked["drill"], asked["title"]) == (True, f"{MARK}在岗点名")
    room.at("2025-06-20 23:01")
    await room.look()
    assert {row.channel for row in await room.world.deliveries()} == {"app"}
    detail = await room.desk.read("officer", f"/api/status-calls/{asked['id']}")
    by_voice = [one for unit in detail["units"] for one in unit["notices"] if one["channel"] != "app"]
    assert by_voice and {one["channel"] for one in by_voice} == {"phone"}
    assert all("演练不发短信" in one["why_zh"] for one in by_voice)


@pytest.mark.database
@pytest.mark.parametrize("channel", ["beidou", "jt808", "radio", "satellite_phone", "sbd"])
async def test_the_table_itself_refuses_a_drill_on_any_line_to_the_outside(
    room: WarRoom, channel: Any
) -> None:
    now = room.world.clock.now()

    async def smuggle(tx: Tx) -> int:
        message = Message(
            STREAM, channel, "1", f"{MARK}速撤", Concern((COUNTY,)), now + timedelta(hours=1), drill=True
        )
        return await queue(tx, message, now)

    # It is kept, with the reason in words, and never sent; the table sees to it whatever happens to it later.
    delivery = await room.world.do(smuggle)
    (row,) = await room.world.deliveries()
    assert (row.id, row.state, row.reason) == (delivery, "cancelled", "drill_outside")
    assert reason_words(row.reason)[0] == "演练消息不发往外部"
    with pytest.raises(IntegrityError, match="a_drill_is_told_in_the_app_alone"):
        await room.world.run("UPDATE delivery SET state = 'queued'")

    async def loosen(tx: Tx) -> None:
        earnest = Message(STREAM, "app", "unit:1", f"{MARK}速撤", Concern((EAST_BANK,)), now, drill=True)
        id_ = await queue(tx, earnest, now)
        await tx.execute(text("UPDATE delivery SET channel = :way WHERE id = :id"), {"way": SMS, "id": id_})

    with pytest.raises(IntegrityError, match="a_drill_is_told_in_the_app_alone"):
        await room.world.do(loosen)


@given(
    state=st.sampled_from(["sent", "acknowledged", "reported", "closed"]),
    ack_told=st.integers(0, 2),
    report_told=st.integers(0, 2),
)
def test_a_drill_is_reminded_once_of_each_and_never_goes_on_to_the_head(
    state: str, ack_told: int, report_told: int
) -> None:
    at = datetime(2025, 6, 20, tzinfo=UTC)
    step = next_step(Standing(state, at, at, ack_told, report_told, steps=1), WAITS)
    assert step is None or step.step == 1


@given(words=st.text(max_size=40), drill=st.booleans())
def test_the_mark_stands_before_words_once_and_before_nothing_in_earnest(words: str, drill: bool) -> None:
    told = marked(words, drill=drill)
    assert marked(told, drill=drill) == told
    assert told.startswith(MARK) if drill else told == words
