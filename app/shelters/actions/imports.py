"""Take a sheet of households into the register: looked at first, then all of it or nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime

from app.db import Tx
from app.journal import store as journal
from app.org.rules.access import Concern, Viewer, actor, require
from app.refusals import FieldFault, InvalidInput
from app.shelters.events import ResidentsImported
from app.shelters.facts import ResidentImportOut, ResidentImportRow
from app.shelters.resident_sheet import ResidentRow, read_rows, read_sheet, write_sheet
from app.shelters.store import evacuations
from app.shelters.tables import EvacuationResident

FAULTS_TOLD = 200
Known = Mapping[tuple[str, str, str], EvacuationResident]


async def import_sheet(tx: Tx, by: Viewer, data: bytes, now: datetime, *, apply: bool) -> ResidentImportOut:
    """Say what a sheet would do to the register, and do it when `apply`.

    A person is known by village, household and name; who is not named stays. Raises NotPermitted,
    InvalidInput (not a sheet; with `apply` also for any cell that cannot be taken).
    """
    require(by, "keep_shelters")
    sheet = await asyncio.to_thread(read_sheet, data)
    names = await evacuations.village_names(tx, by.scope)
    known = {(one.village_code, one.household, one.name): one for one in await evacuations.residents(tx, by)}
    rows, faults = await asyncio.to_thread(read_rows, sheet, names)
    if apply and faults:
        raise InvalidInput(
            *(FieldFault(f.cell, f"{f.cell}:{f.zh}", f"{f.cell}: {f.en}") for f in faults[:FAULTS_TOLD])
        )
    preview = [_preview(row, known) for row in rows]
    if apply:
        await _apply(tx, by, rows, known, preview, now)
    return ResidentImportOut(
        applied=apply,
        created=sum(one.action == "create" for one in preview),
        amended=sum(one.action == "amend" for one in preview),
        unchanged=sum(one.action == "unchanged" for one in preview),
        faults=faults[:FAULTS_TOLD],
        faults_total=len(faults),
        rows=preview,
    )


def _preview(row: ResidentRow, known: Known) -> ResidentImportRow:
    held = known.get(row.key)
    changed = [key for key in ("phone", "needs") if held and getattr(held, key) != getattr(row, key)]
    return ResidentImportRow(
        row=row.row,
        action="create" if held is None else "amend" if changed else "unchanged",
        village=row.village,
        household=row.household,
        name=row.name,
        changed=["name"] if held is None else changed,
    )


async def _apply(
    tx: Tx,
    by: Viewer,
    rows: Sequence[ResidentRow],
    known: Known,
    preview: Sequence[ResidentImportRow],
    now: datetime,
) -> None:
    changed = [row for row, shown in zip(rows, preview, strict=True) if shown.action != "unchanged"]
    if not changed:
        return
    for row in changed:
        if (held := known.get(row.key)) is not None:
            held.phone, held.needs = row.phone, row.needs
        else:
            tx.add(
                EvacuationResident(
                    stream=by.stream,
                    village_code=row.village_code,
                    household=row.household,
                    name=row.name,
                    phone=row.phone,
                    needs=row.needs,
                )
            )
    await tx.flush()
    codes = sorted({row.village_code for row in changed})
    event = ResidentsImported(
        type="evacuation.residents_imported",
        villages=await evacuations.names_of(tx, codes),
        created=sum(one.action == "create" for one in preview),
        amended=sum(one.action == "amend" for one in preview),
    )
    await journal.append(tx, by.stream, now, [journal.Entry(event, Concern(tuple(codes)))], actor(by))


async def export(tx: Tx, by: Viewer) -> bytes:
    """Return the register of the scope as a sheet that can be changed and imported. Raises NotPermitted."""
    require(by, "keep_shelters")
    names = await evacuations.village_names(tx, by.scope)
    rows = [
        (names.get(one.village_code, ""), one.village_code, one.household, one.name, one.phone, one.needs)
        for one in await evacuations.residents(tx, by)
    ]
    return await asyncio.to_thread(write_sheet, rows)
