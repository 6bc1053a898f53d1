"""Silence is a fact: app, text, telephone, deputy, leader, and again until somebody answers."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from app.delivery import actions as delivery
from app.dispatch.actions import answer
from app.dispatch.actions import rungs as rungs_taken
from app.dispatch.commands import StepIn
from app.dispatch.escalator import Escalator
from tests.world import CARD, FOREST, HILL, LAKE, LIMITS, TRUCK, World

pytestmark = pytest.mark.database


def escalator(world: World) -> Escalator:
    return Escalator(world.database, world.clock, LIMITS)


async def messages(world: World) -> list[tuple[str, str]]:
    return [(row.channel, row.address) for row in await world.deliveries()]


async def rungs(world: World, *, until: float, every: float = 1) -> list[tuple[float, str]]:
    """The rungs taken, with the minutes after now, as the clock goes by."""
    watch = escalator(world)
    taken: list[tuple[float, str]] = []
    minutes = 0.0
    while minutes < until:
        world.later(minutes=every)
        minutes += every
        if await watch.look():
            step = (await world.events())[-1]["assignment"]["escalation_step"]
            taken.append((minutes, LIMITS.ladder.rungs[step].id))
    return taken


async def test_no_answer_brings_a_text_at_three_minutes_the_telephone_at_five_and_then_the_leader(
    world: World,
) -> None:
    sent = await world.send()
    await world.run("INSERT INTO team_member (team_id, person_id, role) VALUES (1, 2, 'deputy')")
    watch = escalator(world)
    world.later(minutes=2, seconds=59)
    assert await watch.look() == 0
    assert await messages(world) == [("app", "team:1")]
    world.later(seconds=1)
    assert await watch.look() == 1
    assert await messages(world) == [("app", "team:1"), ("jt808", TRUCK)]
    (event,) = await world.events(await world.head() - 1)
    assert event["type"] == "assignment.escalated"
    assert (event["assignment"]["leader_alerted_at"], event["assignment"]["called"]) == (None, [])
    assert await rungs(world, until=8) == [(2, "voice"), (5, "deputy"), (7, "leader")]
    last = (await world.events())[-1]["assignment"]
    assert last["id"] == sent.id
    assert last["leader_alerted_at"] is not None
    assert [(one["capacity"], one["name"]) for one in last["called"]] == [
        ("team_leader", "江队长"),
        ("deputy", "山队长"),
        ("duty_leader", "带班领导"),
    ]


async def test_the_last_rungs_are_repeated_until_somebody_answers(world: World) -> None:
    """Keep calling until reached: complaint 23,
    https://github.com/grafana-cold-storage/oncall/issues/2622.
    """
    sent = await world.send()
    assert [m for m, _ in await rungs(world, until=24)] == [3, 5, 8, 13, 18, 23]
    last = (await world.events())[-1]["assignment"]
    assert (last["escalation_round"], last["called"][-1]["times"]) == (3, 4)
    told = StepIn(step="acknowledge", channel="telephone")
    await world.do(lambda tx: answer.step(tx, world.people["officer"], sent.id, told, world.clock.now()))
    assert await rungs(world, until=9, every=3) == []


async def test_a_team_with_a_beidou_card_only_is_written_to_at_once(world: World) -> None:
    await world.send(HILL)
    assert await messages(world) == [("beidou", CARD)]
    assert await rungs(world, until=6) == [(3, "voice"), (5, "leader")]


async def test_a_team_with_an_app_only_is_telephoned_after_three_minutes(world: World) -> None:
    await world.send(LAKE)
    assert await rungs(world, until=6) == [(3, "voice"), (5, "leader")]
    assert await messages(world) == [("app", "team:3")]


async def test_a_team_that_cannot_be_reached_at_all_stands_on_the_leaders_board_at_once(
    world: World,
) -> None:
    await world.run("UPDATE team SET leader_id = NULL")
    sent = await world.send(FOREST)
    assert sent.leader_alerted_at == sent.assigned_at


async def test_logged_out_devices_get_nothing_and_the_next_channel_is_taken_at_once(world: World) -> None:
    """https://github.com/Resgrid/Core/issues/269 (complaint 9)."""
    await world.run("UPDATE login_session SET expires_at = :now", now=world.clock.now())
    await world.send()
    assert await messages(world) == [("jt808", TRUCK)]


async def test_off_duty_people_are_not_paged(world: World) -> None:
    """https://github.com/Resgrid/Core/issues/270 (complaint 8): who is on leave is passed over."""
    await world.run("UPDATE account SET person_id = 1 WHERE username = 'crew'")
    await world.run(
        "INSERT INTO leave (stream, person_id, kind, starts_at, ends_at, reason, place, in_area, state,"
        " asked_by, asked_at, remark) VALUES ('990181', 1, 'annual', :now,"
        " CAST(:now AS timestamptz) + interval '1 day', '', '', true, 'approved', '', :now, '')",
        now=world.clock.now(),
    )
    sent = await world.send()
    assert await messages(world) == [("jt808", TRUCK)]
    assert sent.called == []
    assert await rungs(world, until=4) == [(3, "leader")]  # neither app nor telephone: straight to who leads
    assert "江队长" not in [one["name"] for one in (await world.events())[-1]["assignment"]["called"]]


