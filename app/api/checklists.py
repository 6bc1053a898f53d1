"""Readiness checklists (八有、五有): how every station and village stands, and the evidence behind it."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Path, Query

from app.api.house import By, House, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import RowId
from app.db import Tx
from app.devices.kit.survey import survey
from app.duty.checklist import actions, board
from app.duty.checklist.commands import ChecklistEvidenceIn, ChecklistRevocationIn
from app.duty.checklist.facts import ChecklistDetailFact, ChecklistEvidenceFact, ChecklistsFact
from app.org.rules.access import Viewer, require
from app.refusals import NotFound

router = APIRouter(prefix="/api/checklists", tags=["readiness"], route_class=DeskRoute)
Place = Annotated[str, Path(pattern=r"^\d{12}$")]
Prefix = Annotated[str, Query(pattern=r"^(\d{6}|\d{9}|\d{12})?$")]


async def _asked(tx: Tx, by: Viewer, house: House, scope: str) -> board.Asked:
    require(by, "see_desk")
    # Whoever asks for more than the own scope gets the own scope; whoever asks beside it, nothing.
    if not (scope.startswith(by.scope) or by.scope.startswith(scope)):
        raise NotFound("这个地方", "place")
    scope = max(scope, by.scope, key=len)
    now = house.clock.now()
    found = await survey(tx, by.stream, scope, now)
    kit = {one.region_code: one.verdict for one in found.stations if one.team_id is None}
    return board.Asked(by.stream, scope, house.checklists, kit, now, house.settings.zone)


@router.get("")
async def checklists(by: By, tx: InTx, house: InHouse, region: Prefix = "") -> ChecklistsFact:
    """Return the checklists, and how each township of the scope (or of `region`) and its villages stand."""
    return await board.board(tx, await _asked(tx, by, house, _bare(region)))


@router.get("/{region_code}")
async def checklist(region_code: Place, by: By, tx: InTx, house: InHouse) -> ChecklistDetailFact:
    """Return a place with its villages, and all evidence ever given for them."""
    if not by.covers(region_code):
        raise NotFound("这个地方", "place")
    return await board.detail(tx, await _asked(tx, by, house, _bare(region_code)), region_code)


@router.post("/{region_code}/evidence", status_code=201)
async def give_evidence(
    region_code: Place, told: ChecklistEvidenceIn, by: By, tx: InTx, house: InHouse
) -> ChecklistEvidenceFact:
    """Tick an item that is not computed, with what was seen; it holds as long as the checklist says."""
    now = house.clock.now()
    today = now.astimezone(house.settings.zone).date()
    return await actions.give(tx, by, region_code, told, house.checklists, now, today)


@router.post("/evidence/{evidence_id}/revocation", status_code=201)
async def revoke_evidence(
    evidence_id: RowId, told: ChecklistRevocationIn, by: By, tx: InTx, house: InHouse
) -> ChecklistEvidenceFact:
    """Say that evidence no longer holds, and why; it stays in the history."""
    return await actions.revoke(tx, by, evidence_id, told, house.checklists, house.clock.now())


def _bare(code: str) -> str:
    """Return the prefix that a place's code covers: a township's nine digits, a county's six."""
    return re.sub(r"(000){1,2}$", "", code)
