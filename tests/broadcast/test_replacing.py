"""A broadcast takes the place of another: the older one ends where the newer one was taken, nowhere else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.broadcast import ports
from app.broadcast.actions import viewing
from app.broadcast.commands import BroadcastAreaIn
from app.broadcast.refusals import BroadcastMoved, DrillForReal, WindowTooShort
from app.refusals import NotFound
from tests.broadcast.loudspeakers import (
    COUNTY,
    EAST,
    EAST_BANK,
    EAST_HILL,
    PLATFORM,
    SIMULATOR,
    WEST_LAKE,
    Speakers,
    drill_peer,
)

pytestmark = pytest.mark.database
LIFTED = {"title": "预警解除", "text": "山洪灾害橙色预警已经解除。", "colour": None}


async def outgoing(speakers: Speakers) -> list[tuple[int, int, tuple[str, ...]]]:
    """Take what leaves; (MsgType, platform, areas) in order."""
    found = []
    for row in await speakers.take():
        told = ports.Payload.model_validate(row.payload)
        found.append((told.msg_type, row.peer_id, told.contents[0].areas))
        await speakers.receipt(row)
    return sorted(found)


async def state(speakers: Speakers, number: int) -> str:
    return (await speakers.see(number)).broadcast.state


async def test_the_older_one_stops_when_the_newer_one_is_taken_and_not_before(speakers: Speakers) -> None:
    old = await speakers.send()
    await outgoing(speakers)
    new = await speakers.send(areas=[], replaces_id=old, **LIFTED)
    await speakers.look()
    assert await state(speakers, old) == "issued", "an old alert is better than none"
    sheet = await speakers.see(new)
    assert sheet.replaces is not None
    assert (sheet.replaces.id, sheet.replaces.still_at) == (old, ["樟川市应急广播平台"])
    assert await outgoing(speakers) == [(1, PLATFORM, (EAST_BANK, EAST_HILL))]
    await speakers.look()
    await speakers.look()
    assert await outgoing(speakers) == [(2, PLATFORM, (EAST_BANK, EAST_HILL))]
    before = await speakers.see(old)
    assert (before.broadcast.state, before.stopped_by) == ("stopped", "值班员甲")
    assert before.stop_reason == f"由播发单#{new}更新"
    (stop,) = await speakers.world.rows(
        "SELECT h.payload FROM broadcast_handover h JOIN broadcast_message m ON m.id = h.message_id "
        "WHERE m.cancels_id = :id",
        id=old,
    )
    assert stop["payload"]["related_ebmid"] == before.broadcast.ebmid
    assert await state(speakers, new) == "issued", "only the older one is stopped"
    sheet = await speakers.see(new)
    assert sheet.replaces is not None and sheet.replaces.still_at == []


async def test_where_the_newer_one_is_refused_the_older_plays_on_until_somebody_stops_it(
    speakers: Speakers,
) -> None:
    await speakers.world.do(drill_peer)
    old = await speakers.send(areas=[COUNTY])
    await outgoing(speakers)
    new = await speakers.send(areas=[], replaces_id=old, **LIFTED)
    rows: dict[int, Any] = {row.peer_id: row for row in await speakers.take()}
    await speakers.receipt(rows[PLATFORM])
    refused = rows[SIMULATOR].id or 0
    now = speakers.world.clock.now()
    await speakers.world.do(lambda tx: ports.note_handover(tx, refused, "refused", "平台忙", now))
    await speakers.look()
    assert await outgoing(speakers) == [(2, PLATFORM, (EAST_HILL, WEST_LAKE))]
    assert await state(speakers, old) == "issued"
    sheet = await speakers.see(new)
    assert sheet.replaces is not None and sheet.replaces.still_at == ["演练平台"]
    await speakers.look()
    assert await outgoing(speakers) == [], "nobody is told twice"
    await speakers.stop(old)
    assert await outgoing(speakers) == [(2, SIMULATOR, (EAST_BANK,))]
    stops = await speakers.world.rows("SELECT state FROM broadcast_message WHERE cancels_id = :id", id=old)
    assert [one["state"] for one in stops] == ["finished"], "one stop, with one number, for both"


async def test_what_waits_for_its_start_never_leaves_when_another_took_its_place(speakers: Speakers) -> None:
    now = speakers.world.clock.now()
    old = await speakers.send(start_at=now.replace(hour=now.hour + 2))
    new = await speakers.send(areas=[], replaces_id=old)
    await outgoing(speakers)
    await speakers.look()
    assert await state(speakers, old) == "stopped"
    speakers.world.later(hours=2)
    await speakers.look()
    assert await outgoing(speakers) == []
    assert await speakers.world.rows("SELECT 1 FROM broadcast_message WHERE msg_type = 2") == []
    assert await state(speakers, new) != "stopped"


async def test_a_cancel_reaches_exactly_those_who_got_the_alert_also_after_a_narrower_update(
    speakers: Speakers,
) -> None:
    alert = await speakers.send(areas=[EAST])
    await outgoing(speakers)
    narrower = await speakers.send(areas=[EAST_BANK], replaces_id=alert)
    await outgoing(speakers)
    await speakers.look()
    await outgoing(speakers)
    end = await speakers.send(areas=[], replaces_id=narrower, **LIFTED)
    assert await outgoing(speakers) == [(1, PLATFORM, (EAST_BANK, EAST_HILL))], "and nobody in the west"
    rows = await speakers.world.rows(
        "SELECT region_code FROM broadcast_target WHERE message_id = :id ORDER BY 1", id=end
    )
    assert [one["region_code"] for one in rows] == [EAST_BANK, EAST_HILL]


async def test_a_drill_takes_the_place_of_no_real_broadcast_and_nothing_real_that_of_a_drill(
    speakers: Speakers,
) -> None:
    await speakers.world.do(drill_peer)
    real = await speakers.send()
    drill = await speakers.submit(wish="drill_terminal", areas=[EAST_BANK])
    await speakers.approve(drill, audible=2)
    with pytest.raises(DrillForReal):
        await speakers.draft(wish="drill_terminal", areas=[EAST_BANK], replaces_id=real)
    with pytest.raises(DrillForReal):
        await speakers.draft(areas=[EAST_BANK], replaces_id=drill)
    await outgoing(speakers)
    await speakers.look()
    assert await state(speakers, real) == "issued"


async def test_a_sheet_that_was_not_let_go_and_one_of_another_desk_are_not_replaced(
    speakers: Speakers,
) -> None:
    with pytest.raises(BroadcastMoved):
        await speakers.draft(replaces_id=await speakers.submit())
    county = await speakers.send()
    with pytest.raises(NotFound):
        await speakers.draft("east", replaces_id=county, areas=[EAST_BANK])


async def test_what_it_would_reach_is_seen_before_it_is_written(speakers: Speakers) -> None:
    alert = await speakers.send(areas=[EAST_BANK])
    told = BroadcastAreaIn(replaces_id=alert)
    by = speakers.world.people["officer"]
    found = await speakers.world.do(lambda tx: viewing.precheck(tx, by, told, drill=False))
    assert [one.region_code for one in found.villages] == [EAST_BANK]
    with pytest.raises(NotFound):
        await speakers.world.do(
            lambda tx: viewing.precheck(tx, speakers.world.people["east"], told, drill=False)
        )


async def test_further_languages_take_their_time_and_leave_after_the_first(speakers: Speakers) -> None:
    more = [{"language": "eng", "title": "Flood", "text": "Move to high ground. " * 20}]
    now = speakers.world.clock.now()
    with pytest.raises(WindowTooShort):
        await speakers.draft(more_texts=more, start_at=now, end_at=now + timedelta(seconds=60))
    number = await speakers.send(more_texts=more)
    sheet = await speakers.see(number)
    (english,) = sheet.more_texts
    assert (english.letters, english.seconds) == (320, 40.0)
    assert sheet.once_s == sheet.seconds + english.seconds
    (row,) = await speakers.take()
    told = ports.Payload.model_validate(row.payload)
    assert [one.language for one in told.contents] == ["zho", "eng"]
