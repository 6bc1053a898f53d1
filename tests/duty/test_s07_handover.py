"""S07: shift hand-over in the middle of an incident, through the public API, the clock set step by step."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from app.desk.handover.keeper import Keeper
from app.dispatch.escalator import Escalator
from app.org.tables import LoginSession
from tests.api.desk import Desk, desk, problem, token_of
from tests.duty.county import CENTRE, full_day, moment, settle_in
from tests.duty.county import Desk as Planned
from tests.world import HILL, LIMITS, RIVER, STREAM, ZONE, World

pytestmark = pytest.mark.database
__all__ = ["desk"]

OUT_LEADER, OUT_LEAD, OUT_CLERK = 100, 101, 106
IN_LEADER, IN_LEAD, IN_INTAKE, IN_CLERK = 107, 108, 109, 113
PHONE = 2  # the lone Beidou card of the world becomes a satellite phone


@dataclasses.dataclass
class Morning:
    """The centre on 2 July 2025: yesterday's seven and today's seven, and what they ask of the house."""

    desk: Desk

    @property
    def world(self) -> World:
        return self.desk.world

    def at(self, clock: str) -> None:
        self.world.clock.advance(moment(f"07-02 {clock}") - self.world.clock.now())

    async def is_person(self, account: str, person: int) -> None:
        await self.world.run(
            "UPDATE account SET person_id = :person WHERE username = :name", person=person, name=account
        )

    async def post(self, who: str, path: str, **told: Any) -> Any:
        answer = await self.desk.post(who, path, told)
        assert answer.is_success, answer.text
        return answer.json()

    async def refused(self, who: str, path: str, code: str, **told: Any) -> Any:
        answer = await self.desk.post(who, path, told)
        return problem(answer, answer.status_code, code)

    async def sheet(self, handover: int) -> dict[str, Any]:
        found: dict[str, Any] = await self.desk.read("officer", f"/api/handovers/{handover}")
        return found

    async def take_over(self, who: str, handover: int) -> list[str]:
        """Open and tick all that waits; return the keys."""
        waiting = [
            i for i in (await self.sheet(handover))["sheet"] if not i["ticked_at"] and not i["gone_at"]
        ]
        for item in waiting:
            path = f"/api/handovers/{handover}/items/{item['id']}"
            await self.post(who, f"{path}/open")
            await self.post(who, f"{path}/tick")
        return [item["key"] for item in waiting]


@pytest.fixture
async def morning(desk: Desk, tmp_path: Path) -> Morning:
    world = desk.world
    await world.do(settle_in)
    planned = Planned(world)
    planned.at("06-30 12:00")
    await planned.publish([*full_day(1, 100), *full_day(2, 107)])
    morning = Morning(desk)
    morning.at("07:20")
    sessions = [
        {
            "token_hash": token_of(name),
            "account_id": viewer.account_id,
            "created_at": world.clock.now(),
            "expires_at": world.clock.now() + timedelta(hours=12),
        }
        for name, viewer in world.people.items()
    ]
    await world.run("DELETE FROM login_session")
    await world.do(lambda tx: tx.execute(insert(LoginSession), sessions))
    for account, person in (("lead", OUT_LEAD), ("second", IN_LEAD), ("leader", IN_LEADER)):
        await morning.is_person(account, person)
    await world.run("UPDATE team SET standby_strength = 15 WHERE id = :river", river=RIVER)
    await world.run("UPDATE team SET standby_strength = 12 WHERE id = :hill", hill=HILL)
    await world.run(
        "UPDATE device SET kind = 'satellite_phone', label = '卫星电话1', test_passed = true, tested_at = :at"
        " WHERE number = '500301'",
        at=world.clock.now() - timedelta(days=9),
    )
    return morning


async def test_a_shift_is_handed_over_in_the_middle_of_an_incident(morning: Morning) -> None:
    world, post = morning.world, morning.post

    # 1. An incident is open, two orders are not answered, a follow-up report is due at 08:20.
    river = await world.send(RIVER, by="lead")
    hill = await world.send(HILL, river.incident_id, by="lead")
    morning.at("07:30")
    matters = f"/api/duty/posts/{CENTRE}/matters"
    await post("lead", matters, kind="clock", text="东岸村溺水续报", due_at="2025-07-02T08:20:00+08:00")
    told = await post("lead", matters, kind="instruction", text="周市长:查清上游水库放水")

    # 2. The incoming team is here ten minutes early, but for one clerk: the outgoing clerk has to stay.
    morning.at("07:48")
    opened = await post("lead", "/api/handovers", post_id=CENTRE)
    sheet = f"/api/handovers/{opened['id']}"
    assert opened["change_at"] == "2025-07-02T00:00:00Z"
    for person in range(IN_LEADER, IN_CLERK):
        came = await post("lead", f"{sheet}/arrivals", person_id=person)
        assert (came["early"], came["late_min"]) == (True, 0)
    await morning.refused("lead", f"{sheet}/departures", "desk_would_be_empty", person_id=OUT_CLERK)

    # 3. The sheet says what stands.
    morning.at("07:55")
    items = {item["key"]: item for item in (await morning.sheet(opened["id"]))["sheet"]}
    assert {f"order:{river.id}", f"order:{hill.id}", f"incident:{river.incident_id}"} <= items.keys()
    assert "外出 2 队 27 人" in items[f"forces:{river.incident_id}"]["zh"]
    assert items["matter:1"]["due_at"] == "2025-07-02T00:20:00Z"
    assert items[f"matter:{told['id']}"]["kind"] == "instruction"
    assert items["devices:satellite_phone"]["zh"] == "卫星电话:逾期未试 1(卫星电话1)"
    assert {"phone", "keys", "equipment", "weather"} <= items.keys()

    # 4. Nobody signs while an item is not ticked; the refusal names them.
    named = await morning.refused("lead", f"{sheet}/signatures", "items_open", part="outgoing")
    assert {field["name"] for field in named["fields"]} == items.keys()
    unread = f"{sheet}/items/{items['phone']['id']}"
    await morning.refused("second", f"{unread}/tick", "item_unread")
    await post("second", f"{unread}/open")
    await morning.refused("lead", f"{unread}/tick", "not_receiver")
    await morning.take_over("second", opened["id"])

    # 5. Both teams work until it is signed: what comes up is added, what is settled is marked.
    morning.at("08:02")
    assert (await owner(morning))["lead_person_id"] == OUT_LEAD
    await post("lead", f"/api/duty/matters/{told['id']}/close", outcome="已报水务局核实")
    await world.incident(by="lead", title="西坡落石")
    await morning.refused("lead", f"{sheet}/signatures", "items_open", part="outgoing")
    await post("lead", f"{sheet}/compile")
    again = {item["key"]: item for item in (await morning.sheet(opened["id"]))["sheet"]}
    assert again[f"matter:{told['id']}"]["gone_at"]
    taken = await morning.take_over("second", opened["id"])
    assert taken[0] == "incident:2"
    assert len(taken) > 1 and all(key.startswith("due:") for key in taken[1:])  # what is owed of it

    # 6. Three signatures, each by the person's own account; the desk moves at that second.
    morning.at("08:06")
    await morning.refused(
        "officer", f"{sheet}/signatures", "has_own_account", part="outgoing", person_id=OUT_LEAD
    )
    await morning.refused("second", f"{sheet}/signatures", "not_signer", part="outgoing")
    await post("lead", f"{sheet}/signatures", part="outgoing")
    await morning.refused("lead", f"{sheet}/signatures", "signed_already", part="outgoing")
    await post("second", f"{sheet}/signatures", part="incoming")
    done = await post("leader", f"{sheet}/signatures", part="leader")
    assert done["state"] == "completed"
    assert [s["part"] for s in done["signatures"]] == ["outgoing", "incoming", "leader"]
    assert (await owner(morning))["since"] == "2025-07-02T00:06:00Z"
    await morning.refused("lead", f"{sheet}/signatures", "handover_over", part="outgoing")
    (kept,) = await world.rows("SELECT assigned_at FROM assignment WHERE id = :id", id=river.id)
    assert kept["assigned_at"] == river.assigned_at  # reaction times run on

    # 7. What falls due now is addressed to the new desk only.
    morning.at("08:20")
    head = await world.head()
    await Escalator(world.database, world.clock, LIMITS).look()
    escalated = [e for e in await world.events(head) if e["type"] == "assignment.escalated"]
    assert escalated
    assert {event["owner"]["lead_person_id"] for event in escalated} == {IN_LEAD}
    keeper = Keeper(world.database, world.clock, STREAM, ZONE)
    for _ in range(2):  # once, however often somebody looks
        await keeper.look()
    (due,) = [event for event in await world.events() if event["type"] == "handover.matter_due"]
    assert (due["matter"]["text"], due["owner"]["lead_person_id"]) == ("东岸村溺水续报", IN_LEAD)

    # 8. The late clerk comes at 08:22; the one who stayed for him goes, and his time is counted.
    morning.at("08:22")
    late = await post("second", f"{sheet}/arrivals", person_id=IN_CLERK)
    assert (late["late_min"], late["early"]) == (22, False)
    gone = await post("lead", f"{sheet}/departures", person_id=OUT_CLERK)
    assert (gone["overtime_min"], gone["left_before_relief"]) == (22, False)
    told_of = [t for t in await world.types() if t.startswith("handover.")]
    assert told_of.count("handover.late") == 1
    assert told_of.count("handover.completed") == 1


async def owner(morning: Morning) -> dict[str, Any]:
    found: dict[str, Any] = await morning.desk.read("officer", f"/api/duty/posts/{CENTRE}/owner")
    return found


async def test_who_checks_in_is_here_on_the_sheet_whether_it_lies_open_or_is_opened_later(
    morning: Morning,
) -> None:
    """Presence and hand-over are one: nobody is ticked twice (S07.2, S07.8)."""
    morning.at("07:48")
    await morning.post("officer", "/api/duty/presence/arrival", person_id=IN_LEAD)
    opened = await morning.post("officer", "/api/handovers", post_id=CENTRE)
    here = {m["person_id"]: m["arrived_at"] for m in (await morning.sheet(opened["id"]))["members"]}
    assert here[IN_LEAD] is not None
    assert here[IN_CLERK] is None
    morning.at("08:22")
    await morning.post("officer", "/api/duty/presence/arrival", person_id=IN_CLERK)
    members = {m["person_id"]: m for m in (await morning.sheet(opened["id"]))["members"]}
    assert members[IN_CLERK]["late_min"] == 22
    assert (await morning.world.types())[-1] == "handover.late"
