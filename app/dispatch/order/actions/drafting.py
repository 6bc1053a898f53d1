"""An order is drafted, edited, amended and withdrawn; issuing stands beside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from app.db import Tx
from app.dispatch.actions.permission import incident_for_command
from app.dispatch.exercise import store as parties
from app.dispatch.order.actions.sending import kind_of, stop
from app.dispatch.order.actions.telling import tell
from app.dispatch.order.commands import MOST_TITLE, OrderEditIn, OrderIn, RecipientIn, TaskIn
from app.dispatch.order.facts import OrderFact
from app.dispatch.order.refusals import StaleOrder
from app.dispatch.order.rules.steps import check_order
from app.dispatch.order.rules.supervise import Waits
from app.dispatch.order.store import addressees, orders, parts
from app.dispatch.order.tables import DispatchOrder, OrderRecipient, OrderTask
from app.dispatch.places.figures import with_place
from app.dispatch.store import incidents
from app.filing.rules.numbers import marked
from app.org.rules.access import Viewer, require
from app.refusals import FieldFault, InvalidInput, NotFound, NotPermitted

Told = TypeVar("Told", bound=OrderIn)
_OF_ORDER = ("text", "basis", "basis_text", "incident_id", "instruction_id")
_AND = ("report_requirement", "report_due_at")
_OF_THE_REAL = FieldFault("drill", "演练指令不能针对真实事件", "a drill is of no real incident")
_STAYS = FieldFault(
    "drill", "已下达的指令不能改为演练或实战", "an issued order stays what it is: a drill or in earnest"
)


async def draft(tx: Tx, by: Viewer, told: OrderIn, now: datetime, waits: Waits) -> OrderFact:
    """Draft an order. Raises NotFound, NotPermitted, InvalidInput."""
    return await tell(tx, by, await drafted(tx, by, told, now, waits), "order.drafted", now)


async def drafted(tx: Tx, by: Viewer, told: OrderIn, now: datetime, waits: Waits) -> DispatchOrder:
    """Write a draft and tell nobody: who issues it in the same breath tells more."""
    require(by, "command")
    order = DispatchOrder(
        stream=by.stream,
        region_code=by.scope.ljust(12, "0"),
        title=told.title,
        ack_within_s=0,
        drafted_by=by.name,
        drafted_at=now,
    )
    told = await write(tx, by, order, told, waits)
    tx.add(order)
    await tx.flush()
    await put_parts(tx, by, order, told, now)
    return order


async def edit(
    tx: Tx, by: Viewer, order_id: int, told: OrderEditIn, now: datetime, waits: Waits
) -> OrderFact:
    """Write a draft anew. Raises NotFound, NotPermitted, InvalidInput, StaleOrder, IllegalStep."""
    order = await own(tx, by, order_id, told.revision)
    check_order(order.state, "edit")
    told = await write(tx, by, order, told, waits)
    order.revision += 1
    await put_parts(tx, by, order, told, now)
    return await tell(tx, by, order, "order.edited", now)


async def withdraw(tx: Tx, by: Viewer, order_id: int, reason: str, now: datetime) -> OrderFact:
    """Withdraw an order, or drop a draft, with the reason. Raises NotFound, NotPermitted, IllegalStep."""
    order = await own(tx, by, order_id)
    check_order(order.state, "withdraw")
    order.state, order.revision = "withdrawn", order.revision + 1
    order.withdrawn_by, order.withdrawn_at, order.withdrawn_reason = by.name, now, reason
    for part in await parts.rows(tx, order_id):
        part.next_step_at = None
        await stop(tx, part, now, read=False)
    return await tell(tx, by, order, "order.withdrawn", now)


async def own(tx: Tx, by: Viewer, order_id: int, revision: int | None = None) -> DispatchOrder:
    """Return an order of this person's desk, locked. Raises NotFound, NotPermitted, StaleOrder."""
    require(by, "command")
    order = await orders.locked(tx, by.stream, order_id)
    if order is None or await orders.visible(tx, by, order_id) is None:
        raise NotFound("该指令", "order")
    if not by.covers(order.region_code):
        raise NotPermitted
    if revision is not None and revision != order.revision:
        raise StaleOrder
    return order


