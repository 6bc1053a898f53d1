"""The register of forces (力量): teams, equipment and its readiness, experts and their calls, the sheets."""

from __future__ import annotations

import asyncio
from typing import Annotated, TypeVar

from fastapi import APIRouter, Query, Request, Response

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.api.workbooks import WORKBOOK, WORKBOOK_BODY, Apply, workbook
from app.commands import RowId
from app.dispatch.forces import equipment_sheet, expert_sheet
from app.dispatch.forces.actions import calls, equipment, experts, imports, teams
from app.dispatch.forces.commands import (
    EquipmentIn,
    EquipmentPut,
    ExpertCallIn,
    ExpertIn,
    ExpertPut,
    ForceTeamIn,
    ForceTeamPut,
    ReadinessIn,
    RetireIn,
)
from app.dispatch.forces.facts import (
    EquipmentFact,
    EquipmentPage,
    ExpertCallFact,
    ExpertFact,
    ForceImportOut,
    ForceTeamFact,
)
from app.dispatch.forces.rules.kinds import EquipmentKind, Readiness, Sector
from app.dispatch.forces.store import equipment as pieces
from app.dispatch.forces.store import experts as knowers
from app.dispatch.forces.store import teams as crews
from app.dispatch.forces.store.equipment import WantedEquipment
from app.org.rules.access import require
from app.refusals import NotFound
from app.sheets import MAX_ROWS

F = TypeVar("F")
MOST_EXPERTS_TOLD = 500
router = APIRouter(prefix="/api", tags=["force register"], route_class=DeskRoute)

Words = Annotated[str, Query(max_length=40)]
Prefix = Annotated[str, Query(pattern=r"^\d{0,12}$")]
Retired = Annotated[bool, Query(description="also what is out of use")]


def _there(found: F | None, what_zh: str, what_en: str) -> F:
    if found is None:
        raise NotFound(what_zh, what_en)
    return found


@router.get("/teams")
async def listed_teams(by: By, tx: InTx, house: InHouse) -> list[ForceTeamFact]:
    """Return the teams of the scope, retired ones last, with what their equipment lets them bring."""
    require(by, "see_desk")
    return await crews.facts(tx, by.stream, by.scope, house.forces.equipment)


@router.post("/teams", status_code=201)
async def enter_team(told: ForceTeamIn, by: By, tx: InTx, house: InHouse) -> ForceTeamFact:
    """Enter a team."""
    return await teams.register(tx, by, told, house.clock.now(), house.forces.equipment)


@router.get("/teams/{team_id}")
async def one_team(team_id: RowId, by: By, tx: InTx, house: InHouse) -> ForceTeamFact:
    """Return one team as it stands now."""
    require(by, "see_desk")
    found = await crews.seen(tx, by.stream, by.scope, team_id, house.forces.equipment)
    return _there(found, "该队伍", "team")


@router.put("/teams/{team_id}")
async def amend_team(team_id: RowId, told: ForceTeamPut, by: By, tx: InTx, house: InHouse) -> ForceTeamFact:
    """Write a team anew; 409 if somebody changed it since it was read."""
    return await teams.amend(tx, by, team_id, told, house.clock.now(), house.forces.equipment)


@router.post("/teams/{team_id}/retire")
async def retire_team(team_id: RowId, told: RetireIn, by: By, tx: InTx, house: InHouse) -> ForceTeamFact:
    """Take a team out of service; one that is out, promised or stationed away is not."""
    return await teams.retire(tx, by, team_id, told.revision, house.clock.now(), house.forces.equipment)


@router.get("/equipment")
async def listed_equipment(
    by: By,
    tx: InTx,
    text: Words = "",
    region: Prefix = "",
    kind: EquipmentKind | None = None,
    readiness: Readiness | None = None,
    team_id: RowId | None = None,
    unit_id: RowId | None = None,
    retired: Retired = False,  # noqa: FBT002
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 200,
) -> EquipmentPage:
    """Return equipment of the scope, what is not ready first."""
    require(by, "see_desk")
    wanted = WantedEquipment(
        by.stream,
        by.scope,
        region,
        kind or "",
        readiness or "",
        team_id,
        unit_id,
        text.strip(),
        retired=retired,
    )
    total, found = await pieces.page(tx, wanted, offset, limit)
    return EquipmentPage(total=total, equipment=found)


@router.get("/equipment/export.xlsx", response_class=Response, responses=WORKBOOK)
async def export_equipment(by: By, tx: InTx) -> Response:
    """Return the equipment of the scope as an Excel sheet, which can be changed and imported again."""
    require(by, "see_desk")
    _, found = await pieces.page(tx, WantedEquipment(by.stream, by.scope), 0, 4 * MAX_ROWS)
    return workbook(await asyncio.to_thread(equipment_sheet.write_sheet, found), "equipment")


@router.post("/equipment/import", openapi_extra=WORKBOOK_BODY)
async def import_equipment(
    request: Request,
    by: By,
    tx: InTx,
    house: InHouse,
    apply: Apply = False,  # noqa: FBT002
) -> ForceImportOut:
    """Take a sheet (the body, xlsx up to 2 MiB and 5,000 rows) into the register: all of it or nothing."""
    data = await request.body()
    return await imports.import_equipment(tx, by, data, house.clock.now(), apply=apply)


