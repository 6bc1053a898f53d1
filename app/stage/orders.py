"""The orders of the demo: one in every state, one overdue and supervised, and a leader's instruction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import col, select

from app.db import Database, Tx
from app.dispatch.instruction import actions as instruction
from app.dispatch.instruction.commands import InstructionIn, SplitIn
from app.dispatch.order.actions import answering, drafting, issuing
from app.dispatch.order.actions.issuing import Series
from app.dispatch.order.actions.supervising import supervise
from app.dispatch.order.commands import (
    CloseOutIn,
    FeedbackIn,
    IssueIn,
    OrderAmendIn,
    OrderIn,
    OrderReceiptIn,
    RecipientIn,
    TaskIn,
)
from app.dispatch.order.facts import OrderFact, OrderRecipientDetail
from app.dispatch.order.store import orders, parts
from app.org.accounts import viewer_of
from app.org.rules.access import Viewer
from app.org.tables import Account, OrgUnit
from app.stage.seed import STREAM

LINXI, SHUANGHE, YONGNING = "990181100000", "990181104000", "990181101000"
MINUTE = timedelta(minutes=1)
BY_PHONE = {"channel": "telephone", "voucher": "值班员(电话)"}


class _Room:
    """Who gives orders in the demo and to whom, at times that have passed."""

    def __init__(self, tx: Tx, people: dict[str, Viewer], units: dict[str, int], series: Series) -> None:
        self.tx, self.people, self.units, self.series = tx, people, units, series

    async def order(self, at: datetime, title: str, to: Sequence[str], tasks: Sequence[TaskIn]) -> OrderFact:
        """Draft an order."""
        told = OrderIn(title=title, recipients=self.to(to), tasks=list(tasks), basis_text="带班领导指示")
        return await drafting.draft(self.tx, self.people["wangjun"], told, at, self.series.waits)

    async def issued(
        self, at: datetime, title: str, to: Sequence[str], tasks: Sequence[TaskIn]
    ) -> list[OrderRecipientDetail]:
        """Draft an order and let the leader issue it."""
        draft = await self.order(at, title, to, tasks)
        told = IssueIn(revision=draft.revision, issued_as="leader_in_charge")
        await issuing.issue(self.tx, self.people["leader"], draft.id, told, at, self.series)
        return await self.parts(draft.id)

    def to(self, codes: Sequence[str]) -> list[RecipientIn]:
        """Return the units of some places."""
        return [RecipientIn(unit_id=self.units[code]) for code in codes]

    async def parts(self, order_id: int) -> list[OrderRecipientDetail]:
        """Return the recipients of an order."""
        return await parts.of_order(self.tx, self.people["leader"], order_id)

    async def acknowledge(self, part: OrderRecipientDetail, at: datetime) -> None:
        """Acknowledge by telephone."""
        told = OrderReceiptIn(**BY_PHONE)
        await answering.acknowledge(self.tx, self.people["wangjun"], part.id, told, at, self.series.waits)

    async def report(self, part: OrderRecipientDetail, text: str, at: datetime, *, done: bool) -> None:
        """Report by telephone."""
        ids = [task.id for task in part.tasks] if done else []
        told = FeedbackIn(text=text, done_task_ids=ids, **BY_PHONE)
        await answering.feedback(self.tx, self.people["wangjun"], part.id, told, at, self.series.waits)

    async def accept(self, part: OrderRecipientDetail, at: datetime) -> None:
        """Close out what was reported."""
        told = CloseOutIn(accepted=True)
        await answering.close_out(self.tx, self.people["leader"], part.id, told, at, self.series.waits)


async def give_orders(database: Database, series: Series, now: datetime) -> None:
    """Give the orders of the last hours, in the order of time."""
    async with database.transaction() as tx:
        accounts = (await tx.execute(select(Account).where(col(Account.stream) == STREAM))).scalars()
        people = {row.username: viewer_of(row) for row in accounts}
        units = {row.region_code: row.id or 0 for row in (await tx.execute(select(OrgUnit))).scalars()}
        room = _Room(tx, people, units, series)
        await _closed(room, now - 300 * MINUTE)
        await _overdue(room, now - 180 * MINUTE)
        await _withdrawn(room, now - 90 * MINUTE)
        await _instruction(room, now - 60 * MINUTE)
        await _amended(room, now - 40 * MINUTE)
        await room.order(
            now - 10 * MINUTE,
            "做好强降雨防范准备",
            [LINXI, SHUANGHE, YONGNING],
            [TaskIn(kind="facility", text="开放避难场所并备足物资", due_at=now + 240 * MINUTE)],
        )


async def _closed(room: _Room, at: datetime) -> None:
    """All is done: acknowledged, reported, closed out."""
    told = await room.issued(
        at,
        "检查卫星电话和北斗终端",
        [LINXI, SHUANGHE],
        [TaskIn(kind="equipment", text="逐台开机试通并报结果", due_at=at + 120 * MINUTE)],
    )
    for n, part in enumerate(told, start=1):
        await room.acknowledge(part, at + n * MINUTE)
        await room.report(part, "已逐台试通,全部正常", at + (40 + n) * MINUTE, done=True)
        await room.accept(part, at + (50 + n) * MINUTE)


async def _overdue(room: _Room, at: datetime) -> None:
    """One has reported, one is overdue and was supervised twice."""
    first, second = await room.issued(
        at,
        "加强山塘水库巡查",
        [SHUANGHE, YONGNING],
        [
            TaskIn(kind="action", text="对山塘水库逐一巡查", due_at=at + 60 * MINUTE),
            TaskIn(kind="information", text="报告巡查结果", due_at=at + 60 * MINUTE),
        ],
    )
    await room.acknowledge(first, at + 2 * MINUTE)
    await room.acknowledge(second, at + 2 * MINUTE)
    await room.report(first, "12座山塘水库巡查完毕,无险情", at + 50 * MINUTE, done=True)
    for after in (60 * MINUTE, 60 * MINUTE + room.series.waits.report_second):
        await supervise(room.tx, STREAM, second.order_id, second.id, at + after, room.series)


async def _withdrawn(room: _Room, at: datetime) -> None:
    told = await room.issued(
        at, "临时封闭滨河路", [LINXI], [TaskIn(kind="action", text="封闭滨河路低洼路段")]
    )
    leader = room.people["leader"]
    await drafting.withdraw(room.tx, leader, told[0].order_id, "水位回落,不再需要", at + 20 * MINUTE)


async def _instruction(room: _Room, at: datetime) -> None:
    """Write a leader's note down: three tasks, all acknowledged, none done yet."""
    officer = room.people["wangjun"]
    told = InstructionIn(
        leader_name="沈立",
        leader_post="市长",
        text="请有关乡镇连夜排查地质灾害点,结果报市应急指挥中心。",
        told_how="written_note",
        photo_ref="批示照片-01",
        said_at=at - 15 * MINUTE,
        told_at=at - 5 * MINUTE,
    )
    said = await instruction.capture(room.tx, officer, told, at)
    due = at + 360 * MINUTE
    places = (LINXI, SHUANGHE, YONGNING)
    split = SplitIn(
        title="连夜排查地质灾害点",
        recipients=room.to(places),
        tasks=[TaskIn(text=f"排查{n}处地质灾害点", owner=at_, due_at=due) for at_, n in enumerate((5, 3, 4))],
    )
    made = await instruction.split(room.tx, officer, said.id, split, at + 5 * MINUTE, room.series)
    for part in await room.parts(made.order_ids[0]):
        await room.acknowledge(part, at + 8 * MINUTE)


async def _amended(room: _Room, at: datetime) -> None:
    """Its second version waits for one receipt; the other reports progress."""
    first, _ = await room.issued(
        at, "组织人员到岗备勤", [LINXI, YONGNING], [TaskIn(kind="personnel", text="综合应急队12人到岗备勤")]
    )
    await room.acknowledge(first, at + MINUTE)
    leader = room.people["leader"]
    order = await orders.fact(room.tx, first.order_id)
    told = OrderAmendIn(
        title=order.title,
        basis_text=order.basis_text,
        recipients=room.to([LINXI, YONGNING]),
        tasks=[
            TaskIn(kind="personnel", text="综合应急队12人到岗备勤"),
            TaskIn(kind="equipment", text="检查水泵和冲锋舟", owner=0, due_at=at + 180 * MINUTE),
        ],
        ack_within_min=120,
        revision=order.revision,
        reason="增加装备检查",
    )
    await issuing.amend(room.tx, leader, order.id, told, at + 10 * MINUTE, room.series)
    linxi, _ = await room.parts(order.id)
    await room.acknowledge(linxi, at + 12 * MINUTE)
    await room.report(linxi, "已到岗10人,2人途中", at + 25 * MINUTE, done=False)
