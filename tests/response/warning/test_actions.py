"""What the house does with messages: one chain, told once, to those concerned, acknowledged by desks."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from app.desk.handover.rules.warned import warnings
from app.desk.handover.sources import SOURCES, Desk
from app.desk.log.rules.words import said
from app.duty.tables import DutyPost
from app.refusals import InvalidInput, NotFound, NotPermitted
from app.response.warning.actions import desk, watching
from app.response.warning.actions.intake import Arrival
from app.response.warning.commands import WarningIn, WarningPeriodIn, WarningVouchIn
from app.response.warning.facts import WarningFact
from app.response.warning.refusals import NoKeyPeriod, NothingToJudge, NotReal, WarningOver
from app.response.warning.store import chains, messages
from app.response.warning.telling import whole
from tests.response.warning.bulletins import AT, BUREAU, alert, cap_xml, take, xml
from tests.world import COUNTY, EAST, EAST_BANK, STREAM, WEST, ZONE, World

pytestmark = pytest.mark.database
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
async def rainstorms(world: World) -> None:
    await world.run(
        "INSERT INTO event_type (scheme, code, name_zh, name_en, category, restricted)"
        " VALUES ('CN-EVENT-5', '11B03', '暴雨', 'rainstorm', 'natural', false)"
    )


async def read(world: World, warning_id: int | None, who: str = "officer") -> WarningFact:
    async def work(tx: Any) -> WarningFact:
        row = await chains.visible(tx, world.people[who], warning_id or 0)
        assert row is not None
        return whole(row, await messages.of_chain(tx, row.id or 0))

    return await world.do(work)


async def in_force(world: World, who: str = "officer") -> list[str]:
    found = await world.do(lambda tx: chains.listed(tx, world.people[who], ("in_force",), 50, None))
    return [one.title for one in found]


async def test_a_warning_concerns_its_townships_with_their_villages(world: World) -> None:
    await world.run("UPDATE region SET population = 500 WHERE right(code, 3) <> '000'")
    came = await take(world, xml("Red"))
    told = await read(world, came.warning_id)
    assert (told.event_type, told.event_name, told.colour, told.standing) == (
        "11B03",
        "暴雨",
        "red",
        "in_force",
    )
    assert {unit.name: [one.name for one in unit.villages] for unit in told.units} == {
        "东镇": ["东岸村", "东山村"],
        "西镇": ["西湖村"],
    }
    assert told.people == 1500
    assert told.speaker.startswith("村民注意")
    assert told.proposals.response_level == 1
    assert await world.types() == ["warning.issued"]


async def test_the_same_message_again_by_whatever_way_is_one(world: World) -> None:
    first = await take(world, xml("Red"))
    again = await take(world, xml("Red"), Arrival(STREAM, "folder", "共享目录"))
    assert (first.known, again.known, first.id) == (False, True, again.id)
    assert await world.types() == ["warning.issued"]


async def test_an_update_is_the_same_warning_and_shows_what_changed(world: World) -> None:
    first = await take(world, xml("Yellow", codes=[EAST]))
    await world.do(
        lambda tx: desk.acknowledge(tx, world.people["officer"], first.warning_id or 0, world.clock.now())
    )
    second = await take(world, xml("Orange", AT + HOUR, of=AT, codes=[EAST, WEST]))
    assert second.warning_id == first.warning_id
    told = await read(world, first.warning_id)
    assert (told.colour, told.revision, told.acks) == ("orange", 2, [])  # acknowledged anew
    diff = told.history[1].diff
    assert diff is not None
    assert (diff.turn, [one.name for one in diff.added], diff.removed) == ("up", ["西镇"], [])
    event = (await world.events())[-1]
    assert (event["type"], event["diff"]["turn"]) == ("warning.updated", "up")


async def test_a_cancel_that_comes_first_tells_nothing_until_its_alert_comes_and_is_over(
    world: World,
) -> None:
    await take(world, xml("Red", AT + HOUR, of=AT, kind="Cancel"))
    assert await world.types() == ["warning.message_kept"]
    late = await take(world, xml("Red"))
    assert (await read(world, late.warning_id)).standing == "lifted"
    assert (await world.types())[-1] == "warning.lifted"
    assert await in_force(world) == []


async def test_two_chains_that_turn_out_to_be_one_become_one(world: World) -> None:
    first, second = (
        alert(),
        alert(AT + HOUR, identifier="N-2", msg_type="Update", references=(alert().identity,)),
    )
    third = alert(
        AT + 2 * HOUR, identifier="N-3", msg_type="Update", references=(second.identity, first.identity)
    )
    mine = await take(world, cap_xml())
    unknown = alert(AT - HOUR, identifier="N-0").identity
    apart = await take(world, cap_xml(AT + HOUR, identifier="N-2", msg_type="Update", references=(unknown,)))
    assert apart.warning_id != mine.warning_id
    joined = await take(
        world, cap_xml(third.sent, identifier="N-3", msg_type="Update", references=third.references)
    )
    assert joined.warning_id == mine.warning_id
    assert (await read(world, apart.warning_id)).id == mine.warning_id  # the old number leads to the one
    assert len(await in_force(world)) == 1


@pytest.mark.parametrize("order", list(permutations(range(3)))[1:])
async def test_the_database_comes_to_the_same_in_every_order(world: World, order: tuple[int, ...]) -> None:
    chain = [
        xml("Red"),
        xml("Yellow", AT + HOUR, of=AT, codes=[EAST]),
        xml("Yellow", AT + 2 * HOUR, of=AT, kind="Cancel"),
    ]
    for number in order:
        came = await take(world, chain[number])
    told = await read(world, came.warning_id)
    assert (told.standing, told.colour, [one.state for one in told.history]) == (
        "lifted",
        "yellow",
        ["cancelled", "cancelled", "answer"],
    )


async def test_a_strangers_cancel_waits_and_a_person_lets_it_count(world: World) -> None:
    mine = await take(world, cap_xml())
    strange = cap_xml(
        AT + HOUR,
        sender="who@example.org",
        identifier="X-1",
        msg_type="Cancel",
        references=(alert().identity,),
    )
    waits = await take(world, strange)
    assert (await read(world, mine.warning_id)).waiting == 1
    assert (await world.types())[-1] == "warning.message_waits"
    told = WarningVouchIn(accept=True, reason="电话核实,确已解除")
    now = world.clock.now()
    with pytest.raises(NotPermitted):
        await world.do(lambda tx: desk.vouch(tx, world.people["east"], waits.id, told, now))
    after = await world.do(lambda tx: desk.vouch(tx, world.people["lead"], waits.id, told, now))
    assert after.standing == "lifted"
    with pytest.raises(NothingToJudge):
        await world.do(lambda tx: desk.vouch(tx, world.people["lead"], waits.id, told, now))
    assert (await world.types())[-2:] == ["warning.message_vouched", "warning.lifted"]


async def test_a_source_may_speak_only_for_its_senders(world: World) -> None:
    how = Arrival(STREAM, "push", "县气象局", None, (BUREAU,))
    assert (await take(world, xml("Red"), how)).outcome == "taken"
    other = await take(world, cap_xml(), how)
    assert (other.outcome, other.findings[0].code) == ("doubtful", "FOREIGN_SENDER")
    assert len(await in_force(world)) == 1


async def test_what_breaks_rules_waits_and_is_replaced_when_it_comes_mended(world: World) -> None:
    broken = xml("Red").replace(
        b"2025-06-18 02:13:20+08:00</sendTime>", b"2025-06-18T02:13:20+08:00</sendTime>"
    )
    waits = await take(world, broken)
    assert waits.outcome == "doubtful"
    assert await in_force(world) == []
    mended = await take(world, xml("Red"))
    assert mended.outcome == "taken"
    assert mended.warning_id == waits.warning_id
    told = await read(world, mended.warning_id)
    assert (told.standing, told.waiting) == ("in_force", 0)


async def test_another_content_under_a_used_name_is_refused(world: World) -> None:
    await take(world, xml("Red"))
    other = await take(world, xml("Blue"))
    assert (other.outcome, other.findings[0].code) == ("refused", "SAME_ID_OTHER_CONTENT")
    assert (await world.types())[-1] == "warning.message_refused"


async def test_refused_bytes_are_kept_with_every_finding_in_both_languages(world: World) -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "c">]><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">&b;</alert>'
    came = await take(world, bomb)
    (row,) = await world.rows("SELECT data, outcome, warning_id FROM warning_message")
    assert (bytes(row["data"]), row["outcome"], row["warning_id"]) == (bomb, "refused", None)
    assert (came.findings[0].layer, came.findings[0].code) == ("security", "DOCTYPE_FORBIDDEN")
    assert came.findings[0].zh
    assert came.findings[0].en


async def test_a_drill_is_marked_everywhere_and_starts_nothing_real(world: World) -> None:
    came = await take(world, xml("Red", status="Exercise"))
    told = await read(world, came.warning_id)
    assert told.title.startswith("【演练】")
    assert not told.proposals.real
    assert (await world.events())[-1]["warning"]["title"].startswith("【演练】")
    period = WarningPeriodIn(reason="暴雨")
    with pytest.raises(NotReal):
        await declared(world, told.id, period)
    test = await take(world, xml("Red", AT + HOUR, status="Test"))
    assert (await read(world, test.warning_id)).title.startswith("【测试】")


async def declared(world: World, warning_id: int, told: WarningPeriodIn) -> Any:
    now = world.clock.now()
    today = now.date() + timedelta(days=1)
    return await world.do(
        lambda tx: desk.declare_period(tx, world.people["leader"], warning_id, told, now, today)
    )


async def test_a_leader_declares_the_key_period_that_red_and_orange_propose(world: World) -> None:
    red = await take(world, xml("Red"))
    yellow = await take(world, xml("Yellow", AT + HOUR))
    period = WarningPeriodIn(reason="今夜强降雨")
    found = await declared(world, red.warning_id or 0, period)
    assert (found.kind, found.colour) == ("warning", "red")
    assert "暴雨红色预警" in found.reason
    with pytest.raises(NoKeyPeriod):
        await declared(world, yellow.warning_id or 0, period)
    await take(world, xml("Red", AT + 2 * HOUR, of=AT, kind="Cancel"))
    with pytest.raises(WarningOver):
        await declared(world, red.warning_id or 0, period)


async def test_what_has_run_out_expires_by_itself_once_and_an_update_brings_it_back(world: World) -> None:
    came = await take(world, xml("Red", hours=1))
    await world.do(lambda tx: watching.expire(tx, STREAM, world.clock.now()))
    world.later(hours=1)
    for _ in range(2):
        await world.do(lambda tx: watching.expire(tx, STREAM, world.clock.now()))
    assert await world.types() == ["warning.issued", "warning.expired"]
    assert (await read(world, came.warning_id)).standing == "expired"
    await take(world, xml("Red", AT + HOUR, of=AT, hours=3))
    assert (await read(world, came.warning_id)).standing == "in_force"


async def test_a_township_sees_the_warnings_that_concern_it_and_hears_when_it_is_let_out(
    world: World,
) -> None:
    came = await take(world, xml("Red", codes=[EAST]))
    assert await in_force(world, "east") == await in_force(world)
    assert await in_force(world, "west") == []
    with pytest.raises(NotFound):
        await world.do(
            lambda tx: desk.acknowledge(tx, world.people["west"], came.warning_id or 0, world.clock.now())
        )
    await take(world, xml("Red", AT + HOUR, of=AT, codes=[WEST]))
    assert await in_force(world, "east") == await in_force(world, "west") == await in_force(world)
    (row,) = await world.rows("SELECT region_codes FROM journal ORDER BY seq DESC LIMIT 1")
    assert set(row["region_codes"]) >= {EAST, WEST}


async def test_every_desk_acknowledges_for_itself(world: World) -> None:
    came = await take(world, xml("Red"))
    now, id_ = world.clock.now(), came.warning_id or 0

    async def open_for(who: str) -> int:
        found = await world.do(lambda tx: chains.unacknowledged(tx, world.people[who], now))
        return len(found)

    await world.do(lambda tx: desk.acknowledge(tx, world.people["east"], id_, now))
    assert [await open_for(who) for who in ("officer", "east", "west")] == [1, 0, 1]
    for _ in range(2):
        await world.do(lambda tx: desk.acknowledge(tx, world.people["officer"], id_, now))
    assert await open_for("second") == 0
    assert (await world.types()).count("warning.acknowledged") == 2


async def test_a_warning_typed_by_a_person_can_change_and_lift_one_that_came(world: World) -> None:
    by, now = world.people["officer"], world.clock.now()
    told = WarningIn(event_type="11B03", colour="yellow", issuer="市气象台", region_codes=[EAST_BANK])
    typed = await world.do(lambda tx: desk.enter(tx, by, told, now))
    fact = await read(world, typed.warning_id)
    assert fact.title == "市气象台发布暴雨黄色预警"
    assert [one.name for one in fact.units[0].villages] == ["东岸村"]
    up = WarningIn(kind="update", of=fact.id, colour="red", issuer="市气象台", region_codes=[COUNTY])
    await world.do(lambda tx: desk.enter(tx, by, up, now))
    fact = await read(world, typed.warning_id)
    assert (fact.colour, len(fact.units), fact.revision) == ("red", 2, 2)
    came = await take(world, xml("Orange"))
    lift = WarningIn(kind="cancel", of=came.warning_id, issuer="市气象台传真")
    await world.do(lambda tx: desk.enter(tx, by, lift, world.clock.now()))
    assert (await read(world, came.warning_id)).standing == "lifted"
    nowhere = WarningIn(event_type="11B03", colour="red", issuer="某台", region_codes=["990181999000"])
    with pytest.raises(InvalidInput):
        await world.do(lambda tx: desk.enter(tx, by, nowhere, now))
    with pytest.raises(NotPermitted):
        await world.do(lambda tx: desk.enter(tx, world.people["east"], told, now))


async def test_the_duty_log_has_a_row_of_it(world: World) -> None:
    await take(world, xml("Yellow", codes=[EAST]))
    await take(world, xml("Orange", AT + HOUR, of=AT))
    first, second = await world.events()
    assert said(first["type"], first).zh.startswith("收到预警:樟川市气象局发布暴雨黄色预警,东镇")
    assert said(second["type"], second).zh.startswith("预警变更(升级)")


async def test_a_warning_in_force_stands_on_the_hand_over_sheet_until_it_is_lifted(world: World) -> None:
    source = next(one for one in SOURCES if one.name == "warnings")
    post = DutyPost(id=1, unit_id=1, kind="centre", name_zh="值班室", region_code=COUNTY, phone="")
    now = world.clock.now()
    place = Desk(post, world.people["officer"], now, now, ZONE)
    came = await take(world, xml("Red"))
    (item,) = warnings(await world.do(lambda tx: source.load(tx, place)))
    assert item.kind == "warning"
    assert "暴雨红色预警(东镇、西镇),本席未签收" in item.zh
    await world.do(
        lambda tx: desk.acknowledge(tx, world.people["officer"], came.warning_id or 0, world.clock.now())
    )
    (item,) = warnings(await world.do(lambda tx: source.load(tx, place)))
    assert "未签收" not in item.zh
    await take(world, xml("Red", AT + HOUR, of=AT, kind="Cancel"))
    assert list(warnings(await world.do(lambda tx: source.load(tx, place)))) == []
