"""Take a roster sheet as the draft of a month: looked at first, then all of it or nothing."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.db import Tx
from app.duty import store as duty
from app.duty.roster.actions.post import post_for_planning
from app.duty.roster.actions.publish import roster_fact, save_draft
from app.duty.roster.commands import MOST_CELLS, CellIn, DraftIn
from app.duty.roster.facts import RosterImportOut, RosterImportRow
from app.duty.roster.month_rows import Book, Planned, read_rows
from app.duty.roster.month_sheet import read_month, seat_names
from app.duty.roster.store import plans
from app.org.rules.access import Viewer
from app.refusals import FieldFault, InvalidInput
from app.sheets import CellFault

RECENTLY = timedelta(days=62)
FAULTS_TOLD = 200
ROWS_TOLD = 200


async def import_month(
    tx: Tx,
    by: Viewer,
    post_id: int,
    first_day: date,
    version: int,
    data: bytes,
    now: datetime,
    zone: ZoneInfo,
    *,
    apply: bool,
) -> RosterImportOut:
    """Say what a sheet would plan, and put it in the place of the draft of `version` when `apply`.

    Raises NotPermitted, NotFound, InvalidInput (no sheet; with `apply` also any cell that cannot be taken),
    StaleRoster.
    """
    await post_for_planning(tx, by, post_id)
    seats = (await duty.seats(tx, [post_id]))[post_id]
    people: defaultdict[str, list[int]] = defaultdict(list)
    for person in await plans.people(tx, post_id, now - RECENTLY):
        people[person.name].append(person.id)
    sheet = await asyncio.to_thread(read_month, data, seats)
    _require_columns({key.split(".")[0].split(":")[0] for key in sheet.letters})
    book = Book(first_day, seat_names(seats), people, zone)
    planned, faults = await asyncio.to_thread(read_rows, sheet, book)
    if len(planned) > MOST_CELLS:
        raise InvalidInput(FieldFault("body", f"班次超过上限 {MOST_CELLS}", f"more than {MOST_CELLS} shifts"))
    if apply and (faults or not planned):
        raise InvalidInput(*_told(faults))
    draft = roster_fact(await plans.month(tx, post_id, first_day)).draft or []
    known = {(c.seat_id, c.person_id, c.starts_at, c.ends_at) for c in draft}
    rows = [_row(one, zone, new=_cell(one) not in known) for one in planned]
    if apply:
        cells = [
            CellIn(seat_id=seat, person_id=person, starts_at=start, ends_at=end)
            for seat, person, start, end in map(_cell, planned)
        ]
        await save_draft(tx, by, post_id, first_day, DraftIn(version=version, cells=cells), now, zone)
    created = sum(row.action == "create" for row in rows)
    return RosterImportOut(
        applied=apply,
        created=created,
        amended=len(known - set(map(_cell, planned))),
        unchanged=len(rows) - created,
        faults=faults[:FAULTS_TOLD],
        faults_total=len(faults),
        rows=rows[:ROWS_TOLD],
    )


def _require_columns(kinds: set[str]) -> None:
    """Raise InvalidInput for a sheet that names no days, or nobody."""
    if "date" not in kinds:
        raise InvalidInput(FieldFault("body", "首行缺少列:日期", "the first row lacks: 日期 (date)"))
    if ("name" in kinds and "seat" not in kinds) or not kinds & {"seat", "name"}:
        raise InvalidInput(
            FieldFault(
                "body",
                "首行缺少席位:每个席位一列(如 带班领导),或 席位、姓名 两列",
                "the first row lacks the seats: a column each (带班领导 …), or 席位 and 姓名",
            )
        )


def _told(faults: list[CellFault]) -> list[FieldFault]:
    if not faults:
        return [FieldFault("body", "表中没有班次", "there is no shift in the sheet")]
    return [FieldFault(f.cell, f"{f.cell}:{f.zh}", f"{f.cell}: {f.en}") for f in faults[:FAULTS_TOLD]]


def _cell(one: Planned) -> tuple[int, int, datetime, datetime]:
    return one.seat_id, one.person_id, one.span.start, one.span.end


def _row(one: Planned, zone: ZoneInfo, *, new: bool) -> RosterImportRow:
    return RosterImportRow(
        row=one.row,
        action="create" if new else "unchanged",
        changed=[],
        seat_id=one.seat_id,
        name=one.name,
        shift=f"{one.span.start.astimezone(zone):%m-%d %H:%M}–{one.span.end.astimezone(zone):%m-%d %H:%M}",
    )
