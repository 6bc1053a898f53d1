"""Call-and-respond in the demo (scenario S12): yesterday's red rainstorm is over, a drill is running."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import col, delete, select

from app.db import Database, Tx
from app.org.accounts import viewer_of
from app.org.callbook.tables import Office
from app.org.rules.access import Viewer
from app.org.tables import Account, Person
from app.response.call_and_respond.actions import calling, clock, reporting, starting, verifying
from app.response.call_and_respond.commands import (
    CalloutActionIn,
    CalloutCallIn,
    CalloutEndIn,
    CalloutHandOffIn,
    CalloutReportIn,
    CalloutRoundIn,
    CalloutVerifyIn,
)
from app.response.call_and_respond.store import targets
from app.response.call_and_respond.tables import CalloutListed, CalloutPerson, CalloutTarget
from app.stage.seed import STREAM

SHUANGHE, YONGNING, LINXI = "990181104000", "990181101000", "990181100000"
COUNTY = STREAM.ljust(12, "0")
SILENT = "青石村"
_SAID = ("收到,马上组织转移", "收到,已敲锣喊话", "明白,巡堤去了", "收到")


async def call_out(database: Database, now: datetime, zone: ZoneInfo) -> None:
    """Write the standing list, a round of 36 villages that is over, and one that runs."""
    async with database.transaction() as tx:
        officer = viewer_of(
            (await tx.execute(select(Account).where(col(Account.username) == "wangjun"))).scalar_one()
        )
        await _list(tx)
        began = now - timedelta(hours=20)
        told = CalloutRoundIn(
            title="暴雨红色预警",
            colour="red",
            hazard="未来3小时降雨量100毫米以上",
            expected="02:40至08:00",
            area="双河镇、永宁镇",
            harm="山洪、滑坡、城乡积涝",
            region_codes=[SHUANGHE, YONGNING],
        )
        over = (await starting.start(tx, officer, told, began, zone)).id
        await _answered(tx, officer, over, began, zone)
        await _acted(tx, officer, over, began, zone)
        await starting.end(
            tx, officer, over, CalloutEndIn(words="雨势减弱,预警解除"), began + timedelta(hours=3)
        )
        drill = told.model_copy(
            update={
                "title": "山洪橙色预警",
                "colour": "orange",
                "drill": True,
                "area": "临溪镇",
                "region_codes": [LINXI],
            }
        )
        began = now - timedelta(minutes=9)
        running = (await starting.start(tx, officer, drill, began, zone)).id
        for n, (one, people) in enumerate(await _held(tx, running)):
            if people and n % 3:
                await _answer(tx, officer, one, people[0], n, began + timedelta(minutes=1 + n % 7), zone)


async def _list(tx: Tx) -> None:
    """Put on the standing list of the county whom S12 calls first: the commander and the bureau's head."""
    await tx.execute(delete(CalloutListed))
    commander = (
        await tx.execute(
            select(Office).where(col(Office.kind) == "county_leader", col(Office.title).contains("指挥"))
        )
    ).scalars()
    director = (await tx.execute(select(Person).where(col(Person.post).contains("应急管理局局长")))).scalars()
    chief, head = commander.first(), director.first()
    if chief is not None:
        tx.add(_entry(1, "county_head", office_id=chief.id))
    if head is not None:
        tx.add(_entry(2, "bureau_head", person_id=head.id))
    await tx.flush()


def _entry(
    ordinal: int, role: str, *, person_id: int | None = None, office_id: int | None = None
) -> CalloutListed:
    return CalloutListed(
        stream=STREAM,
        region_code=COUNTY,
        ordinal=ordinal,
        role=role,
        person_id=person_id,
        office_id=office_id,
    )


async def _held(tx: Tx, round_id: int) -> list[tuple[CalloutTarget, list[CalloutPerson]]]:
    held = await targets.of_round(tx, round_id)
    people: dict[int, list[CalloutPerson]] = defaultdict(list)
    for one in await targets.people(tx, [target.id or 0 for target in held]):
        people[one.target_id].append(one)
    return [(target, people[target.id or 0]) for target in held]


