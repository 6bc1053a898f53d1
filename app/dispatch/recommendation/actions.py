"""Station teams away from home and call them back; keep the list of who helps from outside."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.db import Tx
from app.dispatch.actions.permission import actor, require
from app.dispatch.recommendation.commands import DeployIn, PartnerIn
from app.dispatch.recommendation.events import PartnerChanged, TeamStationed
from app.dispatch.recommendation.facts import DeploymentFact, PartnerFact
from app.dispatch.recommendation.store import outside
from app.dispatch.recommendation.tables import ForwardDeployment, MutualAidPartner
from app.dispatch.store import teams
from app.journal import store as journal
from app.org import store as org
from app.org.rules.access import Concern, Viewer, require_for_county
from app.org.tables import Team
from app.refusals import FieldFault, InvalidInput, NotFound, Refusal


class AlreadyStationed(Refusal):
    """The team stands by away from home already."""

    code = "already_stationed"

    def __init__(self, team: str, where: str) -> None:
        super().__init__(
            f"{team}已在{where}驻防,请先召回", f"{team} is stationed at {where} already: call it back first"
        )


class NotStationed(Refusal):
    """The team is at home."""

    code = "not_stationed"

    def __init__(self, team: str) -> None:
        super().__init__(f"{team}没有在外驻防,无需召回", f"{team} is at home: there is nothing to call back")


async def deploy(tx: Tx, by: Viewer, team_id: int, told: DeployIn, now: datetime) -> DeploymentFact:
    """Station a team away from home. Raises AlreadyStationed, InvalidInput, NotFound, NotPermitted."""
    team = await _team_for(tx, by, team_id)
    place = await org.region(tx, told.region_code)
    if place is None or not told.region_code.startswith(by.stream):
        raise InvalidInput(FieldFault("region_code", "没有这个地区", "no such place"))
    if told.until is not None and told.until <= now:
        raise InvalidInput(FieldFault("until", "归队时间须在现在之后", "it must end after now"))
    if held := await outside.standing(tx, team_id):
        raise AlreadyStationed(team.name_zh, held.place)
    row = ForwardDeployment(
        stream=by.stream,
        team_id=team_id,
        kind=told.kind,
        region_code=told.region_code,
        place=told.place or place.name_zh,
        lon=place.lon if told.lon is None else told.lon,
        lat=place.lat if told.lat is None else told.lat,
        reason=told.reason,
        starts_at=now,
        ends_at=told.until,
        ordered_by=by.name,
        ordered_at=now,
    )
    tx.add(row)
    await tx.flush()
    return await _tell(tx, by, row, team, "team.stationed", now)


async def call_back(tx: Tx, by: Viewer, team_id: int, now: datetime) -> DeploymentFact:
    """Let a team come home. Raises NotStationed, NotFound, NotPermitted."""
    team = await _team_for(tx, by, team_id)
    row = await outside.standing(tx, team_id)
    if row is None:
        raise NotStationed(team.name_zh)
    row.ended_by, row.ended_at = by.name, now
    await tx.flush()
    return await _tell(tx, by, row, team, "team.returned_home", now)


async def _team_for(tx: Tx, by: Viewer, team_id: int) -> Team:
    require(by, "command")
    team = await teams.locked(tx, by.stream, team_id)
    if team is None or not by.covers(team.region_code):
        raise NotFound("该队伍", "team")
    return team


async def _tell(
    tx: Tx,
    by: Viewer,
    row: ForwardDeployment,
    team: Team,
    what: Literal["team.stationed", "team.returned_home"],
    now: datetime,
) -> DeploymentFact:
    assert row.id is not None and team.id is not None
    fact = await outside.deployment(tx, by.stream, row.id)
    event = TeamStationed(type=what, team=await teams.fact(tx, team.id), deployment=fact)
    concern = Concern((team.region_code,), (team.id,))
    await journal.append(tx, by.stream, now, [journal.Entry(event, concern)], actor(by))
    return fact


async def register_partner(tx: Tx, by: Viewer, told: PartnerIn, now: datetime) -> PartnerFact:
    """Enter somebody who helps from outside. Raises NotPermitted."""
    require_for_county(by, "manage_people")
    row = MutualAidPartner(stream=by.stream, **told.model_dump())
    tx.add(row)
    return await _tell_partner(tx, by, row, "partner.registered", now)


async def amend_partner(tx: Tx, by: Viewer, partner_id: int, told: PartnerIn, now: datetime) -> PartnerFact:
    """Write an entry anew; a retired one helps again. Raises NotFound, NotPermitted."""
    row = await _partner_for(tx, by, partner_id)
    for name, value in told.model_dump().items():
        setattr(row, name, value)
    row.active = True
    return await _tell_partner(tx, by, row, "partner.amended", now)


async def retire_partner(tx: Tx, by: Viewer, partner_id: int, now: datetime) -> PartnerFact:
    """Let somebody help no more; the entry stays. Raises NotFound, NotPermitted."""
    row = await _partner_for(tx, by, partner_id)
    row.active = False
    return await _tell_partner(tx, by, row, "partner.retired", now)


async def _partner_for(tx: Tx, by: Viewer, partner_id: int) -> MutualAidPartner:
    require_for_county(by, "manage_people")
    row = await outside.partner_row(tx, by.stream, partner_id)
    if row is None:
        raise NotFound("该增援单位", "partner")
    return row


async def _tell_partner(
    tx: Tx,
    by: Viewer,
    row: MutualAidPartner,
    what: Literal["partner.registered", "partner.amended", "partner.retired"],
    now: datetime,
) -> PartnerFact:
    await tx.flush()
    fact = PartnerFact.model_validate(row, from_attributes=True)
    concern = Concern((f"{by.stream}000000",))
    entry = journal.Entry(PartnerChanged(type=what, partner=fact), concern)
    await journal.append(tx, by.stream, now, [entry], actor(by))
    return fact
