"""The field page in a real browser on a bad network: 3G, every fifth request lost, the server killed."""

from __future__ import annotations

import asyncio
import base64
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, FilePayload, Page, expect

from app.stage.seed import write_map
from tests.browser import log_in, page_of, turn_to
from tests.lossy import LossyLine, lossy_line
from tests.node import Service

pytestmark = [pytest.mark.browser, pytest.mark.database]
LINXI_TEAM = "临溪镇综合应急救援队"
PLACE = "990181100204"
# Regular 3G as Chromium's own tools have it: bytes a second, milliseconds.
THREE_G = {"offline": False, "latency": 100, "downloadThroughput": 93_750, "uploadThroughput": 31_250}
PHOTO = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
Json = dict[str, Any]


@dataclass
class House:
    """A service with the fictional city behind a bad line, a browser and a duty officer."""

    service: Service
    line: LossyLine
    browser: Browser
    desk: httpx.AsyncClient

    async def responder(self) -> int:
        """Return who carries the phone: the person behind responder1."""
        async with self.service.client("responder1") as client:
            person = (await client.get("/api/me")).json()["person_id"]
        return int(person)

    async def link(self, person: int) -> Json:
        """Make a one-time link."""
        made = await self.desk.post(f"/api/people/{person}/phones", json={"minutes": 10})
        assert made.status_code == 201, made.text
        told: Json = made.json()
        return told

    async def dispatch(self) -> Json:
        """Send the phone's team to an incident."""
        teams = (await self.desk.get("/api/snapshot")).json()["teams"]
        team = next(t["id"] for t in teams if t["name_zh"] == LINXI_TEAM)
        opened = await self.desk.post("/api/incidents", json={"event_code": "11A01", "region_code": PLACE})
        incident = opened.json()["id"]
        sent = await self.desk.post(f"/api/incidents/{incident}/assignments", json={"team_id": team})
        told: Json = sent.json()
        return told

    async def events(self) -> list[Json]:
        """Return everything that happened."""
        found: list[Json] = []
        while True:
            after = found[-1]["seq"] if found else 0
            page = (await self.desk.get(f"/api/events?after={after}&limit=1000")).json()
            found += page["events"]
            if not page["more"]:
                return found


@pytest_asyncio.fixture(loop_scope="session")
async def house(city_url: str, tmp_path: Path, whole_browser: Browser) -> AsyncIterator[House]:
    """The fictional city, without devices."""
    write_map(tmp_path / "map")
    async with AsyncExitStack() as stack:
        service = await stack.enter_async_context(Service(city_url, tmp_path))
        line = await stack.enter_async_context(lossy_line(service.port))
        desk = await stack.enter_async_context(service.client("wangjun"))
        yield House(service, line, whole_browser, desk)


async def _let_in(house: House, phone: Page, person: int) -> None:
    """Scan the code at the desk, on the desk's good network, and begin duty."""
    token = (await house.link(person))["address"].rpartition("#")[2]
    await phone.goto(f"{house.line.address}/m/#{token}")
    await phone.get_by_test_id("field-start").click()
    await phone.evaluate("navigator.serviceWorker.ready.then(() => true)")
    assert "login" not in phone.url


async def _steps(house: House, *wanted: str) -> None:
    """Assert that the task took these steps, each exactly once and in this order."""
    taken = [e["type"] for e in await house.events() if e["type"].startswith("assignment.")]
    assert [t for t in taken if t != "assignment.escalated"] == [f"assignment.{step}" for step in wanted]


async def _emptied(phone: Page) -> None:
    await expect(phone.get_by_test_id("field-outbox")).to_have_attribute("data-count", "0", timeout=90_000)


async def test_over_3g_with_a_fifth_of_the_requests_lost_everything_arrives_once_and_in_order(
    house: House,
) -> None:
    async with page_of(house.browser, house.line.address, width=360, height=740, mobile=True) as phone:
        await _let_in(house, phone, await house.responder())
        wire = await phone.context.new_cdp_session(phone)
        await wire.send("Network.emulateNetworkConditions", THREE_G)
        house.line.losing = True
        task = await house.dispatch()
        await phone.get_by_test_id("field-accept").click()
        for step in ("depart", "arrive"):
            await expect(phone.get_by_test_id("field-next")).to_have_attribute("data-step", step)
            await phone.get_by_test_id("field-next").click()
        for words in ("水已退", "两人已救出", "需要一艘冲锋舟"):
            await phone.get_by_test_id("field-words").fill(words)
            await phone.get_by_test_id("field-words-send").click()
        photo = FilePayload(name="现场.png", mimeType="image/png", buffer=PHOTO)
        await phone.get_by_test_id("field-photo").set_input_files([photo])
        await phone.get_by_test_id("field-safe").click()
        await expect(phone.get_by_test_id("field-next")).to_have_attribute("data-step", "finish")
        await phone.get_by_test_id("field-next").click()
        await _emptied(phone)
        house.line.losing = False
        lost = house.line.cut_before + house.line.cut_after
        for kind in ("steps", "words", "attachments", "safety"):
            assert any(f"/{kind}" in one for one in lost), f"no {kind} was lost: the test shows nothing"
        events = await house.events()
        kinds = [
            e["type"]
            for e in events
            if e["type"].startswith("assignment.") and e["type"] != "assignment.escalated"
        ]
        steps = [
            kind
            for kind in kinds
            if kind.rpartition(".")[2] in ("acknowledged", "en_route", "on_scene", "task_done")
        ]
        assert steps == [f"assignment.{s}" for s in ("acknowledged", "en_route", "on_scene", "task_done")]
        said = [e["text"]["text"] for e in events if e["type"] == "text.received"]
        assert said == ["水已退", "两人已救出", "需要一艘冲锋舟"]
        assert Counter(e["type"] for e in events)["incident.attached"] == 1
        kept = (await house.desk.get(f"/api/incidents/{task['incident_id']}/attachments")).json()
        assert [one["kind"] for one in kept] == ["photo"]
        print(f"lost before: {house.line.cut_before}; lost after: {house.line.cut_after}")  # noqa: T201