async def test_one_failing_channel_never_blocks_another(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """https://github.com/grafana-cold-storage/oncall/issues/1503 (complaint 24)."""
    await world.run("UPDATE device SET team_id = 1 WHERE id = 2")
    await world.send()
    post = rungs_taken.post

    async def fail(tx: Any, incident: Any, assignment: Any, device: Any, now: Any, about: Any) -> None:
        if device is not None and device.family == "rdss21":
            raise OSError("the card is gone")
        await post(tx, incident, assignment, device, now, about)

    monkeypatch.setattr(rungs_taken, "post", fail)
    assert await rungs(world, until=6) == [(3, "second_channel"), (5, "voice")]
    assert await messages(world) == [("app", "team:1"), ("jt808", TRUCK)]
    assert [one["name"] for one in (await world.events())[-1]["assignment"]["called"]] == ["江队长"]


async def test_an_answer_stops_every_channel_at_once(world: World) -> None:
    """https://github.com/grafana-cold-storage/oncall/issues/4654 (complaint 24)."""
    await world.run("UPDATE device SET team_id = 1 WHERE id = 2")
    sent = await world.send()
    await rungs(world, until=6)
    assert [row.channel for row in await world.deliveries()] == ["app", "jt808", "beidou"]
    told = StepIn(step="acknowledge", channel="radio")
    await world.do(lambda tx: answer.step(tx, world.people["officer"], sent.id, told, world.clock.now()))
    assert {row.state for row in await world.deliveries()} == {"cancelled"}


async def test_nobody_on_call_falls_back_until_the_leader_of_the_centre(world: World) -> None:
    """https://github.com/target/goalert/issues/3511 (complaint 25): never dropped."""
    await world.send()
    await rungs(world, until=8)
    (_, leader) = (await world.events())[-1]["assignment"]["called"]
    assert (leader["name"], leader["why_zh"]) == ("带班领导", "值班表无人在岗,由带班领导兜底")


@pytest.mark.parametrize("name", ["acknowledge", "arrive", "decline", "cancel"])
async def test_an_answer_stops_the_clock(world: World, name: str) -> None:
    sent = await world.send()
    told = StepIn(step=name, channel="radio", reason="原因")
    by = world.people["officer"]
    await world.do(lambda tx: answer.step(tx, by, sent.id, told, world.clock.now()))
    head = await world.head()
    world.later(minutes=9)
    assert await escalator(world).look() == 0
    assert await world.events(head) == []


async def test_the_clock_survives_a_restart_and_each_rung_is_taken_once(world: World) -> None:
    await world.send()
    world.later(minutes=20)  # the service was away; this is a new process
    first, second = escalator(world), escalator(world)
    taken = await asyncio.gather(first.look(), second.look())
    assert sum(taken) == 1
    assert await messages(world) == [("app", "team:1"), ("jt808", TRUCK)]


async def test_the_rungs_do_not_fire_all_together_and_their_waiting_times_are_honoured(world: World) -> None:
    """https://github.com/linkedin/iris/issues/566 (complaint 29): also after an outage of half an hour."""
    await world.send()
    world.later(minutes=30)
    assert await rungs(world, until=6) == [(1, "second_channel"), (3, "voice"), (6, "leader")]


async def test_an_order_of_an_hour_ago_is_not_fired_after_a_restart(world: World) -> None:
    """Architecture rule 6: what is too old does not leave; the leader's board decides instead."""
    await world.send()
    world.later(hours=1)
    await escalator(world).look()
    await world.do(lambda tx: delivery.give_up_waiting(tx, world.clock.now()))
    assert [row.state for row in await world.deliveries()] == ["expired"]


async def test_two_clocks_at_once_take_twenty_rungs_once_each(world: World) -> None:
    sent = await world.send()
    for _ in range(20):
        await world.run(
            "UPDATE assignment SET escalation_step = 0, escalation_taken = 1, escalation_rung = 'app',"
            " next_step_at = assigned_at"
        )
        head = await world.head()
        taken = await asyncio.gather(*(escalator(world).look() for _ in range(2)))
        assert sum(taken) == 1
        assert await world.types(head) == ["assignment.escalated"]
    assert len(await world.deliveries()) == 21
    assert sent.id == 1


async def test_a_team_whose_device_was_taken_away_meanwhile_comes_before_the_leader(world: World) -> None:
    await world.send()
    await world.run("UPDATE device SET active = false WHERE number = :n", n=TRUCK)
    world.later(minutes=3)
    assert await escalator(world).look() == 1
    assert [one["capacity"] for one in (await world.events())[-1]["assignment"]["called"]] == ["team_leader"]


async def test_the_loop_looks_by_itself_and_outlives_a_database_that_is_away(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.dispatch.escalator.LOOK_EVERY_S", 0.01)
    looked = asyncio.Event()
    failing = asyncio.Event()
    watch = escalator(world)
    take = watch.look

    async def look() -> int:
        if not failing.is_set():
            failing.set()
            raise OSError("no database")
        taken = await take()
        looked.set()
        return taken

    monkeypatch.setattr(watch, "look", look)
    await world.send()
    world.later(minutes=3)
    async with watch.running():
        await asyncio.wait_for(failing.wait(), 2)
        await asyncio.wait_for(looked.wait(), 2)
        await asyncio.sleep(0)
    assert watch.health() == {"ok": True, "failures": 0}
    assert (await world.types())[-1] == "assignment.escalated"
