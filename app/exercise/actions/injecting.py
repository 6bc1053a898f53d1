"""An inject comes: by the clock, after another, or by a controller's hand. It looks like any other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from app.db import Tx
from app.delivery.rules import CHANNEL_OF_FAMILY
from app.dispatch.actions.intake import call_in_drill
from app.dispatch.inbox.actions import Sender, receive
from app.dispatch.inbox.commands import IntakeNoticeIn
from app.dispatch.inbox.facts import NoticeSource
from app.exercise.actions.permission import controllers_only, for_control
from app.exercise.commands import InjectAddIn, InjectMarkIn, InjectStepIn
from app.exercise.events import DrillInjectMoved
from app.exercise.refusals import DrillMoved, InjectMoved, NoSuchDevice
from app.exercise.rules.clock import INJECT_STEPS, Came, Running, due_at
from app.exercise.rules.script import InjectIn
from app.exercise.store import injects
from app.exercise.store.injects import Grown
from app.exercise.tables import Drill, DrillInject
from app.journal import store as journal
from app.org import store as org
from app.org.rules.access import Viewer, actor
from app.refusals import FieldFault, InvalidInput, NotFound
from app.signals import Distress, Fix

__all__ = ["came_of", "due_of", "fire_due", "mark", "move", "send_now", "spec_of"]
_SOURCES: Mapping[str, NoticeSource] = {
    "call": "village",
    "text": "superior",
    "sensor": "warning",
    "link": "device",
}
_NAMES = {"call": "群众来电", "text": "来文", "sensor": "监测设备", "link": "通信链路"}


def spec_of(row: DrillInject) -> InjectIn:
    """Return what the script says of an inject."""
    return InjectIn.model_validate(row.spec)


def came_of(row: DrillInject, grown: Grown | None) -> Came:
    """Return what is known of an inject: a controller's word counts, else what the house's rows say."""
    seen = row.done_at or (grown.done_at if grown else None)
    return Came(row.fired_at, seen if row.fired_at is not None else None)


def due_of(row: Drill, one: DrillInject, came: Mapping[str, Came]) -> datetime | None:
    """Return when an inject comes by itself, None while nobody knows."""
    if row.started_at is None or one.state not in ("waiting", "held"):
        return None
    return due_at(spec_of(one), Running(row.started_at, timedelta(seconds=row.stood_still_s)), came)


async def fire_due(tx: Tx, row: Drill, now: datetime) -> int:
    """Let everything come whose time has come, of a locked drill that runs; return how many came."""
    rows, grown = await injects.of_drill(tx, row.id or 0), await injects.grown(tx, row.id or 0)
    came = {one.key: came_of(one, grown.get(one.id or 0)) for one in rows}
    count = 0
    for one in rows:
        due = due_of(row, one, came)
        if one.state == "waiting" and due is not None and due <= now:
            await _fire(tx, row, one, now)
            came[one.key] = Came(one.fired_at)
            await _tell(tx, None, row, [one], now)
            count += 1
    return count


async def move(tx: Tx, by: Viewer, drill_id: int, inject_id: int, told: InjectStepIn, now: datetime) -> None:
    """Fire, hold, release or skip an inject. Raises DrillMoved, InjectMoved, NoSuchDevice, NotFound."""
    row = await for_control(tx, by, drill_id)
    one = await _one(tx, drill_id, inject_id)
    state = INJECT_STEPS.get((one.state, told.step))
    if state is None:
        raise InjectMoved(one.state)
    if told.step == "fire":
        if row.state != "running":
            raise DrillMoved(row.state)
        await _fire(tx, row, one, now)
    one.state, one.moved_by = state, by.name
    await _tell(tx, by, row, [one], now)


async def send_now(tx: Tx, by: Viewer, drill_id: int, told: InjectAddIn, now: datetime) -> None:
    """Let something come that stands in no script.

    Raises DrillMoved, InvalidInput, NoSuchDevice, NotFound.
    """
    row = await for_control(tx, by, drill_id)
    if row.state != "running":
        raise DrillMoved(row.state)
    rows = await injects.of_drill(tx, drill_id)
    if told.inject.id in {one.key for one in rows}:
        raise InvalidInput(FieldFault("inject.id", "该编号已使用,请换一个", "this id stands already"))
    spec = told.inject.model_copy(update={"at": None, "after": None}).model_dump(mode="json")
    one = DrillInject(drill_id=drill_id, ordinal=len(rows) + 1, key=told.inject.id, spec=spec)
    tx.add(one)
    await _fire(tx, row, one, now)
    one.moved_by = by.name
    await _tell(tx, by, row, [one], now)


async def mark(tx: Tx, by: Viewer, drill_id: int, inject_id: int, told: InjectMarkIn, now: datetime) -> None:
    """Write beside an inject what a controller saw: that it was done, points, a remark.

    Raises InjectMoved for one that has not come, NotFound.
    """
    row = await for_control(tx, by, drill_id)
    one = await _one(tx, drill_id, inject_id)
    if told.done:
        if one.fired_at is None:
            raise InjectMoved(one.state)
        if one.done_at is None:
            one.done_at, one.done_by = now, by.name
    if told.points is not None:
        one.points = told.points
    one.remark = told.remark or one.remark
    await _tell(tx, by, row, [one], now)


async def _one(tx: Tx, drill_id: int, inject_id: int) -> DrillInject:
    found = next((one for one in await injects.of_drill(tx, drill_id) if one.id == inject_id), None)
    if found is None:
        raise NotFound("该导调项", "inject")
    return found


async def _fire(tx: Tx, row: Drill, one: DrillInject, now: datetime) -> None:
    """Bring an inject to the desk; what is played by a person stays with the controllers."""
    spec = spec_of(one)
    one.state, one.fired_at = "fired", now
    if spec.kind == "sos":
        await _call_for_help(tx, row, one, spec, now)
    elif spec.kind != "role_play":
        told = IntakeNoticeIn(
            title=spec.title,
            text=spec.text,
            region_code=spec.region,
            address=spec.address,
            lon=spec.lon,
            lat=spec.lat,
            from_phone=spec.phone,
            channel="telephone" if spec.kind == "call" else "",
            their_id=None,
        )
        name = spec.name or _NAMES[spec.kind]
        sender = Sender(row.stream, _SOURCES[spec.kind], name, drill_id=row.id)
        fact, _ = await receive(tx, sender, told, now)
        one.notice_id = fact.id


async def _call_for_help(tx: Tx, row: Drill, one: DrillInject, spec: InjectIn, now: datetime) -> None:
    families = [spec.family] if spec.family else list(CHANNEL_OF_FAMILY)
    device = await org.device_by_number(tx, families, spec.device)
    if device is None or device.stream != row.stream:
        raise NoSuchDevice(spec.device)
    fix = Fix(lon=spec.lon, lat=spec.lat) if spec.lon is not None and spec.lat is not None else None
    call = Distress(f"drill-{row.id}-{one.key}", sent_at=now, fix=fix, text=spec.text or spec.title)
    one.alarm_id = await call_in_drill(tx, device, call, row.id or 0, now)


async def _tell(tx: Tx, by: Viewer | None, row: Drill, moved: list[DrillInject], now: datetime) -> None:
    await tx.flush()
    grown = await injects.grown(tx, row.id or 0)
    concern = await controllers_only(tx, row)
    entries = [
        journal.Entry(
            DrillInjectMoved(
                type="drill.inject_moved",
                drill_id=row.id or 0,
                number=row.number,
                inject_id=one.id or 0,
                key=one.key,
                title=spec_of(one).title,
                state=one.state,
                done=came_of(one, grown.get(one.id or 0)).done_at is not None,
            ),
            concern,
        )
        for one in moved
    ]
    await journal.append(tx, row.stream, now, entries, actor(by) if by else None)
