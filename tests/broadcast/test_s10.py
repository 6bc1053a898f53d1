"""S10 (domain/scenarios): 40 villages, 80 terminals, three fail: what was reached, what is left to do.

The wire is played by its ports, exactly as a platform would speak (tests/broadcast/test_wire_scenario.py
plays it over HTTP); the telephone tree is call-and-respond, for the villages that no loudspeaker reached.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from app.broadcast import ports
from app.broadcast.actions import after, approving, drafting, viewing
from app.broadcast.commands import (
    BroadcastApprovalIn,
    BroadcastAreaIn,
    BroadcastDrawIn,
    BroadcastHeardIn,
    BroadcastRevisionIn,
)
from app.broadcast.tables import BroadcastTerminal
from app.broadcast.templates import load_templates
from app.db import Tx
from app.org.tables import Region
from tests.api.desk import Desk
from tests.broadcast.loudspeakers import FLASH_FLOOD, TERMS, Speakers, code, speaker
from tests.world import COUNTY

pytestmark = pytest.mark.database
TOWNS = {"990181301000": ("临溪镇", 14), "990181302000": ("观山镇", 13), "990181303000": ("阁峰乡", 13)}
VILLAGES = [f"{town[:9]}{200 + n}" for town, (_, count) in TOWNS.items() for n in range(1, count + 1)]
SINGLE = [VILLAGES[4], VILLAGES[20], VILLAGES[33]]
TWO_PM = datetime(2025, 6, 18, 6, 5, tzinfo=UTC)  # 14:05 in Zhangchuan


async def three_townships(tx: Tx) -> None:
    """40 villages with two terminals each; in three of them one is switched off."""
    towns = [
        {"code": town, "parent_code": COUNTY, "kind": "township", "name_zh": name}
        for town, (name, _) in TOWNS.items()
    ]
    villages = [
        {"code": one, "parent_code": one[:9] + "000", "kind": "village", "name_zh": f"村{one[6:]}"}
        for one in VILLAGES
    ]
    rest = {"name_en": "", "lon": 118.3, "lat": 28.6, "population": 800}
    await tx.execute(insert(Region), [{**one, **rest} for one in (*towns, *villages)])
    rows = []
    for n, village in enumerate(VILLAGES):
        for k in (1, 2):
            off = k == 2 and village in SINGLE
            state = {"state": "stopped"} if off else {}
            rows.append(speaker(100 + 2 * n + k, village, k, **state))
    await tx.execute(insert(BroadcastTerminal), rows)


async def test_a_flash_flood_warning_reaches_37_of_40_villages_and_the_rest_is_handed_on(
    speakers: Speakers,
) -> None:
    world = speakers.world
    world.clock.advance(TWO_PM - world.clock.now())
    wangjun, zhoumin = world.people["officer"], world.people["leader"]
    await world.do(three_townships)

    # 1. 14:05: what would be reached is known BEFORE anything is sent.
    area = BroadcastAreaIn(areas=list(TOWNS))
    before = await world.do(lambda tx: viewing.precheck(tx, wangjun, area, drill=False))
    assert (len(before.villages), before.terminals, before.live) == (40, 80, 77)
    assert [one.region_code for one in before.villages if one.cover == "single"] == SINGLE
    assert (before.single, before.dead, before.none, before.uncarried) == (3, 0, 0, 0)

    # 2. 14:07: the template, an author, another person's approval; it leaves with 40 codes of 12 digits.
    world.later(minutes=2)
    text_ = next(one for one in load_templates() if one.event_type == FLASH_FLOOD and one.colour == "orange")
    filled = text_.text.replace("{区域}", "临溪镇、观山镇、阁峰乡").replace("{单位}", "樟川市应急指挥中心")
    told = speakers.sheet(
        areas=list(TOWNS), title=text_.title, text=filled.replace("{时间}", "6月18日14时"), template=text_.key
    )
    number = await world.do(lambda tx: drafting.draft(tx, wangjun, told, world.clock.now()))
    await world.do(
        lambda tx: drafting.submit(tx, wangjun, number, BroadcastRevisionIn(revision=1), world.clock.now())
    )
    await world.do(
        lambda tx: approving.approve(
            tx, zhoumin, number, BroadcastApprovalIn(revision=2), world.clock.now(), TERMS
        )
    )
    (handed,) = await speakers.take()
    facts = ports.Payload.model_validate(handed.payload)
    assert (facts.event_type, facts.severity, facts.msg_type, facts.repeats) == (FLASH_FLOOD, 2, 1, 3)
    assert facts.contents[0].areas == tuple(VILLAGES)
    assert all(len(one) == 12 for one in facts.contents[0].areas)

    # 3. 14:08 to 14:10: waits, plays, "failed" — which is a part, as the terminals say.
    await speakers.receipt(handed)
    for state in (1, 2):
        world.later(minutes=1)
        await speakers.says(facts.ebmid, state)
    played = {
        code(village, k): 4 if village in SINGLE else 3
        for village in VILLAGES
        for k in (1, 2)
        if not (k == 2 and village in SINGLE)
    }
    world.later(minutes=1)
    await speakers.play(facts.ebmid, played)
    await speakers.says(facts.ebmid, 4)
    sheet = await speakers.see(number)
    brief = sheet.broadcast
    assert (brief.state, brief.outcome) == ("finished", "partial")
    assert (brief.played, brief.failed, brief.silent) == (74, 3, 3)
    assert (brief.reached, brief.villages, brief.coverage_rate) == (37, 40, 0.925)
    assert sheet.finished_at == TWO_PM + timedelta(minutes=5)
    table = await world.do(lambda tx: viewing.delivered(tx, wangjun, number))
    missed = [one.region_code for one in table.villages if one.reached_at is None]
    assert missed == SINGLE, "these go to the telephone tree"

    await _afterwards(speakers, number)
    await _lifted(speakers, number)


async def _afterwards(speakers: Speakers, number: int) -> None:
    """6. to 7. 14:44: repairs with their time, and two of the forty are asked."""
    world, by = speakers.world, speakers.world.people["officer"]
    repairs = await world.rows(
        "SELECT t.region_code, f.hours, f.due_at - f.opened_at AS within, t.state FROM broadcast_repair f "
        "JOIN broadcast_terminal t ON t.id = f.terminal_id ORDER BY t.resource_code"
    )
    assert len(repairs) == 6, "the three that failed, and the three that were off"
    assert {one["region_code"] for one in repairs} == set(SINGLE)
    assert all(one["within"] == timedelta(hours=one["hours"]) for one in repairs)
    assert {one["hours"] for one in repairs} == {24}, "no other of their villages plays"
    world.clock.advance(TWO_PM + timedelta(minutes=39) - world.clock.now())
    await world.do(lambda tx: after.draw(tx, by, number, BroadcastDrawIn(count=2), world.clock.now()))
    table = await world.do(lambda tx: viewing.delivered(tx, by, number))
    heard = BroadcastHeardIn(answer="heard", person="村支书", phone="13800000000")
    for one in table.verifications:
        await world.do(
            lambda tx, one=one: after.answered(tx, by, number, one.region_code, heard, world.clock.now())  # type: ignore[misc]
        )
    table = await world.do(lambda tx: viewing.delivered(tx, by, number))
    assert [(one.answer, one.asked_by) for one in table.verifications] == [("heard", "值班员甲")] * 2


async def _lifted(speakers: Speakers, first: int) -> None:
    """8. 18:30: what lifts it goes to the same 40, is judged by the same rule and names what it lifts."""
    world = speakers.world
    world.clock.advance(TWO_PM + timedelta(hours=4, minutes=25) - world.clock.now())
    number = await speakers.send(
        areas=[], replaces_id=first, title="山洪预警解除", text="山洪灾害橙色预警已经解除。", colour=None
    )
    (handed,) = await speakers.take()
    facts = ports.Payload.model_validate(handed.payload)
    before: list[dict[str, Any]] = list(await speakers.handovers(first))
    assert facts.contents[0].areas == tuple(before[0]["payload"]["contents"][0]["areas"])
    assert facts.related_ebmid == before[0]["payload"]["ebmid"] != facts.ebmid
    assert (facts.msg_type, facts.severity) == (1, 0)
    await speakers.play(facts.ebmid, {code(village): 3 for village in VILLAGES if village not in SINGLE})
    assert (await speakers.see(number)).broadcast.coverage_rate == 0.925


async def test_the_three_that_no_loudspeaker_reached_are_reached_by_telephone_and_messenger(
    speakers: Speakers, desk: Desk
) -> None:
    """4. to 6. 14:10 to 14:44: A answers, B answers, nobody answers and a messenger goes: 40 of 40."""
    world = speakers.world
    await world.run("UPDATE login_session SET expires_at = expires_at + interval '1 day'")
    world.clock.advance(TWO_PM + timedelta(minutes=2) - world.clock.now())
    await world.do(three_townships)
    number = await speakers.send(areas=list(TOWNS))
    (handed,) = await speakers.take()
    ebmid = ports.Payload.model_validate(handed.payload).ebmid
    await speakers.receipt(handed)
    await speakers.says(ebmid, 2)
    world.later(minutes=3)
    await speakers.play(ebmid, {code(village): 4 if village in SINGLE else 3 for village in VILLAGES})
    await speakers.says(ebmid, 4)
    table = await desk.read("officer", f"/api/broadcasts/{number}/delivery")
    missed = [one["region_code"] for one in table["villages"] if one["reached_at"] is None]
    assert missed == SINGLE

    told = {
        "cause_kind": "broadcast",
        "cause_id": number,
        "title": "山洪灾害橙色预警",
        "colour": "orange",
        "region_codes": missed,
    }
    started = await desk.post("officer", "/api/call-and-respond", told)
    assert started.status_code == 201, started.text
    path = f"/api/call-and-respond/{started.json()['id']}"
    villages = {
        one["region_code"]: f"/api/call-and-respond/targets/{one['id']}"
        for one in (await desk.read("officer", path))["targets"]
        if one["tier"] == "village"
    }
    assert sorted(villages) == missed, "the telephone tree is theirs alone"

    async def call(village: str, minute: int, result: str, **more: str) -> None:
        world.clock.advance(TWO_PM + timedelta(minutes=minute) - world.clock.now())
        body = {"means": "phone", "result": result, **more}
        answer = await desk.post("officer", f"{villages[village]}/calls", body)
        assert answer.status_code in (200, 201), answer.text

    first, second, third = missed
    await call(first, 6, "answered", name="A角", words="收到")
    await call(second, 7, "no_answer", name="A角")
    await call(second, 9, "answered", name="B角", words="收到,敲锣")
    for minute, name in ((8 + 2, "A角"), (11, "B角"), (12, "村主任"), (14, "网格员")):
        await call(third, minute, "no_answer", name=name)
    sent = {"to": "镇通信员", "words": "无人应答,上门", "minutes": 35}
    handed_off = await desk.post("officer", f"{villages[third]}/hand-off", sent)
    assert handed_off.status_code in (200, 201), handed_off.text
    await call(third, 39, "answered", name="村支书", words="已当面告知", means="messenger")
    reached = {
        one["region_code"]: (one["answered_means"], one["answered_by"])
        for one in (await desk.read("officer", path))["targets"]
        if one["tier"] == "village"
    }
    assert reached == {first: ("phone", "A角"), second: ("phone", "B角"), third: ("messenger", "村支书")}
