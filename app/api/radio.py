"""The radio: roll calls (点名) and the log of who talked."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query

from app.api.devices import may_look
from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import Moment, RowId
from app.devices.radio_log import store as radio_log
from app.devices.roll_call import actions, store
from app.devices.roll_call.commands import AnswerIn, HereIn, RollCallIn
from app.devices.roll_call.facts import RollCallAnswerFact, RollCallDetail, RollCallFact, RollCallMine
from app.dispatch.actions.permission import require
from app.org.rules.access import Viewer
from app.refusals import NotFound
from app.wire import Fact

router = APIRouter(prefix="/api", tags=["radio"], route_class=DeskRoute)
Limit = Annotated[int, Query(ge=1, le=500)]


class TalkOut(Fact):
    """One over on the air. `cut`: its end was not heard. `via` names the link that heard it.

    `target_name` is the name of a talk group, None where the county has named none.
    """

    id: int
    via: str
    talker: str
    device_id: int | None
    talker_label: str | None
    target: str
    target_kind: Literal["group", "private", "all"]
    emergency: bool
    started_at: datetime
    ended_at: datetime | None
    cut: bool
    target_name: str | None = None


class TalkGroupOut(Fact):
    """A talk group of the county's plan and what it is called."""

    number: str
    name: str


@router.get("/radio/log")
async def log(
    by: By, tx: InTx, house: InHouse, before: Moment | None = None, limit: Limit = 100
) -> list[TalkOut]:
    """Return the last overs of the scope before an instant, the latest first."""
    require(by, "see_desk")
    rows = await radio_log.latest(tx, by.stream, by.scope, before or house.clock.now(), limit)
    names = house.talk_groups
    return [
        TalkOut(
            **row._asdict(),  # a named tuple's own public method
            target_name=names.get(row.target) if row.target_kind == "group" else None,
        )
        for row in rows
    ]


@router.get("/talk-groups")
async def talk_groups(by: By, house: InHouse) -> list[TalkGroupOut]:
    """Return the talk groups that have a name (the setting ZHISHOU_TALK_GROUPS), by number."""
    may_look(by)
    named = sorted(house.talk_groups.items(), key=lambda one: int(one[0]))
    return [TalkGroupOut(number=number, name=name) for number, name in named]


@router.post("/roll-calls", status_code=201)
async def open_roll_call(told: RollCallIn, by: By, tx: InTx, house: InHouse) -> RollCallFact:
    """Call the radios of a talk group or a place, or named devices; whom a link can ask is asked at once."""
    return await actions.open_roll_call(tx, by, told, house.clock.now())


@router.get("/roll-calls")
async def listed(by: By, tx: InTx, limit: Limit = 50) -> list[RollCallFact]:
    """Return the last roll calls that concern the scope, the latest first."""
    require(by, "see_desk")
    return await store.latest(tx, by.stream, by.scope, limit)


@router.get("/roll-calls/mine")
async def mine(by: By, tx: InTx) -> list[RollCallMine]:
    """Return the running roll calls that call a device which I or one of my teams holds, the latest first."""
    return await store.mine(tx, by)


@router.post("/roll-calls/{roll_call_id}/here")
async def here(roll_call_id: RowId, told: HereIn, by: By, tx: InTx, house: InHouse) -> RollCallMine:
    """Answer a roll call myself, for the devices that I or my team hold."""
    return await actions.here(tx, by, roll_call_id, told, house.clock.now())


@router.get("/roll-calls/{roll_call_id}")
async def one(roll_call_id: RowId, by: By, tx: InTx) -> RollCallDetail:
    """Return a roll call with the devices of the scope: who answered, how, and who is missing."""
    require(by, "see_desk")
    found = await store.fact(tx, by.stream, roll_call_id)
    if found is None or not _concerned(by, found):
        raise NotFound("该点名", "roll call")
    return RollCallDetail(**dict(found), answers=await store.answers(tx, roll_call_id, by.scope))


@router.post("/roll-calls/{roll_call_id}/answers")
async def answer(roll_call_id: RowId, told: AnswerIn, by: By, tx: InTx, house: InHouse) -> RollCallAnswerFact:
    """Tick a device by ear, or note that it did not answer."""
    return await actions.answer(tx, by, roll_call_id, told, house.clock.now())


@router.post("/roll-calls/{roll_call_id}/close")
async def close(roll_call_id: RowId, by: By, tx: InTx, house: InHouse) -> RollCallFact:
    """End a roll call: whoever has not answered is missing."""
    return await actions.close(tx, by, roll_call_id, house.clock.now())


def _concerned(by: Viewer, call: RollCallFact) -> bool:
    return any(by.covers(code) for code in call.region_codes)
