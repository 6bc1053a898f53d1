"""S10, steps 1 to 3: a flash flood for forty villages, approved, handed over, played by a part."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert

from app.broadcast.actions import viewing
from app.broadcast.watcher import BroadcastWatch
from app.dispatch.tables import EventType
from app.org.tables import Region
from tests.broadcast.links import Linked, speaker
from tests.broadcast.loudspeakers import FLASH_FLOOD, TERMS, Speakers
from tests.world import EAST, STREAM

pytestmark = pytest.mark.database
VILLAGES = [f"{EAST[:9]}{number}" for number in range(300, 340)]
SINGLE = VILLAGES[:3]  # the second terminal of these is broken


@pytest.fixture
async def flood(linked: Linked) -> Linked:
    """Forty villages of two terminals each, known to the centre from the platform's own register."""
    place = {
        "parent_code": EAST,
        "kind": "village",
        "name_en": "",
        "lon": 118.2,
        "lat": 28.5,
        "population": 300,
    }
    rows = [{**place, "code": code, "name_zh": f"第{n}村"} for n, code in enumerate(VILLAGES)]
    kind = {"scheme": "CN-EVENT-5", "code": FLASH_FLOOD, "name_zh": "山洪灾害", "name_en": "flash flood"}

    async def write(tx: Any) -> None:
        await tx.execute(insert(Region), rows)
        await tx.execute(insert(EventType), [{**kind, "category": "natural", "restricted": False}])

    await linked.world.do(write)
    speakers = [speaker(code, n) for code in VILLAGES for n in (1, 2)]
    linked.platform.speakers = {one.code: one for one in speakers}
    for code in SINGLE:
        linked.platform.speakers[speaker(code, 2).code].state = 3
    await linked.rounds(3)
    linked.platform.heard.clear()
    return linked


async def sent(flood: Linked) -> tuple[Speakers, int, str]:
    speakers = Speakers(flood.world)
    number = await speakers.send(areas=VILLAGES)
    await BroadcastWatch(flood.world.database, flood.clock, STREAM, TERMS).look()
    await flood.rounds()
    rows = await flood.world.rows("SELECT ebmid FROM broadcast_message WHERE id = :id", id=number)
    return speakers, number, rows[0]["ebmid"]


async def test_the_register_of_the_platform_tells_who_has_no_second_terminal(flood: Linked) -> None:
    rows = await flood.terminals()
    assert len([one for one in rows if one["region_code"] in VILLAGES]) == 80
    live = [one for one in rows if one["region_code"] in VILLAGES and one["state"] == "running"]
    assert len(live) == 77
    faulty = {one["region_code"] for one in rows if one["state"] == "fault"}
    assert faulty == set(SINGLE)


async def test_an_approved_broadcast_reaches_the_platform_with_every_village_by_its_code(
    flood: Linked,
) -> None:
    _, _, ebm_id = await sent(flood)
    message = flood.platform.played[ebm_id].message
    assert message.basics is not None
    assert (message.basics.msg_type, message.basics.event_type, message.basics.severity) == (
        1,
        FLASH_FLOOD,
        2,
    )
    assert sorted(message.contents[0].areas) == VILLAGES
    assert len(flood.platform.played[ebm_id].speakers) == 80


async def test_a_part_that_failed_is_a_part_and_not_the_whole(flood: Linked) -> None:
    speakers, number, ebm_id = await sent(flood)
    flood.platform.bad.failing = {speaker(code, 1).code for code in SINGLE}
    await flood.platform.report(ebm_id)
    await flood.rounds()
    flood.later(seconds=10)
    await flood.platform.play(ebm_id)
    await flood.rounds()
    assert (await speakers.see(number)).broadcast.state == "playing"
    flood.later(seconds=120)
    await flood.platform.finish(ebm_id)
    assert flood.platform.played[ebm_id].state == 4
    await flood.rounds()
    results = list((await flood.results(ebm_id)).values())
    assert (results.count(3), results.count(4)) == (74, 6)
    told = await flood.world.do(lambda tx: viewing.delivered(tx, flood.world.people["lead"], number))
    reached = {one.region_code for one in told.villages if one.reached_at is not None}
    assert len(told.villages) == 40
    assert set(VILLAGES) - reached == set(SINGLE)


async def test_stop_reaches_the_platform_within_one_look_and_what_plays_ends(flood: Linked) -> None:
    speakers, number, ebm_id = await sent(flood)
    await flood.platform.play(ebm_id)
    await flood.rounds()
    await speakers.stop(number)
    await flood.rounds()
    assert flood.platform.played[ebm_id].state == 5
    stops = [one for one in flood.platform.played.values() if one.message.related == ebm_id]
    assert len(stops) == 1
    assert stops[0].message.basics is not None
    assert stops[0].message.basics.msg_type == 2
