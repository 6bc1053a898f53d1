"""An evacuation is ordered, somebody is added to a list, it ends."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from app.db import Tx
from app.journal import store as journal
from app.org.rules.access import Concern, Viewer, actor, require
from app.refusals import FieldFault, InvalidInput, NotFound
from app.shelters.actions.shelters import Matter
from app.shelters.commands import EvacuationEndIn, EvacuationIn, EvacueeIn
from app.shelters.evacuation_facts import EvacuationFact, EvacuationMeans
from app.shelters.events import EvacuationChanged, EvacuationProgressed
from app.shelters.refusals import EvacuationOver, EvacueeTwice, NobodyToMove, NotAllBack
from app.shelters.store import evacuations, shelters
from app.shelters.tables import Evacuation, EvacuationVillage, Evacuee
from app.times import three_times


async def order(
    tx: Tx, by: Viewer, told: EvacuationIn, now: datetime, matter: Matter | None
) -> EvacuationFact:
    """Order the people of villages out; the lists are filled from the register.

    Raises NotPermitted, NotFound (a village), NobodyToMove, InvalidInput (times).
    """
    require(by, "command")
    codes = sorted(set(told.villages))
    goals = await shelters.villages(tx, by, codes)
    if len(goals) != len(codes):
        raise NotFound("所选的村", "village")
    ordered_at, told_at = three_times(told.happened_at, told.told_at, now, "happened_at")
    if told.deadline is not None and told.deadline <= ordered_at:
        raise InvalidInput(
            FieldFault("deadline", "完成时限须晚于下达时间", "the deadline comes after the order")
        )
    row = Evacuation(
        stream=by.stream,
        incident_id=matter.incident_id if matter else None,
        incident_number=matter.number if matter else "",
        restricted=matter.restricted if matter else False,
        readers=list(matter.readers) if matter else [],
        reason=told.reason,
        deadline=told.deadline,
        ordered_at=ordered_at,
        told_at=told_at,
        entered_at=now,
        entered_by=by.name,
        channel=told.channel,
        voucher=told.voucher,
    )
    tx.add(row)
    await tx.flush()
    number = row.id or 0
    tx.add_all(
        EvacuationVillage(
            evacuation_id=number,
            village_code=one.village_code,
            shelter_id=one.shelter_id,
            alternative_id=one.alternative_id,
        )
        for one in goals
    )
    await tx.flush()
    if await evacuations.list_residents(tx, by.stream, number, codes) == 0:
        raise NobodyToMove("、".join(await evacuations.names_of(tx, codes)))
    await _changed(tx, by, row, "evacuation.ordered", now)
    return await shown(tx, by, number)


async def add(tx: Tx, by: Viewer, evacuation_id: int, told: EvacueeIn, now: datetime) -> EvacuationFact:
    """Put somebody on a list. Raises NotPermitted, NotFound, EvacuationOver, EvacueeTwice."""
    require(by, "keep_shelters")
    row = await running(tx, by, evacuation_id)
    villages = await evacuations.village_codes(tx, evacuation_id)
    if told.village_code not in villages or not by.covers(told.village_code):
        raise NotFound("本次转移的村", "village of this evacuation")
    if await evacuations.is_listed(tx, evacuation_id, told.village_code, told.household, told.name):
        raise EvacueeTwice(told.name)
    one = Evacuee(evacuation_id=evacuation_id, **told.model_dump())
    tx.add(one)
    await tx.flush()
    await progressed(tx, by, row, "evacuation.added", [one], now)
    return await shown(tx, by, evacuation_id)


async def end(tx: Tx, by: Viewer, evacuation_id: int, told: EvacuationEndIn, now: datetime) -> EvacuationFact:
    """End an evacuation when everybody who was moved is home or listed missing.

    Raises NotPermitted, NotFound, EvacuationOver, NotAllBack, InvalidInput (times).
    """
    require(by, "command")
    row = await running(tx, by, evacuation_id)
    if any(not by.covers(code) for code in await evacuations.village_codes(tx, evacuation_id)):
        raise NotFound("本次转移的全部村(请由市级结束)", "evacuation with all its villages")
    tally = (await evacuations.brief(tx, evacuation_id)).tally
    if away := tally.moved - tally.home - tally.missing:
        raise NotAllBack(away, tally.moved)
    row.ended_at, _ = three_times(told.happened_at, told.told_at, now, "happened_at")
    row.ended_by, row.end_reason = by.name, told.reason
    await tx.flush()
    await _changed(tx, by, row, "evacuation.ended", now)
    return await shown(tx, by, evacuation_id)


async def running(tx: Tx, by: Viewer, evacuation_id: int) -> Evacuation:
    """Return an evacuation of the scope, locked. Raises NotFound, EvacuationOver."""
    row = await evacuations.evacuation_row(tx, by, evacuation_id)
    if row is None:
        raise NotFound("该次转移", "evacuation")
    if row.ended_at is not None:
        raise EvacuationOver
    return row


async def shown(tx: Tx, by: Viewer, evacuation_id: int) -> EvacuationFact:
    """Return an evacuation as this person sees it. Raises NotFound."""
    found = await evacuations.seen(tx, by, evacuation_id)
    if found is None:
        raise NotFound("该次转移", "evacuation")
    return found


async def _changed(tx: Tx, by: Viewer, row: Evacuation, type_: str, now: datetime) -> None:
    codes = sorted(await evacuations.village_codes(tx, row.id or 0))
    event = EvacuationChanged(
        type=type_,
        evacuation=await evacuations.brief(tx, row.id or 0),
        villages=await evacuations.names_of(tx, codes),
    )
    await _append(tx, by, row, event, codes, now)


async def progressed(
    tx: Tx,
    by: Viewer,
    row: Evacuation,
    type_: str,
    moved: Iterable[Evacuee],
    now: datetime,
    *,
    shelter_name: str = "",
    means: EvacuationMeans = "",
    why: str = "",
    told_by: str = "",
) -> None:
    """Tell how many persons of which villages went on; nobody is named."""
    people = list(moved)
    codes = sorted({one.village_code for one in people})
    event = EvacuationProgressed(
        type=type_,
        evacuation=await evacuations.brief(tx, row.id or 0),
        villages=await evacuations.names_of(tx, codes),
        count=len(people),
        shelter_name=shelter_name,
        means=means,
        why=why,
        told_by=told_by,
    )
    await _append(tx, by, row, event, codes, now)


async def _append(
    tx: Tx,
    by: Viewer,
    row: Evacuation,
    event: EvacuationChanged | EvacuationProgressed,
    codes: Iterable[str],
    now: datetime,
) -> None:
    concern = Concern(tuple(codes), restricted=row.restricted, readers=tuple(row.readers))
    await journal.append(tx, by.stream, now, [journal.Entry(event, concern, row.incident_id)], actor(by))
