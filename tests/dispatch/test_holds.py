"""What holds a ladder: maintenance, hours, too few alarms, a rung that is gone (field.md §4.6 E4, E6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
import yaml

from app.dispatch.actions import climb
from app.dispatch.actions.assign import assign
from app.dispatch.commands import AssignIn, RungIn
from app.dispatch.escalator import Escalator
from app.dispatch.ladder.holds import held_by_rules, held_by_rung
from app.dispatch.ladder.rules import Place, Storm
from app.dispatch.maintenance import actions as maintenance
from app.dispatch.maintenance.actions import InMaintenance
from app.dispatch.maintenance.facts import Channel, MaintenanceFact, MaintenanceIn
from app.dispatch.settings import SHIPPED, DispatchRules, load_dispatch_rules
from app.refusals import InvalidInput, NotFound, NotPermitted
from tests.dispatch.test_intake import call
from tests.world import HILL, LIMITS, RIVER, World

LADDER = LIMITS.ladder
SECOND = LADDER.rungs[1]
NOON = datetime(2025, 6, 18, 4, tzinfo=UTC)  # 12:00 in the county


@pytest.mark.parametrize(
    ("between", "now", "until"),
    [
        ((time(6), time(22)), NOON, None),
        ((time(13), time(22)), NOON, NOON + timedelta(hours=1)),
        ((time(6), time(12)), NOON, NOON + timedelta(hours=18)),  # half-open: noon is outside, next morning
        ((time(22), time(6)), NOON, NOON + timedelta(hours=10)),
        ((time(22), time(13)), NOON, None),  # across midnight
    ],
)
def test_e6_a_rung_outside_its_hours_waits_for_their_beginning_inside_it_is_taken_at_once(
    between: tuple[time, time], now: datetime, until: datetime | None
) -> None:
    held = held_by_rung(LADDER, replace(SECOND, between=between), now, 0)
    assert (held and held.until) == until


@pytest.mark.parametrize(("alarms", "paused"), [(2, True), (3, False), (4, False)])
def test_e6_a_rung_for_three_alarms_in_a_minute_is_paused_with_two(alarms: int, paused: bool) -> None:
    rung = replace(SECOND, storm=Storm(3, timedelta(minutes=1)))
    held = held_by_rung(LADDER, rung, NOON, alarms)
    assert (held is not None) is paused
    if held:
        assert (held.code, held.until) == ("few_alarms", NOON + timedelta(minutes=1))


@pytest.mark.parametrize(
    ("place", "rung_id", "unknown"),
    [
        (Place(-1), None, False),
        (Place(0), None, False),  # an order from before rungs were kept by their id
        (Place(0), "app", False),
        (Place(0), "pager", True),
        (Place(9), "pager", True),
        (Place(9), None, True),
    ],
)
def test_e6_a_rung_that_is_not_in_the_rules_any_more_pauses(
    place: Place, rung_id: str | None, unknown: bool
) -> None:
    held = held_by_rules(LADDER, place, rung_id)
    assert (held is not None) is unknown
    if held:
        assert (held.code, held.until) == ("unknown_rung", None)


def rules_with(folder: Path, number: int, **more: object) -> DispatchRules:
    told = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    told["escalation"][number].update(more)
    path = folder / "rules.yaml"
    path.write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
    return load_dispatch_rules(path)


def test_hours_and_storms_stand_in_the_countys_file_but_not_on_the_first_or_last_rung(
    tmp_path: Path,
) -> None:
    found = rules_with(tmp_path, 1, between=["06:00", "22:00"], storm={"alarms": 3, "within_min": 1})
    assert found.ladder.rungs[1].between == (time(6), time(22))
    assert found.ladder.rungs[1].storm == Storm(3, timedelta(minutes=1))
    for number in (0, -1):
        with pytest.raises(ValueError, match="首级和末级"):
            rules_with(tmp_path, number, between=["06:00", "22:00"])


async def off(world: World, team: int | None = None, channel: Channel | None = None) -> MaintenanceFact:
    until = world.clock.now() + timedelta(hours=1)
    told = MaintenanceIn(team_id=team, channel=channel, until=until, reason="换电台")
    by = world.people["officer"]
    return await world.do(lambda tx: maintenance.begin_maintenance(tx, by, told, world.clock.now()))


async def back(world: World, maintenance_id: int) -> None:
    by = world.people["officer"]
    await world.do(lambda tx: maintenance.end_maintenance(tx, by, maintenance_id, world.clock.now(), LIMITS))


async def looks(world: World, rules: DispatchRules = LIMITS, *, minutes: float = 0) -> int:
    world.later(minutes=minutes)
    return await Escalator(world.database, world.clock, rules).look()


async def standing(world: World) -> tuple[int, str | None]:
    (row,) = await world.rows(
        "SELECT escalation_step, escalation_held FROM assignment ORDER BY id DESC LIMIT 1"
    )
    return row["escalation_step"], row["escalation_held"]


@pytest.mark.database
async def test_e4_in_maintenance_nothing_is_sent_and_nothing_escalates_and_leaving_it_the_first_rung_fires(
    world: World,
) -> None:
    one = await off(world, RIVER)
    await world.send(RIVER)
    for _ in range(3):
        await looks(world, minutes=10)
    assert await world.deliveries() == []
    assert await standing(world) == (-1, "maintenance")
    await back(world, one.id)
    (sent,) = await world.deliveries()
    assert (sent.channel, sent.address) == ("app", "team:1")
    assert await standing(world) == (0, None)  # the first, not the second
    assert await looks(world, minutes=3) == 1  # and from there on as ever
    assert await standing(world) == (1, None)


@pytest.mark.database
async def test_e4_an_order_under_way_stops_where_it_is_and_what_waits_is_not_sent(world: World) -> None:
    await world.send(RIVER)
    one = await off(world, RIVER)
    assert [row.state for row in await world.deliveries()] == ["cancelled"]
    await looks(world)
    assert await standing(world) == (0, "maintenance")
    assert await looks(world, minutes=30) == 0
    assert (await world.types()).count("assignment.escalation_held") == 1
    await back(world, one.id)
    assert [row.state for row in await world.deliveries()] == ["cancelled", "queued"]
    assert await standing(world) == (0, None)


@pytest.mark.database
async def test_e4_a_channel_in_maintenance_is_passed_over(world: World) -> None:
    await off(world, channel="beidou")
    await world.send(HILL)  # who has a Beidou card and nothing else
    assert await world.deliveries() == []
    assert (await standing(world))[0] > 1


@pytest.mark.database
async def test_a_forgotten_maintenance_ends_by_itself(world: World) -> None:
    await off(world, RIVER)
    await world.send(RIVER)
    assert await looks(world, minutes=61) >= 1
    assert [row.channel for row in await world.deliveries()] == ["app"]
    last = next(e for e in reversed(await world.events()) if e["type"] == "maintenance.ended")
    assert last["maintenance"]["ended_by"] is None


@pytest.mark.database
async def test_maintenance_has_an_end_a_scope_and_stands_once(world: World) -> None:
    now = world.clock.now()
    officer, east, crew = (world.people[who] for who in ("officer", "east", "crew"))
    endless = MaintenanceIn(team_id=RIVER, until=now + timedelta(days=9), reason="换电台")
    with pytest.raises(InvalidInput):
        await world.do(lambda tx: maintenance.begin_maintenance(tx, officer, endless, now))
    county = MaintenanceIn(channel="app", until=now + timedelta(hours=1), reason="升级")
    with pytest.raises(NotPermitted):
        await world.do(lambda tx: maintenance.begin_maintenance(tx, east, county, now))
    lake = MaintenanceIn(team_id=3, until=now + timedelta(hours=1), reason="换电台")
    with pytest.raises(NotFound):
        await world.do(lambda tx: maintenance.begin_maintenance(tx, east, lake, now))
    with pytest.raises(NotPermitted):
        await world.do(lambda tx: maintenance.standing(tx, crew))
    one = await off(world, RIVER)
    with pytest.raises(InMaintenance):
        await off(world, RIVER)
    assert [m.id for m in await world.do(lambda tx: maintenance.standing(tx, officer))] == [one.id]
    await back(world, one.id)
    await back(world, one.id)  # a second end changes nothing
    assert (await world.types()).count("maintenance.ended") == 1
    assert await world.do(lambda tx: maintenance.standing(tx, officer)) == []


@pytest.mark.database
async def test_e6_an_order_waits_for_the_hours_of_its_next_rung(world: World, tmp_path: Path) -> None:
    """It is 02:13 in the county."""
    rules = rules_with(tmp_path, 1, between=["06:00", "22:00"])
    await world.send(RIVER)
    await looks(world, rules, minutes=3)
    assert await standing(world) == (0, "window")
    (row,) = await world.rows("SELECT next_step_at FROM assignment")
    assert row["next_step_at"] == datetime(2025, 6, 17, 22, tzinfo=UTC)  # 06:00
    world.later(seconds=(row["next_step_at"] - world.clock.now()).total_seconds())
    await looks(world, rules)
    assert await standing(world) == (1, None)


@pytest.mark.database
async def test_e6_with_too_few_alarms_the_ladder_is_paused_until_they_come(
    world: World, tmp_path: Path
) -> None:
    rules = rules_with(tmp_path, 1, storm={"alarms": 3, "within_min": 5})
    sent = await world.send(RIVER)
    await looks(world, rules, minutes=3)
    await looks(world, rules, minutes=1)
    assert await standing(world) == (0, "few_alarms")
    assert (await world.types()).count("assignment.escalation_held") == 1  # told once
    await call(world, "sos-1")
    await world.run("UPDATE alarm SET incident_id = :i, count = 3", i=sent.incident_id)
    await looks(world, rules, minutes=1)
    assert await standing(world) == (1, None)


@pytest.mark.database
async def test_e6_a_rung_that_was_deleted_pauses_the_order_until_a_person_chooses(world: World) -> None:
    sent = await world.send(RIVER)
    await world.run("UPDATE assignment SET escalation_rung = 'pager'")
    await looks(world, minutes=3)
    assert await standing(world) == (0, "unknown_rung")
    assert await looks(world, minutes=60) == 0
    assert "pager" in (await world.events())[-1]["note"]
    told = RungIn(rung="leader", reason="规则已改")
    by = world.people["officer"]
    await world.do(lambda tx: climb.go_to_rung(tx, by, sent.id, told, world.clock.now(), LIMITS.ladder))
    assert await standing(world) == (4, None)


@pytest.mark.database
async def test_e5_of_two_messages_on_one_channel_the_older_that_waits_is_dropped(world: World) -> None:
    sent = await world.send(RIVER)
    by = world.people["officer"]
    told = RungIn(rung="app", reason="再通知一次")
    await world.do(lambda tx: climb.go_to_rung(tx, by, sent.id, told, world.clock.now(), LIMITS.ladder))
    rows = await world.deliveries()
    assert [(row.channel, row.state) for row in rows] == [("app", "cancelled"), ("app", "queued")]


@pytest.mark.database
async def test_a_diverted_or_reserved_order_to_a_team_in_maintenance_waits_as_well(world: World) -> None:
    first = await world.send(RIVER)
    elsewhere = await world.incident(title="西岸落水")
    await off(world, RIVER)
    order = AssignIn(team_id=RIVER, divert_from=first.id)
    by = world.people["officer"]
    await world.do(lambda tx: assign(tx, by, elsewhere.id, order, world.clock.now(), LIMITS))
    assert await standing(world) == (-1, "maintenance")
