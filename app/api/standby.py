"""Readiness and standby: the board, returns, names, exemptions and the month's allowance."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response

from app.api.house import By, House, InHouse, InTx
from app.api.route import DeskRoute
from app.api.workbooks import WORKBOOK, workbook
from app.commands import RowId
from app.duty.roster.actions.post import parse_month
from app.duty.standby import board
from app.duty.standby.actions import lists, returns, sheets
from app.duty.standby.commands import (
    AcceptIn,
    AddedIn,
    ApprovalIn,
    Day,
    ExemptionIn,
    HeadCountIn,
    ListIn,
    ReturnIn,
)
from app.duty.standby.facts import (
    ExemptionFact,
    LevelFact,
    ListFact,
    ReturnFact,
    SheetFact,
    WordsFact,
)
from app.duty.standby.rules.level import Colour, State
from app.duty.standby.sheet import write_sheet
from app.duty.standby.store import lists as names
from app.org.rules.access import require
from app.refusals import FieldFault, InvalidInput, NotFound
from app.wire import Fact

router = APIRouter(prefix="/api/readiness", tags=["readiness"], route_class=DeskRoute)
Township = Annotated[str, Path(pattern=r"^\d{12}$")]
LONGEST_HISTORY = timedelta(days=62)


async def _month(month: str) -> date:
    return parse_month(month)


Month = Annotated[date, Depends(_month)]


class PeriodOut(Fact):
    """A key period (重点时段) in force on the day."""

    rule_id: str
    zh: str
    en: str


class SquadOut(Fact):
    """A brigade's part that makes its own return; `returned` None while it has not."""

    team_id: int
    brigade_id: int
    name_zh: str
    name_en: str
    region_code: str
    strength: int
    returned: ReturnFact | None


class BoardOut(Fact):
    """Readiness of a scope on a day. `missing` are whose return is still due, `late` who reported late."""

    day: date
    due_at: datetime
    key_periods: list[PeriodOut]
    brigades: list[LevelFact]
    squads: list[SquadOut]
    townships: list[LevelFact]
    missing: list[WordsFact]
    late: list[WordsFact]


class HistoryCell(Fact):
    """How one subject stood on one day."""

    subject: str
    day: date
    key_day: bool
    required: int
    present: int
    state: State
    colour: Colour


def _levels(known: board.Loaded, day: date, house: House) -> list[LevelFact]:
    return board.levels(known, day, house.readiness, house.clock.now())


def _words(one: SquadOut | LevelFact) -> WordsFact:
    return WordsFact(zh=one.name_zh, en=one.name_en)


@router.get("")
async def readiness(by: By, tx: InTx, house: InHouse, day: Day | None = None) -> BoardOut:
    """Return who is required, who is in place and why not, of a day (today unless told)."""
    require(by, "see_desk")
    book = house.readiness
    day = day or book.today(house.clock.now())
    known = await board.load(tx, by.stream, by.scope, day, day, book)
    found = _levels(known, day, house)
    squads = [
        SquadOut(
            team_id=unit.id,
            brigade_id=unit.root_id,
            name_zh=unit.name_zh,
            name_en=unit.name_en,
            region_code=unit.region_code,
            strength=unit.strength,
            returned=known.returns.get((unit.id, day)),
        )
        for unit in known.units
        if unit.strength > 0
    ]
    townships = [one for one in found if one.team_id is None]
    silent = [_words(one) for one in squads if one.returned is None]
    waiting = [one for one in townships if one.state in {"missing", "waiting"}]
    late = [_words(one) for one in squads if one.returned is not None and one.returned.late]
    late += [_words(one) for one in townships if one.late]
    return BoardOut(
        day=day,
        due_at=book.due_at(day),
        key_periods=[PeriodOut(rule_id=one.rule_id, zh=one.zh, en=one.en) for one in known.periods],
        brigades=[one for one in found if one.team_id is not None],
        squads=squads,
        townships=townships,
        missing=silent + [_words(one) for one in waiting],
        late=late,
    )


