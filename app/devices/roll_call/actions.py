"""The life of a roll call: opened, ticked by ear, by voice and by radio check, closed."""

from __future__ import annotations

from datetime import datetime

from app.db import Tx
from app.devices.driver import Probed
from app.devices.roll_call import store
from app.devices.roll_call.commands import AnswerIn, HereIn, RollCallIn
from app.devices.roll_call.events import RollCallAnswered, RollCallChanged
from app.devices.roll_call.facts import RollCallAnswerFact, RollCallFact, RollCallMine
from app.devices.roll_call.rules import reach
from app.devices.roll_call.tables import RollCall, RollCallAnswer
from app.devices.testing import actions as testing
from app.dispatch.actions.permission import actor, require
from app.journal import store as journal
from app.org import store as org
from app.org.rules.access import Concern, Viewer
from app.refusals import FieldFault, InvalidInput, NotFound, NotPermitted, Refusal
from app.wire import Actor

MOST_CALLED = 500
MOST_OPEN = 10


class RollCallOver(Refusal):
    """The roll call is closed: what is heard now belongs to the next one."""

    code = "roll_call_closed"

    def __init__(self) -> None:
        super().__init__("点名已结束", "the roll call is closed")


class TooManyRollCalls(Refusal):
    """So many roll calls are open that nobody could be listening to them."""

    code = "too_many_roll_calls"

    def __init__(self) -> None:
        super().__init__(
            f"已有 {MOST_OPEN} 个点名未结束,请先结束", f"{MOST_OPEN} roll calls are open: close one first"
        )


async def open_roll_call(tx: Tx, by: Viewer, told: RollCallIn, now: datetime) -> RollCallFact:
    """Begin to call. Raises NotPermitted, TooManyRollCalls, InvalidInput when nobody would be called."""
    require(by, "command")
    if await store.open_count(tx, by.stream) >= MOST_OPEN:
        raise TooManyRollCalls
    place = reach(told.region_code) if told.region_code else None
    devices = await store.called(
        tx, by.stream, by.scope, told.talk_group, place, told.device_ids, MOST_CALLED
    )
    if not devices or (told.device_ids and len(devices) != len(set(told.device_ids))):
        named = "device_ids" if told.device_ids else "talk_group" if told.talk_group else "region_code"
        raise InvalidInput(
            FieldFault(named, "没有可点名的设备,或不在您的管辖范围", "no such devices to call in your scope")
        )
    row = RollCall(
        stream=by.stream,
        title=told.title,
        talk_group=told.talk_group or "",
        region_codes=sorted({device.region_code for device in devices}),
        opened_at=now,
        opened_by=by.name,
    )
    tx.add(row)
    await tx.flush()
    assert row.id is not None
    tx.add_all([RollCallAnswer(roll_call_id=row.id, device_id=device.id) for device in devices])
    return await _tell(tx, row, "roll_call.opened", now, actor(by))


async def answer(tx: Tx, by: Viewer, roll_call_id: int, told: AnswerIn, now: datetime) -> RollCallAnswerFact:
    """Tick a device by ear, or note that it did not answer. Raises RollCallOver, NotFound, NotPermitted."""
    require(by, "command")
    row = await _visible(tx, by, roll_call_id)
    if row.state != "open":
        raise RollCallOver
    held = await store.locked_answer(tx, roll_call_id, told.device_id)
    if held is None or not by.covers((await store.answer(tx, roll_call_id, told.device_id)).region_code):
        raise NotFound("该设备", "device")
    held.state = "answered" if told.answered else "missing"
    held.how, held.note, held.answered_at, held.noted_by = "by_hand", told.note, now, by.name
    return await _answered(tx, row, held, now, actor(by))


