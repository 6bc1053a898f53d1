"""Everything that can happen to plans, cards in force and responses, one after the other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Any

from app.db import Tx
from app.response.level.actions import deciding, proposing
from app.response.level.commands import ConsultationIn, ResponseDecideIn, ResponseIn, ResponseStepIn
from app.response.plan.actions import cards, imports, register, running
from app.response.plan.commands import (
    CardIn,
    PlanDecideIn,
    PlanEditIn,
    PlanEndIn,
    PlanIn,
    PlanRunIn,
    PlanVersionIn,
)
from app.response.plan.plan_sheet import write_sheet
from app.response.release import actions as release
from app.response.release.commands import (
    ReleaseLiftIn,
    ReleaseLiftingIn,
    ReleaseReadingIn,
    ReleaseSectorIn,
    ReleaseSignatureIn,
)
from tests.orders.order_evening import SERIES
from tests.world import COUNTY, OPEN_KIND, World

Do = Callable[[Callable[[Tx], Awaitable[Any]]], Awaitable[Any]]
TODAY = date(2025, 6, 18)
CARD = """card: 东镇预案
tasks:
  - {key: a, levels: [4, 3], to: "樟川市应急指挥中心", text: 甲, due_min: 10, on_lowering: stop}
  - {key: b, levels: [3], to: "樟川市应急指挥中心", text: 乙, due_min: 20, on_lowering: stop}
"""


async def response_evening(world: World, do: Do) -> None:
    """Bring about every kind of event of plans and responses."""
    by, now = world.people["leader"], world.clock.now()
    await _release(world, do)
    told = PlanIn(kind="special", name_zh="东镇预案", hazards=["12"], owner_name="东镇", region_code=COUNTY)
    plan = (await do(lambda tx: register.register(tx, by, told, now, TODAY))).id
    edit = PlanEditIn(**told.model_dump(exclude={"owner_name"}), owner_name="东镇政府", revision=1)
    await do(lambda tx: register.amend(tx, by, plan, edit, now, TODAY))
    version = PlanVersionIn(number="1号", issued_on=date(2025, 1, 1), name="预案.txt")
    shelf = (Path("/nonexistent"), 1)
    await do(lambda tx: register.issue(tx, by, plan, version, b"", shelf, now, TODAY))
    await do(lambda tx: cards.write(tx, by, plan, CardIn(text=CARD, version=0), now, TODAY))
    sheet = write_sheet([["专项预案", "县级", "西镇预案", "", "西镇", COUNTY, "", "", ""]])
    await do(lambda tx: imports.import_sheet(tx, by, sheet, now, apply=True))
    await _run(world, do, plan)
    await _respond(world, do, plan)
    await do(lambda tx: register.retire(tx, by, plan, "废止", now, TODAY))


async def _run(world: World, do: Do, plan: int) -> None:
    by, now = world.people["leader"], world.clock.now()
    told = PlanRunIn(plan_id=plan, level=4, cause_words="险情")
    for approved in (False, True):
        run = (await do(lambda tx: running.propose(tx, by, told, now))).id
        word = PlanDecideIn(approved=approved, decided_as="commander", remark="核实")
        await do(lambda tx, run=run, word=word: running.decide(tx, by, run, word, now, SERIES))  # type: ignore[misc]
    await do(lambda tx: running.end(tx, by, run, PlanEndIn(reason="解除"), now, SERIES))


async def _respond(world: World, do: Do, plan: int) -> None:
    by, officer, now = world.people["leader"], world.people["officer"], world.clock.now()
    told = ResponseIn(event_code=OPEN_KIND, level=4, cause_words="事故", plan_id=plan)
    first = (await do(lambda tx: proposing.propose(tx, officer, told, now))).id
    no = ResponseDecideIn(verdict="refuse", decided_as="commander", remark="再看")
    await do(lambda tx: deciding.decide(tx, by, first, 1, no, now, SERIES))
    second = (await do(lambda tx: proposing.propose(tx, officer, told, now))).id
    oral = ResponseDecideIn(verdict="accept", decided_as="oral_consent", consent_of=by.name, consent_at=now)
    await do(lambda tx: deciding.decide(tx, officer, second, 1, oral, now, SERIES))
    await do(lambda tx: deciding.sign(tx, by, second, 1, now))
    talk = ConsultationIn(chaired_by="领导", words="继续")
    await do(lambda tx: proposing.consult(tx, officer, second, talk, now))
    yes = ResponseDecideIn(verdict="accept", decided_as="commander")
    for step, kind, level in ((2, "adjust", 3), (3, "terminate", None)):
        asked = ResponseStepIn(kind=kind, level=level, basis="变化")
        await do(lambda tx, asked=asked: proposing.propose_step(tx, officer, second, asked, now))  # type: ignore[misc]
        await do(lambda tx, step=step: deciding.decide(tx, by, second, step, yes, now, SERIES))  # type: ignore[misc]


async def _release(world: World, do: Do) -> None:
    by, now = world.people["leader"], world.clock.now()
    at = (await world.incident()).id
    plume = ReleaseSectorIn(
        substance="氨", size="small", basis="预案", wind_from_deg=135, wind_mps=3, isolate_m=100,
        evacuate_m=800, protect_m=2000,
    )  # fmt: skip
    await do(lambda tx: release.draw(tx, by, at, plume, now))
    value = ReleaseReadingIn(point="北门", substance="氨", value=8, unit="ppm", normal_to=25, source="监测站")
    await do(lambda tx: release.measure(tx, by, at, value, now))
    await do(lambda tx: release.propose(tx, by, at, ReleaseLiftingIn(units=[1]), now))
    no = ReleaseSignatureIn(unit_id=1, verdict="objected", name="李", words="再测")
    await do(lambda tx: release.sign(tx, by, at, no, now))
    over = ReleaseLiftIn(commander="沈立", reason="已通风")
    await do(lambda tx: release.lift(tx, by, at, over, now))
