"""A drill that stands still: no clock of what belongs to it runs, and every deadline moves by the pause."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.broadcast.store import messages
from app.broadcast.tables import BroadcastMessage
from app.db import Tx
from app.dispatch.lifecycle import store as lifecycle
from app.dispatch.order.store import parts
from app.dispatch.order.tables import DispatchOrder, OrderRecipient, OrderTask
from app.dispatch.reservation import store as reservations
from app.dispatch.reservation.tables import Reservation
from app.dispatch.status_call.store import calls
from app.dispatch.status_call.tables import StatusCall, StatusRepeat
from app.dispatch.store import assignments
from app.dispatch.tables import Assignment
from app.exercise.store import pausing
from app.org.tables import OrgUnit
from app.response.call_and_respond.rules.limits import stored
from app.response.call_and_respond.store import rounds, targets
from app.response.call_and_respond.tables import CalloutCall, CalloutRound, CalloutTarget
from app.response.plan.tables import PlanRun, PlanTask
from tests.api.desk import Desk
from tests.exercise.test_drills import drilled, fired
from tests.world import COUNTY, EAST_BANK, OPEN_KIND, STREAM

pytestmark = pytest.mark.database
SOON = timedelta(minutes=10)
STILL = timedelta(hours=3)
CLOCKS_OF = {
    "assignment": ("answer_due_at", "next_step_at", "watch_at", "depart_due_at"),
    "reservation": ("starts_at", "look_at"),
    "dispatch_order": ("report_due_at",),
    "order_recipient": ("ack_due_at", "report_due_at", "next_step_at"),
    "order_task": ("due_at",),
    "status_call": ("due_at", "remind_at"),
    "status_repeat": ("next_due_at",),
    "plan_task": ("due_at",),
    "callout_target": ("next_at", "due_at", "feedback_due_at"),
    "callout_call": ("due_at",),
    "broadcast_message": ("start_at", "end_at", "reask_at"),
    "incident": ("scheduled_for",),
}


async def _fill(desk: Desk, incident_id: int) -> None:
    """Let one of everything with a clock wait for its time in ten minutes."""
    now = desk.world.clock.now()
    soon, author = now + SOON, desk.world.people["officer"].account_id
    (team,) = await desk.world.rows("SELECT id FROM team ORDER BY id LIMIT 1")

    async def add(tx: Tx) -> None:
        async def put(row: Any) -> int:
            tx.add(row)
            await tx.flush()
            return int(row.id)

        here: dict[str, Any] = {"stream": STREAM, "incident_id": incident_id}
        await put(
            Assignment(
                **here,
                team_id=team["id"],
                assigned_by="x",
                assigned_at=now,
                answer_due_at=soon,
                escalation_began_at=now,
                next_step_at=soon,
                watch_at=soon,
                depart_due_at=soon,
            )
        )
        await put(
            Reservation(
                **here,
                team_id=team["id"],
                starts_at=soon,
                look_at=soon,
                account_id=author,
                reserved_by="x",
                reserved_at=now,
            )
        )
        order = await put(
            DispatchOrder(
                **here,
                region_code=COUNTY,
                title="令",
                ack_within_s=60,
                drafted_by="x",
                drafted_at=now,
                state="issued",
                issued_at=now,
                issued_by="x",
                issued_as="oral_consent",
                series="x:drill",
                year=2025,
                running=1,
                number="演练令1号",
                report_due_at=soon,
                drill=True,
            )
        )
        part = await put(
            OrderRecipient(
                stream=STREAM,
                order_id=order,
                ordinal=0,
                team_id=team["id"],
                name="队",
                region_code=COUNTY,
                state="sent",
                sent_at=now,
                ack_due_at=soon,
                report_due_at=soon,
                next_step_at=soon,
            )
        )
        task: dict[str, Any] = {
            "order_id": order,
            "recipient_id": part,
            "ordinal": 1,
            "kind": "task",
            "text": "报",
        }
        await put(OrderTask(**task, due_at=soon))
        call = await put(
            StatusCall(
                **here,
                title="调度",
                questions=[],
                opens_at=now,
                due_at=soon,
                remind_at=soon - SOON / 2,
                opened_by="x",
                opened_at=now,
                drill=True,
            )
        )
        await put(
            StatusRepeat(
                stream=STREAM,
                series_id=call,
                every_hours=2,
                lead_minutes=5,
                next_due_at=soon,
                set_by="x",
                set_at=now,
            )
        )
        round_ = await put(
            CalloutRound(
                stream=STREAM,
                cause_kind="incident",
                cause_id=incident_id,
                title="叫应",
                colour="red",
                limits=stored((await rounds.limits(tx, STREAM))[1]),
                started_at=now,
                started_by="x",
                drill=True,
            )
        )
        target = await put(
            CalloutTarget(
                round_id=round_,
                tier="village",
                region_code=EAST_BANK,
                ordinal=1,
                name="村",
                begun_at=now,
                due_at=soon,
                next_at=soon,
                feedback_due_at=soon,
            )
        )
        called: dict[str, Any] = {
            "target_id": target,
            "means": "phone",
            "result": "due",
            "at": now,
            "entered_at": now,
        }
        await put(CalloutCall(**called, due_at=soon))
        await put(
            BroadcastMessage(
                stream=STREAM,
                region_code=COUNTY,
                msg_type=4,
                drill=True,
                event_type="11A01",
                severity=1,
                sender="中心",
                sender_code="x",
                scope={},
                more_texts=[],
                check_before={},
                title="演",
                text="【演练】演",
                start_at=soon,
                end_at=soon + SOON,
                reask_at=soon,
                cause_kind="incident",
                cause_id=incident_id,
                cause_status="exercise",
                author_id=author,
                author="x",
                press="p-1",
                drafted_at=now,
            )
        )
        tx.add_all(await _planned(tx, here, soon))
        await tx.flush()

    async def _planned(tx: Tx, here: dict[str, Any], soon: Any) -> list[Any]:
        from app.response.plan.tables import Plan

        plan = Plan(
            stream=STREAM,
            kind="special",
            tier="county",
            name_zh="预案",
            region_code=COUNTY,
            changed_by="x",
            changed_at=now,
        )
        tx.add(plan)
        await tx.flush()
        run = PlanRun(
            **here,
            region_code=COUNTY,
            plan_id=plan.id or 0,
            card_version=1,
            level=4,
            cause_kind="incident",
            cause_words="演",
            state="running",
            proposed_by="x",
            proposed_at=now,
            drill=True,
        )
        tx.add(run)
        await tx.flush()
        told: dict[str, Any] = {
            "run_id": run.id,
            "ordinal": 1,
            "key": "a",
            "level": 4,
            "to": "x",
            "text": "报",
        }
        return [PlanTask(**told, due_at=soon, sent_at=now)]

    await desk.world.do(add)


async def _due(desk: Desk) -> set[str]:
    """Return whose time has come, as each watcher asks for it."""
    now = desk.world.clock.now()

    async def look(tx: Tx) -> set[str]:
        found = {
            "ladder": await assignments.due(tx, now),
            "watch": await assignments.due_watch(tx, now),
            "order": await parts.due(tx, STREAM, now),
            "silent unit": await calls.due_for(tx, STREAM, now, "escalate"),
            "round-up again": await calls.repeats_due(tx, STREAM, now),
            "reservation": await reservations.due(tx, now),
            "planned incident": await lifecycle.due(tx, now),
            "broadcast": await messages.due(tx, STREAM, now, now, now),
            "call-out": await targets.waiting_for_clock(tx, STREAM, now, 10),
        }
        return {name for name, one in found.items() if one}

    seen: set[str] = await desk.world.do(look)
    return seen


async def _deadlines(desk: Desk) -> dict[str, Any]:
    return {
        f"{table}.{column}": row[column]
        for table, columns in CLOCKS_OF.items()
        for row in await desk.world.rows(
            f"SELECT * FROM {table} WHERE {columns[0]} IS NOT NULL ORDER BY id DESC LIMIT 1"
        )
        for column in columns
    }


async def test_no_clock_of_a_drill_that_stands_still_runs_and_each_moves_by_the_pause(desk: Desk) -> None:
    drill, clock = await drilled(desk), desk.world.clock
    form = {"event_code": OPEN_KIND, "region_code": EAST_BANK, "drill_id": drill["id"]}
    incident = (await desk.post("officer", "/api/incidents", form)).json()
    await _fill(desk, incident["id"])
    planned = (await desk.post("officer", "/api/incidents", form)).json()["id"]
    scheduled = clock.now() + SOON

    async def plan_it(tx: Tx) -> None:
        from app.dispatch.tables import Incident

        row = await tx.get(Incident, planned)
        assert row is not None
        row.state, row.scheduled_for = "scheduled", scheduled
        row.scheduled_by_id = desk.world.people["officer"].account_id

    await desk.world.do(plan_it)
    before = await _deadlines(desk)
    assert set(CLOCKS_OF) <= set(pausing.CLOCKS) and len(before) == sum(map(len, CLOCKS_OF.values()))
    await desk.world.do(lambda tx: pausing.hold(tx, drill["id"], clock.now()))
    clock.advance(STILL)
    assert await _due(desk) == set(), "nothing is done while the drill stands still"
    await desk.world.do(lambda tx: pausing.go_on(tx, drill["id"], clock.now()))
    assert {name: at - before[name] for name, at in (await _deadlines(desk)).items()} == dict.fromkeys(
        before, STILL
    )
    clock.advance(SOON / 4)
    assert await _due(desk) == set()
    clock.advance(SOON)
    assert await _due(desk) == {
        *("ladder", "watch", "order", "silent unit", "round-up again", "reservation", "planned incident"),
        *("broadcast", "call-out"),
    }


async def test_a_drill_that_is_over_calls_nobody_and_keeps_no_card_in_force(desk: Desk) -> None:
    drill = await drilled(desk)
    form = {"event_code": OPEN_KIND, "region_code": EAST_BANK, "drill_id": drill["id"]}
    incident = (await desk.post("officer", "/api/incidents", form)).json()
    await _fill(desk, incident["id"])
    await desk.world.run("UPDATE status_call SET series_id = id")
    finished = await desk.post("lead", f"/api/drills/{drill['id']}/steps", {"step": "finish"})
    assert finished.is_success, finished.text
    (called,) = await desk.world.rows("SELECT state, ended_words FROM callout_round")
    (made,) = await desk.world.rows("SELECT result FROM callout_call")
    (card,) = await desk.world.rows("SELECT state, ended_reason FROM plan_run")
    assert called == {"state": "ended", "ended_words": "演练结束"}
    assert made == {"result": "withdrawn"}
    assert card == {"state": "ended", "ended_reason": "演练结束"}
    assert {"callout.ended", "plan.ended"} <= set(await desk.world.types())


async def _a_unit(tx: Tx) -> None:
    tx.add(OrgUnit(kind="township", name_zh="东镇政府", name_en="East", region_code=EAST_BANK))


async def test_a_pause_ends_with_the_drill_and_its_round_ups_are_called_off(desk: Desk) -> None:
    drill, clock = await drilled(desk), desk.world.clock
    await fired(desk, drill, "call")
    form = {"event_code": OPEN_KIND, "region_code": EAST_BANK, "drill_id": drill["id"]}
    incident = (await desk.post("officer", "/api/incidents", form)).json()
    await desk.world.do(_a_unit)
    asked = await desk.post(
        "officer",
        "/api/status-calls",
        {
            "title": "险情调度",
            "incident_id": incident["id"],
            "due_at": (clock.now() + SOON).isoformat(),
            "questions": [{"kind": "yes_no", "text": "有无险情"}],
            "recipients": {"region_codes": [COUNTY]},
        },
    )
    assert asked.status_code == 201, asked.text
    path = f"/api/drills/{drill['id']}/steps"
    assert (await desk.post("lead", path, {"step": "pause", "reason": "实战"})).is_success
    clock.advance(STILL)
    assert (await desk.post("lead", path, {"step": "resume"})).is_success
    (row,) = await desk.world.rows("SELECT * FROM status_call")
    assert row["due_at"] == clock.now() + SOON and row["state"] == "open"
    assert (await desk.post("lead", path, {"step": "pause"})).is_success
    assert (await desk.post("lead", path, {"step": "finish"})).is_success
    (row,) = await desk.world.rows("SELECT * FROM status_call")
    assert (row["state"], await desk.world.rows("SELECT * FROM drill_pause")) == ("cancelled", [])
