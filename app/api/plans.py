"""Plans (预案): the register, versions, action cards, and which plan fits an event."""

from __future__ import annotations

import asyncio
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from app.api.attachments import ANY_FILE
from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.api.workbooks import WORKBOOK, WORKBOOK_BODY, Apply, workbook
from app.commands import RowId
from app.dispatch.attachments import vault
from app.dispatch.commands import ReasonIn
from app.org.rules.access import require
from app.refusals import NotFound
from app.response.plan.actions import cards, imports, proposing, register
from app.response.plan.commands import CardCloneIn, CardIn, CardTextIn, PlanEditIn, PlanIn, PlanVersionIn
from app.response.plan.facts import (
    PlanCardFact,
    PlanDetail,
    PlanFact,
    PlanImportOut,
    PlanPage,
    PlanProposalFact,
    PreviewFact,
)
from app.response.plan.rules.fit import KINDS, PlanKind
from app.response.plan.store import plans
from app.response.plan.store.plans import State, Wanted

router = APIRouter(prefix="/api/plans", tags=["plans"], route_class=DeskRoute)
Words = Annotated[
    str,
    Query(max_length=60, description="stand in name, owner, number or place, or spell one: fangxun, fxkh"),
]
Code = Annotated[str, Query(pattern=r"^1[1-4][A-Z][0-9]{2}$")]
Level = Annotated[int, Query(ge=1, le=4)]
Place = Annotated[str, Query(pattern=r"^\d{12}$")]
_HARMLESS = "default-src 'none'; sandbox"