@router.get("/history")
async def history(
    first: Annotated[Day, Query()], last: Annotated[Day, Query()], by: By, tx: InTx, house: InHouse
) -> list[HistoryCell]:
    """Return how every subject of the scope stood on each day of a range (62 days at most)."""
    require(by, "see_desk")
    if not timedelta(0) <= last - first <= LONGEST_HISTORY:
        raise InvalidInput(
            FieldFault("last", "日期范围须由先到后,最长62天", "a range runs forwards, 62 days at most")
        )
    known = await board.load(tx, by.stream, by.scope, first, last, house.readiness)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [
        HistoryCell(**one.model_dump(include=set(HistoryCell.model_fields)))
        for day in days
        for one in _levels(known, day, house)
    ]


@router.put("/teams/{team_id}/returns/{day}")
async def make_return(
    team_id: RowId, day: Day, told: ReturnIn, by: By, tx: InTx, house: InHouse
) -> ReturnFact:
    """Make a team's return of the day (due 08:30), or put it right."""
    return await returns.make_return(tx, by, team_id, day, told, house.clock.now(), house.readiness)


@router.post("/exemptions", status_code=201)
async def exempt(told: ExemptionIn, by: By, tx: InTx, house: InHouse) -> ExemptionFact:
    """Accept fewer than the rule asks for, until a day, with the reason on record."""
    return await returns.exempt(tx, by, told, house.clock.now(), house.readiness)


@router.delete("/exemptions/{exemption_id}")
async def revoke(exemption_id: RowId, by: By, tx: InTx, house: InHouse) -> ExemptionFact:
    """Take an exemption back."""
    return await returns.revoke(tx, by, exemption_id, house.clock.now(), house.readiness)


@router.get("/townships/{region_code}/{day}")
async def standby_list(region_code: Township, day: Day, by: By, tx: InTx) -> ListFact:
    """Return the names of a township and day, the struck ones too."""
    require(by, "see_desk")
    found = await names.fact(tx, region_code, day) if by.covers(region_code) else None
    if found is None:
        raise NotFound("该乡镇当日的备勤名单", "list of names of this township and day")
    return found


@router.put("/townships/{region_code}/{day}")
async def enter(region_code: Township, day: Day, told: ListIn, by: By, tx: InTx, house: InHouse) -> ListFact:
    """Put all names of a day in the place of those that were read. Nobody stands by in two places."""
    return await lists.enter(tx, by, region_code, day, told, house.clock.now(), house.readiness)


@router.post("/townships/{region_code}/{day}/persons", status_code=201)
async def add(region_code: Township, day: Day, told: AddedIn, by: By, tx: InTx, house: InHouse) -> ListFact:
    """Add one more person, in place since a time."""
    return await lists.add(tx, by, region_code, day, told, house.clock.now(), house.readiness)


@router.post("/townships/{region_code}/{day}/acceptance")
async def accept(
    region_code: Township, day: Day, told: AcceptIn, by: By, tx: InTx, house: InHouse
) -> ListFact:
    """Accept every name that waits, as the township's head."""
    return await lists.accept(tx, by, region_code, day, told, house.clock.now(), house.readiness)


@router.post("/townships/{region_code}/{day}/head-counts", status_code=201)
async def count(
    region_code: Township, day: Day, told: HeadCountIn, by: By, tx: InTx, house: InHouse
) -> ListFact:
    """Record a roll-call and strike who was not there."""
    return await lists.count(tx, by, region_code, day, told, house.clock.now(), house.readiness)


@router.get("/allowances/{month}")
async def month_sheets(month: Month, by: By, tx: InTx, house: InHouse) -> list[SheetFact]:
    """Return the allowance of a month (2025-10) by township and person, with what was approved."""
    require(by, "see_desk")
    return await sheets.sheets(tx, by, month, house.readiness)


@router.get(
    "/allowances/{month}/sheet.xlsx",
    response_class=Response,
    responses=WORKBOOK,
)
async def download(month: Month, by: By, tx: InTx, house: InHouse) -> Response:
    """Return the month's sheets of the scope as an Excel workbook."""
    require(by, "see_desk")
    found = await sheets.sheets(tx, by, month, house.readiness)
    book = await asyncio.to_thread(write_sheet, month, found, house.settings.zone)
    return workbook(book, f"standby-{month:%Y-%m}")


@router.post("/allowances/{month}/{region_code}/approval")
async def approve(
    month: Month, region_code: Township, told: ApprovalIn, by: By, tx: InTx, house: InHouse
) -> SheetFact:
    """Sign a township's month as it was read."""
    return await sheets.approve(tx, by, month, region_code, told, house.clock.now(), house.readiness)
