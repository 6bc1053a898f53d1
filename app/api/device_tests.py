"""Device tests (定期调试): note one, have a device asked, the table per township, the history."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query

from app.api.devices import may_look
from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import RowId
from app.devices.ledger import store as ledger
from app.devices.ledger.table import tabulate
from app.devices.testing import actions, store
from app.devices.testing.commands import DeviceTestIn
from app.devices.testing.facts import DeviceTestFact, TestTableRow
from app.devices.watch import repairs
from app.org import store as org
from app.task import store as tasks
from app.task.commands import CauseTaskIn
from app.task.facts import TaskFact

router = APIRouter(prefix="/api", tags=["devices"], route_class=DeskRoute)


@router.post("/devices/{device_id}/tests", status_code=201)
async def test(device_id: RowId, told: DeviceTestIn, by: By, tx: InTx, house: InHouse) -> DeviceTestFact:
    """Note a test made by hand, or have the device asked now: its outcome comes as `device.tested`."""
    now = house.clock.now()
    if told.by_hand is not None:
        return await actions.note_by_hand(tx, by, device_id, told.by_hand, now)
    prober = house.prober
    might = partial(prober.might_ask, by_person=True) if prober else lambda *_: False
    return await actions.ask(tx, by, device_id, might, now)


@router.post("/devices/{device_id}/repair", status_code=201)
async def repair(device_id: RowId, told: CauseTaskIn, by: By, tx: InTx, house: InHouse) -> TaskFact:
    """Report a device broken (报修): its repair task, the one that is open where there is one."""
    return await repairs.report(tx, by, device_id, told, house.clock.now())


@router.get("/devices/{device_id}/repairs")
async def repaired(device_id: RowId, by: By, tx: InTx) -> list[TaskFact]:
    """Return the repair tasks of a device, the open one first."""
    may_look(by)
    return await tasks.of_cause(tx, by, repairs.SOURCE, [device_id])


@router.get("/device-tests/table")
async def table(by: By, tx: InTx, house: InHouse) -> list[TestTableRow]:
    """Return how the devices of each township and kind stand with their tests."""
    may_look(by)
    devices = await ledger.in_scope(tx, by.stream, by.scope, house.clock.now())
    names = {row.code: row.name for row in await org.regions_of(tx, by.stream)}
    return tabulate(devices, names)


@router.get("/device-tests")
async def history(
    by: By,
    tx: InTx,
    device_id: RowId | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> list[DeviceTestFact]:
    """Return the last tests of the scope, or of one device, the latest first."""
    may_look(by)
    return await store.history(tx, by.stream, by.scope, device_id, limit)
