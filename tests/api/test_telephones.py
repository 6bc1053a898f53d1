"""Calling by the centre's satellite phones: who may, and what the phone is told."""

from __future__ import annotations

from typing import Any

import pytest

from app.devices.driver import Rig
from app.devices.links.serial import SerialLink
from app.devices.pump import Pump
from app.devices.recorder import Recorder
from app.devices.register import Register
from app.devices.satphone.driver import SatellitePhone, phone_on
from app.devices.satphone.setup import Plate
from tests.api.desk import Desk
from tests.world import STREAM

pytestmark = pytest.mark.database


@pytest.fixture
def phone(desk: Desk) -> SatellitePhone:
    """A phone that stands ready on a cable which nobody serves."""
    house = desk.house
    pump = Pump(house.database, Recorder(house.database, house.clock), house.clock)
    register = Register(house.database, house.clock, STREAM)
    rig = Rig(house.settings, house.database, house.clock, register, pump)
    phone = phone_on(SerialLink("satphone", "/dev/ttyUSB1"), rig)
    phone.plate = Plate(number="+8617400000001")
    house.parts["satphone:/dev/ttyUSB1"] = phone
    return phone


@pytest.mark.usefixtures("phone")
async def test_an_officer_sees_the_phones_and_calls(desk: Desk) -> None:
    (one,) = await desk.read("officer", "/api/telephones")
    assert (one["name"], one["connected"], one["call"]) == ("satphone:/dev/ttyUSB1", True, None)
    answer = await desk.post("officer", "/api/telephones/dial", {"number": "13800000005"})
    assert answer.status_code == 202
    call: dict[str, Any] = answer.json()["call"]
    assert (call["stage"], call["number"], call["incoming"]) == ("waiting", "13800000005", False)
    again = await desk.post("officer", "/api/telephones/dial", {"number": "13800000006"})
    assert (again.status_code, again.json()["code"]) == (409, "telephone_busy")
    assert (await desk.post("officer", "/api/telephones/hang-up")).status_code == 202
    assert (await desk.post("officer", "/api/telephones/answer")).status_code == 202


@pytest.mark.usefixtures("phone")
@pytest.mark.parametrize("who", ["east", "crew", "admin", "auditor"])
async def test_others_do_not(desk: Desk, who: str) -> None:
    assert (await desk.get(who, "/api/telephones")).status_code == 403
    answer = await desk.post(who, "/api/telephones/dial", {"number": "13800000005"})
    assert answer.status_code == 403


@pytest.mark.usefixtures("phone")
@pytest.mark.parametrize("number", ["13800;ATH", "12", "hello", "+8613800000005,,1"])
async def test_what_is_no_number_is_refused(desk: Desk, number: str) -> None:
    answer = await desk.post("officer", "/api/telephones/dial", {"number": number})
    assert answer.status_code == 422


async def test_a_phone_that_is_not_there_or_not_ready_is_said_so(desk: Desk, phone: SatellitePhone) -> None:
    other = await desk.post("officer", "/api/telephones/hang-up", {"phone": "satphone:/dev/ttyUSB9"})
    assert other.status_code == 404
    phone.plate = None
    answer = await desk.post("officer", "/api/telephones/dial", {"number": "13800000005"})
    assert (answer.status_code, answer.json()["code"]) == (409, "telephone_busy")