@router.post("/equipment", status_code=201)
async def enter_equipment(told: EquipmentIn, by: By, tx: InTx, house: InHouse) -> EquipmentFact:
    """Enter a piece of equipment."""
    return await equipment.register(tx, by, told, house.clock.now())


@router.get("/equipment/{equipment_id}")
async def one_piece(equipment_id: RowId, by: By, tx: InTx) -> EquipmentFact:
    """Return one piece as it stands now."""
    require(by, "see_desk")
    return _there(await pieces.seen(tx, by.stream, by.scope, equipment_id), "该装备", "piece of equipment")


@router.put("/equipment/{equipment_id}")
async def amend_equipment(
    equipment_id: RowId, told: EquipmentPut, by: By, tx: InTx, house: InHouse
) -> EquipmentFact:
    """Write a piece anew; 409 if somebody changed it since it was read."""
    return await equipment.amend(tx, by, equipment_id, told, house.clock.now())


@router.post("/equipment/{equipment_id}/readiness")
async def set_readiness(
    equipment_id: RowId, told: ReadinessIn, by: By, tx: InTx, house: InHouse
) -> EquipmentFact:
    """Say how ready a piece is, since when and why."""
    return await equipment.set_readiness(tx, by, equipment_id, told, house.clock.now())


@router.post("/equipment/{equipment_id}/retire")
async def retire_equipment(
    equipment_id: RowId, told: RetireIn, by: By, tx: InTx, house: InHouse
) -> EquipmentFact:
    """Take a piece out of use."""
    return await equipment.retire(tx, by, equipment_id, told.revision, house.clock.now())


@router.get("/experts")
async def listed_experts(
    by: By,
    tx: InTx,
    text: Words = "",
    sector: Sector | None = None,
    retired: Retired = False,  # noqa: FBT002
) -> list[ExpertFact]:
    """Return experts of the scope and of the county by sector and words, at most 500."""
    require(by, "see_desk")
    return await knowers.found(
        tx, by.stream, by.scope, sector or "", text.strip(), MOST_EXPERTS_TOLD, retired=retired
    )


@router.get("/experts/export.xlsx", response_class=Response, responses=WORKBOOK)
async def export_experts(by: By, tx: InTx) -> Response:
    """Return the experts of the scope as an Excel sheet, which can be changed and imported again."""
    require(by, "see_desk")
    found = await knowers.found(tx, by.stream, by.scope, "", "", MAX_ROWS, retired=False)
    return workbook(await asyncio.to_thread(expert_sheet.write_sheet, found), "experts")


@router.post("/experts/import", openapi_extra=WORKBOOK_BODY)
async def import_experts(
    request: Request,
    by: By,
    tx: InTx,
    house: InHouse,
    apply: Apply = False,  # noqa: FBT002
) -> ForceImportOut:
    """Take a sheet (the body, xlsx up to 2 MiB and 5,000 rows) into the register: all of it or nothing."""
    data = await request.body()
    return await imports.import_experts(tx, by, data, house.clock.now(), apply=apply)


@router.post("/experts", status_code=201)
async def enter_expert(told: ExpertIn, by: By, tx: InTx, house: InHouse) -> ExpertFact:
    """Enter an expert."""
    return await experts.register(tx, by, told, house.clock.now())


@router.get("/experts/{expert_id}")
async def one_expert(expert_id: RowId, by: By, tx: InTx) -> ExpertFact:
    """Return one expert as the entry stands now."""
    require(by, "see_desk")
    return _there(await knowers.seen(tx, by.stream, by.scope, expert_id), "该专家", "expert")


@router.put("/experts/{expert_id}")
async def amend_expert(expert_id: RowId, told: ExpertPut, by: By, tx: InTx, house: InHouse) -> ExpertFact:
    """Write an expert anew; 409 if somebody changed the entry since it was read."""
    return await experts.amend(tx, by, expert_id, told, house.clock.now())


@router.post("/experts/{expert_id}/retire")
async def retire_expert(expert_id: RowId, told: RetireIn, by: By, tx: InTx, house: InHouse) -> ExpertFact:
    """Call an expert no more."""
    return await experts.retire(tx, by, expert_id, told.revision, house.clock.now())


@router.get("/incidents/{incident_id}/expert-calls")
async def calls_of_incident(incident_id: RowId, by: By, tx: InTx) -> list[ExpertCallFact]:
    """Return the experts that were called for an incident, the newest call first."""
    return await calls.of_incident(tx, by, incident_id)


@router.post("/incidents/{incident_id}/expert-calls", status_code=201)
async def call_expert(
    incident_id: RowId, told: ExpertCallIn, by: By, tx: InTx, house: InHouse
) -> ExpertCallFact:
    """Write down that an expert was called for an incident, and what he said; it stands in its log."""
    return await calls.call_in(tx, by, incident_id, told, house.clock.now())
