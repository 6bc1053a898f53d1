"""Spot checks (点名抽查): drawn, called, judged, finished; the call over the app and its one tap."""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import APIRouter, Query

from app.api.house import By, House, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import RowId
from app.db import Tx
from app.desk.log.standing import standing
from app.duty.spot_check import on_post
from app.duty.spot_check.actions import campaign, finding, sent
from app.duty.spot_check.actions.access import own_desk, require_at_centre
from app.duty.spot_check.commands import LeaderIn, MethodIn, ResultIn, SpotCheckIn
from app.duty.spot_check.facts import (
    ColleagueFact,
    LogSeen,
    SpotCheckDetail,
    SpotCheckFact,
    SpotFindingFact,
    SpotPromptFact,
)
from app.duty.spot_check.store import campaigns, findings
from app.org.rules.access import Viewer, require
from app.refusals import NotFound

router = APIRouter(prefix="/api/spot-checks", tags=["spot checks"], route_class=DeskRoute)
Limit = Annotated[int, Query(ge=1, le=200)]


@router.post("", status_code=201)
async def open_check(told: SpotCheckIn, by: By, tx: InTx, house: InHouse) -> SpotCheckFact:
    """Draw n of the pool's posts; the same seed and pool give the same posts again."""
    seed = told.seed or secrets.token_hex(4)
    return await campaign.open_check(
        tx, by, told, seed, house.clock.now(), house.settings.zone, house.scoring
    )


@router.get("")
async def listed(by: By, tx: InTx, limit: Limit = 50) -> list[SpotCheckFact]:
    """Return the last checks; a township sees those that called it or whose circular it got."""
    require(by, "see_desk")
    return await campaigns.latest(tx, by.stream, by.scope, limit)


@router.get("/prompts")
async def prompts(by: By, tx: InTx) -> list[SpotPromptFact]:
    """Return the calls over the app that wait for my tap: of my desk, or where I am on duty."""
    return [
        prompt
        for prompt, region_code, on_duty in await findings.ringing_apps(tx, by.stream)
        if by.person_id in on_duty or own_desk(by, region_code)
    ]


@router.get("/{spot_check_id}")
async def one(spot_check_id: RowId, by: By, tx: InTx, house: InHouse) -> SpotCheckDetail:
    """Return a check with its findings; whom is not called yet stands beside its roster of now."""
    require(by, "see_desk")
    told = await campaigns.fact(tx, by.stream, by.scope, spot_check_id)
    if told is None:
        raise NotFound("该次抽查", "spot check")
    rows = await findings.listed(tx, by.stream, by.scope, spot_check_id)
    now = await on_post.rosters(tx, by.stream, house.clock.now())
    rows = [
        row.model_copy(update={"roster": now.get(row.post_id, [])}) if row.state == "waiting" else row
        for row in rows
    ]
    pool = await campaigns.pool_of(tx, spot_check_id) if by.stream.startswith(by.scope) else []
    return SpotCheckDetail(**dict(told), pool=pool, findings=rows)


@router.post("/{spot_check_id}/finish")
async def finish(spot_check_id: RowId, by: By, tx: InTx, house: InHouse) -> SpotCheckFact:
    """End a check: every failure has to be put right in 24 hours."""
    return await campaign.finish(tx, by, spot_check_id, house.clock.now(), house.scoring)


@router.post("/{spot_check_id}/cancel")
async def cancel(spot_check_id: RowId, by: By, tx: InTx, house: InHouse) -> SpotCheckFact:
    """Call a check off: nothing it found counts."""
    return await campaign.cancel(tx, by, spot_check_id, house.clock.now())


@router.get("/findings/{finding_id}/people")
async def people(finding_id: RowId, by: By, tx: InTx) -> list[ColleagueFact]:
    """Return the people of the post's unit, for naming who answered."""
    require_at_centre(by)
    (row,) = await _finding(tx, by, finding_id)
    return await findings.colleagues(tx, by.stream, row.post_id)


@router.put("/findings/{finding_id}/method")
async def set_method(finding_id: RowId, told: MethodIn, by: By, tx: InTx, house: InHouse) -> SpotFindingFact:
    """Check a post by another means, before it is called."""
    return await finding.set_method(tx, by, finding_id, told, house.clock.now())


@router.post("/findings/{finding_id}/call")
async def call(finding_id: RowId, by: By, tx: InTx, house: InHouse) -> SpotFindingFact:
    """Begin to call a post: its clock runs; over the app those on duty are prompted."""
    return await finding.call(tx, by, finding_id, house.clock.now(), house.settings.zone)


@router.post("/findings/{finding_id}/send")
async def send(finding_id: RowId, by: By, tx: InTx, house: InHouse) -> SpotFindingFact:
    """Call a post through its own device: radio text, satellite phone text, Beidou message.

    A text back that says 到 or the code is the answer; else the device's receipt, when the time is over.
    """
    return await sent.send(tx, by, finding_id, house.clock.now(), house.settings.zone)


@router.get("/findings/{finding_id}/log")
async def log_of(finding_id: RowId, by: By, tx: InTx, house: InHouse) -> LogSeen | None:
    """Return how complete the post's log in the system is, null where it keeps none here."""
    require_at_centre(by)
    (row,) = await _finding(tx, by, finding_id)
    return await _log_of(tx, by, house, row)


@router.post("/findings/{finding_id}/result")
async def record(finding_id: RowId, told: ResultIn, by: By, tx: InTx, house: InHouse) -> SpotFindingFact:
    """Note what came of the call; after no answer it is called again five minutes later, once.

    Whether the log is complete is read from the post's log in the system; typed where it keeps none here.
    """
    require_at_centre(by)
    (row,) = await _finding(tx, by, finding_id)
    log = await _log_of(tx, by, house, row)
    return await finding.record(tx, by, finding_id, told, house.clock.now(), house.scoring.limits, log)


@router.post("/findings/{finding_id}/leader")
async def note_leader(finding_id: RowId, told: LeaderIn, by: By, tx: InTx, house: InHouse) -> SpotFindingFact:
    """Note whether the leader in charge was reached, and where he is."""
    return await finding.note_leader(tx, by, finding_id, told, house.clock.now(), house.scoring.limits)


@router.post("/findings/{finding_id}/tap")
async def tap(finding_id: RowId, by: By, tx: InTx, house: InHouse) -> SpotFindingFact:
    """Answer a call over the app; the server measures the seconds."""
    return await finding.tap(tx, by, finding_id, house.clock.now(), house.scoring.limits)


async def _log_of(tx: Tx, by: Viewer, house: House, row: SpotFindingFact) -> LogSeen | None:
    """Read the log as it stood when the post was called last."""
    settings = house.settings
    at = row.attempts[-1].called_at if row.attempts else house.clock.now()
    return await standing(tx, by.stream, row.post_id, at, settings.zone, settings.log_number_prefix)


async def _finding(tx: Tx, by: Viewer, finding_id: int) -> list[SpotFindingFact]:
    rows = await findings.listed(tx, by.stream, by.scope, finding_id=finding_id)
    if not rows:
        raise NotFound("该抽查岗位", "finding")
    return rows
