"""One evening that brings every kind of event there is, the law checked after each of its actions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from app.db import Tx
from app.delivery import actions as delivery
from app.delivery import store as deliveries
from app.delivery.actions import Outcome
from app.desk.stages import STAGE_OF
from app.devices.credentials.actions import note as note_renewal
from app.devices.credentials.rules import Renewal
from app.devices.jt808.orders.actions import note_parameters
from app.devices.ledger.actions import devices, imports
from app.devices.ledger.commands import DeviceIn, DevicePatch, DismissIn
from app.devices.roll_call import actions as roll_call
from app.devices.roll_call.commands import AnswerIn, RollCallIn
from app.devices.testing import actions as testing
from app.devices.testing.commands import ByHand
from app.dispatch.actions import alarms, answer, dismissal, incidents, intake, standby
from app.dispatch.commands import AlarmConfirmIn, IncidentPatch, StepIn
from app.dispatch.escalator import Escalator
from app.org import accounts
from app.org import store as org
from app.signals import Distress, Text
from tests.broadcast.broadcast_evening import broadcast_evening
from tests.broadcast.wire_evening import wire_evening
from tests.dark.dark_evening import dark_evening
from tests.desk import audiences
from tests.desk.assignment_evening import assignment_evening
from tests.desk.watch import Watch
from tests.devices.drone_evening import drone_evening
from tests.devices.test_sheet import sheet_of
from tests.dispatch.known_evening import known_evening
from tests.dispatch.lifecycle_evening import lifecycle_evening
from tests.dispatch.meeting.meeting_evening import meeting_evening
from tests.dispatch.recommendation.forces_evening import camera_evening, forces_evening
from tests.documents.document_evening import document_evening
from tests.duty.evening import duty_evening
from tests.exercise.exercise_evening import exercise_evening
from tests.orders.order_evening import order_evening
from tests.reporting.exchange.exchange_evening import exchange_evening
from tests.reporting.report.report_evening import report_evening
from tests.reporting.reporting_evening import reporting_evening
from tests.response.callout_evening import callout_evening
from tests.response.response_evening import response_evening
from tests.response.warning.warning_evening import warning_evening
from tests.shelters.shelter_evening import shelter_evening
from tests.supplies.supplies_evening import supplies_evening
from tests.world import (
    EAST,
    HILL,
    LAKE,
    LIMITS,
    LONE_CARD,
    PASSWORD,
    RIVER,
    SECRET_KIND,
    STREAM,
    TRUCK,
    WEST,
    ZONE,
    World,
)

pytestmark = pytest.mark.database


class Evening:
    """Acts, and looks at every screen after each action."""

    def __init__(self, world: World, watch: Watch) -> None:
        self.world, self.watch = world, watch
        self.by = world.people["officer"]

    @property
    def now(self) -> Any:
        return self.world.clock.now()

    async def do(self, work: Callable[[Tx], Awaitable[Any]]) -> Any:
        result = await self.world.do(work)
        await self.watch.check(str(work))
        return result

    async def calls(self, ref: str) -> int:
        device = await self.world.device(LONE_CARD)
        id_ = await self.do(lambda tx: intake.hear_distress(tx, device, Distress(ref), b"", self.now))
        return int(id_)

    async def steps(self, assignment_id: int, *names: str) -> None:
        for name in names:
            told = StepIn(step=name, channel="radio", reason="原因")
            await self.do(lambda tx, told=told: answer.step(tx, self.by, assignment_id, told, self.now))  # type: ignore[misc]

    async def message(self, of: int, *names: str) -> None:
        for name in names:
            await self.do(lambda tx, name=name: self._message(tx, of, name))  # type: ignore[misc]

    async def _message(self, tx: Tx, assignment_id: int, name: str) -> None:
        (held,) = await deliveries.unended_of_assignment(tx, assignment_id)
        row = await deliveries.locked(tx, held.id or 0)
        assert row is not None
        if name == "submit":
            await delivery.submit(tx, row, "wire:1", 1, self.now)
        elif name == "accept":
            await delivery.accept_part(tx, row, timedelta(seconds=1), self.now)
        else:
            await delivery.report(tx, row, Outcome(name), self.now)  # type: ignore[arg-type]


async def test_every_kind_of_event_there_is_keeps_every_picture_true(world: World) -> None:
    watch = Watch(world)
    await watch.begin()
    evening = Evening(world, watch)
    do, by, now = evening.do, evening.by, evening.now

    first = await evening.calls("sos-1")
    await evening.calls("sos-1")
    await do(lambda tx: alarms.acknowledge(tx, by, first, now))
    await do(lambda tx: dismissal.dismiss(tx, by, first, "误触", now))
    await do(lambda tx: dismissal.refuse(tx, world.people["second"], first, now))
    await do(lambda tx: dismissal.dismiss(tx, by, first, "误触", now))
    await do(lambda tx: dismissal.confirm(tx, world.people["second"], first, now))
    second = await evening.calls("sos-2")
    secret = AlarmConfirmIn(event_code=SECRET_KIND)
    await do(lambda tx: alarms.confirm(tx, by, second, secret, now, ZONE))
    card = await world.device(LONE_CARD)
    await do(lambda tx: intake.hear_text(tx, card, Text("t-1", "桥断了", b""), b"", now))
    await do(lambda tx: standby.set_standby(tx, by, LAKE, False, now))
    await forces_evening(do, by, world.people["leader"], now)
    await camera_evening(do, world.people["admin"], by, now)
    hour = timedelta(hours=1)
    with pytest.raises(accounts.BadCredentials):
        await accounts.log_in(world.database, accounts.Told("crew", "wrong"), "10.0.0.1", now, hour)
    opened = await accounts.log_in(world.database, accounts.Told("crew", PASSWORD), "10.0.0.1", now, hour)
    await do(lambda tx: accounts.log_out(tx, opened.token, "10.0.0.1", now))

    river = await world.send(RIVER)
    await evening.message(river.id, "submit", "lose", "retry", "submit", "deliver")
    await evening.steps(river.id, "acknowledge", "depart", "arrive", "finish")
    hill = await world.send(HILL, river.incident_id)
    await evening.message(hill.id, "submit", "accept")
    await evening.steps(hill.id, "decline")
    lake = await world.send(LAKE, river.incident_id)
    await evening.message(lake.id, "fail")
    await evening.steps(lake.id, "cancel")
    await world.send(RIVER, river.incident_id)
    world.later(minutes=31)
    await do(lambda tx: delivery.give_up_waiting(tx, evening.now))
    await Escalator(world.database, world.clock, LIMITS).look()
    await watch.check("the escalation")
    await evening.steps(4, "cancel")
    patch = IncidentPatch(version=1, event_code=SECRET_KIND, reason="核实后改")
    await do(lambda tx: incidents.amend(tx, by, river.incident_id, patch, evening.now))
    await do(lambda tx: incidents.close(tx, by, river.incident_id, "已处置", evening.now))

    admin = world.people["admin"]
    radio = DeviceIn(family="hdap", number="370101", label="东镇1", region_code=EAST)
    entered = await do(lambda tx: devices.register(tx, admin, radio, evening.now))
    await do(lambda tx: testing.note_by_hand(tx, admin, entered.id, ByHand(passed=True), evening.now))

    truck = await world.device(TRUCK)
    await do(lambda tx: note_parameters(tx, admin, truck, {"0x0029": 30}, "set", evening.now))
    called = RollCallIn(title="晨间点名", region_code=EAST)
    heard = AnswerIn(device_id=entered.id, answered=True)
    call = await do(lambda tx: roll_call.open_roll_call(tx, by, called, evening.now))
    await do(lambda tx: roll_call.answer(tx, by, call.id, heard, evening.now))
    await do(lambda tx: roll_call.close(tx, by, call.id, evening.now))
    for patch_of in (DevicePatch(region_code=WEST), DevicePatch(active=False)):
        await do(lambda tx, told=patch_of: devices.amend(tx, admin, entered.id, told, evening.now))  # type: ignore[misc]
    sheet = sheet_of([None, "hdap", 370102, None, "东镇2", EAST])
    await do(lambda tx: imports.import_sheet(tx, admin, sheet, evening.now, apply=True))
    gateway = DeviceIn(family="gateway", number="edge-a", label="临溪网关", region_code=EAST)
    await do(lambda tx: devices.register(tx, admin, gateway, evening.now))
    renewal = Renewal("edge-a", evening.now, "ops@centre")
    await do(lambda tx: note_renewal(tx, STREAM, renewal, evening.now, "list"))
    await do(lambda tx: org.note_unknown(tx, "hdap", "371999", b"", evening.now))
    nobody = DismissIn(family="hdap", number="371999", reason="邻县电台")
    await do(lambda tx: devices.dismiss_unknown(tx, admin, nobody, evening.now))

    await assignment_evening(world, do, watch.check)
    await known_evening(world, do)
    await duty_evening(world, do)
    await order_evening(world, do)
    await meeting_evening(world, do)
    await lifecycle_evening(world, do, watch.check)
    await callout_evening(world, do)
    await supplies_evening(world, do)
    await shelter_evening(world, do)
    await broadcast_evening(world, do, watch.check)
    await response_evening(world, do)
    await exercise_evening(world, do)
    await dark_evening(world, do)
    await drone_evening(world, do)
    await report_evening(world, do)
    await document_evening(world, do)
    await reporting_evening(world, do)
    await exchange_evening(world, do)
    await wire_evening(world, do)
    await warning_evening(world, do)

    every = set(STAGE_OF)
    assert every - watch.types == set()
    assert set(audiences.kinds()) == every, "docs/audiences.tsv has a row for each kind and no other"
    wrong = await audiences.agree(world)
    assert not wrong, "\n".join(wrong[:50])