async def write(tx: Tx, by: Viewer, order: DispatchOrder, told: Told, waits: Waits) -> Told:
    """Put what a command says into the row; return it with the incident's coordinates where it asks for them.

    What is ordered for an incident of a drill is a drill; whether it is one is settled when it is issued: its
    number and its ways out hang on it. Raises NotFound, NotPermitted, InvalidInput.
    """
    order.ack_within_s = (told.ack_within_min or 0) * 60 or int(waits.acknowledge.total_seconds())
    for name in (*_OF_ORDER, *_AND):
        setattr(order, name, getattr(told, name))
    if told.instruction_id is not None:
        instruction = await orders.open_instruction(tx, by, told.instruction_id)
        if instruction is None:
            raise NotFound("该未办结的批示", "open instruction")
        order.incident_id = told.incident_id or instruction[0]
    drill, incident = told.drill, None
    if order.incident_id is not None:
        incident = await incident_for_command(tx, by, order.incident_id)
        drill = incident.drill_id is not None
        if told.drill and not drill:
            raise InvalidInput(_OF_THE_REAL)
    if order.issued_at is not None and order.drill != drill:
        raise InvalidInput(_STAYS)
    order.drill, order.title = drill, marked(told.title, drill=drill)[:MOST_TITLE]
    order.text = with_place(told.text, incident)
    tasks = [
        one.model_copy(update={"text": with_place(one.text, incident, f"tasks.{n}.text")})
        for n, one in enumerate(told.tasks)
    ]
    return told.model_copy(update={"text": order.text, "tasks": tasks})


async def put_parts(
    tx: Tx, by: Viewer, order: DispatchOrder, told: OrderIn, now: datetime
) -> list[OrderRecipient]:
    """Bring recipients and tasks up to what a command says; return all recipients, the released too.

    A task that says the same as before keeps its state; one that is gone is dropped, not deleted.
    """
    assert order.id is not None
    known = {kind_of(part): part for part in await parts.rows(tx, order.id)}
    wanted: list[OrderRecipient] = []
    for n, one in enumerate(told.recipients):
        part = await _part(tx, by, order, one, n, known)
        part.ordinal = n
        wanted.append(part)
    for part in known.values():
        if part not in wanted:
            part.state, part.next_step_at = "released", None
    await tx.flush()
    await _check_parties(tx, order, wanted, now)
    for n, part in enumerate(wanted):
        mine = [
            (ordinal, task)
            for ordinal, task in enumerate(told.tasks, start=1)
            if task.owner is None or task.owner == n
        ]
        await _put_tasks(tx, order, part, mine)
    await tx.flush()
    return [*wanted, *(part for part in known.values() if part not in wanted)]


async def _check_parties(
    tx: Tx, order: DispatchOrder, wanted: Sequence[OrderRecipient], now: datetime
) -> None:
    """Let an order of a drill go to those alone who take part in it. Raises NotInDrill."""
    incident = await incidents.row(tx, order.stream, order.incident_id) if order.incident_id else None
    if incident is not None:
        await parties.check_asked(
            tx,
            incident.drill_id,
            now,
            teams=[one.team_id for one in wanted if one.team_id is not None],
            units=[one.unit_id for one in wanted if one.unit_id is not None],
            people=[one.person_id for one in wanted if one.person_id is not None],
        )


async def _part(
    tx: Tx,
    by: Viewer,
    order: DispatchOrder,
    one: RecipientIn,
    n: int,
    known: dict[tuple[str, int], OrderRecipient],
) -> OrderRecipient:
    ((kind, id_),) = one.model_dump(exclude_none=True).items()
    if part := known.get((kind, id_)):
        if part.state == "released":
            part.state = "draft"
        return part
    found = await addressees.named(tx, by.stream, kind, id_)
    if found is None or not by.covers(found.region_code):
        raise InvalidInput(
            FieldFault(
                f"recipients.{n}",
                "没有这个受令对象,或不在您的管辖范围",
                "no such recipient in your scope",
            )
        )
    part = OrderRecipient(
        stream=by.stream,
        order_id=order.id or 0,
        ordinal=n,
        name=found.name,
        region_code=found.region_code,
        **{kind: id_},
    )
    tx.add(part)
    return part


async def _put_tasks(
    tx: Tx, order: DispatchOrder, part: OrderRecipient, wanted: Sequence[tuple[int, TaskIn]]
) -> None:
    known = await parts.task_rows(tx, part.id or 0)
    kept: list[OrderTask] = []
    for ordinal, task in wanted:
        due_at = task.due_at or order.report_due_at
        same = [
            row
            for row in known
            if row not in kept and (row.kind, row.text, row.due_at) == (task.kind, task.text, due_at)
        ]
        if same:
            same[0].ordinal = ordinal
            kept.append(same[0])
            continue
        tx.add(
            OrderTask(
                order_id=order.id or 0,
                recipient_id=part.id or 0,
                ordinal=ordinal,
                kind=task.kind,
                text=task.text,
                due_at=due_at,
            )
        )
    for row in known:
        if row not in kept:
            row.state = "dropped"
