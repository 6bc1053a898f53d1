"""Action cards are written, looked at and taken over from another plan."""

from __future__ import annotations

from datetime import date, datetime

from app.db import Tx
from app.org.rules.access import Viewer
from app.refusals import NotFound
from app.response.plan.actions.register import own, tell
from app.response.plan.commands import CardCloneIn, CardIn
from app.response.plan.facts import CardFault, CardTaskFact, PlanCardFact, PlanFact
from app.response.plan.refusals import CardInvalid, NoCard, PlanStale
from app.response.plan.rules.card import Card, CardTask, card_text, read_card
from app.response.plan.store import plans
from app.response.plan.tables import ActionCard


async def write(tx: Tx, by: Viewer, plan_id: int, told: CardIn, now: datetime, today: date) -> PlanFact:
    """Write the next version of a card. Raises CardInvalid, PlanStale, NotFound, NotPermitted."""
    row = await own(tx, by, plan_id)
    _, faults = read_card(told.text)
    if faults:
        raise CardInvalid(faults)
    version = await _next(tx, plan_id, told.version)
    tx.add(
        ActionCard(
            plan_id=plan_id, version=version, text=told.text, note=told.note, made_by=by.name, made_at=now
        )
    )
    return await tell(tx, by, row, "plan.card_written", version, now, today)


async def clone(tx: Tx, by: Viewer, plan_id: int, told: CardCloneIn, now: datetime, today: date) -> PlanFact:
    """Take the card of another plan, under this plan's name. Raises NoCard, PlanStale, NotFound."""
    row = await own(tx, by, plan_id)
    source = await plans.seen(tx, by, told.from_plan_id, today)
    if source is None:
        raise NotFound("该预案", "plan")
    card, _ = await card_of(tx, told.from_plan_id)
    version = await _next(tx, plan_id, told.version)
    tx.add(
        ActionCard(
            plan_id=plan_id,
            version=version,
            text=card_text(Card(row.name_zh[:80], card.tasks)),
            note=f"取自{source.name_zh}",
            made_by=by.name,
            made_at=now,
        )
    )
    return await tell(tx, by, row, "plan.card_written", version, now, today)


async def card_of(tx: Tx, plan_id: int, version: int | None = None) -> tuple[Card, int]:
    """Return a card that can be put into force, and its version. Raises NoCard."""
    row = await plans.card(tx, plan_id, version)
    card = read_card(row.text)[0] if row is not None else None
    if row is None or card is None:
        raise NoCard
    return card, row.version


def looked_at(text: str) -> PlanCardFact:
    """Return a text as a card, or its mistakes; nothing is kept."""
    return shown(ActionCard(plan_id=0, version=0, text=text, made_by=""))


def shown(row: ActionCard) -> PlanCardFact:
    """Return the wire shape of a version."""
    card, faults = read_card(row.text)
    return PlanCardFact(
        version=row.version,
        name=card.name if card else "",
        text=row.text,
        note=row.note or "",
        made_by=row.made_by,
        made_at=getattr(row, "made_at", None),
        levels=list(card.levels) if card else [],
        tasks=[task_fact(task) for task in card.tasks] if card else [],
        faults=[CardFault(line=f.line, path=f.path, zh=f.zh, en=f.en) for f in faults],
    )


def task_fact(task: CardTask) -> CardTaskFact:
    """Return the wire shape of a task."""
    return CardTaskFact(
        key=task.key,
        levels=sorted(task.levels, reverse=True),
        to=task.to,
        kind=task.kind,
        text=task.text,
        due_min=task.due_min,
        document=task.document,
        stops=task.stops,
    )


async def _next(tx: Tx, plan_id: int, read: int) -> int:
    last = await plans.card(tx, plan_id)
    version = last.version if last else 0
    if version != read:
        raise PlanStale
    return version + 1
