"""Take sheets of equipment and of experts into the register: looked at first, then all of it or nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from app.db import Tx
from app.dispatch.forces import equipment_sheet, expert_sheet
from app.dispatch.forces.actions.equipment import MOST_EQUIPMENT
from app.dispatch.forces.actions.experts import MOST_EXPERTS
from app.dispatch.forces.events import EquipmentImported, ExpertsImported
from app.dispatch.forces.facts import ForceImportOut, ForceImportRow
from app.dispatch.forces.refusals import RegisterFull
from app.dispatch.forces.store import equipment, experts, teams
from app.dispatch.forces.tables import Equipment, Expert
from app.journal import store as journal
from app.org import store as org
from app.org.rules import places
from app.org.rules.access import Concern, Viewer, actor, require
from app.refusals import FieldFault, InvalidInput
from app.sheets import CellFault, Sheet

FAULTS_TOLD = 200
Action = Literal["create", "amend", "unchanged"]


async def import_equipment(tx: Tx, by: Viewer, data: bytes, now: datetime, *, apply: bool) -> ForceImportOut:
    """Say what a sheet would do to the equipment, and do it when `apply`.

    A row means the piece in use that bears its number, or a new one; what is not in the sheet stays as it
    is, and so do columns that it does not have. Raises NotPermitted, RegisterFull, InvalidInput (not a
    sheet; with `apply` also for any cell that cannot be taken).
    """
    require(by, "manage_people")
    sheet = await asyncio.to_thread(equipment_sheet.read_sheet, data)
    if apply:
        await teams.serialise(tx, by.stream)
    numbers = [str(row.cells.get("number") or "") for row in sheet.rows]
    held = await equipment.of_numbers(tx, by.stream, numbers)
    names = equipment_sheet.EquipmentNames(
        await equipment.keepers(tx, by.stream, by.scope),
        await equipment.people_named(tx, by.stream, equipment_sheet.named_people(sheet)),
    )
    trained = {number: row.operator_ids for number, row in held.items()}
    rows, faults = await asyncio.to_thread(equipment_sheet.read_rows, sheet, names, trained)
    faults += await _out_of_reach(tx, by, sheet, rows, held)
    _refuse(faults, apply=apply)
    told = [_row(one.row, one.name, one.number, _differing(held.get(one.number), one.values)) for one in rows]
    if apply and any(one.action != "unchanged" for one in told):
        if await equipment.count(tx, by.stream) + _created(told) > MOST_EQUIPMENT:
            raise RegisterFull(MOST_EQUIPMENT)
        regions = await _write_equipment(tx, by, rows, held, told, now)
        event = EquipmentImported(type="equipment.imported", created=_created(told), amended=_amended(told))
        await journal.append(tx, by.stream, now, [journal.Entry(event, Concern(regions))], actor(by))
    return _out(told, faults, apply=apply)


async def _out_of_reach(
    tx: Tx,
    by: Viewer,
    sheet: Sheet,
    rows: Sequence[equipment_sheet.EquipmentRow],
    held: Mapping[str, Equipment],
) -> list[CellFault]:
    """Return a fault for each number that is borne by a piece of somebody else's scope."""
    faults = []
    for row in rows:
        piece = held.get(row.number)
        if piece is not None and not by.covers(await equipment.region_of(tx, piece)):
            cell = f"{sheet.letters['number']}{row.row}"
            zh, en = f"编号 {row.number} 已由其他辖区登记", f"{row.number} is registered in another scope"
            faults.append(CellFault(cell=cell, zh=zh, en=en))
    return faults


async def _write_equipment(
    tx: Tx,
    by: Viewer,
    rows: Sequence[equipment_sheet.EquipmentRow],
    held: Mapping[str, Equipment],
    told: Sequence[ForceImportRow],
    now: datetime,
) -> tuple[str, ...]:
    touched: list[Equipment] = []
    regions: list[str] = []
    for one, shown in zip(rows, told, strict=True):
        if shown.action == "unchanged":
            continue
        row = held.get(one.number)
        if row is None:
            row = Equipment(stream=by.stream, ready_since=now, changed_at=now, **one.values)
            tx.add(row)
        else:
            regions.append(await equipment.region_of(tx, row))
            if "readiness" in shown.changed:
                row.ready_since = now
            _set(row, one.values)
        row.changed_by, row.changed_at = by.name, now
        touched.append(row)
    await tx.flush()
    regions += [await equipment.region_of(tx, row) for row in touched]
    return tuple(sorted(set(regions)))