@router.get("")
async def listed(
    by: By,
    tx: InTx,
    house: InHouse,
    kind: PlanKind | None = None,
    state: State = "all",
    words: Words = "",
    offset: Annotated[int, Query(ge=0, le=100_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> PlanPage:
    """Return plans of the scope and those of the county, the general one first, with the counts of all."""
    require(by, "see_desk")
    today = house.readiness.today(house.clock.now())
    found, total = await plans.listed(tx, by, Wanted(kind, state, words.strip(), offset, limit), today)
    told = await plans.counts(tx, by, today)
    return PlanPage(
        plans=found,
        found=total,
        total=told["total"],
        kinds={one: told.get(one, 0) for one in KINDS},
        expiring=told["expiring"],
        expired=told["expired"],
        carded=told["carded"],
    )


@router.post("", status_code=201)
async def enter(told: PlanIn, by: By, tx: InTx, house: InHouse) -> PlanFact:
    """Enter a plan."""
    now = house.clock.now()
    return await register.register(tx, by, told, now, house.readiness.today(now))


@router.get("/sheet.xlsx", response_class=Response, responses=WORKBOOK)
async def sheet(by: By, tx: InTx) -> Response:
    """Return the register of the scope as a sheet that can be changed and taken in again."""
    return workbook(await imports.export(tx, by), "plans")


@router.post("/sheet", openapi_extra=WORKBOOK_BODY)
async def take_sheet(
    request: Request,
    by: By,
    tx: InTx,
    house: InHouse,
    apply: Apply = False,  # noqa: FBT002
) -> PlanImportOut:
    """Say what a sheet would do, cell by cell what cannot be taken; with `apply` do it, all or nothing."""
    return await imports.import_sheet(tx, by, await request.body(), house.clock.now(), apply=apply)


@router.get("/proposals")
async def proposals(
    by: By, tx: InTx, event_code: Code, region_code: Place | None = None, level: Level | None = None
) -> list[PlanProposalFact]:
    """Return the plans that fit a kind of event, the closest first, with the reason in words."""
    return await proposing.proposed(tx, by, event_code, region_code or "", level)


@router.post("/card-check")
async def check_card(told: CardTextIn, by: By) -> PlanCardFact:
    """Read the text of a card: its tasks, or every mistake with its line; nothing is kept."""
    require(by, "see_desk")
    return await asyncio.to_thread(cards.looked_at, told.text)


@router.get("/{plan_id}")
async def one(plan_id: RowId, by: By, tx: InTx, house: InHouse, card: RowId | None = None) -> PlanDetail:
    """Return a plan with its versions and its card, the latest unless `card` names a version."""
    require(by, "see_desk")
    found = await plans.seen(tx, by, plan_id, house.readiness.today(house.clock.now()))
    if found is None:
        raise NotFound("该预案", "plan")
    row = await plans.card(tx, plan_id, card)
    return PlanDetail(
        **found.model_dump(),
        history=await plans.history(tx, plan_id),
        card=cards.shown(row) if row is not None else None,
        cards=await plans.card_versions(tx, plan_id),
        writable=by.may("command") and by.covers(found.region_code) and found.retired_at is None,
    )


@router.put("/{plan_id}")
async def amend(plan_id: RowId, told: PlanEditIn, by: By, tx: InTx, house: InHouse) -> PlanFact:
    """Change a plan, whole."""
    now = house.clock.now()
    return await register.amend(tx, by, plan_id, told, now, house.readiness.today(now))


@router.post("/{plan_id}/retirement")
async def retire(plan_id: RowId, told: ReasonIn, by: By, tx: InTx, house: InHouse) -> PlanFact:
    """Take a plan out of use; it stays readable."""
    now = house.clock.now()
    return await register.retire(tx, by, plan_id, told.reason, now, house.readiness.today(now))


@router.post("/{plan_id}/versions", status_code=201, openapi_extra=ANY_FILE)
async def issue(
    plan_id: RowId,
    request: Request,
    by: By,
    tx: InTx,
    house: InHouse,
    told: Annotated[PlanVersionIn, Query()],
) -> PlanFact:
    """Add a version; the body is its file, empty for none."""
    now, settings = house.clock.now(), house.settings
    shelf = (settings.data, settings.attachment_limit_mb)
    content = await request.body()
    return await register.issue(tx, by, plan_id, told, content, shelf, now, house.readiness.today(now))


@router.get(
    "/{plan_id}/versions/{version}/content",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}}},
)
async def content(plan_id: RowId, version: RowId, by: By, tx: InTx, house: InHouse) -> Response:
    """Return the file of a version as it was kept, proved by its hash."""
    require(by, "see_desk")
    seen = await plans.seen(tx, by, plan_id, house.readiness.today(house.clock.now()))
    held = await plans.version(tx, plan_id, version) if seen else None
    found = None
    if held is not None and held.sha256:
        found = await asyncio.to_thread(vault.read, house.settings.data, held.sha256)
    if held is None or found is None:
        raise NotFound("该版本的文件", "file of this version")
    disposition = f"attachment; filename*=UTF-8''{quote(held.file_name, safe='')}"
    return Response(
        found,
        media_type=held.media_type,
        headers={"Content-Disposition": disposition, "Content-Security-Policy": _HARMLESS},
    )


@router.put("/{plan_id}/card")
async def write_card(plan_id: RowId, told: CardIn, by: By, tx: InTx, house: InHouse) -> PlanFact:
    """Write the next version of its card."""
    now = house.clock.now()
    return await cards.write(tx, by, plan_id, told, now, house.readiness.today(now))


@router.post("/{plan_id}/card/clone")
async def clone_card(plan_id: RowId, told: CardCloneIn, by: By, tx: InTx, house: InHouse) -> PlanFact:
    """Take the card of another plan as the next version of its own."""
    now = house.clock.now()
    return await cards.clone(tx, by, plan_id, told, now, house.readiness.today(now))


@router.get("/{plan_id}/preview")
async def preview(
    plan_id: RowId,
    by: By,
    tx: InTx,
    house: InHouse,
    level: Level,
    region_codes: Annotated[list[str] | None, Query(max_length=100)] = None,
    run_id: RowId | None = None,
) -> PreviewFact:
    """Return what its card orders at a level, to whom really now; of a card in force what would change."""
    now = house.clock.now()
    areas = [code for code in region_codes or [] if code.isdigit() and len(code) == 12]
    return await proposing.preview(tx, by, plan_id, level, areas, now, house.readiness.today(now), run_id)
