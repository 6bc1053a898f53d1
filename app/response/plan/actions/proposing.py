"""A card is looked at before it is approved, proposed for a cause, and fitted to an event."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from app.db import Tx
from app.dispatch.store import incidents
from app.org.rules.access import Viewer, may_see, require
from app.refusals import FieldFault, InvalidInput, NotFound
from app.response.plan.actions import cards
from app.response.plan.actions.resolving import reached, resolve
from app.response.plan.commands import CauseIn
from app.response.plan.facts import PlanProposalFact, PreviewFact, PreviewTaskFact
from app.response.plan.refusals import NoCard
from app.response.plan.rules.card import Card
from app.response.plan.rules.change import change
from app.response.plan.rules.fit import fitting
from app.response.plan.store import plans, runs


async def proposed(
    tx: Tx, by: Viewer, event_code: str, region_code: str, level: int | None
) -> list[PlanProposalFact]:
    """Return the plans that fit a kind of event, the closest first, with the reason."""
    require(by, "see_desk")
    name = await plans.event_name(tx, event_code)
    fits = fitting(await plans.candidates(tx, by), event_code, name or "", region_code, level)
    found: list[PlanProposalFact] = []
    for fit in fits:
        row = await plans.card(tx, fit.plan_id)
        shown = cards.shown(row) if row is not None else None
        found.append(
            PlanProposalFact(
                plan=await plans.brief(tx, fit.plan_id),
                card_version=row.version if row is not None else None,
                levels=shown.levels if shown else [],
                why_zh=fit.zh,
                why_en=fit.en,
            )
        )
    return found


async def preview(
    tx: Tx,
    by: Viewer,
    plan_id: int,
    level: int,
    areas: Sequence[str],
    now: datetime,
    today: date,
    run_id: int | None = None,
) -> PreviewFact:
    """Return what a card orders at a level, to whom really; of one in force what would be new and withdrawn.

    Raises NotFound, NoCard.
    """
    require(by, "see_desk")
    plan = await plans.seen(tx, by, plan_id, today)
    run = await runs.seen(tx, by, run_id) if run_id is not None else None
    if plan is None or (run_id is not None and (run is None or run.plan_id != plan_id)):
        raise NotFound("该预案", "plan")
    card, version = await cards.card_of(tx, plan_id, run.card_version if run else None)
    if not card.at(level) and run is None:
        raise NoCard(level)
    out = [row.key for row in await runs.out(tx, run.id)] if run else []
    finished = await runs.finished(tx, run.id) if run else set()
    tasks = await _tasks(tx, by.stream, card, level, areas, now, out)
    return PreviewFact(
        plan_id=plan_id,
        plan_name=plan.name_zh,
        card_version=version,
        level=level,
        tasks=tasks,
        receivers=sum(len(task.receivers) for task in tasks),
        unresolved=sum(not task.receivers for task in tasks),
        withdrawn=list(change(card, level, out, finished, run.level).withdraw) if run else [],
    )


async def _tasks(
    tx: Tx, stream: str, card: Card, level: int, areas: Sequence[str], now: datetime, out: Sequence[str]
) -> list[PreviewTaskFact]:
    asked = card.at(level)
    resolved = await resolve(tx, stream, asked, areas, now)
    people = await reached(tx, stream, list(resolved.values()), now)
    return [
        PreviewTaskFact(
            **cards.task_fact(task).model_dump(),
            due_at=now + timedelta(minutes=task.due_min),
            receivers=[people[one] for one in resolved[task.key].receivers],
            unresolved_zh=resolved[task.key].zh,
            unresolved_en=resolved[task.key].en,
            out=task.key in out,
        )
        for task in asked
    ]


async def incident_of(tx: Tx, by: Viewer, told: CauseIn) -> int | None:
    """Return the incident a cause names, once it is known that this person may know it. Raises NotFound."""
    if told.cause_kind != "incident" or told.cause_id is None:
        return None
    found = await incidents.seen(tx, by.stream, told.cause_id)
    if found is None or not may_see(by, found.concern):
        raise NotFound("该事件", "incident")
    return told.cause_id


def require_areas(by: Viewer, told: CauseIn) -> None:
    """Raise InvalidInput unless this desk answers for the area; the whole county is the centre's alone."""
    if by.stream.startswith(by.scope):
        wrong = [code for code in told.region_codes if not code.startswith(by.stream)]
    else:
        wrong = [code for code in told.region_codes if not by.covers(code)] or (
            [] if told.region_codes else ["全县"]
        )
    if wrong:
        raise InvalidInput(
            FieldFault("region_codes", f"{wrong[0]}不在您的管辖范围", f"{wrong[0]} is not in your scope")
        )
