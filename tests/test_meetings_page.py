"""A roll call by video in real browsers: rung, answered, seen; the seconds are measured and exported."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.browser import drawn, log_in, page_of, turn_to
from tests.node import Service

pytestmark = [pytest.mark.browser, pytest.mark.database]


@dataclass
class House:
    """A service with the fictional city and a browser."""

    service: Service
    browser: Browser
    desk: httpx.AsyncClient


@pytest_asyncio.fixture(loop_scope="session")
async def house(city_url: str, tmp_path: Path, whole_browser: Browser) -> AsyncIterator[House]:
    """The fictional city."""
    async with AsyncExitStack() as stack:
        service = await stack.enter_async_context(Service(city_url, tmp_path))
        desk = await stack.enter_async_context(service.client("wangjun"))
        yield House(service, whole_browser, desk)


async def _room(house: House, name: str) -> int:
    units = (await house.desk.get("/api/units")).json()
    return next(int(unit["id"]) for unit in units if unit["name_zh"].startswith(name))


async def _plays(page: Page, tile: str) -> None:
    """Wait until the picture of somebody else moves."""
    video = f"document.querySelector('[data-testid={tile}] video')"
    await drawn(page, f"{video} !== null && {video}.videoWidth > 0 && {video}.currentTime > 0")
    at = await page.evaluate(f"{video}.currentTime")
    await drawn(page, f"{video}.currentTime > {at} + 0.3")


async def test_a_roll_call_by_video_rings_a_township_and_a_phone_and_measures_how_long_it_took(
    house: House,
) -> None:
    address = house.service.address
    async with AsyncExitStack() as stack:
        desk = await stack.enter_async_context(page_of(house.browser, address))
        town = await stack.enter_async_context(page_of(house.browser, address))
        phone = await stack.enter_async_context(
            page_of(house.browser, address, width=360, height=740, mobile=True)
        )
        await desk.context.grant_permissions(["camera", "microphone"])
        await town.context.grant_permissions(["camera"])  # no microphone: it speaks to nobody
        # The phone is allowed neither: it watches and listens.
        await log_in(town, address, "linxi", "/supplies")
        await log_in(phone, address, "responder1", "/m/")
        await log_in(desk, address, "wangjun", "/")
        await turn_to(desk, "meetings")
        team = (await _me(house, "responder1"))["team_ids"][0]
        linxi, yongning = await _room(house, "临溪镇"), await _room(house, "永宁")

        await desk.keyboard.press("n")
        await desk.get_by_test_id("meeting-kind-roll_call").check()
        await desk.get_by_test_id("meeting-title").fill("汛期视频点名")
        for unit in (linxi, yongning):
            await desk.get_by_test_id(f"meeting-unit-{unit}").check()
        name = await _team(house, team)
        await desk.get_by_test_id("meeting-find").fill(name)
        await desk.get_by_test_id(f"meeting-team-{team}").check()
        await desk.get_by_test_id("meeting-open").click()
        await expect(desk.get_by_test_id("room")).to_have_attribute("data-state", "in")

        # It rings on whatever page the township looks at, and on the phone; both accept.
        await expect(town.get_by_test_id("ringing")).to_contain_text("汛期视频点名")
        await town.get_by_test_id("ringing-accept").click()
        await phone.get_by_test_id("ringing-accept").click()
        rows = {row["name"]: row["id"] for row in await _members(house)}
        seats = {
            place: next(id_ for full, id_ in rows.items() if full.startswith(place))
            for place in ("临溪镇", "永宁")
        }
        crew = next(id_ for full, id_ in rows.items() if full == name)
        await _plays(desk, f"tile-{seats['临溪镇']}")
        caller = (await _members(house))[0]["id"]
        await _plays(town, f"tile-{caller}")
        await _plays(phone, f"tile-{caller}")
        # In a roll call those who are called do not see each other.
        await expect(town.locator("[data-testid^=tile-]")).to_have_count(2)

        # What is lacking is said where it is lacking, and shown to the others.
        await expect(town.get_by_test_id("room-meet.lack.microphone.denied")).to_contain_text("允许麦克风")
        await expect(town.get_by_test_id("room-mute")).to_be_disabled()
        await expect(phone.get_by_test_id("room-meet.lack.camera.denied")).to_contain_text("允许摄像头")
        await expect(desk.get_by_test_id(f"tile-{seats['临溪镇']}")).to_contain_text("静音")
        assert await phone.evaluate("document.documentElement.scrollWidth") <= 360
        names = await phone.locator("video").evaluate_all("all => all.map(v => v.getAttribute('aria-label'))")
        assert all(names) and len(set(names)) == len(names)

        # The table shows measured seconds; who sends no picture is there without video.
        for seat, outcome in ((seats["临溪镇"], "connected"), (crew, "no_video")):
            row = desk.get_by_test_id(f"member-{seat}")
            await expect(row).to_have_attribute("data-outcome", outcome)
            took = float(await row.get_attribute("data-seconds") or "nan")
            assert 0 < took < 60
            await expect(row).to_contain_text("秒")
        await expect(desk.get_by_test_id(f"member-{seats['临溪镇']}")).to_contain_text("无麦克风")
        await expect(desk.get_by_test_id(f"member-{crew}")).to_contain_text("仅收看收听")
        await expect(desk.get_by_test_id("meeting-answered")).to_have_text("2")

        # The desk lets one go, turns its camera off and closes: who rang till then did not answer.
        await desk.get_by_test_id("room-camera").click()
        await expect(phone.get_by_test_id(f"tile-{caller}")).to_contain_text("未开摄像头")
        await desk.get_by_test_id(f"release-{crew}").click()
        await expect(phone.get_by_test_id("room-told")).to_contain_text("请您退出")
        await desk.get_by_test_id("meeting-close").click()
        await desk.get_by_test_id("sure-yes").click()
        await expect(town.get_by_test_id("room-told")).to_contain_text("会商已结束")
        await expect(desk.get_by_test_id(f"member-{seats['永宁']}")).to_have_attribute(
            "data-outcome", "missed"
        )
        await expect(desk.get_by_test_id("meeting-median")).to_contain_text("秒")
        async with desk.expect_download() as download:
            await desk.get_by_test_id("meeting-file").click()
        assert (await download.value).suggested_filename == "视频点名 汛期视频点名.xlsx"


async def _me(house: House, username: str) -> dict[str, list[int]]:
    async with house.service.client(username) as client:
        return dict((await client.get("/api/me")).json())


async def _team(house: House, team: int) -> str:
    snapshot = (await house.desk.get("/api/snapshot")).json()
    return next(str(one["name_zh"]) for one in snapshot["teams"] if one["id"] == team)


async def _members(house: House) -> list[dict[str, Any]]:
    (latest, *_) = (await house.desk.get("/api/meetings")).json()
    return list((await house.desk.get(f"/api/meetings/{latest['id']}")).json()["members"])
