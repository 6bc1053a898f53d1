"""Hand-over beyond the smooth morning: scope, shared accounts, typed signatures, leaving, the keeper."""

from __future__ import annotations

from typing import Any

import pytest

from app.desk.handover.keeper import Keeper
from app.desk.handover.sources import scope_of
from app.duty.ownership.store import owner_at
from tests.api.desk import desk, problem
from tests.duty.county import CENTRE, TOWNSHIP, moment
from tests.duty.test_s07_handover import IN_CLERK, IN_LEADER, OUT_CLERK, Morning, morning
from tests.world import STREAM, ZONE

pytestmark = pytest.mark.database
__all__ = ["desk", "morning"]


async def opened(morning: Morning) -> str:
    """A sheet at 07:50 with everybody of the incoming team here but the clerk."""
    morning.at("07:50")
    sheet = await morning.post("lead", "/api/handovers", post_id=CENTRE)
    path = f"/api/handovers/{sheet['id']}"
    for person in range(IN_LEADER, IN_CLERK):
        await morning.post("lead", f"{path}/arrivals", person_id=person)
    return path


async def signed(morning: Morning) -> str:
    path = await opened(morning)
    await morning.take_over("second", int(path.rsplit("/", 1)[1]))
    for who, part in (("lead", "outgoing"), ("second", "incoming"), ("leader", "leader")):
        await morning.post(who, f"{path}/signatures", part=part)
    return path


async def test_a_desk_without_a_change_of_shift_cannot_be_handed_over(morning: Morning) -> None:
    morning.at("06:00" if morning.world.clock.now() < moment("07-02 06:00") else "07:20")
    await morning.refused("lead", "/api/handovers", "no_change_near", post_id=TOWNSHIP)


async def test_a_change_is_handed_over_once(morning: Morning) -> None:
    await opened(morning)
    await morning.refused("lead", "/api/handovers", "already_handed_over", post_id=CENTRE)


async def test_a_township_neither_sees_nor_touches_the_centres_sheet(morning: Morning) -> None:
    path = await opened(morning)
    assert (await morning.desk.get("east", path)).status_code == 404
    assert await morning.desk.read("east", "/api/handovers") == []
    problem(await morning.desk.post("east", f"{path}/signatures", {"part": "outgoing"}), 404, "not_found")
    problem(await morning.desk.post("auditor", f"{path}/compile"), 403, "not_permitted")
    assert (await morning.desk.read("auditor", path))["state"] == "open"
    assert (await morning.desk.get("crew", path)).status_code == 403
    assert (await morning.desk.get("east", f"/api/duty/posts/{CENTRE}/matters")).status_code == 404


async def test_a_shared_account_says_who_takes_an_item_over(morning: Morning) -> None:
    path = await opened(morning)
    item = f"{path}/items/{(await morning.desk.read('officer', path))['sheet'][0]['id']}"
    await morning.post("officer", f"{item}/open")
    await morning.refused("officer", f"{item}/tick", "not_receiver")
    await morning.refused("officer", f"{item}/tick", "not_receiver", person_id=IN_CLERK)  # not here yet
    await morning.refused("second", f"{item}/tick", "not_receiver", person_id=109)  # nobody ticks for others
    await morning.is_person("officer", 130)  # somebody in neither team, who sits at the screen
    await morning.refused("officer", f"{item}/tick", "invalid_input", person_id=109, in_order=False)
    ticked = await morning.post(
        "officer", f"{item}/tick", person_id=109, in_order=False, remark="电话有杂音,已报修"
    )
    assert (ticked["ticked_by"], ticked["in_order"]) == ("值班109", False)