async def test_a_full_queue_survives_the_servers_death_and_a_reload_and_is_sent_once(house: House) -> None:
    async with page_of(house.browser, house.line.address, width=360, height=740, mobile=True) as phone:
        await _let_in(house, phone, await house.responder())
        await house.dispatch()
        await phone.get_by_test_id("field-accept").click()
        await expect(phone.get_by_test_id("field-next")).to_have_attribute("data-step", "depart")
        await _emptied(phone)
        await house.service.kill()
        await phone.get_by_test_id("field-next").click()
        await expect(phone.get_by_test_id("field-next")).to_have_attribute("data-step", "arrive")
        await phone.get_by_test_id("field-next").click()
        await phone.get_by_test_id("field-words").fill("断网时写的")
        await phone.get_by_test_id("field-words-send").click()
        await expect(phone.get_by_test_id("field-outbox")).to_have_attribute("data-count", "3")
        await phone.reload()  # from the service worker: nobody else answers
        await phone.get_by_test_id("field-start").click()
        await expect(phone.get_by_test_id("field-task")).to_have_attribute("data-state", "on_scene")
        await phone.get_by_test_id("field-outbox").click()
        await expect(phone.get_by_test_id("field-queue").locator("[data-state=waiting]")).to_have_count(3)
        await house.service.start()
        await _emptied(phone)
        await expect(phone.get_by_test_id("field-queue").locator("[data-state=refused]")).to_have_count(0)
        await _steps(house, "dispatched", "acknowledged", "en_route", "on_scene")
        assert [e["text"]["text"] for e in await house.events() if e["type"] == "text.received"] == [
            "断网时写的"
        ]


async def test_a_lost_phone_is_ended_from_the_desk_and_a_new_link_sends_what_it_kept(house: House) -> None:
    person = await house.responder()
    name = (await house.desk.get(f"/api/people/{person}")).json()["name"]
    address = house.service.address
    async with (
        page_of(house.browser, address) as desk,
        page_of(house.browser, house.line.address, width=360, height=740, mobile=True) as phone,
    ):
        await log_in(desk, address, "shift")
        await turn_to(desk, "people")
        await desk.get_by_test_id("people-search").fill(name)
        await desk.get_by_test_id(f"person-{person}").click()
        await desk.get_by_test_id("phone-link").click()
        await expect(desk.get_by_test_id("phone-qr")).to_be_visible()
        token = (await desk.get_by_test_id("phone-address").input_value()).rpartition("#")[2]
        await phone.goto(f"{house.line.address}/m/#{token}")
        await phone.get_by_test_id("field-start").click()
        await expect(desk.get_by_test_id("phone-qr")).to_have_count(0)  # used: it leaves the screen
        linked = desk.locator("[data-testid^=phone-][data-state=linked]")
        await expect(linked).to_have_count(1)
        await house.dispatch()
        await phone.get_by_test_id("field-accept").click()
        await _emptied(phone)
        await linked.locator("[data-testid^=phone-lost-]").click()
        await desk.get_by_test_id("phone-reason").fill("手机落水")
        await desk.get_by_test_id("phone-revoke").click()
        await expect(phone.get_by_test_id("field-enter")).to_be_visible()
        await expect(desk.locator("[data-testid^=phone-][data-state=revoked]")).to_have_count(1)
        again = (await house.link(person))["address"].rpartition("#")[2]
        await phone.goto(f"{house.line.address}/m/#{again}")
        await phone.get_by_test_id("field-start").click()
        await expect(phone.get_by_test_id("field-task")).to_be_visible()
        await phone.goto(f"{house.line.address}/m/#{token}")  # the spent one
        await expect(phone.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")


async def test_a_call_for_help_and_a_voice_note_reach_the_desk(house: House) -> None:
    async with page_of(house.browser, house.line.address, width=360, height=740, mobile=True) as phone:
        await phone.context.grant_permissions(["geolocation", "microphone"])
        await _let_in(house, phone, await house.responder())
        task = await house.dispatch()
        await phone.get_by_test_id("field-accept").click()
        await phone.get_by_test_id("field-voice").click()
        await expect(phone.get_by_test_id("field-voice")).to_contain_text("0:01")
        await phone.get_by_test_id("field-voice").click()
        sos = phone.get_by_test_id("field-sos")
        await sos.scroll_into_view_if_needed()
        await sos.click()  # a touch is no call
        await expect(phone.get_by_test_id("field-sos-called")).to_have_count(0)
        await sos.dispatch_event("pointerdown")
        await expect(phone.get_by_test_id("field-sos-called")).to_have_attribute("data-sent", "true")
        await _emptied(phone)
        async with asyncio.timeout(30):  # a recording is made after the press that ends it
            while not (  # noqa: ASYNC110 (the desk is not told)
                kept := (await house.desk.get(f"/api/incidents/{task['incident_id']}/attachments")).json()
            ):
                await asyncio.sleep(0.1)
        assert [one["kind"] for one in kept] == ["audio"]
        alarms = (await house.desk.get("/api/snapshot")).json()["alarms"]
        assert [(a["kind"], a["lon"] is not None) for a in alarms] == [("sos", True)]