async def here(tx: Tx, by: Viewer, roll_call_id: int, told: HereIn, now: datetime) -> RollCallMine:
    """Answer a roll call from the field app for the devices that oneself or one's team holds.

    It says that the person is there, not that the radio works: no test of the device. Pressed again, it
    changes nothing. Raises NotFound, RollCallOver.
    """
    row = await store.locked(tx, by.stream, roll_call_id)
    devices = await store.my_devices(tx, by, roll_call_id) if row is not None else []
    if row is None or not devices:
        raise NotFound("该点名", "roll call")
    if row.state != "open":
        raise RollCallOver
    at = min(max(told.happened_at or now, row.opened_at), now)
    for device_id in devices:
        held = await store.locked_answer(tx, roll_call_id, device_id)
        if held is None or held.state == "answered":
            continue
        held.state, held.how, held.note, held.answered_at = "answered", "app", told.note, at
        held.noted_by = by.name
        await _answered(tx, row, held, now, actor(by))
    return next(one for one in await store.mine(tx, by) if one.roll_call_id == roll_call_id)


async def close(tx: Tx, by: Viewer, roll_call_id: int, now: datetime) -> RollCallFact:
    """End a roll call: whoever has not answered is missing. Closing twice changes nothing.

    Raises NotFound, NotPermitted for a roll call that reaches beyond one's scope.
    """
    require(by, "command")
    row = await _visible(tx, by, roll_call_id)
    if not all(by.covers(code) for code in row.region_codes):
        raise NotPermitted
    if row.state == "closed":
        found = await store.fact(tx, by.stream, roll_call_id)
        assert found is not None
        return found
    row.state, row.closed_at, row.closed_by = "closed", now, by.name
    await store.close_waiting(tx, roll_call_id)
    return await _tell(tx, row, "roll_call.closed", now, actor(by))


async def tick(
    tx: Tx, stream: str, roll_call_id: int, device_id: int, how: str, at: datetime, now: datetime
) -> bool:
    """Tick a device that was heard without a person; False if it was ticked meanwhile or the call is over."""
    row = await store.locked(tx, stream, roll_call_id)
    held = await store.locked_answer(tx, roll_call_id, device_id)
    if row is None or row.state != "open" or held is None or held.state != "waiting":
        return False
    held.state, held.how, held.answered_at = "answered", how, at
    await _answered(tx, row, held, now, None)
    return True


async def note_probe(
    tx: Tx, stream: str, roll_call_id: int, device_id: int, probed: Probed | None, now: datetime
) -> None:
    """Take in what a link heard: an answer ticks, silence is noted and a person may still hear it."""
    if probed is not None and probed.passed:
        await tick(tx, stream, roll_call_id, device_id, probed.method, now, now)
        return
    held = await store.locked_answer(tx, roll_call_id, device_id)
    if held is not None and held.state == "waiting" and probed is not None:
        held.note = f"{probed.method}: {probed.detail}"[:200]


async def _visible(tx: Tx, by: Viewer, roll_call_id: int) -> RollCall:
    row = await store.locked(tx, by.stream, roll_call_id)
    if row is None or not any(by.covers(code) for code in row.region_codes):
        raise NotFound("该点名", "roll call")
    return row


async def _answered(
    tx: Tx, row: RollCall, held: RollCallAnswer, now: datetime, who: Actor | None
) -> RollCallAnswerFact:
    """Tell it; whoever answers a roll call has passed the daily test of a radio (domain/rules A3.1)."""
    await tx.flush()
    told = await store.answer(tx, held.roll_call_id, held.device_id)
    if held.state == "answered" and held.how != "app":
        device = await org.lock_device(tx, held.device_id)
        await testing.note_heard(tx, device, held.noted_by, f"{row.title} ({held.how})", now, who)
    event = RollCallAnswered(type="roll_call.answered", answer=told)
    await journal.append(tx, row.stream, now, [journal.Entry(event, Concern((told.region_code,)))], who)
    return told


async def _tell(tx: Tx, row: RollCall, event_type: str, now: datetime, who: Actor | None) -> RollCallFact:
    await tx.flush()
    assert row.id is not None
    fact = await store.fact(tx, row.stream, row.id)
    assert fact is not None
    event = RollCallChanged(type=event_type, roll_call=fact)
    await journal.append(tx, row.stream, now, [journal.Entry(event, Concern(tuple(row.region_codes)))], who)
    return fact
