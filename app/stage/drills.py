"""Drills in the demo: one held last week and judged, one planned for tomorrow, tasks in their loops."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from app.db import Database, Tx
from app.dispatch.commands import IncidentIn
from app.dispatch.inbox import actions as inbox
from app.dispatch.inbox.commands import JoinIn
from app.exercise.actions import evaluating, injecting, planning, running
from app.exercise.commands import (
    DrillIn,
    DrillMemberIn,
    DrillStepIn,
    EvaluationIn,
    ImprovementIn,
    InjectMarkIn,
)
from app.exercise.store import drills
from app.org.accounts import viewer_of
from app.org.rules.access import Viewer
from app.org.tables import Account
from app.stage.seed import STREAM
from app.task import actions as tasks
from app.task.commands import LoopIn, TaskStepIn

VILLAGE = "990181100204"
FLOOD = f"""code: D-06
name: 防汛无脚本综合演练
kind: comprehensive
minutes: 60
purpose: 检验夜间接报、派队和通信中断处置
injects:
  - id: roof
    at: "2:00"
    kind: call
    title: 东岸村来电,三人被困屋顶
    region: "{VILLAGE}"
    phone: "13800000001"
    expect: opened
    target_s: 180
    action: 问清人数、位置,立案并派就近队伍
  - id: gauge
    at: "8:00"
    kind: sensor
    title: 临溪水位站超警戒0.8米
    region: "{VILLAGE}"
    target_s: 120
    action: 研判并通报下游
  - id: silence
    after: {{inject: roof, seconds: 900}}
    kind: link
    title: 东岸村公网中断
    region: "{VILLAGE}"
    target_s: 180
    action: 改用卫星电话核实
  - id: press
    kind: role_play
    title: 记者来电追问伤亡
    expect: by_hand
    target_s: 60
    action: 统一口径,不披露未核实数字
"""
FIRE = """code: D-07
name: 森林防火无脚本演练
kind: forest_fire
minutes: 90
injects:
  - {id: smoke, at: "5:00", kind: call, title: 观山林区发现浓烟, expect: team_sent, target_s: 300}
  - {id: wind, at: "20:00", kind: sensor, title: 风向转西北六级, target_s: 180}
"""


async def drill(database: Database, now: datetime, zone: ZoneInfo) -> None:
    """Hold a drill of last week from its first inject to its evaluation, and plan the next."""
    async with database.transaction() as tx:
        leader, officer = await _account(tx, "leader"), await _account(tx, "chenjie")
        controller = await _account(tx, "shift")
        began = now - timedelta(days=7)
        members = [DrillMemberIn(account_id=controller.account_id, role="evaluator")]
        told = DrillIn(source=FLOOD, planned_at=began, members=members)
        id_ = (await planning.plan(tx, leader, told, began - timedelta(days=3), zone)).id
        await running.step(tx, leader, id_, DrillStepIn(step="start"), began, zone)
        await _held(tx, leader, officer, id_, began, zone)
        ended = began + timedelta(minutes=52)
        await running.step(tx, leader, id_, DrillStepIn(step="finish"), ended, zone)
        better = [ImprovementIn(title="修订公网中断处置卡", owner="通信组", due_at=now + timedelta(days=7))]
        said = EvaluationIn(summary="接报立案及时;公网中断十分钟无人核实。", improvements=better)
        await evaluating.evaluate(tx, leader, id_, said, ended + timedelta(hours=1))
        await planning.plan(
            tx, leader, DrillIn(source=FIRE, planned_at=now + timedelta(days=1), members=members), now, zone
        )
        await _loops(tx, leader, officer, now)


async def _held(tx: Tx, leader: Viewer, officer: Viewer, id_: int, began: datetime, zone: ZoneInfo) -> None:
    """Let the injects come and the desk act: the first in time, the second late, the third forgotten."""
    at = began + timedelta(minutes=2)
    await _look(tx, id_, at)
    control = await evaluating.control(tx, leader, id_, at)
    form = IncidentIn(event_code="11A01", title="东岸村三人被困屋顶", region_code=VILLAGE, life_threat=True)
    opened = at + timedelta(seconds=95)
    incident = await inbox.open_from(tx, officer, control.injects[0].notice_id or 0, form, opened, zone)
    await _look(tx, id_, began + timedelta(minutes=8))
    control = await evaluating.control(tx, leader, id_, began + timedelta(minutes=8))
    late = began + timedelta(minutes=11)
    await inbox.join(tx, officer, control.injects[1].notice_id or 0, JoinIn(incident_id=incident.id), late)
    await _look(tx, id_, began + timedelta(minutes=17))
    third = control.injects[2]
    remark = InjectMarkIn(remark="无人改用卫星电话核实")
    await injecting.mark(tx, leader, id_, third.id, remark, began + timedelta(minutes=30))


async def _look(tx: Tx, drill_id: int, at: datetime) -> None:
    row = await drills.locked(tx, STREAM, drill_id)
    assert row is not None
    await injecting.fire_due(tx, row, at)


async def _loops(tx: Tx, leader: Viewer, officer: Viewer, now: datetime) -> None:
    """Three hazards: one closed, one that waits to be checked, one overdue."""
    for n, (title, owner) in enumerate(
        (
            ("一号堤管涌点", "市水利局"),
            ("东岸村避灾点通道堵塞", "临溪镇"),
            ("观山林区输电线触树", "市供电公司"),
        )
    ):
        found = now - timedelta(days=9)
        told = LoopIn(
            kind="hazard", title=title, owner=owner, region_code=VILLAGE, due_at=now - timedelta(days=n - 1)
        )
        task = await tasks.find(tx, officer, told, found)
        for k, step in enumerate(("fix", "check", "close")[: 3 - n if n < 2 else 0]):
            who = officer if step == "fix" else leader
            moved = TaskStepIn(step=step, revision=task.revision)
            task = await tasks.step(tx, who, task.id, moved, found + timedelta(days=k + 1))


async def _account(tx: Tx, username: str) -> Viewer:
    found = await tx.execute(select(Account).where(col(Account.username) == username))
    return viewer_of(found.scalar_one())
