"""Setting and reading the parameters of a connected JT/T 808 terminal."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from app.api.house import By, House, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import Command, RowId
from app.devices.jt808.orders.actions import note_parameters
from app.devices.jt808.orders.events import ParametersState
from app.devices.jt808.questions import TooManyQuestions
from app.devices.jt808.session import FAMILY
from app.devices.jt808.terminals import Terminals
from app.org import store as org
from app.refusals import NotFound, NotPermitted, Refusal
from app.wire import Fact

router = APIRouter(prefix="/api/devices", tags=["devices"], route_class=DeskRoute)


class ParametersIn(Command):
    """What to set; a field that is left out stays as it is. Without any field the terminal is only asked."""

    heartbeat_s: Annotated[int, Field(ge=10, le=3600)] | None = None
    sleep_report_s: Annotated[int, Field(ge=10, le=86_400)] | None = None
    sos_report_s: Annotated[int, Field(ge=1, le=600)] | None = None
    report_s: Annotated[int, Field(ge=1, le=86_400)] | None = None
    report_distance_m: Annotated[int, Field(ge=10, le=100_000)] | None = None
    max_speed_kmh: Annotated[int, Field(ge=10, le=250)] | None = None


class ParametersOut(Fact):
    """What came of it. `named` is what the terminal told afterwards, `others` the rest as id → hex."""

    state: ParametersState
    named: dict[str, int]
    others: dict[str, str]


class TerminalAway(Refusal):
    """The terminal has no line to this node, or the device is none."""

    code = "terminal_away"

    def __init__(self) -> None:
        super().__init__(
            "终端不在线,请待其上线后再设置", "the terminal is not connected: try again when it is"
        )


class TerminalBusy(Refusal):
    """Others are asking terminals at this moment."""

    code = "terminal_busy"

    def __init__(self) -> None:
        super().__init__(
            "正在等待其他终端应答,请稍后再试", "other questions are waiting for answers: try again soon"
        )


@router.post("/{device_id}/terminal/parameters")
async def parameters(device_id: RowId, told: ParametersIn, by: By, tx: InTx, house: InHouse) -> ParametersOut:
    """Set parameters of a connected terminal and read them back; takes up to 20 s."""
    if not by.may("manage_devices"):
        raise NotPermitted
    device = await org.device_by_id(tx, by.stream, device_id)
    if device is None or not by.covers(device.region_code):
        raise NotFound("该设备", "device")
    wanted = told.model_dump(exclude_none=True)
    try:
        outcome = await _terminals(house).parameters(device, wanted)
    except TooManyQuestions:
        raise TerminalBusy from None
    if outcome is None:
        raise TerminalAway
    if wanted:
        await note_parameters(tx, by, device, wanted, outcome.state, house.clock.now())
    others = {f"0x{number:04X}": value.hex() for number, value in outcome.told.items()}
    return ParametersOut(state=outcome.state, named=dict(outcome.named), others=others)


def _terminals(house: House) -> Terminals:
    driver = house.parts.get(FAMILY)
    if not isinstance(driver, Terminals):
        raise TerminalAway
    return driver
