"""SQL and HTML in a text of a device are words: kept as they are, told as they are, escaped on paper."""

from __future__ import annotations

import pytest

from app.devices.adapter import Reading
from app.devices.pump import Pump
from app.devices.recorder import Recorder
from app.signals import Distress, Text
from tests.api.desk import Desk
from tests.world import EAST_BANK, LONE_CARD, OPEN_KIND

pytestmark = pytest.mark.database
HOSTILE = "SOS'); DROP TABLE alarm; -- <script>alert(1)</script>{{7*7}}<img src=x onerror=alert(1)>"


async def test_hostile_words_are_only_words(desk: Desk) -> None:
    world = desk.world
    pump = Pump(world.database, Recorder(world.database, world.clock), world.clock)
    device = await world.device(LONE_CARD)
    for signal in (Distress("1", text=HOSTILE), Text("2", HOSTILE.replace("SOS", "x"), b"")):
        await pump.hear(device, Reading("rdss21", "BDTXR", LONE_CARD, {}, b"raw", (signal,)))
    (alarm,) = (await desk.read("officer", "/api/snapshot"))["alarms"]
    assert alarm["text"] == HOSTILE
    assert [event["text"]["text"] for event in await world.events() if "text" in event] == [
        HOSTILE.replace("SOS", "x")
    ]
    told = {"event_code": OPEN_KIND, "region_code": EAST_BANK, "title": "东岸求救"}
    answer = await desk.post("officer", f"/api/alarms/{alarm['id']}/confirm", told)
    assert answer.status_code == 201, answer.text
    incident = answer.json()["id"]
    page = await desk.get("officer", f"/api/incidents/{incident}/timeline.html")
    assert page.status_code == 200, page.text
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in page.text
