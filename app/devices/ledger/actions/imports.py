"""Take a sheet into the register: looked at first, then all of it or nothing."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from app.db import Tx
from app.devices.ledger import store
from app.devices.ledger.actions.devices import change, differing
from app.devices.ledger.events import DevicesImported
from app.devices.ledger.facts import ImportOut, ImportRow
from app.devices.ledger.rules import FAMILIES
from app.devices.ledger.sheet import read_sheet
from app.devices.ledger.sheet_rules import Directory, Entry, Member, read_rows
from app.devices.register import families_of
from app.dispatch.actions.permission import actor, require
from app.journal import store as journal
from app.org import store as org
from app.org.rules.access import Concern, Viewer
from app.org.tables import Device
from app.refusals import FieldFault, InvalidInput
from app.sheets import CellFault, Sheet

FAULTS_TOLD = 100


async def import_sheet(tx: Tx, by: Viewer, data: bytes, now: datetime, *, apply: bool) -> ImportOut:
    """Say what a sheet would do to the register, and do it when `apply`.

    Raises NotPermitted, InvalidInput (not a sheet; with `apply` also for any cell that cannot be taken).
    """
    require(by, "manage_devices")
    sheet = await asyncio.to_thread(read_sheet, data)
    entries, faults = read_rows(sheet, await _directory(tx, by, sheet))
    held = await store.by_numbers(tx, [entry.number for entry in entries], lock=apply)
    known = {(families_of(row.family), row.number): row for row in held}
    rows: list[ImportRow] = []
    for entry in entries:
        row = known.get((families_of(entry.family), entry.number))
        if told := _impossible(sheet, by, entry, row):
            faults.append(told)
        else:
            rows.append(_preview(entry, row))
    if apply and faults:
        raise InvalidInput(
            *(FieldFault(f.cell, f"{f.cell}:{f.zh}", f"{f.cell}: {f.en}") for f in faults[:FAULTS_TOLD])
        )
    if apply:
        await _apply(tx, by, entries, known, rows, now)
    count = {action: sum(row.action == action for row in rows) for action in ("create", "amend", "unchanged")}
    return ImportOut(
        applied=apply,
        created=count["create"],
        amended=count["amend"],
        unchanged=count["unchanged"],
        faults=faults[:FAULTS_TOLD],
        rows=rows,
    )


def _impossible(sheet: Sheet, by: Viewer, entry: Entry, row: Device | None) -> CellFault | None:
    """Return why an entry does not fit the register as it stands, or None."""
    cell = f"{sheet.letters['number']}{entry.row}"
    if row is None and entry.family == "app":
        return CellFault(
            cell=cell, zh="手机由登录自动入册", en="field phones enter the register by logging in"
        )
    if row is None:
        missing = [name for name in ("label", "region_code") if name not in entry.values]
        if missing:
            return CellFault(
                cell=cell, zh="新设备须填名称和地区", en="a new device needs a label and a place"
            )
        return None
    if row.stream != by.stream or not by.covers(row.region_code):
        return CellFault(
            cell=cell, zh="该号码的设备不在您的管辖范围", en="the number's device is not in your scope"
        )
    return None


def _preview(entry: Entry, row: Device | None) -> ImportRow:
    changed = differing(row, dict(entry.values)) if row is not None else []
    return ImportRow(
        row=entry.row,
        action="create" if row is None else "amend" if changed else "unchanged",
        family=entry.family if row is None else row.family,
        number=entry.number,
        label=str(entry.values.get("label", row.label if row is not None else "")),
        changed=changed,
    )


async def _apply(
    tx: Tx,
    by: Viewer,
    entries: Iterable[Entry],
    known: dict[tuple[tuple[str, ...], str], Device],
    rows: list[ImportRow],
    now: datetime,
) -> None:
    touched: list[Device] = []
    places = {by.scope.ljust(12, "0"), *(row.region_code for row in known.values())}
    for entry in entries:
        row = known.get((families_of(entry.family), entry.number))
        if row is None:
            row = _new(by.stream, entry)
            tx.add(row)
            touched.append(row)
            await store.forget_unknown(tx, families_of(entry.family), entry.number)
        elif change(row, dict(entry.values)):
            row.facts = {key: value for key, value in row.facts.items() if key != "unregistered"}
            touched.append(row)
    if not touched:
        return
    try:
        await tx.flush()
    except IntegrityError as error:  # somebody entered one of them in this very instant
        raise InvalidInput(
            FieldFault(
                "body", "有号码同时被他人登记,请重试", "a number was entered by somebody else: try again"
            )
        ) from error
    event = DevicesImported(
        type="device.imported",
        created=sum(row.action == "create" for row in rows),
        amended=sum(row.action == "amend" for row in rows),
        device_ids=sorted(row.id for row in touched if row.id is not None),
    )
    places |= {row.region_code for row in touched}  # where they were and where they are now
    concern = Concern(tuple(sorted(places)), audience="register")
    await journal.append(tx, by.stream, now, [journal.Entry(event, concern)], actor(by))


def _new(stream: str, entry: Entry) -> Device:
    values: dict[str, Any] = {"kind": FAMILIES[entry.family], **entry.values}
    return Device(stream=stream, family=entry.family, number=entry.number, facts={}, **values)


async def _directory(tx: Tx, by: Viewer, sheet: Sheet) -> Directory:
    """Return the names that the sheet may use, loaded once for all its rows."""
    codes: dict[str, str] = {}
    names: dict[str, str] = {}
    for place in await org.regions_of(tx, by.stream):
        names[place.code] = place.name
        parents = dict.fromkeys((place.code[:6] + "000000", place.code[:9] + "000", place.code))
        codes[place.code] = codes["".join(names.get(code, "") for code in parents)] = place.code
    people: defaultdict[str, list[Member]] = defaultdict(list)
    wanted = {str(row.cells.get("holder") or "").strip() for row in sheet.rows} - {""}
    for person in await store.people_named(tx, by.stream, sorted(wanted)):
        people[person["name_zh"]].append(Member(person["id"], person["region_code"], tuple(person["phones"])))
    teams: defaultdict[str, list[Member]] = defaultdict(list)
    for team in await store.team_names(tx, by.stream):
        teams[team["name_zh"]].append(Member(team["id"], team["region_code"]))
    return Directory(codes, people, teams, by.scope)
