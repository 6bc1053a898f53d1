"""To whom a response order goes: the townships of its area, the member units, and those of its card."""

from __future__ import annotations

from datetime import datetime

from app.db import Tx
from app.dispatch.command_body import store as bodies
from app.dispatch.command_body.rules import Body, fitting
from app.response.level.tables import Response
from app.response.plan.actions.cards import card_of
from app.response.plan.actions.resolving import MOST_RECEIVERS, resolve
from app.response.plan.rules.card import TOWNSHIPS, CardTask
from app.response.plan.tables import PlanRun

_ALL_TOWNSHIPS = CardTask("townships", frozenset({1, 2, 3, 4}), TOWNSHIPS, "action", "-", 1, "", stops=False)


async def receivers_of(tx: Tx, row: Response, run: PlanRun | None, level: int, now: datetime) -> list[int]:
    """Return the units, each once, at most a hundred: townships first, then members, then the card's."""
    tasks = [_ALL_TOWNSHIPS]
    if run is not None:
        card, _ = await card_of(tx, run.plan_id, run.card_version)
        tasks += [task for task in card.at(level) if not task.to.startswith("@")]
    resolved = await resolve(tx, row.stream, tasks, row.region_codes, now)
    of_card = [one.unit_id for task in tasks for one in resolved[task.key].receivers if one.unit_id]
    towns = [one.unit_id for one in resolved[_ALL_TOWNSHIPS.key].receivers if one.unit_id]
    found = [*towns, *await _members(tx, row, level), *of_card]
    return list(dict.fromkeys(found))[:MOST_RECEIVERS]


async def _members(tx: Tx, row: Response, level: int) -> list[int]:
    """Return the member units of the headquarters that fit the hazard."""
    known = {body.id or 0: body for body in await bodies.listed(tx, row.stream)}
    fit = fitting(
        [Body(id_, body.kind, tuple(body.hazards)) for id_, body in known.items()], row.event_code, level
    )
    ids = [unit for id_ in fit[:2] for unit in known[id_].member_unit_ids]
    return [unit.id for unit in await bodies.units(tx, row.stream, ids)]
