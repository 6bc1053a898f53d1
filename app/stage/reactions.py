"""The reaction times of the demo: the orders of the past four weeks, some answered well and some late."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import insert
from sqlmodel import col, select

from app.db import Database, Tx
from app.dispatch.rules.numbering import day_of, incident_number
from app.dispatch.settings import DispatchRules
from app.dispatch.tables import Assignment, Incident, IncidentNumber
from app.org.tables import Team
from app.stage.seed import STREAM

DAYS = 28
SEED = 28
KINDS = ("fire_rescue", "professional_forest_fire", "medical", "semi_pro", "village_detachment")
TEAMS_OF_A_KIND = 4
TITLES = ("居民房屋火情", "山体滑坡险情", "溪水上涨被困", "交通事故救援", "林区火情")
CODE, SCHEME, LEVEL = "12Y00", "CN-EVENT-5", 4


async def past_orders(database: Database, rules: DispatchRules, zone: ZoneInfo, now: datetime) -> None:
    """Write two closed incidents a day with one order each, up to yesterday."""
    pick = random.Random(SEED)  # noqa: S311  the demo is the same every time
    async with database.transaction() as tx:
        found = await tx.execute(
            select(Team).where(col(Team.dispatchable), col(Team.kind).in_(KINDS)).order_by(col(Team.id))
        )
        every = list(found.scalars())
        teams = [t for kind in KINDS for t in [one for one in every if one.kind == kind][:TEAMS_OF_A_KIND]]
        for back in range(DAYS, 0, -1):
            local = (now - timedelta(days=back)).astimezone(zone)
            starts = [
                local.replace(hour=hour, minute=pick.randint(0, 59)).astimezone(UTC)
                for hour in (pick.randint(1, 11), pick.randint(12, 22))
            ]
            day = day_of(starts[0], zone)
            await tx.execute(insert(IncidentNumber), {"stream": STREAM, "day": day, "last": len(starts)})
            for number, at in enumerate(starts, start=1):
                await _one(tx, rules, pick, pick.choice(teams), incident_number(day, number), at)


async def _one(
    tx: Tx, rules: DispatchRules, pick: random.Random, team: Team, number: str, at: datetime
) -> None:
    terms = rules.terms(team.kind, at)
    done = at + timedelta(minutes=pick.randint(50, 160))
    incident = Incident(
        stream=STREAM,
        number=number,
        state="closed",
        title=pick.choice(TITLES),
        event_scheme=SCHEME,
        event_code=CODE,
        initial_level=LEVEL,
        restricted=False,
        life_threat=False,
        source="telephone",
        region_code=team.region_code,
        received_at=at,
        opened_at=at,
        opened_by="刘海",
        closed_at=done + timedelta(minutes=20),
        closed_by="刘海",
        close_reason="已处置",
        concern_regions=[team.region_code],
        concern_teams=[team.id or 0],
    )
    tx.add(incident)
    await tx.flush()
    answered = at + timedelta(seconds=round(pick.lognormvariate(4.4, 0.7)))
    turned = at + timedelta(seconds=round((terms.turnout_s or 900) * pick.uniform(0.5, 1.4)))
    departed = max(turned, answered) if "depart" in terms.steps else None
    arrived = (departed or answered) + timedelta(minutes=pick.randint(6, 25))
    tx.add(
        Assignment(
            stream=STREAM,
            incident_id=incident.id or 0,
            team_id=team.id or 0,
            state="returned" if "return" in terms.steps else "task_done",
            assigned_by="刘海",
            assigned_at=at,
            answer_due_at=at + rules.ladder.answer,
            escalation_step=0,
            escalation_began_at=at,
            terms=terms.model_dump(mode="json"),
            acknowledged_at=answered,
            en_route_at=departed,
            on_scene_at=arrived,
            task_done_at=max(done, arrived),
            returned_at=max(done, arrived) + timedelta(minutes=18) if "return" in terms.steps else None,
            answered_by=team.name_zh,
            answer_channel="app",
        )
    )
