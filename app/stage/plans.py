"""The plans of the demo (rules §A6): 509 with their versions, four with action cards.

In the played demo a response to a rainstorm is in force since this morning, half of its tasks acknowledged,
and last week's is over.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlmodel import col, select

from app.db import Database, Tx
from app.demo.city import City
from app.dispatch.order.actions import answering
from app.dispatch.order.actions.issuing import Series
from app.dispatch.order.commands import OrderReceiptIn
from app.org.accounts import viewer_of
from app.org.rules.access import Viewer
from app.org.tables import Account
from app.response.level.actions import deciding, proposing
from app.response.level.commands import ConsultationIn, ResponseDecideIn, ResponseIn, ResponseStepIn
from app.response.plan.shipped import shipped_cards
from app.response.plan.store import plans, runs
from app.response.plan.tables import ActionCard, Plan, PlanVersion

RAINSTORM, FOREST_FIRE = "11B03", "11G01"
_YEARS = 5
_MARKS = {
    "general": "樟府发",
    "special": "樟府办发",
    "departmental": "樟应预",
    "township": "乡预",
    "grassroots": "备",
}
BY_PHONE: dict[str, Any] = {"channel": "telephone", "voucher": "值班员(电话)"}


async def file_plans(tx: Tx, city: City, stream: str, units: dict[str, int], now: datetime) -> None:
    """Write the register: when each was issued and till when it holds; a few run out or have run out."""
    by_name = {unit.name_zh: units[unit.key] for unit in city.units}
    cards = shipped_cards()
    rows, versions, written = [], [], []
    for n, one in enumerate(city.plans, start=1):
        rows.append(
            {
                "id": n,
                "stream": stream,
                "kind": one.level,
                "tier": one.tier,
                "name_zh": one.title_zh,
                "hazards": list(one.hazards),
                "owner_unit_id": by_name.get(one.owner),
                "owner_name": one.owner,
                "region_code": one.region_code,
                "changed_by": "系统",
                "changed_at": now,
            }
        )
        versions.append(_version(n, one.level, now))
        if one.card:
            card = {"plan_id": n, "version": 1, "text": cards[one.card], "note": "随系统提供"}
            written.append({**card, "made_by": "系统", "made_at": now})
    await tx.execute(insert(Plan), rows)
    await tx.execute(insert(PlanVersion), versions)
    await tx.execute(insert(ActionCard), written)


def _version(n: int, level: str, now: datetime) -> dict[str, Any]:
    """Return the version in force; every 40th runs out within two months, every 75th has run out."""
    age = timedelta(days=90 + n * 37 % 1300)
    if n % 75 == 0:
        age = timedelta(days=365 * _YEARS + 20 + n % 30)
    elif n % 40 == 0:
        age = timedelta(days=365 * _YEARS - 15 - n % 45)
    issued: date = (now - age).date()
    return {
        "plan_id": n,
        "version": 1,
        "number": f"{_MARKS[level]}〔{issued.year}〕{n % 97 + 1}号",
        "issued_on": issued,
        "valid_to": issued + timedelta(days=365 * _YEARS),
        "made_by": "系统",
        "made_at": now,
    }


async def respond(database: Database, series: Series, now: datetime) -> None:
    """Let a response be over since last week, and one be in force since this morning."""
    async with database.transaction() as tx:
        found = await tx.execute(select(Account).where(col(Account.username).in_(("wangjun", "leader"))))
        people = {account.username: viewer_of(account) for account in found.scalars()}
        desk, leader = people["wangjun"], people["leader"]
        await _last_week(tx, desk, leader, series, now - timedelta(days=6))
        await _today(tx, desk, leader, series, now)


async def _last_week(tx: Tx, desk: Viewer, leader: Viewer, series: Series, at: datetime) -> None:
    told = ResponseIn(
        event_code=FOREST_FIRE,
        level=4,
        warning_colour="orange",
        cause_words="森林火险橙色预警,大风",
    )
    made = await proposing.propose(tx, desk, told, at)
    accept = ResponseDecideIn(verdict="accept", decided_as="commander")
    await deciding.decide(tx, leader, made.id, 1, accept, at + timedelta(minutes=6), series)
    over = ResponseStepIn(kind="terminate", basis="降雨后火险等级降至二级")
    later = at + timedelta(hours=40)
    await proposing.propose_step(tx, desk, made.id, over, later)
    await deciding.decide(tx, leader, made.id, 2, accept, later + timedelta(minutes=4), series)


async def _today(tx: Tx, desk: Viewer, leader: Viewer, series: Series, now: datetime) -> None:
    start = now - timedelta(hours=3)
    (flood,) = [one.id for one in await plans.candidates(tx, desk) if RAINSTORM in one.hazards and one.carded]
    told = ResponseIn(
        event_code=RAINSTORM,
        level=4,
        event_level="general",
        warning_colour="yellow",
        plan_id=flood,
        cause_words="暴雨黄色预警,北部山区6小时雨量50毫米以上",
    )
    made = await proposing.propose(tx, desk, told, start)
    accept = ResponseDecideIn(verdict="accept", decided_as="commander")
    response = await deciding.decide(tx, leader, made.id, 1, accept, start + timedelta(minutes=7), series)
    assert response.run_id is not None
    run = await runs.seen(tx, desk, response.run_id)
    assert run is not None
    waits = series.waits
    for task in await runs.tasks(tx, desk, run):
        for n, receipt in enumerate(task.receipts):
            if n % 4 == 3:
                continue
            at = start + timedelta(minutes=9 + n % 7)
            answer = OrderReceiptIn(**BY_PHONE, told_at=at)
            await answering.acknowledge(tx, desk, receipt.recipient_id, answer, at, waits)
    talk = ConsultationIn(
        held_at=start + timedelta(hours=1),
        chaired_by="周敏",
        words="气象、水利会商:降雨中心北移,加密巡查山塘水库,暂不提级。",
    )
    await proposing.consult(tx, desk, made.id, talk, start + timedelta(minutes=80))
