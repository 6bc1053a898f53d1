"""Take a sheet of plans into the register: looked at first, then all of it or nothing; and hand it out."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.db import Tx
from app.journal import store as journal
from app.org import store as org
from app.org.rules.access import Concern, Viewer, actor, require
from app.refusals import FieldFault, InvalidInput
from app.response.plan.events import PlansImported
from app.response.plan.facts import PlanImportOut, PlanImportRow
from app.response.plan.plan_sheet import PlanRow, cells_of, read_rows, read_sheet, write_sheet
from app.response.plan.store import plans
from app.response.plan.tables import Plan, PlanVersion

FAULTS_TOLD = 200
Key = tuple[str, str]


async def import_sheet(tx: Tx, by: Viewer, data: bytes, now: datetime, *, apply: bool) -> PlanImportOut:
    """Say what a sheet would do to the register, and do it when `apply`.

    A plan is known by its place and name; who is not named stays. Raises NotPermitted, InvalidInput (not a
    sheet; with `apply` also for any cell that cannot be taken).
    """
    require(by, "command")
    sheet = await asyncio.to_thread(read_sheet, data)
    places = {
        str(one.code): str(one.name) for one in await org.regions_of(tx, by.stream) if by.covers(one.code)
    }
    rows, faults = await asyncio.to_thread(read_rows, sheet, places, by.scope.ljust(12, "0"))
    if apply and faults:
        raise InvalidInput(
            *(FieldFault(f.cell, f"{f.cell}:{f.zh}", f"{f.cell}: {f.en}") for f in faults[:FAULTS_TOLD])
        )
    held = await plans.every(tx, by)
    known = {(one.region_code, one.name_zh): one for one in held}
    last = await plans.last_versions(tx, [one.id or 0 for one in held])
    preview = [_preview(row, known, last) for row in rows]
    if apply:
        await _apply(tx, by, rows, known, last, preview, now)
    return PlanImportOut(
        applied=apply,
        created=sum(one.action == "create" for one in preview),
        amended=sum(one.action == "amend" for one in preview),
        unchanged=sum(one.action == "unchanged" for one in preview),
        faults=faults[:FAULTS_TOLD],
        faults_total=len(faults),
        rows=preview,
    )


async def export(tx: Tx, by: Viewer) -> bytes:
    """Return the register of the scope as a sheet that can be changed and imported. Raises NotPermitted."""
    require(by, "see_desk")
    held = await plans.every(tx, by)
    last = await plans.last_versions(tx, [one.id or 0 for one in held])
    rows = [cells_of(_row_of(one, last.get(one.id or 0))) for one in held]
    return await asyncio.to_thread(write_sheet, rows)


def _row_of(plan: Plan, version: PlanVersion | None) -> PlanRow:
    return PlanRow(
        row=0,
        kind=plan.kind,  # type: ignore[arg-type]
        tier=plan.tier,  # type: ignore[arg-type]
        name=plan.name_zh,
        hazards=tuple(plan.hazards),
        owner=plan.owner_name,
        region_code=plan.region_code,
        number=version.number if version else "",
        issued_on=version.issued_on if version else None,
        valid_to=version.valid_to if version else None,
    )


def _preview(row: PlanRow, known: Mapping[Key, Plan], last: Mapping[int, PlanVersion]) -> PlanImportRow:
    held = known.get((row.region_code, row.name))
    changed = ["name"] if held is None else _changed(row, held, last.get(held.id or 0))
    action = "create" if held is None else "amend" if changed else "unchanged"
    return PlanImportRow(row=row.row, action=action, name=row.name, kind=row.kind, changed=changed)


def _changed(row: PlanRow, held: Plan, version: PlanVersion | None) -> list[str]:
    was = _row_of(held, version)
    fields = ["kind", "tier", "hazards", "owner"]
    if row.issued_on is not None:
        fields += ["number", "issued_on", "valid_to"]
    return [name for name in fields if getattr(was, name) != getattr(row, name)]


async def _apply(
    tx: Tx,
    by: Viewer,
    rows: Sequence[PlanRow],
    known: Mapping[Key, Plan],
    last: Mapping[int, PlanVersion],
    preview: Sequence[PlanImportRow],
    now: datetime,
) -> None:
    changed = [(row, shown) for row, shown in zip(rows, preview, strict=True) if shown.action != "unchanged"]
    if not changed:
        return
    for row, shown in changed:
        held = known.get((row.region_code, row.name))
        if held is None:
            held = Plan(
                stream=by.stream,
                name_zh=row.name,
                region_code=row.region_code,
                revision=0,
                **_columns(row, by, now),
            )
            tx.add(held)
        else:
            for name, value in _columns(row, by, now).items():
                setattr(held, name, value)
        held.revision += 1
        await tx.flush()
        if row.issued_on is not None and {"name", "number", "issued_on", "valid_to"} & set(shown.changed):
            before = last.get(held.id or 0)
            tx.add(
                PlanVersion(
                    plan_id=held.id or 0,
                    version=before.version + 1 if before else 1,
                    number=row.number,
                    issued_on=row.issued_on,
                    valid_to=row.valid_to,
                    note="表格导入",
                    made_by=by.name,
                    made_at=now,
                )
            )
    await tx.flush()
    event = PlansImported(
        type="plan.imported",
        created=sum(one.action == "create" for one in preview),
        amended=sum(one.action == "amend" for one in preview),
    )
    concern = Concern((by.scope.ljust(12, "0"),))
    await journal.append(tx, by.stream, now, [journal.Entry(event, concern)], actor(by))


def _columns(row: PlanRow, by: Viewer, now: datetime) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "tier": row.tier,
        "hazards": list(row.hazards),
        "owner_name": row.owner,
        "changed_by": by.name,
        "changed_at": now,
    }
