"""The centre's satellite phones: how each is, and calling by one of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import structlog
from fastapi import APIRouter
from pydantic import StringConstraints

from app.api.house import By, House, InHouse
from app.api.route import DeskRoute
from app.commands import Command
from app.devices.satphone.driver import SatellitePhone
from app.devices.satphone.voice import Busy
from app.org.rules.access import Viewer
from app.refusals import FieldFault, InvalidInput, NotFound, NotPermitted, Refusal
from app.wire import Fact

log = structlog.get_logger()
router = APIRouter(prefix="/api/telephones", tags=["telephones"], route_class=DeskRoute)
PhoneName = Annotated[str, StringConstraints(max_length=200)]


class TelephoneBusy(Refusal):
    """The phone has a call already, or no cable, or too many orders wait."""

    code = "telephone_busy"

    def __init__(self) -> None:
        super().__init__(
            "卫星电话正在通话或未就绪,请稍后再试", "the satellite phone is busy or not ready: try again later"
        )


class CallOut(Fact):
    """A call as it stands."""

    incoming: bool
    stage: str
    number: str
    began_at: str
    reason: str


class TelephoneOut(Fact):
    """One phone of the centre."""

    name: str
    connected: bool
    number: str
    registered: bool | None
    signal_pct: float | None
    call: CallOut | None


class DialIn(Command):
    """Whom to call, and by which phone (the first that is ready unless told)."""

    number: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=21)]
    phone: PhoneName | None = None


class PhonePickIn(Command):
    """Which phone is meant (the first that is ready unless told)."""

    phone: PhoneName | None = None


@router.get("")
async def listed(by: By, house: InHouse) -> list[TelephoneOut]:
    """Return the centre's phones with signal and call."""
    _may_call(by)
    return [_out(phone) for phone in _phones(house)]


@router.post("/dial", status_code=202)
async def dial(told: DialIn, by: By, house: InHouse) -> TelephoneOut:
    """Call somebody. The phone dials in its turn; how the call goes is in its `call`."""
    phone = _ready(by, house, told.phone)
    try:
        phone.voice.dial(told.number)
    except ValueError as error:
        raise InvalidInput(FieldFault("number", "不是有效的电话号码", "is no telephone number")) from error
    except Busy as error:
        raise TelephoneBusy from error
    log.info("telephone_dials", phone=phone.name, number=told.number, account=by.account_id)
    return _out(phone)


@router.post("/answer", status_code=202)
async def answer(told: PhonePickIn, by: By, house: InHouse) -> TelephoneOut:
    """Take the call that rings."""
    phone = _ready(by, house, told.phone)
    return _ordered(phone, phone.voice.answer)


@router.post("/hang-up", status_code=202)
async def hang_up(told: PhonePickIn, by: By, house: InHouse) -> TelephoneOut:
    """End the call, or refuse the one that rings."""
    phone = _ready(by, house, told.phone)
    return _ordered(phone, phone.voice.hang_up)


def _may_call(by: Viewer) -> None:
    """Let the county's officers pass: a township has its own phone."""
    if not by.may("command") or by.scope != by.stream:
        raise NotPermitted


def _phones(house: House) -> list[SatellitePhone]:
    return [part for part in house.parts.values() if isinstance(part, SatellitePhone)]


def _ready(by: Viewer, house: House, name: str | None) -> SatellitePhone:
    _may_call(by)
    meant = [phone for phone in _phones(house) if name in (None, phone.name)]
    if not meant:
        raise NotFound("该卫星电话", "satellite phone")
    found = next((phone for phone in meant if phone.connected), None)
    if found is None:
        raise TelephoneBusy
    return found


def _ordered(phone: SatellitePhone, order: Callable[[], None]) -> TelephoneOut:
    try:
        order()
    except Busy as error:
        raise TelephoneBusy from error
    return _out(phone)


def _out(phone: SatellitePhone) -> TelephoneOut:
    facts = {**phone.health(), "call": phone.voice.shown()}  # /api/health tells nobody who calls
    return TelephoneOut.model_validate(
        {name: facts[name] for name in TelephoneOut.model_fields if name != "name"} | {"name": phone.name}
    )
