"""The lists are ticked: who was moved, who refuses, who was ticked in error, who is home again.

Each is idempotent: who is already where the tick puts them is left as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from app.commands import Told
from app.db import Tx
from app.org.rules.access import Viewer, require
from app.refusals import FieldFault, InvalidInput, NotFound
from app.shelters.actions.evacuations import progressed, running, shown
from app.shelters.actions.shelters import watch
from app.shelters.commands import (
    EvacuationRefusalIn,
    EvacueeCorrectionIn,
    EvacueeReturnIn,
    EvacueeTickIn,
)
from app.shelters.evacuation_facts import EvacuationFact
from app.shelters.refusals import NotMovedYet, ShelterIsClosed
from app.shelters.store import evacuations, shelters
from app.shelters.tables import Evacuation, Evacuee
from app.times import three_times


async def tick(tx: Tx, by: Viewer, evacuation_id: int, told: EvacueeTickIn, now: datetime) -> EvacuationFact:
    """Tick persons as moved; who was moved already stays as ticked first.

    Raises NotPermitted, NotFound (evacuation, person, shelter), EvacuationOver, ShelterIsClosed,
    InvalidInput (times).
    """
    require(by, "keep_shelters")
    row, people = await _chosen(tx, by, evacuation_id, told.people)
    opening_id, name = await _goal(tx, by, evacuation_id, told.shelter_id)
    fresh = [one for one in people if one.state != "moved"]
    for one in fresh:
        _state(one, "moved", told, by, now)
        one.opening_id, one.means = opening_id, told.means
    await tx.flush()
    if fresh:
        await progressed(
            tx, by, row, "evacuation.moved", fresh, now,
            shelter_name=name, means=told.means, told_by=told.voucher,
        )  # fmt: skip
        if told.shelter_id is not None:
            await watch(tx, by, told.shelter_id, now)
    return await shown(tx, by, evacuation_id)


async def refuse(
    tx: Tx, by: Viewer, evacuation_id: int, told: EvacuationRefusalIn, now: datetime
) -> EvacuationFact:
    """Enter who refuses, with evidence. Raises as `tick`; who was moved cannot refuse any more."""
    require(by, "keep_shelters")
    row, people = await _chosen(tx, by, evacuation_id, told.people)
    if any(one.state == "moved" for one in people):
        raise InvalidInput(
            FieldFault(
                "people",
                "所选人员中有已转移的,请先撤销误登再登记拒绝",
                "somebody of them was moved: set that back first",
            )
        )
    for one in people:
        _state(one, "refused", told, by, now)
        one.reason, one.witness, one.attachment = told.reason, told.witness, told.attachment
    await tx.flush()
    await progressed(tx, by, row, "evacuation.refused", people, now, why=told.reason, told_by=told.witness)
    return await shown(tx, by, evacuation_id)


async def correct(
    tx: Tx, by: Viewer, evacuation_id: int, told: EvacueeCorrectionIn, now: datetime
) -> EvacuationFact:
    """Set persons back to waiting who were ticked in error. Raises as `tick`."""
    require(by, "keep_shelters")
    row, people = await _chosen(tx, by, evacuation_id, told.people)
    wrong = [one for one in people if one.state != "waiting"]
    for one in wrong:
        _state(one, "waiting", Told(), by, now)
        one.back = one.back_note = one.back_entered_by = ""
        one.back_at = one.back_told_at = one.back_entered_at = None
    await tx.flush()
    if wrong:
        await progressed(tx, by, row, "evacuation.corrected", wrong, now, why=told.reason)
    return await shown(tx, by, evacuation_id)


async def bring_back(
    tx: Tx, by: Viewer, evacuation_id: int, told: EvacueeReturnIn, now: datetime
) -> EvacuationFact:
    """Enter who is home again, or missing. Raises as `tick`, NotMovedYet."""
    require(by, "keep_shelters")
    row, people = await _chosen(tx, by, evacuation_id, told.people)
    if waiting := sum(one.state != "moved" for one in people):
        raise NotMovedYet(waiting)
    back_at, told_at = three_times(told.happened_at, told.told_at, now, "happened_at")
    fresh = [one for one in people if one.back != told.back]
    for one in fresh:
        one.back, one.back_note, one.back_entered_by = told.back, told.note, by.name
        one.back_at, one.back_told_at, one.back_entered_at = back_at, told_at, now
    await tx.flush()
    if fresh:
        type_ = "evacuation.returned" if told.back == "home" else "evacuation.missing"
        await progressed(tx, by, row, type_, fresh, now, why=told.note, told_by=told.voucher)
    return await shown(tx, by, evacuation_id)


async def _chosen(
    tx: Tx, by: Viewer, evacuation_id: int, ids: Sequence[int]
) -> tuple[Evacuation, list[Evacuee]]:
    row = await running(tx, by, evacuation_id)
    wanted = sorted(set(ids))
    people = await evacuations.evacuee_rows(tx, evacuation_id, by.scope, wanted)
    if len(people) != len(wanted):
        raise NotFound("名单中的人员", "person on the list")
    return row, people


async def _goal(tx: Tx, by: Viewer, evacuation_id: int, shelter_id: int | None) -> tuple[int | None, str]:
    """Return the opening and the name of the shelter people were moved to.

    It lies in the scope, or the order sends a village of the scope there.
    """
    if shelter_id is None:
        return None, ""
    goals = await evacuations.goals(tx, evacuation_id, by.scope)
    who = replace(by, scope="") if shelter_id in goals else by
    shelter = await shelters.shelter_row(tx, who, shelter_id)
    if shelter is None:
        raise NotFound("该避难场所", "shelter")
    opening = await shelters.opening_row(tx, shelter_id)
    if opening is None:
        raise ShelterIsClosed(shelter.name_zh)
    return opening.id, shelter.name_zh


def _state(one: Evacuee, state: str, told: Told, by: Viewer, now: datetime) -> None:
    happened_at, told_at = three_times(told.happened_at, told.told_at, now, "happened_at")
    one.state, one.entered_at, one.entered_by = state, now, by.name
    one.happened_at, one.told_at = happened_at, told_at
    one.channel, one.voucher = told.channel, told.voucher
    one.opening_id, one.means = None, ""
    one.reason = one.witness = one.attachment = ""
