"""A device that is out of order becomes a repair task (报修), by one press or by itself; one at a time."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.db import Tx
from app.devices.watch import store
from app.org.rules.access import Viewer
from app.org.tables import Device
from app.refusals import FieldFault, InvalidInput, NotFound, NotPermitted
from app.task import store as tasks
from app.task.actions import Source
from app.task.causing.actions import Cause, open_for
from app.task.commands import CauseTaskIn
from app.task.facts import TaskFact

SOURCE = "device"
SILENT_FOR = timedelta(hours=24)
"""A device that should be heard and was not for so long is to be repaired: shorter silences are alarms."""
FAILED, SILENT = "测试未通过", "失联超过24小时"


async def report(tx: Tx, by: Viewer, device_id: int, told: CauseTaskIn, now: datetime) -> TaskFact:
    """Report a device broken, or return its open repair. Raises InvalidInput, NotFound, NotPermitted."""
    if not (by.may("manage_devices") or by.may("command")):
        raise NotPermitted
    row = await tx.get(Device, device_id)
    if row is None or row.stream != by.stream or not by.covers(row.region_code):
        raise NotFound("该设备", "device")
    if told.unit_id is not None and not await tasks.unit_is_known(tx, by.stream, told.unit_id):
        raise InvalidInput(
            FieldFault("unit_id", "没有这个单位,请从列表中选择", "no such unit: pick one of the list")
        )
    return (await open_for(tx, by, _cause(row, told.words), told, now))[0]


async def of_failed_test(tx: Tx, row: Device, detail: str, now: datetime) -> None:
    """Let a device whose test failed be repaired, unless its repair is open already."""
    await open_for(tx, None, _cause(row, FAILED), CauseTaskIn(words=f"{FAILED} {detail}".strip()[:200]), now)


async def of_silent(tx: Tx, stream: str, now: datetime) -> int:
    """Let the devices be repaired that have been silent for a day; once a silence. Returns how many."""
    written = 0
    for device_id, since in await store.silent_since(tx, stream, now - SILENT_FOR):
        row = await tx.get(Device, device_id)
        if row is not None and not await tasks.found_since(tx, SOURCE, device_id, since):
            written += (await open_for(tx, None, _cause(row, SILENT), CauseTaskIn(words=SILENT), now))[1]
    return written


def _cause(row: Device, why: str) -> Cause:
    name = row.label or row.number
    title = f"{name} {why}".strip()
    return Cause(row.stream, row.region_code, "repair", title, Source(SOURCE, row.id, f"设备 {name}"))
