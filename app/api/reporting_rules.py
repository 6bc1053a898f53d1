"""The county's rules of reporting: versions, what they say, how they differ, what they would have asked."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import RowId
from app.reporting.rulebook.actions import reading, trying, versions
from app.reporting.rulebook.commands import (
    FileOrVersion,
    RulesDraftIn,
    RulesDropIn,
    RulesLimitsIn,
    RulesPublishIn,
    RulesTextIn,
    RulesTryIn,
)
from app.reporting.rulebook.facts import (
    RulesBrief,
    RulesDifference,
    RulesList,
    RulesReading,
    RulesTrial,
    RulesVersion,
)

router = APIRouter(prefix="/api/reporting/rules", tags=["reporting"], route_class=DeskRoute)


@router.get("")
async def listed(by: By, tx: InTx, house: InHouse) -> RulesList:
    """Return the county's versions, the newest first, and which of them holds."""
    return await versions.listed(tx, by, house.reporting, house.clock.now())


@router.post("", status_code=201)
async def draft(told: RulesDraftIn, by: By, tx: InTx, house: InHouse) -> RulesBrief:
    """Keep a draft; a text with mistakes is refused with all of them, each at its line."""
    return await versions.draft(tx, by, house.reporting, told, house.clock.now())


@router.get("/diff")
async def difference(
    before: Annotated[FileOrVersion, Query()],
    after: Annotated[FileOrVersion, Query()],
    by: By,
    tx: InTx,
    house: InHouse,
) -> RulesDifference:
    """Return how two versions differ, rule by rule and field by field, in words; 0 is the file."""
    return await reading.difference(tx, by, house.reporting, before, after)


@router.post("/check")
async def check(told: RulesTextIn, by: By, house: InHouse) -> RulesReading:
    """Return what a text says, or all its mistakes; nothing is kept."""
    return await reading.check(by, house.reporting, told.text)


@router.post("/limits")
async def limits(told: RulesLimitsIn, by: By, house: InHouse) -> RulesReading:
    """Return a text with limits written into it; nothing is kept."""
    return await reading.set_limits(by, house.reporting, told)


@router.post("/try")
async def try_rules(told: RulesTryIn, by: By, tx: InTx, house: InHouse) -> RulesTrial:
    """Return what would have been due of recorded incidents by other rules, beside those in force."""
    return await trying.try_rules(tx, by, house.reporting, told, house.clock.now())


@router.get("/{rules_id}")
async def version(rules_id: FileOrVersion, by: By, tx: InTx, house: InHouse) -> RulesVersion:
    """Return a version with its text and what it says; 0 is the file."""
    return await reading.version(tx, by, house.reporting, rules_id)


@router.put("/{rules_id}")
async def edit(rules_id: RowId, told: RulesDraftIn, by: By, tx: InTx, house: InHouse) -> RulesBrief:
    """Change a draft at the revision that was read."""
    return await versions.edit(tx, by, house.reporting, rules_id, told, house.clock.now())


@router.post("/{rules_id}/publish")
async def publish(rules_id: RowId, told: RulesPublishIn, by: By, tx: InTx, house: InHouse) -> RulesBrief:
    """Let a draft hold from an instant on, on every node; of two who publish at once the second is told."""
    return await versions.publish(tx, by, house.reporting, rules_id, told, house.clock.now())


@router.post("/{rules_id}/drop")
async def drop(rules_id: RowId, told: RulesDropIn, by: By, tx: InTx, house: InHouse) -> RulesBrief:
    """Drop a draft; a leader also withdraws, with a reason, a publication that does not hold yet."""
    return await versions.drop(tx, by, rules_id, told, house.clock.now())
