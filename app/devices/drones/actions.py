"""A flight is planned, the drone leaves the ground, it lands; a dock is asked for its picture."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from app.clock import Clock
from app.db import Database, Tx
from app.devices.drones import refusals, store
from app.devices.drones.commands import DroneLiveIn, DroneMissionIn, FlightTimeIn
from app.devices.drones.events import DroneLiveEnded, DroneMissionChanged
from app.devices.drones.facts import DroneLiveFact, DroneMissionFact
from app.devices.drones.live import Answer, LiveLink, Verb, request_of
from app.devices.drones.rules import video_of
from app.devices.drones.settings import check_stream, stream_for
from app.devices.drones.tables import DroneLive, DroneMission
from app.devices.ledger import store as ledger
from app.dispatch.actions.permission import incident_for_command
from app.dispatch.secrecy import store as secrecies
from app.filing.rules.numbers import number_of, series_of
from app.filing.store.series import next_running
from app.journal import store as journal
from app.org.rules.access import Concern, Viewer, actor, require
from app.org.tables import Device
from app.refusals import FieldFault, InvalidInput, NotFound
from app.times import three_times

PATTERN = "飞〔{年}〕{序号}号"
What = Literal["drone_mission.planned", "drone_mission.launched", "drone_mission.landed"]


async def plan(tx: Tx, by: Viewer, told: DroneMissionIn, now: datetime, zone: ZoneInfo) -> DroneMissionFact:
    """Write a flight down; of an incident of a drill it is one. Raises NotFound, NotPermitted."""
    require(by, "command")
    drill, region = False, None
    if told.incident_id is not None:
        incident = await incident_for_command(tx, by, told.incident_id)
        drill, region = incident.drill_id is not None, incident.region_code
    device = await _drone_for(tx, by, told.device_id)
    year = now.astimezone(zone).year
    running = await next_running(tx, by.stream, series_of("flight", by.stream, drill=drill), year)
    row = DroneMission(
        stream=by.stream,
        number=number_of(PATTERN, "", year, running, drill=drill),
        **told.model_dump(),
        drill=drill,
        region_code=region or device.region_code,
        made_by=by.name,
        made_at=now,
    )
    tx.add(row)
    return await _tell(tx, by, row, "drone_mission.planned", now)


async def launch(tx: Tx, by: Viewer, mission_id: int, told: FlightTimeIn, now: datetime) -> DroneMissionFact:
    """Note when the drone left the ground. Raises DroneFlies, InvalidInput, NotFound, NotPermitted."""
    row = await _mission_for(tx, by, mission_id)
    at, _ = three_times(told.at, None, now, "at")
    if other := await store.flying(tx, row.device_id, mission_id):
        raise refusals.DroneFlies(other)
    if row.landed_at is not None and at > row.landed_at:
        raise InvalidInput(
            FieldFault(
                "at", "起飞时间晚于降落时间,请核对", "the launch lies after the landing: check the time"
            )
        )
    row.launched_at = at
    row.launch_pct = told.battery_pct if told.battery_pct is not None else row.launch_pct
    await _note(tx, row, told)
    return await _tell(tx, by, row, "drone_mission.launched", now)


async def land(tx: Tx, by: Viewer, mission_id: int, told: FlightTimeIn, now: datetime) -> DroneMissionFact:
    """Note when the drone came back. Raises NotLaunchedYet, InvalidInput, NotFound, NotPermitted."""
    row = await _mission_for(tx, by, mission_id)
    at, _ = three_times(told.at, None, now, "at")
    if row.launched_at is None:
        raise refusals.NotLaunchedYet
    if at < row.launched_at:
        raise InvalidInput(
            FieldFault(
                "at", "降落时间早于起飞时间,请核对", "the landing lies before the launch: check the time"
            )
        )
    row.landed_at = at
    row.landing_pct = told.battery_pct if told.battery_pct is not None else row.landing_pct
    await _note(tx, row, told)
    return await _tell(tx, by, row, "drone_mission.landed", now)


async def ask_live(
    tx: Tx, by: Viewer, device_id: int, told: DroneLiveIn, setting: str, link: LiveLink | None, now: datetime
) -> DroneLive:
    """Write down that a dock is asked for its drone's picture; `carry_out` does it after the commit.

    Raises NoPicture, InvalidInput, NotFound, NotPermitted.
    """
    require(by, "command")
    device = await _drone_for(tx, by, device_id)
    if link is None:
        raise refusals.no_dock_broker()
    gateway = device.facts.get("gateway")
    if device.family != "dji" or not isinstance(gateway, str) or not gateway:
        raise refusals.no_dock()
    if (video := video_of(device.number, device.facts)) is None:
        raise refusals.no_camera()
    verb: Verb = "live_start_push" if told.action == "start" else "live_stop_push"
    row = DroneLive(
        stream=by.stream,
        device_id=device_id,
        gateway=gateway,
        verb=verb,
        video_id=video,
        url=_target(told, setting, device.number) if told.action == "start" else "",
        asked_by=by.name,
        asked_at=now,
    )
    tx.add(row)
    await tx.flush()
    return row


def _target(told: DroneLiveIn, setting: str, sn: str) -> str:
    """Return where the picture goes. Raises InvalidInput where nobody said so, or said no address."""
    url = told.url or stream_for(setting, sn)
    if not url:
        raise InvalidInput(
            FieldFault(
                "url",
                "未设置媒体服务器(ZHISHOU_DRONE_STREAM_URL),请填写推流地址",
                "no media server is set (ZHISHOU_DRONE_STREAM_URL): say where the picture goes",
            )
        )
    try:
        return check_stream(url)
    except ValueError as error:
        zh, _, en = str(error).partition(" / ")
        raise InvalidInput(FieldFault("url", zh, en)) from None


async def carry_out(database: Database, clock: Clock, link: LiveLink, row: DroneLive, by: Viewer) -> None:
    """Ask the dock, and write down what came of it."""
    verb: Verb = "live_start_push" if row.verb == "live_start_push" else "live_stop_push"
    answer = await link.ask(row.gateway, verb, request_of(verb, row.video_id, row.url))
    async with database.transaction() as tx:
        await end_live(tx, row.id or 0, answer, by, clock.now())


async def end_live(tx: Tx, live_id: int, answer: Answer, by: Viewer, now: datetime) -> DroneLiveFact:
    """Write down what a dock did. Raises NotFound."""
    row = await store.locked_live(tx, live_id)
    device = await tx.get(Device, row.device_id) if row is not None else None
    if row is None or device is None:
        raise NotFound("该直播请求", "live request")
    row.outcome, row.code, row.ended_at = answer.outcome, answer.code, now
    await tx.flush()
    fact = await store.live(tx, live_id, now)
    event = DroneLiveEnded(type="drone_live.ended", live=fact)
    await journal.append(
        tx, row.stream, now, [journal.Entry(event, Concern((device.region_code,)))], actor(by)
    )
    return fact


async def _drone_for(tx: Tx, by: Viewer, device_id: int) -> Device:
    """Return a drone of the scope, locked. Raises NotFound."""
    row = await ledger.locked(tx, by.stream, device_id)
    if row is None or row.kind != "uav" or not by.covers(row.region_code):
        raise NotFound("该无人机", "drone")
    return row


async def _mission_for(tx: Tx, by: Viewer, mission_id: int) -> DroneMission:
    require(by, "command")
    row = await store.locked_mission(tx, by, mission_id)
    if row is None or not await secrecies.knows(tx, by, row.incident_id):
        raise NotFound("该飞行任务", "flight")
    return row


async def _note(tx: Tx, row: DroneMission, told: FlightTimeIn) -> None:
    """Keep the words and the pictures of a flight: pictures are attachments of its incident."""
    row.note = told.note or row.note
    ids = list(dict.fromkeys([*row.attachment_ids, *told.attachment_ids]))
    if await store.foreign_attachments(tx, row.incident_id, ids):
        raise InvalidInput(
            FieldFault(
                "attachment_ids",
                "附件不属于该任务的事件,请在事件中上传后选择",
                "not an attachment of this flight's incident: attach it there first",
            )
        )
    row.attachment_ids = ids


async def _tell(tx: Tx, by: Viewer, row: DroneMission, type_: What, now: datetime) -> DroneMissionFact:
    await tx.flush()
    assert row.id is not None
    fact = await store.mission(tx, by, row.id)
    assert fact is not None  # it is in the scope of whoever wrote it
    secrecy = await secrecies.of_incident(tx, row.incident_id)
    concern = Concern((row.region_code,), restricted=secrecy.restricted, readers=tuple(secrecy.readers))
    entry = journal.Entry(DroneMissionChanged(type=type_, mission=fact), concern, row.incident_id)
    await journal.append(tx, row.stream, now, [entry], actor(by))
    return fact