async def _answer(
    tx: Tx,
    by: Viewer,
    target: CalloutTarget,
    one: CalloutPerson,
    n: int,
    at: datetime,
    zone: ZoneInfo,
) -> None:
    told = CalloutCallIn(person_row_id=one.id, result="answered", words=_SAID[n % len(_SAID)], at=at)
    await calling.record(tx, by, target.id or 0, told, at, zone)


async def _answered(tx: Tx, by: Viewer, round_id: int, began: datetime, zone: ZoneInfo) -> None:
    """Let everybody answer as in S12: the leaders by 02:47, 34 villages by 03:10, one late, one by foot."""
    held = await _held(tx, round_id)
    villages = [pair for pair in held if pair[0].tier == "village"]
    late = next(pair for pair in villages if pair[0].name != SILENT)
    for n, (target, people) in enumerate(held):
        if target.name == SILENT or target is late[0] or not people:
            continue
        minute = 1 + 2 * (n % 4) if target.tier != "village" else 9 + n % 20
        if target.tier == "village" and n % 5 == 0 and len(people) > 1:
            failed = CalloutCallIn(person_row_id=people[0].id, result="no_answer")
            at = began + timedelta(minutes=minute - 1)
            await calling.record(tx, by, target.id or 0, failed, at, zone)
            people = people[1:]
        await _answer(tx, by, target, people[0], n, began + timedelta(minutes=minute), zone)
    for minute in (30, 31, 34):
        await clock.look(tx, STREAM, began + timedelta(minutes=minute), zone)
    await _answer(tx, by, late[0], late[1][-1], 1, began + timedelta(minutes=34), zone)
    for target, _ in villages:
        if target.name == SILENT:
            there = began + timedelta(minutes=38)
            police = CalloutHandOffIn(to="双河镇派出所 李警官", words="四人均无应答,上门通知", minutes=20)
            await calling.hand_off(tx, by, target.id or 0, police, there)
            met = CalloutCallIn(means="messenger", result="answered", name="村支书", words="断电,已当面告知")
            await calling.record(tx, by, target.id or 0, met, there + timedelta(minutes=14), zone)


async def _acted(tx: Tx, by: Viewer, round_id: int, began: datetime, zone: ZoneInfo) -> None:
    """Let villages act, feed back — some when asked — and two be verified: one passed nothing on."""
    villages = [target for target, _ in await _held(tx, round_id) if target.tier == "village"]
    for n, target in enumerate(villages):
        action = CalloutActionIn(kind="patrol", words="巡堤查险")
        if n % 6 == 0:
            action = CalloutActionIn(kind="evacuated", done=30 + n, planned=32 + n)
        elif n % 7 == 0:
            action = CalloutActionIn(kind="road_closed", words="通村公路")
        told = CalloutReportIn(actions=[action], feedback=n % 4 > 0, means="phone", told_by="村支书")
        await reporting.report(tx, by, target.id or 0, told, began + timedelta(minutes=60))
    await clock.look(tx, STREAM, began + timedelta(minutes=85), zone)
    done = CalloutReportIn(
        actions=[CalloutActionIn(kind="words", words="已全部到户")], means="phone", told_by="村支书"
    )
    for target in villages:
        if target.fed_back_at is None:
            await reporting.report(tx, by, target.id or 0, done, began + timedelta(minutes=88))
    at = began + timedelta(minutes=95)
    await verifying.draw_villages(tx, by, round_id, at)
    drawn = [target for target in villages if target.drawn]
    for k, target in enumerate(drawn):
        found = CalloutVerifyIn(
            outcome="not_passed_on" if k == len(drawn) - 1 else "agrees",
            asked="村民",
            words="没人通知" if k == len(drawn) - 1 else "广播和村干部都通知了",
        )
        await verifying.verify(tx, by, target.id or 0, found, at + timedelta(minutes=5))
