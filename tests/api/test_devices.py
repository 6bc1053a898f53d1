"""The register over HTTP: who may read and who may keep it, where, and what it refuses."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.org import store as org
from tests.api.desk import Desk, problem
from tests.world import COUNTY, EAST, EAST_BANK, HILL, LAKE, STREAM, TRUCK, WEST, World

pytestmark = pytest.mark.database
RADIO = {"family": "hdap", "number": "370101", "label": "东镇1", "region_code": EAST}
READERS = ("leader", "lead", "officer", "east", "west", "admin", "auditor")


async def enter(desk: Desk, **changes: Any) -> dict[str, Any]:
    answer = await desk.post("admin", "/api/devices", {**RADIO, **changes})
    assert answer.status_code == 201, answer.text
    entered: dict[str, Any] = answer.json()
    return entered


async def amend(desk: Desk, device_id: int, who: str = "admin", **told: Any) -> Any:
    return await desk.ask(who, "PATCH", f"/api/devices/{device_id}", told)


async def east_admin(world: World) -> None:
    """Let the device administrator answer for the east only."""
    await world.run("UPDATE account SET scope = :scope WHERE username = 'admin'", scope=EAST[:9])


async def test_a_device_is_entered_read_amended_and_switched_off(desk: Desk) -> None:
    entered = await enter(desk, holder_id=1, team_id=HILL, talk_groups=["101"], note="值班室", fenced=True)
    assert entered["kind"] == "radio_370"
    assert entered["region_path"] == "樟川市东镇"
    assert (entered["holder_name"], entered["holder_phone"]) == ("江队长", "13800000001")
    assert (entered["team_name"], entered["state"]) == ("东山民兵", "never_heard")
    assert entered["test"] == {
        "state": "untested",
        "at": None,
        "due_at": None,
        "method": None,
        "detail": None,
    }
    device_id = entered["id"]
    moved = (await amend(desk, device_id, region_code=EAST_BANK, holder_id=None, lon=118.2, lat=28.5)).json()
    assert (moved["region_path"], moved["holder_id"], moved["lon"]) == ("樟川市东镇东岸村", None, 118.2)
    assert moved["team_id"] == HILL  # what was not named stays
    off = (await amend(desk, device_id, active=False)).json()
    assert (off["state"], off["test"]["state"]) == ("off", "exempt")
    detail = await desk.read("officer", f"/api/devices/{device_id}")
    assert detail["tests"] == []
    assert {**off, "tests": []} == detail
    events = [e for e in await desk.world.events() if str(e["type"]).startswith("device.")]
    assert [e["type"] for e in events] == ["device.registered", "device.amended", "device.switched_off"]
    assert events[1]["changed"] == ["holder_id", "lat", "lon", "region_code"]
    assert {e["actor"]["name"] for e in events} == {"设备管理员"}


async def test_every_reader_sees_the_own_part_of_the_register(desk: Desk) -> None:
    entered = await enter(desk)
    path = f"/api/devices/{entered['id']}"
    for who in READERS:
        seen = who != "west"
        assert (await desk.get(who, path)).status_code == (200 if seen else 404), who
        ids = [device["id"] for device in await desk.read(who, "/api/devices")]
        assert (entered["id"] in ids) == seen, who
        events = (await desk.read(who, "/api/events?limit=1000"))["events"]
        assert ("device.registered" in [e["type"] for e in events]) == seen, who
    for who in ("crew", "boatman"):
        problem(await desk.get(who, path), 403, "not_permitted")
        assert (await desk.read(who, "/api/events"))["events"] == []
    problem(await desk.get(None, path), 401, "not_logged_in")


async def test_only_those_who_keep_devices_change_the_register(desk: Desk) -> None:
    for who in ("leader", "lead", "officer", "east", "west", "crew", "boatman", "auditor"):
        problem(await desk.post(who, "/api/devices", RADIO), 403, "not_permitted")
        problem(await amend(desk, 1, who, label="x"), 403, "not_permitted")
        problem(await desk.post(who, "/api/devices/1/unpin"), 403, "not_permitted")
        problem(await desk.post(who, "/api/devices/unknown/file", RADIO), 403, "not_permitted")
    assert await desk.world.types() == []


async def test_who_keeps_the_devices_of_one_township_keeps_no_others(desk: Desk) -> None:
    await east_admin(desk.world)
    problem(await desk.post("admin", "/api/devices", {**RADIO, "region_code": WEST}), 403, "not_permitted")
    problem(await amend(desk, 4, label="x"), 404, "not_found")  # stands in the west
    problem(await amend(desk, 1, region_code=WEST), 403, "not_permitted")
    problem(await amend(desk, 1, team_id=LAKE), 422, "invalid_input")
    problem(await amend(desk, 1, holder_id=3), 422, "invalid_input")
    problem(await desk.post("admin", "/api/devices/unknown/file", RADIO), 403, "not_permitted")
    assert (await amend(desk, 1, label="江一车")).status_code == 200


async def test_one_number_of_one_family_is_one_device(desk: Desk) -> None:
    first = await enter(desk)
    told = problem(await desk.post("admin", "/api/devices", RADIO), 409, "number_taken")
    assert "东镇1" in told["zh"]
    other = await enter(desk, number="370102")
    problem(await amend(desk, other["id"], number="370101"), 409, "number_taken")
    before = await desk.world.head()
    assert (await amend(desk, first["id"], number="370101")).status_code == 200  # its own
    assert await desk.world.head() == before  # nothing changed, nothing to tell
    await enter(desk, family="satphone", number="370101")  # another family's numbers are others
    # One Beidou card is one device, whatever it speaks.
    card = {**RADIO, "family": "rdss40", "number": "500201"}
    problem(await desk.post("admin", "/api/devices", card), 409, "number_taken")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": "0370"}, "body"),
        ({"number": ""}, "number"),
        ({"number": "37 0"}, "body"),
        ({"family": "carrier_pigeon"}, "family"),
        ({"kind": "pigeon"}, "body"),
        ({"label": " "}, "label"),
        ({"label": "东\u00001"}, "body"),
        ({"label": "x" * 81}, "label"),
        ({"region_code": "990181999000"}, "region_code"),
        ({"region_code": "110101000000"}, "region_code"),
        ({"holder_id": 999}, "holder_id"),
        ({"team_id": 999}, "team_id"),
        ({"lon": 118.2}, "body"),
        ({"lon": 181, "lat": 0}, "lon"),
        ({"talk_groups": ["x" * 21]}, "talk_groups.0"),
        ({"talk_groups": ["1"] * 65}, "talk_groups"),
        ({"coverage_km": 0}, "coverage_km"),
        ({"auth_code_hash": "0" * 64}, "auth_code_hash"),
    ],
)
async def test_what_cannot_be_is_refused_in_both_languages(
    desk: Desk, changes: dict[str, Any], field: str
) -> None:
    answer = await desk.post("admin", "/api/devices", {**RADIO, **changes})
    told = problem(answer, 422, "invalid_input")
    assert [fault["name"] for fault in told["fields"]] == [field]
    assert all(fault["zh"] and fault["en"] for fault in told["fields"])


async def test_a_new_number_and_unpin_let_a_new_terminal_in_and_tell_no_secret(desk: Desk) -> None:
    pinned = (
        "UPDATE device SET terminal_id = 'SECRET7', auth_code_hash = 'SECRET8', credential_at = now()"
        " WHERE id = 1"
    )
    await desk.world.run(pinned)
    before = await desk.read("admin", "/api/devices/1")
    assert before["pinned"] and before["credential_at"]
    told = (await desk.post("admin", "/api/devices/1/unpin")).json()
    assert not told["pinned"] and told["credential_at"] is None
    await desk.world.run(pinned)
    assert not (await amend(desk, 1, number="13900000077")).json()["pinned"]
    rows = await desk.world.rows("SELECT terminal_id, auth_code_hash FROM device WHERE id = 1")
    assert rows == [{"terminal_id": None, "auth_code_hash": None}]
    assert "SECRET" not in json.dumps(await desk.world.events())
    problem(await desk.post("admin", "/api/devices/99/unpin"), 404, "not_found")


async def test_a_number_of_the_quarantine_list_is_filed(desk: Desk) -> None:
    world = desk.world
    await world.do(lambda tx: org.note_unknown(tx, "hdap", "370101", b"\x01", world.clock.now()))
    filed = await desk.post("admin", "/api/devices/unknown/file", RADIO)
    assert filed.status_code == 201
    assert await desk.read("admin", "/api/devices/unknown") == []
    problem(await desk.post("admin", "/api/devices/unknown/file", RADIO), 409, "number_taken")
    never = {**RADIO, "number": "370999"}
    problem(await desk.post("admin", "/api/devices/unknown/file", never), 404, "not_found")


async def test_a_card_that_was_let_in_unregistered_gets_its_name_and_keeps_its_story(desk: Desk) -> None:
    world = desk.world
    await world.do(lambda tx: org.note_unknown(tx, "rdss21", "700700", b"\x01", world.clock.now()))
    await world.do(lambda tx: org.admit_device(tx, STREAM, "rdss21", "700700", "未登记北斗卡 700700"))
    (before,) = [d for d in await desk.read("admin", "/api/devices") if d["number"] == "700700"]
    assert before["unregistered"]
    assert before["region_code"] == COUNTY
    told = {
        "family": "rdss40",
        "number": "700700",
        "label": "老李北斗",
        "region_code": EAST_BANK,
        "holder_id": 5,
    }
    filed = (await desk.post("admin", "/api/devices/unknown/file", told)).json()
    assert filed["id"] == before["id"]
    assert (filed["label"], filed["unregistered"], filed["kind"]) == ("老李北斗", False, "beidou_terminal")
    assert filed["family"] == "rdss21"  # how it spoke, not how somebody thought it speaks


async def test_what_a_device_tells_of_itself_stands_in_the_register(desk: Desk) -> None:
    told = {1: {"battery_pct": 41, "signal_pct": 80, "firmware": "V2.1", "carries": ["hdap", 5]}}
    await desk.world.do(lambda tx: org.note_health(tx, told, desk.world.clock.now()))
    await desk.world.do(lambda tx: org.touch_devices(tx, {1: "jt808"}, desk.world.clock.now()))
    shown = await desk.read("admin", "/api/devices/1")
    assert (shown["battery_pct"], shown["signal_pct"], shown["firmware"]) == (41, 80, "V2.1")
    assert (shown["heard_via"], shown["carries"], shown["state"]) == ("jt808", ["hdap", "5"], "live")
    desk.world.later(minutes=11)
    await desk.world.run("UPDATE device SET kind = 'vehicle_terminal' WHERE id = 1")
    assert (await desk.read("admin", "/api/devices/1"))["state"] == "silent"


async def test_the_number_on_the_wire_finds_the_device_that_was_entered(desk: Desk) -> None:
    entered = await enter(desk)
    found = await desk.world.do(lambda tx: org.device_by_number(tx, ("hdap",), "370101"))
    assert found is not None
    assert (found.id, found.kind) == (entered["id"], "radio_370")
    await amend(desk, entered["id"], active=False)
    assert await desk.world.do(lambda tx: org.device_by_number(tx, ("hdap",), "370101")) is None
    assert await desk.world.device(TRUCK)


async def test_why_a_device_is_out_of_service_is_kept_and_journalled_until_it_is_back(desk: Desk) -> None:
    device_id = (await enter(desk, fenced=True))["id"]
    problem(await amend(desk, device_id, off_reason="送修"), 422, "invalid_input")  # it is in service
    off = (await amend(desk, device_id, active=False, off_reason="送修")).json()
    assert (off["off_reason"], off["fenced"]) == ("送修", True)
    later = (await amend(desk, device_id, off_reason="配件未到")).json()
    assert later["off_reason"] == "配件未到"
    back = (await amend(desk, device_id, active=True)).json()
    assert (back["off_reason"], back["active"]) == ("", True)
    told = [(e["type"], e["changed"], e["device"]["off_reason"]) for e in await desk.world.events()]
    assert told[1:] == [
        ("device.switched_off", ["active", "off_reason"], "送修"),
        ("device.amended", ["off_reason"], "配件未到"),
        ("device.amended", ["active", "off_reason"], ""),
    ]
    assert (await amend(desk, device_id, fenced=False)).json()["fenced"] is False


async def test_who_was_let_in_for_a_calls_sake_is_accepted_as_it_stands(desk: Desk) -> None:
    device_id = (await enter(desk))["id"]
    await desk.world.run("UPDATE device SET facts = '{\"unregistered\": true}' WHERE id = :id", id=device_id)
    assert (await amend(desk, device_id, unregistered=False)).json()["unregistered"] is False
    assert (await desk.world.events())[-1]["changed"] == ["unregistered"]
    problem(await amend(desk, device_id, unregistered=True), 422, "invalid_input")


async def test_a_number_that_is_nobodys_is_dismissed_and_returns_when_it_speaks_again(desk: Desk) -> None:
    world, told = desk.world, {"family": "hdap", "number": "371999", "reason": "邻县电台"}

    async def speak() -> None:
        await world.do(lambda tx: org.note_unknown(tx, "hdap", "371999", b"\x01", world.clock.now()))

    await speak()
    problem(await desk.post("officer", "/api/devices/unknown/dismiss", told), 403, "not_permitted")
    assert (await desk.post("admin", "/api/devices/unknown/dismiss", told)).status_code == 204
    assert await desk.read("admin", "/api/devices/unknown") == []
    event = (await world.events())[-1]
    assert (event["type"], event["number"], event["count"], event["reason"]) == (
        "device.unknown_dismissed", "371999", 1, "邻县电台",
    )  # fmt: skip
    problem(await desk.post("admin", "/api/devices/unknown/dismiss", told), 404, "not_found")
    await speak()
    assert len(await desk.read("admin", "/api/devices/unknown")) == 1
    await east_admin(world)
    problem(await desk.post("admin", "/api/devices/unknown/dismiss", told), 403, "not_permitted")
