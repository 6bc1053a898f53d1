"""Experts: enter, amend, retire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from app.db import Tx
from app.dispatch.forces.commands import ExpertIn, ExpertPut
from app.dispatch.forces.events import ExpertChanged
from app.dispatch.forces.facts import ExpertFact
from app.dispatch.forces.refusals import ExpertKnown, RegisterFull, StaleForm
from app.dispatch.forces.store import experts as store
from app.dispatch.forces.tables import Expert
from app.journal import store as journal
from app.org import store as org
from app.org.rules.access import Concern, Viewer, actor, require
from app.refusals import FieldFault, InvalidInput, NotFound, NotPermitted

MOST_EXPERTS = 3000


async def register(tx: Tx, by: Viewer, told: ExpertIn, now: datetime) -> ExpertFact:
    """Enter an expert. Raises InvalidInput, NotPermitted, ExpertKnown, RegisterFull."""
    require(by, "manage_people")
    await store.serialise(tx, by.stream)
    if await store.count(tx, by.stream) >= MOST_EXPERTS:
        raise RegisterFull(MOST_EXPERTS)
    await _require_possible(tx, by, told.region_code)
    await _require_unknown(tx, by, told, None)
    row = Expert(stream=by.stream, changed_at=now, **told.model_dump())
    tx.add(row)
    return await _tell(tx, by, row, "expert.registered", now, sorted(told.model_dump()))


async def amend(tx: Tx, by: Viewer, expert_id: int, told: ExpertPut, now: datetime) -> ExpertFact:
    """Write an expert anew; a retired one serves again.

    Raises InvalidInput, NotFound, NotPermitted, StaleForm, ExpertKnown.
    """
    require(by, "manage_people")
    await store.serialise(tx, by.stream)
    row = await _expert_for(tx, by, expert_id)
    _require_fresh(row, told.revision)
    values: Mapping[str, Any] = told.model_dump(exclude={"revision"})
    changed = sorted(name for name, value in values.items() if getattr(row, name) != value)
    back = not row.active
    if not changed and not back:
        return await store.fact(tx, expert_id)
    before = row.region_code
    if "region_code" in changed:
        await _require_possible(tx, by, told.region_code)
    await _require_unknown(tx, by, told, expert_id)
    for name in changed:
        setattr(row, name, values[name])
    row.active, row.revision = True, row.revision + 1
    names = [*changed, *(["active"] if back else [])]
    return await _tell(tx, by, row, "expert.amended", now, names, (before,))


async def retire(tx: Tx, by: Viewer, expert_id: int, revision: int, now: datetime) -> ExpertFact:
    """Call an expert no more; the entry stays. Raises NotFound, NotPermitted, StaleForm."""
    require(by, "manage_people")
    row = await _expert_for(tx, by, expert_id)
    if not row.active:
        return await store.fact(tx, expert_id)
    _require_fresh(row, revision)
    row.active, row.revision = False, row.revision + 1
    return await _tell(tx, by, row, "expert.retired", now, ["active"])


def reaches(by: Viewer, region_code: str) -> bool:
    """Whether a person may call an expert: his own, or one of the county."""
    return by.covers(region_code) or region_code == by.stream.ljust(12, "0")


async def _expert_for(tx: Tx, by: Viewer, expert_id: int) -> Expert:
    row = await store.locked(tx, by.stream, expert_id)
    if row is None or not reaches(by, row.region_code):
        raise NotFound("该专家", "expert")
    if not by.covers(row.region_code):
        raise NotPermitted
    return row


def _require_fresh(row: Expert, revision: int) -> None:
    if revision != row.revision:
        raise StaleForm(row.name_zh, row.changed_by, row.revision)


async def _require_possible(tx: Tx, by: Viewer, region_code: str) -> None:
    if not region_code.startswith(by.stream) or await org.region(tx, region_code) is None:
        raise InvalidInput(FieldFault("region_code", "没有这个地区", "no such place"))
    if not by.covers(region_code):
        raise NotPermitted


async def _require_unknown(tx: Tx, by: Viewer, told: ExpertIn, but: int | None) -> None:
    if await store.same(tx, by.stream, told.name_zh, told.phone, but):
        raise ExpertKnown(told.name_zh)


async def _tell(
    tx: Tx,
    by: Viewer,
    row: Expert,
    what: Literal["expert.registered", "expert.amended", "expert.retired"],
    now: datetime,
    changed: Sequence[str],
    regions: tuple[str, ...] = (),
) -> ExpertFact:
    row.changed_by, row.changed_at = by.name, now
    await tx.flush()
    fact = await store.fact(tx, row.id or 0)
    event = ExpertChanged(type=what, expert=fact, changed=list(changed))
    concern = Concern(tuple(dict.fromkeys((*regions, row.region_code))))
    await journal.append(tx, by.stream, now, [journal.Entry(event, concern)], actor(by))
    return fact