async def test_a_person_without_an_account_signs_by_a_typed_signature_with_a_reason(morning: Morning) -> None:
    await morning.world.run("UPDATE account SET person_id = NULL")
    path = await opened(morning)
    for item in (await morning.desk.read("officer", path))["sheet"]:
        await morning.post("officer", f"{path}/items/{item['id']}/open")
        await morning.post("officer", f"{path}/items/{item['id']}/tick", person_id=108)
    await morning.refused("officer", f"{path}/signatures", "not_signer", part="outgoing")
    await morning.refused("officer", f"{path}/signatures", "invalid_input", part="outgoing", person_id=101)
    await morning.post("officer", f"{path}/signatures", part="outgoing", person_id=101, reason="无账号")
    sheet = await morning.desk.read("officer", path)
    assert sheet["signatures"][0]["typed_by"] == "值班员甲"
    assert {s["part"]: s["has_account"] for s in sheet["signers"]}["incoming"] is False


async def test_what_changed_after_the_tick_has_to_be_read_again(morning: Morning) -> None:
    world, path = morning.world, await opened(morning)
    number = int(path.rsplit("/", 1)[1])
    await morning.take_over("second", number)
    await world.run("UPDATE device SET test_passed = false WHERE label = '卫星电话1'")
    keeper = Keeper(world.database, world.clock, STREAM, ZONE)
    assert await keeper.look() == 1
    assert await keeper.look() == 0
    assert keeper.health()["ok"]
    assert await morning.take_over("second", number) == ["devices:satellite_phone"]


async def test_after_the_signatures_one_may_leave_an_empty_seat_only_with_a_reason(morning: Morning) -> None:
    path = await signed(morning)
    morning.at("08:10")
    await morning.refused("lead", f"{path}/departures", "desk_would_be_empty", person_id=OUT_CLERK)
    gone = await morning.post(
        "lead", f"{path}/departures", person_id=OUT_CLERK, reason="家人住院,带班领导同意"
    )
    assert (gone["left_before_relief"], gone["overtime_min"]) == (True, 10)
    await morning.refused("lead", f"{path}/departures", "moved_already", person_id=OUT_CLERK)
    await morning.refused("lead", f"{path}/arrivals", "moved_already", person_id=109)
    await morning.refused("lead", f"{path}/arrivals", "not_found", person_id=OUT_CLERK)


async def test_a_signed_sheet_stands_as_it_was_signed(morning: Morning) -> None:
    path = await signed(morning)
    await morning.world.incident(by="lead")
    assert await Keeper(morning.world.database, morning.world.clock, STREAM, ZONE).look() == 0
    item = (await morning.desk.read("lead", path))["sheet"][0]["id"]
    await morning.refused("second", f"{path}/items/{item}/tick", "handover_over")
    await morning.refused("second", f"{path}/compile", "handover_over")


async def test_weather_and_notes_hold_for_one_hand_over_a_closed_matter_is_closed_once(
    morning: Morning,
) -> None:
    matters = f"/api/duty/posts/{CENTRE}/matters"
    await morning.post("lead", matters, kind="weather", text="多云,夜间有雷阵雨")
    kept = await morning.post("lead", matters, kind="instruction", text="查水库")
    await signed(morning)
    open_now = await morning.desk.read("lead", matters)
    assert [m["id"] for m in open_now] == [kept["id"]]
    assert len(await morning.desk.read("lead", f"{matters}?closed=true")) == 2
    await morning.post("lead", f"/api/duty/matters/{kept['id']}/close", outcome="已办")
    await morning.refused("lead", f"/api/duty/matters/{kept['id']}/close", "matter_closed")
    await morning.refused("lead", "/api/duty/matters/99/close", "not_found")


async def test_the_past_owner_is_answered_from_what_was_signed(morning: Morning) -> None:
    await signed(morning)

    async def owner(at: str) -> Any:
        found = await morning.world.do(lambda tx: owner_at(tx, CENTRE, moment(at)))
        return found and found.lead_person_id

    assert await owner("07-02 07:49") == 101  # by the roster
    assert await owner("07-02 07:50") == 108
    assert await owner("07-05 08:00") is None
    assert (await morning.desk.get("lead", f"/api/duty/posts/{TOWNSHIP}/owner")).status_code == 404


def test_a_place_answers_for_the_codes_below_it() -> None:
    assert [scope_of(c) for c in ("990181000000", "990181100000", "990181100201")] == [
        "990181",
        "990181100",
        "990181100201",
    ]
