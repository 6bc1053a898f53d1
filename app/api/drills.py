"""Drills (无脚本演练): planned from a script, run by controllers, paused for what is in earnest, judged."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from app.api.house import By, InHouse, InTx
from app.api.pages import drill_sheet_page
from app.api.route import DeskRoute
from app.commands import RowId
from app.dispatch.exercise import store as parties
from app.exercise.actions import evaluating, injecting, planning, running
from app.exercise.commands import (
    DrillEditIn,
    DrillIn,
    DrillStepIn,
    DrillVoiceIn,
    EvaluationIn,
    InjectAddIn,
    InjectMarkIn,
    InjectStepIn,
    ScriptIn,
)
from app.exercise.facts import DrillBoard, DrillControl, DrillFact
from app.exercise.rules.script import Script, ScriptFault, WrongScript, read_script
from app.exercise.store import drills
from app.org.rules.access import require, require_for_county
from app.task import store as tasks
from app.task.rules import STEPS
from app.wire import Fact

router = APIRouter(prefix="/api/drills", tags=["drills"], route_class=DeskRoute)
A_YEAR = 3  # comprehensive drills a county holds each year at least (domain/rules A6.3)
_EVERY_STATE = sorted({*STEPS.values(), "found"})


class ScriptCheck(Fact):
    """What a script says, or what is wrong with it line by line."""

    script: Script | None
    faults: list[ScriptFault]


class ControllerOut(Fact):
    """An account that may control a drill."""

    account_id: int
    name: str
    role: str


class DrillPartyChoice(Fact):
    """Somebody or something that may take part in a drill."""

    key: str
    name: str
    kind: Literal["post", "place", "team", "unit", "person", "account"]


@router.get("")
async def board(by: By, tx: InTx, house: InHouse) -> DrillBoard:
    """Return the drills and the counters by year and kind: nothing of what is still to come in any."""
    require(by, "see_desk")
    zone = house.settings.zone
    return DrillBoard(
        drills=await drills.listed(tx, by),
        counts=await drills.counts(tx, by.stream, zone.key),
        wanted=A_YEAR,
        year=house.clock.now().astimezone(zone).year,
    )


@router.post("", status_code=201)
async def plan(told: DrillIn, by: By, tx: InTx, house: InHouse) -> DrillFact:
    """Plan a drill; who plans it directs it."""
    return await planning.plan(tx, by, told, house.clock.now(), house.settings.zone)


@router.post("/check")
async def check(told: ScriptIn, by: By, tx: InTx) -> ScriptCheck:
    """Look at a script without planning anything: what it says, or every fault by its line."""
    require_for_county(by, "command")
    try:
        return ScriptCheck(script=read_script(told.source), faults=[])
    except WrongScript as error:
        return ScriptCheck(script=None, faults=error.faults)


@router.get("/controllers")
async def controllers(by: By, tx: InTx) -> list[ControllerOut]:
    """Return the accounts of the county's desk that may control or judge a drill."""
    require_for_county(by, "command")
    return [ControllerOut(**one) for one in await drills.candidates(tx, by.stream)]


@router.get("/parties")
async def find_parties(
    by: By, tx: InTx, words: Annotated[str, Query(max_length=40)] = ""
) -> list[DrillPartyChoice]:
    """Return whom a drill may name by these words: posts, townships, teams, units, people."""
    require_for_county(by, "command")
    return [DrillPartyChoice(**one) for one in await parties.find(tx, by.stream, words.strip())]


@router.put("/{drill_id}")
async def edit(drill_id: RowId, told: DrillEditIn, by: By, tx: InTx, house: InHouse) -> DrillFact:
    """Write a planned drill anew, as its director."""
    return await planning.edit(tx, by, drill_id, told, house.clock.now())


@router.post("/{drill_id}/steps")
async def step(drill_id: RowId, told: DrillStepIn, by: By, tx: InTx, house: InHouse) -> DrillFact:
    """Start, pause, resume, finish or call off; pausing takes back all that the drill ordered."""
    return await running.step(tx, by, drill_id, told, house.clock.now(), house.settings.zone, house.broadcast)


@router.post("/{drill_id}/live-voice")
async def live_voice(drill_id: RowId, told: DrillVoiceIn, by: By, tx: InTx, house: InHouse) -> DrillFact:
    """Let loudspeakers sound in the drill, as another person than its director."""
    return await planning.let_sound(tx, by, drill_id, told, house.clock.now())


@router.get("/{drill_id}/control")
async def control(drill_id: RowId, by: By, tx: InTx, house: InHouse) -> DrillControl:
    """Return every inject with its measured seconds, to those who control the drill alone."""
    return await evaluating.control(tx, by, drill_id, house.clock.now())


@router.post("/{drill_id}/injects", status_code=201)
async def send_now(drill_id: RowId, told: InjectAddIn, by: By, tx: InTx, house: InHouse) -> DrillControl:
    """Let something come now that stands in no script."""
    now = house.clock.now()
    await injecting.send_now(tx, by, drill_id, told, now)
    return await evaluating.control(tx, by, drill_id, now)


@router.post("/{drill_id}/injects/{inject_id}/steps")
async def move(
    drill_id: RowId, inject_id: RowId, told: InjectStepIn, by: By, tx: InTx, house: InHouse
) -> DrillControl:
    """Let an inject come now, hold it back, let it run again, or leave it out."""
    now = house.clock.now()
    await injecting.move(tx, by, drill_id, inject_id, told, now)
    return await evaluating.control(tx, by, drill_id, now)


@router.post("/{drill_id}/injects/{inject_id}/mark")
async def mark(
    drill_id: RowId, inject_id: RowId, told: InjectMarkIn, by: By, tx: InTx, house: InHouse
) -> DrillControl:
    """Write beside an inject what a controller saw: done now, points, a remark."""
    now = house.clock.now()
    await injecting.mark(tx, by, drill_id, inject_id, told, now)
    return await evaluating.control(tx, by, drill_id, now)


@router.post("/{drill_id}/evaluation")
async def evaluate(drill_id: RowId, told: EvaluationIn, by: By, tx: InTx, house: InHouse) -> DrillControl:
    """Judge a finished drill; what is to be improved becomes tasks."""
    return await evaluating.evaluate(tx, by, drill_id, told, house.clock.now())


@router.get("/{drill_id}/sheet.html", response_class=HTMLResponse)
async def sheet(drill_id: RowId, by: By, tx: InTx, house: InHouse) -> HTMLResponse:
    """Return the evaluation sheet (评估表) as a page to print."""
    now = house.clock.now()
    found = await evaluating.control(tx, by, drill_id, now)
    improvements = await tasks.listed(tx, by, None, _EVERY_STATE, (evaluating.SOURCE, drill_id))
    told: dict[str, Any] = {"control": found, "tasks": improvements, "by": by.name, "at": now}
    return HTMLResponse(drill_sheet_page(told, house.settings.zone))