async def import_experts(tx: Tx, by: Viewer, data: bytes, now: datetime, *, apply: bool) -> ForceImportOut:
    """Say what a sheet would do to the experts, and do it when `apply`.

    A row means the expert in service with its name and telephone, or a new one. Raises as above.
    """
    require(by, "manage_people")
    sheet = await asyncio.to_thread(expert_sheet.read_sheet, data)
    if apply:
        await experts.serialise(tx, by.stream)
    named = places.by_name({one.code: one.name for one in await org.regions_of(tx, by.stream)})
    rows, faults = await asyncio.to_thread(expert_sheet.read_rows, sheet, named, by.scope)
    held = await experts.of_names(tx, by.stream, [one.values["name_zh"] for one in rows])
    faults += _experts_of_others(by, sheet, rows, held)
    _refuse(faults, apply=apply)
    told = [
        _row(
            one.row,
            one.values["name_zh"],
            one.values["phone"],
            _differing(held.get(_key(one)), one.values),
        )
        for one in rows
    ]
    if apply and any(one.action != "unchanged" for one in told):
        if await experts.count(tx, by.stream) + _created(told) > MOST_EXPERTS:
            raise RegisterFull(MOST_EXPERTS)
        regions = _write_experts(tx, by, rows, held, told, now)
        await tx.flush()
        event = ExpertsImported(type="expert.imported", created=_created(told), amended=_amended(told))
        await journal.append(tx, by.stream, now, [journal.Entry(event, Concern(regions))], actor(by))
    return _out(told, faults, apply=apply)


def _key(one: expert_sheet.ExpertRow) -> tuple[str, str]:
    return one.values["name_zh"], one.values["phone"]


def _experts_of_others(
    by: Viewer,
    sheet: Sheet,
    rows: Iterable[expert_sheet.ExpertRow],
    held: Mapping[tuple[str, str], Expert],
) -> list[CellFault]:
    return [
        CellFault(
            cell=f"{sheet.letters['name_zh']}{one.row}",
            zh="该专家已由其他辖区登记",
            en="registered in another scope",
        )
        for one in rows
        if (row := held.get(_key(one))) is not None and not by.covers(row.region_code)
    ]


def _write_experts(
    tx: Tx,
    by: Viewer,
    rows: Sequence[expert_sheet.ExpertRow],
    held: Mapping[tuple[str, str], Expert],
    told: Sequence[ForceImportRow],
    now: datetime,
) -> tuple[str, ...]:
    regions: set[str] = set()
    for one, shown in zip(rows, told, strict=True):
        if shown.action == "unchanged":
            continue
        row = held.get(_key(one))
        if row is None:
            row = Expert(stream=by.stream, changed_at=now, **one.values)
            tx.add(row)
        else:
            regions.add(row.region_code)
            _set(row, one.values)
        row.changed_by, row.changed_at = by.name, now
        regions.add(row.region_code)
    return tuple(sorted(regions))


def _set(row: Equipment | Expert, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.revision += 1


def _differing(row: Equipment | Expert | None, values: Mapping[str, Any]) -> list[str] | None:
    """Return the columns that would change; None for a new entry."""
    if row is None:
        return None
    return sorted(name for name, value in values.items() if getattr(row, name) != value)


def _row(number: int, label: str, mark: str, changed: list[str] | None) -> ForceImportRow:
    action: Action = "create" if changed is None else "amend" if changed else "unchanged"
    return ForceImportRow(row=number, action=action, label=label, number=mark, changed=changed or [])


def _refuse(faults: Sequence[CellFault], *, apply: bool) -> None:
    if apply and faults:
        raise InvalidInput(
            *(FieldFault(f.cell, f"{f.cell}:{f.zh}", f"{f.cell}: {f.en}") for f in faults[:FAULTS_TOLD])
        )


def _created(rows: Iterable[ForceImportRow]) -> int:
    return sum(one.action == "create" for one in rows)


def _amended(rows: Iterable[ForceImportRow]) -> int:
    return sum(one.action == "amend" for one in rows)


def _out(rows: list[ForceImportRow], faults: list[CellFault], *, apply: bool) -> ForceImportOut:
    return ForceImportOut(
        applied=apply,
        created=_created(rows),
        amended=_amended(rows),
        unchanged=sum(one.action == "unchanged" for one in rows),
        faults=faults[:FAULTS_TOLD],
        faults_total=len(faults),
        rows=rows,
    )
