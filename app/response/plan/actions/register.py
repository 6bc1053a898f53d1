"""Plans are entered, changed, issued in versions and retired."""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from app.db import Tx
from app.dispatch.attachments import vault
from app.dispatch.attachments.rules import FileTooLarge, plain_name, type_of
from app.journal import store as journal
from app.org import store as org
from app.org.rules.access import Concern, Viewer, actor, require
from app.refusals import FieldFault, InvalidInput, NotFound, NotPermitted
from app.response.plan.commands import PlanEditIn, PlanIn, PlanVersionIn
from app.response.plan.events import PlanChanged
from app.response.plan.facts import PlanFact
from app.response.plan.refusals import PlanNameTaken, PlanStale
from app.response.plan.store import plans, runs
from app.response.plan.tables import Plan, PlanVersion

MOST_VERSIONS = 50
What = Literal["plan.registered", "plan.amended", "plan.issued", "plan.retired", "plan.card_written"]


async def register(tx: Tx, by: Viewer, told: PlanIn, now: datetime, today: date) -> PlanFact:
    """Enter a plan. Raises NotPermitted, InvalidInput, PlanNameTaken."""
    require(by, "command")
    row = Plan(stream=by.stream, **await _checked(tx, by, told, None), changed_by=by.name, changed_at=now)
    tx.add(row)
    await tx.flush()
    return await tell(tx, by, row, "plan.registered", None, now, today)


async def amend(tx: Tx, by: Viewer, plan_id: int, told: PlanEditIn, now: datetime, today: date) -> PlanFact:
    """Change a plan, whole. Raises NotFound, NotPermitted, PlanStale, PlanNameTaken, InvalidInput."""
    row = await own(tx, by, plan_id)
    if row.revision != told.revision:
        raise PlanStale
    for name, value in (await _checked(tx, by, told, plan_id)).items():
        setattr(row, name, value)
    row.revision, row.changed_by, row.changed_at = row.revision + 1, by.name, now
    return await tell(tx, by, row, "plan.amended", None, now, today)


async def retire(tx: Tx, by: Viewer, plan_id: int, reason: str, now: datetime, today: date) -> PlanFact:
    """Take a plan out of use; it and its versions stay readable. Raises NotFound, NotPermitted."""
    row = await own(tx, by, plan_id)
    row.retired_at, row.retired_reason, row.revision = now, reason, row.revision + 1
    return await tell(tx, by, row, "plan.retired", None, now, today)


async def issue(
    tx: Tx,
    by: Viewer,
    plan_id: int,
    told: PlanVersionIn,
    content: bytes,
    shelf: tuple[Path, int],
    now: datetime,
    today: date,
) -> PlanFact:
    """Add a version, with its file unless that is empty. `shelf`: where files lie, and the most megabytes.

    Raises NotFound, NotPermitted, InvalidInput, FileRefused, FileTooLarge.
    """
    row = await own(tx, by, plan_id)
    last = await plans.last_versions(tx, [plan_id])
    number = last[plan_id].version + 1 if last else 1
    if number > MOST_VERSIONS:
        raise InvalidInput(
            FieldFault("plan_id", f"最多{MOST_VERSIONS}个版本", f"at most {MOST_VERSIONS} versions")
        )
    if last and told.issued_on < last[plan_id].issued_on:
        raise InvalidInput(
            FieldFault("issued_on", "不能早于上一版的印发日期", "not before the last version was issued")
        )
    version = PlanVersion(
        plan_id=plan_id,
        version=number,
        **told.model_dump(exclude={"name"}),
        made_by=by.name,
        made_at=now,
    )
    if content:
        folder, most_mb = shelf
        if len(content) > most_mb * 1_000_000:
            raise FileTooLarge(len(content), most_mb)
        kind = type_of(content, told.name)
        version.sha256 = await asyncio.to_thread(vault.put, folder, content)
        version.file_name, version.media_type = plain_name(told.name, kind), kind.media_type
        version.size = len(content)
    tx.add(version)
    row.revision += 1
    return await tell(tx, by, row, "plan.issued", number, now, today)


async def own(tx: Tx, by: Viewer, plan_id: int) -> Plan:
    """Return a plan in use that this desk may change, locked. Raises NotFound, NotPermitted."""
    require(by, "command")
    row = await plans.locked(tx, by.stream, plan_id)
    if row is None:
        raise NotFound("该预案", "plan")
    if not by.covers(row.region_code):
        raise NotPermitted
    if row.retired_at is not None:
        raise NotFound("该现行预案", "plan in use")
    return row


async def tell(
    tx: Tx, by: Viewer, row: Plan, type_: What, version: int | None, now: datetime, today: date
) -> PlanFact:
    """Put a change into the journal and return the plan; the last call of the action."""
    await tx.flush()
    event = PlanChanged(type=type_, plan=await plans.brief(tx, row.id or 0), version=version)
    await journal.append(tx, by.stream, now, [journal.Entry(event, Concern((row.region_code,)))], actor(by))
    fact = await plans.seen(tx, by, row.id or 0, today)
    assert fact is not None
    return fact


async def _checked(tx: Tx, by: Viewer, told: PlanIn, plan_id: int | None) -> dict[str, Any]:
    """Return the columns of a plan. Raises InvalidInput, PlanNameTaken."""
    if not by.covers(told.region_code) or await org.region(tx, told.region_code) is None:
        raise InvalidInput(
            FieldFault("region_code", "没有这个地方,或不在您的管辖范围", "no such place in your scope")
        )
    held = await plans.named(tx, by.stream, told.region_code, told.name_zh)
    if held is not None and held != plan_id:
        raise PlanNameTaken(told.name_zh)
    values = told.model_dump(exclude={"revision"})
    if told.owner_unit_id is not None:
        names = await runs.unit_names(tx, [told.owner_unit_id])
        if not names:
            raise InvalidInput(FieldFault("owner_unit_id", "没有这个单位", "no such unit"))
        values["owner_name"] = names[told.owner_unit_id]
    return values
