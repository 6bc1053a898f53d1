"""Take a sheet into the register of people: looked at first, then all of it or nothing."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from app.db import Tx
from app.journal import store as journal
from app.org import store as org
from app.org.actions.people import differing, tell_leaders
from app.org.events import PeopleImported
from app.org.facts import PeopleImportOut, PeopleImportRow
from app.org.people_rows import Directory, Entry, Known, plain_name, read_rows
from app.org.people_sheet import read_sheet
from app.org.rules import places
from app.org.rules.access import Concern, Viewer, actor, require
from app.org.store import people, units
from app.org.tables import Person
from app.refusals import FieldFault, InvalidInput
from app.sheets import CellFault, Sheet

FAULTS_TOLD = 200
_WIRE = {"name_zh": "name", "post": "title", "region_code": "region", "unit_id": "unit"}


async def import_sheet(tx: Tx, by: Viewer, data: bytes, now: datetime, *, apply: bool) -> PeopleImportOut:
    """Say what a sheet would do to the register, and do it when `apply`.

    Raises NotPermitted, InvalidInput (not a sheet; with `apply` also for any cell that cannot be taken).
    """
    require(by, "manage_people")
    sheet = await asyncio.to_thread(read_sheet, data)
    book = await _directory(tx, by, sheet)
    entries, faults = await asyncio.to_thread(read_rows, sheet, book)
    meant = [entry.person_id for entry in entries if entry.person_id is not None]
    known = {row.id: row for row in await people.of_numbers(tx, by.stream, meant, lock=apply)}
    rows: list[PeopleImportRow] = []
    for entry in entries:
        row = known.get(entry.person_id) if entry.person_id is not None else None
        if fault := _impossible(sheet, by, entry, row):
            faults.append(fault)
        else:
            rows.append(_preview(entry, row))
    if apply and faults:
        raise InvalidInput(
            *(FieldFault(f.cell, f"{f.cell}:{f.zh}", f"{f.cell}: {f.en}") for f in faults[:FAULTS_TOLD])
        )
    if apply:
        await _apply(tx, by, entries, known, rows, now)
    return PeopleImportOut(
        applied=apply,
        created=sum(row.action == "create" for row in rows),
        amended=sum(row.action == "amend" for row in rows),
        unchanged=sum(row.action == "unchanged" for row in rows),
        faults=faults[:FAULTS_TOLD],
        faults_total=len(faults),
        rows=rows,
    )


def _impossible(sheet: Sheet, by: Viewer, entry: Entry, row: Person | None) -> CellFault | None:
    """Return why an entry does not fit the register as it stands, or None."""
    if entry.person_id is None:
        return None
    cell = f"{sheet.letters.get('id', sheet.letters['name'])}{entry.row}"
    if row is None or not by.covers(row.region_code):
        return CellFault(
            cell=cell,
            zh=f"没有编号 {entry.person_id} 的人员,或不在您的管辖范围",
            en=f"nobody in your scope has the number {entry.person_id}",
        )
    if not row.active:
        return CellFault(cell=cell, zh=f"{row.name_zh}已停用", en=f"{row.name_zh} has left the service")
    return None


def _preview(entry: Entry, row: Person | None) -> PeopleImportRow:
    changed = differing(row, entry.values) if row is not None else []
    told = [_WIRE.get(name, name) for name in changed]
    return PeopleImportRow(
        row=entry.row,
        action="create" if row is None else "amend" if changed else "unchanged",
        person_id=entry.person_id,
        name=str(entry.values["name_zh"]),
        changed=sorted({"phones" if name == "phone_labels" else name for name in told}),
    )


async def _apply(
    tx: Tx,
    by: Viewer,
    entries: Sequence[Entry],
    known: Mapping[int | None, Person],
    rows: Sequence[PeopleImportRow],
    now: datetime,
) -> None:
    before = {row.region_code for row in known.values()}
    touched: list[Person] = []
    for entry in entries:
        row = known.get(entry.person_id) if entry.person_id is not None else None
        if row is None:
            row = Person(**entry.values)
            tx.add(row)
            touched.append(row)
        elif changed := differing(row, entry.values):
            for name in changed:
                setattr(row, name, entry.values[name])
            touched.append(row)
    if not touched:
        return
    await tx.flush()
    ids = sorted(row.id for row in touched if row.id is not None)
    event = PeopleImported(
        type="person.imported",
        created=sum(row.action == "create" for row in rows),
        amended=sum(row.action == "amend" for row in rows),
        person_ids=ids,
    )
    concern = Concern(tuple(sorted(before | {row.region_code for row in touched})))
    await journal.append(tx, by.stream, now, [journal.Entry(event, concern)], actor(by))
    await tell_leaders(tx, by, ids, now)


async def _directory(tx: Tx, by: Viewer, sheet: Sheet) -> Directory:
    """Return the names that the sheet may use, loaded once for all its rows."""
    names = {place.code: place.name for place in await org.regions_of(tx, by.stream)}
    found: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for unit in await units.names(tx, by.stream):
        found[unit["name"]].append((unit["id"], unit["region_code"]))
    wanted = {plain_name(str(row.cells.get("name") or "")) for row in sheet.rows}
    known: defaultdict[str, list[Known]] = defaultdict(list)
    for person in await people.named(tx, by.stream, sorted(wanted)):
        known[person["name"]].append(
            Known(person["id"], person["region_code"], person["unit_id"], frozenset(person["phones"]))
        )
    return Directory(places.by_name(names), found, known, by.scope)
