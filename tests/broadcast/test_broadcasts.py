"""Sheets on their way: four eyes, consent by telephone, schedule, stop, and what is refused."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from app.broadcast import ports
from app.broadcast.actions import approving, drafting, stopping
from app.broadcast.commands import (
    BroadcastApprovalIn,
    BroadcastConsentIn,
    BroadcastEditIn,
    BroadcastReturnIn,
    BroadcastRevisionIn,
    BroadcastStopIn,
)
from app.broadcast.refusals import (
    AudibleNotConfirmed,
    BroadcastMoved,
    BroadcastStale,
    NobodyCarries,
    NoBodyMeant,
    NotBroadcast,
    NothingToSign,
    NumbersUsedUp,
    OutsideYourArea,
    OwnBroadcast,
    WindowIsOver,
    WindowTooShort,
)
from app.broadcast.rules.law import NotForReal
from app.refusals import NotFound, NotPermitted
from tests.broadcast.loudspeakers import (
    EAST,
    EAST_BANK,
    EAST_HILL,
    FLASH_FLOOD,
    PLATFORM,
    SIMULATOR,
    TERMS,
    WEST_LAKE,
    Speakers,
    code,
    drill_peer,
)
from tests.world import COUNTY, SECRET_KIND

pytestmark = pytest.mark.database


async def test_what_a_second_person_approves_leaves_with_all_that_the_wire_needs(speakers: Speakers) -> None:
    number = await speakers.submit(cause_kind="warning", cause_id=7, cause_words="山洪预警")
    assert await speakers.handovers(number) == []
    await speakers.approve(number)
    (row,) = await speakers.take()
    told = ports.Payload.model_validate(row.payload)
    assert told.ebmid == f"{TERMS.resource_code}202506180001"
    assert (told.msg_type, told.event_type, told.severity, told.drill) == (1, FLASH_FLOOD, 2, False)
    assert told.contents[0].areas == (EAST_BANK, EAST_HILL)
    assert (told.sender_name, told.repeats) == ("樟川市应急指挥中心", 3)
    assert told.start_at == speakers.world.clock.now() < told.end_at
    sheet = await speakers.see(number)
    assert (sheet.broadcast.state, sheet.broadcast.author, sheet.broadcast.approver) == (
        "issued",
        "值班员甲",
        "值班长",
    )
    assert await speakers.take() == [], "the lease holds it"


async def test_nobody_approves_his_own_sheet_and_an_officer_approves_none(speakers: Speakers) -> None:
    own = await speakers.submit("lead")
    with pytest.raises(OwnBroadcast):
        await speakers.approve(own, "lead")
    with pytest.raises(NotPermitted):
        await speakers.approve(own, "second")
    with pytest.raises(IntegrityError):
        await speakers.world.run(
            "UPDATE broadcast_message SET approver_id = author_id WHERE id = :id", id=own
        )
    assert (await speakers.see(own)).broadcast.state == "submitted"


async def test_a_sheet_that_comes_back_is_put_right_by_its_author_and_handed_in_again(
    speakers: Speakers,
) -> None:
    number = await speakers.submit()
    now, people = speakers.world.clock.now(), speakers.world.people
    remarks = BroadcastReturnIn(revision=2, remarks="写明转移地点")
    await speakers.world.do(lambda tx: approving.send_back(tx, people["lead"], number, remarks, now))
    told = BroadcastEditIn(revision=3, **speakers.sheet(text="请向村小学转移。").model_dump(mode="json"))
    with pytest.raises(NotFound):
        await speakers.world.do(lambda tx: drafting.edit(tx, people["second"], number, told, now))
    await speakers.world.do(lambda tx: drafting.edit(tx, people["officer"], number, told, now))
    with pytest.raises(BroadcastStale):
        await speakers.world.do(
            lambda tx: drafting.submit(tx, people["officer"], number, BroadcastRevisionIn(revision=3), now)
        )
    sheet = await speakers.see(number)
    assert (sheet.broadcast.state, sheet.remarks, sheet.text) == (
        "returned",
        "写明转移地点",
        "请向村小学转移。",
    )


async def test_approved_by_telephone_it_leaves_and_the_signature_is_asked_for_until_it_is_given(
    speakers: Speakers,
) -> None:
    number = await speakers.draft()
    world, people = speakers.world, speakers.world.people
    told = BroadcastConsentIn(
        revision=1, consent_of="带班领导", phone="13900000000", at=world.clock.now(), words="同意,立即播发"
    )
    await world.do(
        lambda tx: approving.consent(tx, people["officer"], number, told, world.clock.now(), TERMS)
    )
    assert len(await speakers.take()) == 1
    for asked in (1, 2):
        world.later(minutes=30)
        await speakers.look()
        await speakers.look()
        sheet = await speakers.see(number)
        assert sheet.consent is not None and sheet.consent.asked == asked
    with pytest.raises(NotPermitted):
        await world.do(lambda tx: approving.countersign(tx, people["officer"], number, world.clock.now()))
    await world.do(lambda tx: approving.countersign(tx, people["leader"], number, world.clock.now()))
    world.later(minutes=31)
    await speakers.look()
    types = await world.types()
    assert types.count("broadcast.signature_due") == 2
    with pytest.raises(NothingToSign):
        await world.do(lambda tx: approving.countersign(tx, people["leader"], number, world.clock.now()))


async def test_the_author_cannot_name_himself_as_the_leader_who_consented(speakers: Speakers) -> None:
    number = await speakers.draft()
    world = speakers.world
    told = BroadcastConsentIn(
        revision=1, consent_of="值班员甲", phone="139000", at=world.clock.now(), words="同意"
    )
    with pytest.raises(OwnBroadcast):
        await world.do(
            lambda tx: approving.consent(tx, world.people["officer"], number, told, world.clock.now(), TERMS)
        )


async def test_one_press_is_one_sheet_however_often_and_fast_it_comes(speakers: Speakers) -> None:
    told, world = speakers.sheet(), speakers.world
    made = await asyncio.gather(
        *(
            world.do(lambda tx: drafting.draft(tx, world.people["officer"], told, world.clock.now()))
            for _ in range(5)
        )
    )
    assert len(set(made)) == 1
    assert (await world.types()).count("broadcast.drafted") == 1


async def test_numbers_minted_at_once_have_neither_gap_nor_double(speakers: Speakers) -> None:
    numbers = [await speakers.submit() for _ in range(6)]
    failing = await speakers.submit()
    await asyncio.gather(*(speakers.approve(one) for one in numbers))
    with pytest.raises(RuntimeError, match="rolled back"):
        await speakers.world.do(lambda tx: _approve_and_fail(tx, speakers, failing))
    await speakers.approve(failing)
    found = await speakers.world.rows("SELECT right(ebmid, 4) AS n FROM broadcast_message ORDER BY 1")
    assert [one["n"] for one in found] == [f"{n:04d}" for n in range(1, 8)]


async def _approve_and_fail(tx: Any, speakers: Speakers, number: int) -> None:
    now = speakers.world.clock.now()
    told = BroadcastApprovalIn(revision=2)
    await approving.approve(tx, speakers.world.people["lead"], number, told, now, TERMS)
    raise RuntimeError("rolled back")


async def test_a_new_day_begins_at_one_and_the_last_numbers_of_a_day_are_kept_for_stops(
    speakers: Speakers,
) -> None:
    sounds = await speakers.send()
    await speakers.receipt(*await speakers.take())
    await speakers.world.run("UPDATE number_series SET last = 9499 WHERE series LIKE 'ebm:%'")
    number = await speakers.submit()
    with pytest.raises(NumbersUsedUp):
        await speakers.approve(number)
    await speakers.stop(sounds)
    (stop,) = await speakers.world.rows("SELECT ebmid FROM broadcast_message WHERE msg_type = 2")
    assert stop["ebmid"].endswith("202506189500")
    speakers.world.later(hours=22)
    await speakers.approve(number)
    (row,) = await speakers.world.rows("SELECT ebmid FROM broadcast_message WHERE id = :id", id=number)
    assert row["ebmid"].endswith("202506190001")


async def test_what_is_planned_leaves_ten_minutes_before_its_start(speakers: Speakers) -> None:
    start = speakers.world.clock.now() + timedelta(hours=2)
    number = await speakers.send(start_at=start)
    await speakers.look()
    assert (await speakers.see(number)).broadcast.state == "approved"
    speakers.world.later(minutes=110)
    await speakers.look()
    await speakers.look()
    (row,) = await speakers.handovers(number)
    assert ports.Payload.model_validate(row["payload"]).start_at == start


async def test_a_stop_before_it_left_leaves_nothing_for_anybody(speakers: Speakers) -> None:
    number = await speakers.send(start_at=speakers.world.clock.now() + timedelta(hours=2))
    await speakers.stop(number)
    speakers.world.later(hours=2)
    await speakers.look()
    assert await speakers.take() == []
    assert await speakers.world.rows("SELECT 1 FROM broadcast_message WHERE msg_type = 2") == []


async def test_a_stop_reaches_exactly_the_platforms_that_got_it(speakers: Speakers) -> None:
    await speakers.world.do(drill_peer)
    number = await speakers.send(areas=[COUNTY])
    first, second = await speakers.take()
    await speakers.receipt(first)
    await speakers.world.do(
        lambda tx: ports.note_handover(tx, second.id or 0, "refused", "签名", speakers.world.clock.now())
    )
    await speakers.stop(number)
    await speakers.stop(number)
    (cancel,) = await speakers.world.rows(
        "SELECT id, ebmid FROM broadcast_message WHERE cancels_id = :id", id=number
    )
    (out,) = await speakers.handovers(cancel["id"])
    told = ports.Payload.model_validate(out["payload"])
    assert (out["peer_id"], told.msg_type) == (first.peer_id, 2)
    assert told.related_ebmid == (await speakers.see(number)).broadcast.ebmid != told.ebmid
    assert told.contents[0].areas == ports.Payload.model_validate(first.payload).contents[0].areas
    (taken,) = await speakers.take()
    await speakers.receipt(taken)
    (row,) = await speakers.world.rows("SELECT state FROM broadcast_message WHERE id = :id", id=cancel["id"])
    assert row["state"] == "finished"


async def test_a_message_still_waiting_in_the_outbox_is_withdrawn_and_never_sent(speakers: Speakers) -> None:
    number = await speakers.send()
    await speakers.stop(number)
    assert await speakers.take() == []
    (row,) = await speakers.handovers(number)
    assert row["state"] == "withdrawn"


async def test_an_attempt_without_an_answer_is_stopped_as_if_it_had_arrived(speakers: Speakers) -> None:
    number = await speakers.send()
    (row,) = await speakers.take()
    await speakers.stop(number)
    noted = await speakers.world.do(
        lambda tx: ports.note_handover(tx, row.id or 0, "failed", "超时", speakers.world.clock.now())
    )
    assert noted is False
    speakers.world.later(minutes=5)
    (stop,) = await speakers.take()
    assert ports.Payload.model_validate(stop.payload).msg_type == 2


async def test_a_stop_and_the_wire_never_wait_for_each_other(speakers: Speakers) -> None:
    for _ in range(4):
        number = await speakers.send()
        (row,) = await speakers.take()
        await asyncio.gather(speakers.stop(number), speakers.receipt(row))
        assert (await speakers.see(number)).broadcast.state == "stopped"
        await speakers.receipt(*await speakers.take())


async def test_what_is_over_cannot_be_stopped(speakers: Speakers) -> None:
    number = await speakers.draft()
    world = speakers.world
    with pytest.raises(BroadcastMoved):
        await world.do(
            lambda tx: stopping.stop(
                tx, world.people["officer"], number, BroadcastStopIn(), world.clock.now(), TERMS
            )
        )


async def test_a_township_broadcasts_to_its_own_villages_and_to_no_others(speakers: Speakers) -> None:
    with pytest.raises(OutsideYourArea):
        await speakers.draft("east", areas=[WEST_LAKE])
    with pytest.raises(OutsideYourArea):
        await speakers.draft("east", areas=[COUNTY])
    number = await speakers.draft("east", areas=[EAST])
    with pytest.raises(NotFound):
        await speakers.see(number, "west")
    # A polygon around the whole county reaches no further than the own township.
    around = [[[118.0, 28.0], [119.0, 28.0], [119.0, 29.0], [118.0, 29.0]]]
    drawn = await speakers.draft("east", areas=[], polygons=around)
    assert (await speakers.see(drawn)).broadcast.villages == 2
    assert (await speakers.see(drawn)).sender == "樟川市东镇"


async def test_what_is_no_matter_for_the_public_is_not_broadcast(speakers: Speakers) -> None:
    with pytest.raises(NotBroadcast):
        await speakers.draft(event_type=SECRET_KIND)
    with pytest.raises(NotForReal):
        await speakers.draft(cause_status="exercise")
    with pytest.raises(NotForReal):
        await speakers.draft(text="【演练】请转移")
    now = speakers.world.clock.now()
    with pytest.raises(WindowTooShort):
        await speakers.draft(start_at=now, end_at=now + timedelta(seconds=10))
    past = now - timedelta(hours=2)
    with pytest.raises(WindowIsOver):
        await speakers.draft(start_at=past, end_at=past + timedelta(hours=1))
    await speakers.world.run("UPDATE broadcast_peer SET active = false")
    with pytest.raises(NobodyCarries):
        await speakers.submit()


async def test_a_drill_goes_only_to_what_is_marked_and_is_confirmed_by_the_number_that_sounds(
    speakers: Speakers,
) -> None:
    with pytest.raises(NoBodyMeant):
        await speakers.draft(wish="drill_terminal", areas=[WEST_LAKE])
    with pytest.raises(NobodyCarries):
        await speakers.submit(wish="drill_terminal")
    await speakers.world.do(drill_peer)
    number = await speakers.submit(wish="drill_terminal", cause_status="exercise")
    sheet = await speakers.see(number)
    assert (sheet.audible, sheet.broadcast.villages, sheet.broadcast.msg_type) == (2, 1, 5)
    assert sheet.text.startswith("【演练】")
    for wrong in (None, 1, 80):
        with pytest.raises(AudibleNotConfirmed):
            await speakers.approve(number, audible=wrong)
    await speakers.approve(number, audible=2)
    (row,) = await speakers.take()
    told = ports.Payload.model_validate(row.payload)
    assert (row.peer_id, told.msg_type, told.contents[0].areas) == (SIMULATOR, 5, (EAST_BANK,))
    await speakers.stop(number)
    (stop,) = await speakers.take()
    assert (stop.peer_id, stop.payload["drill"]) == (SIMULATOR, True)
    silent = await speakers.submit(wish="drill_platform")
    assert (await speakers.see(silent)).audible == 0


@pytest.mark.parametrize(
    "change",
    [
        "msg_type = 1 WHERE drill",
        "drill = false WHERE drill",
        "text = '请转移' WHERE drill",
        "cause_status = 'exercise' WHERE NOT drill",
        "drill = true WHERE NOT drill",
    ],
)
async def test_the_database_itself_refuses_a_drill_as_the_real_thing(speakers: Speakers, change: str) -> None:
    await speakers.world.do(drill_peer)
    await speakers.draft()
    await speakers.draft(wish="drill_terminal")
    with pytest.raises(IntegrityError):
        await speakers.world.run(f"UPDATE broadcast_message SET {change}")


async def test_failure_of_a_part_is_read_from_the_terminals_and_opens_repairs(speakers: Speakers) -> None:
    number = await speakers.send()
    (row,) = await speakers.take()
    await speakers.receipt(row)
    ebmid = row.payload["ebmid"]
    await speakers.says(ebmid, 2)
    noted = await speakers.play(
        ebmid, {code(EAST_BANK, 1): 3, code(EAST_BANK, 2): 3, code(EAST_HILL, 1): 4, "6" + "9" * 22: 3}
    )
    assert (noted.changed, noted.unknown) == (3, ("6" + "9" * 22,))
    assert (await speakers.see(number)).broadcast.outcome == ""
    await speakers.says(ebmid, 4)
    sheet = (await speakers.see(number)).broadcast
    assert (sheet.state, sheet.outcome) == ("finished", "partial")
    assert (sheet.reached, sheet.villages, sheet.played, sheet.failed, sheet.silent) == (1, 2, 2, 1, 1)
    repairs = await speakers.world.rows("SELECT terminal_id, hours FROM broadcast_repair")
    assert repairs == [{"terminal_id": 3, "hours": 72}]
    # What comes late counts, and a report that is repeated changes nothing.
    assert (await speakers.play(ebmid, {code(EAST_HILL, 2): 3})).changed == 1
    head = await speakers.world.head()
    assert (await speakers.play(ebmid, {code(EAST_HILL, 2): 3})).changed == 0
    assert (await speakers.see(number)).broadcast.coverage_rate == 1.0
    assert await speakers.world.head() == head


async def test_a_platform_that_says_nothing_is_not_taken_for_success(speakers: Speakers) -> None:
    number = await speakers.send()
    await speakers.take()
    speakers.world.later(hours=2)
    await speakers.look()
    sheet = (await speakers.see(number)).broadcast
    assert (sheet.state, sheet.outcome, sheet.silent) == ("finished", "failed", 4)


async def test_a_platform_that_is_away_is_tried_later_and_later_and_then_the_desk_is_told(
    speakers: Speakers,
) -> None:
    await speakers.send()
    waited = []
    for _ in range(4):
        (row,) = await speakers.take()
        await speakers.world.do(
            lambda tx, row=row: ports.note_handover(  # type: ignore[misc]
                tx, row.id or 0, "failed", "无应答", speakers.world.clock.now()
            )
        )
        waits = 0
        while not await _is_due(speakers):
            speakers.world.later(seconds=1)
            waits += 1
        waited.append(waits)
    assert waited == [2, 5, 10, 20]
    speakers.world.later(hours=2)
    (row,) = await speakers.take()
    await speakers.world.do(
        lambda tx: ports.note_handover(tx, row.id or 0, "failed", "无应答", speakers.world.clock.now())
    )
    assert "broadcast.undelivered" in await speakers.world.types()


async def _is_due(speakers: Speakers) -> bool:
    found = await speakers.world.rows(
        "SELECT 1 FROM broadcast_handover WHERE state = 'waiting' AND next_at <= :now",
        now=speakers.world.clock.now(),
    )
    return bool(found)


async def test_the_register_is_taken_over_and_states_never_go_back_in_time(speakers: Speakers) -> None:
    world, now = speakers.world, speakers.world.clock.now()
    new, bad, far = code(EAST_BANK, 9), "12345", "6" + "110000000000" + "0314010401"
    entries = [
        ports.TerminalEntry(new, "东岸新喇叭", 118.2, 28.5, peer_id=PLATFORM),
        ports.TerminalEntry(code(EAST_BANK, 1), ""),
        ports.TerminalEntry(bad),
        ports.TerminalEntry(far),
    ]
    noted = await world.do(lambda tx: ports.note_terminals(tx, "990181", entries, now))
    assert (noted.changed, noted.unknown) == (2, (bad, far))
    (old,) = await world.rows("SELECT name FROM broadcast_terminal WHERE id = 1")
    assert old["name"] == f"{EAST_BANK}大喇叭1", "a blank name undoes none"
    words = [
        ports.TerminalState(new, 3, "功放故障", now),
        ports.TerminalState(new, 1, "", now - timedelta(hours=1)),
        ports.TerminalState(code(WEST_LAKE, 1), 77, "", now),
        ports.TerminalState(bad, 1, "", now),
    ]
    told = await world.do(lambda tx: ports.note_terminal_states(tx, "990181", words, now))
    assert (told.changed, told.unknown) == (2, (bad,))
    again = await world.do(lambda tx: ports.note_terminal_states(tx, "990181", words, now))
    assert again.changed == 0
    found = await world.rows("SELECT state FROM broadcast_terminal WHERE resource_code = :c", c=new)
    assert found == [{"state": "fault"}]


async def test_an_unknown_message_is_told_back_and_breaks_nothing(speakers: Speakers) -> None:
    assert (await speakers.play("x", {})).unknown == ("x",)
    assert (await speakers.says("x", 3)).unknown == ("x",)
