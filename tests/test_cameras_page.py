"""Cameras in a real browser: the picture of a media server runs, and what is seen is filed as evidence.

The media server is `app/simulators/media_server.py` in an environment of its own (`deploy/video.sh`).
"""

from __future__ import annotations

import json
import math
import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from app.stage.cameras import live_paths
from app.stage.media import command, settings_of
from app.stage.seed import write_map
from tests.browser import log_in, page_of
from tests.node import Service

pytestmark = [pytest.mark.browser, pytest.mark.database]
AHEAD_DEG = 0.002  # some 200 m before the tower
CLOCK = "video => [video.currentTime, video.videoWidth]"


@dataclass
class Cameras:
    """A service with the fictional city and a media server with the towers' pictures."""

    service: Service
    browser: Browser
    desk: httpx.AsyncClient
    media: subprocess.Popen[bytes]


@pytest.fixture
def media(request: pytest.FixtureRequest) -> Iterator[subprocess.Popen[bytes]]:
    program = command(0, live_paths(), *getattr(request, "param", ()))
    assert program is not None, "no media server for tests: run sh deploy/video.sh"
    with subprocess.Popen(program, stdout=subprocess.PIPE) as process:
        yield process
        process.terminate()


@pytest_asyncio.fixture(loop_scope="session")
async def cameras(
    city_url: str, tmp_path: Path, browser: Browser, media: subprocess.Popen[bytes]
) -> AsyncIterator[Cameras]:
    write_map(tmp_path / "map")
    async with AsyncExitStack() as stack:
        assert media.stdout is not None
        port = json.loads(media.stdout.readline())["port"]
        service = await stack.enter_async_context(Service(city_url, tmp_path, settings_of(port)))
        desk = await stack.enter_async_context(service.client("wangjun"))
        yield Cameras(service, browser, desk, media)


async def _picture(page: Page, name: str) -> None:
    if folder := os.environ.get("ZHISHOU_SCREENSHOTS"):
        await page.screenshot(path=Path(folder) / f"{name}.png")


async def _runs(page: Page) -> None:
    """The picture moves: its clock goes on, and something is to be seen."""
    live = page.get_by_test_id("live-picture")
    await expect(live).to_have_attribute("data-state", "live")
    before, width = await live.locator("video").evaluate(CLOCK)
    assert width == 640
    await page.wait_for_function(
        "before => document.querySelector('video').currentTime > before + 0.5", arg=before
    )


async def _is_on_the_map(page: Page, tower: dict[str, Any], other: dict[str, Any], count: int) -> None:
    """Beside the incident those that see it are tied to it; the layer shows all, a press one's picture."""
    drawn = "window.__map.cameras()"
    one = f"{drawn}.find(c => c.id === {tower['id']})"
    await page.wait_for_function(f"() => {one}?.sees && {one}.view && {drawn}.every(c => c.sees)")
    await page.get_by_test_id("live-close").click()
    await page.keyboard.press("Escape")
    await page.wait_for_function(f"() => {drawn}.length === 0")
    await page.get_by_test_id("map-layers").click()
    await page.get_by_test_id("layer-cameras").check()
    await page.wait_for_function(f"() => {drawn}.length === {count} && {one}.filled && !{one}.sees")
    await expect(page.get_by_test_id("map-camera-states")).to_contain_text(f"在线 {len(live_paths())}")
    at = {"lon": other["lon"], "lat": other["lat"]}  # the first one lies below the incident's own mark
    await page.get_by_test_id("map-finder").click()
    await page.get_by_test_id("map-find").fill(f"{at['lat']}N {at['lon']}E")
    await expect(page.get_by_test_id("map-find-option-0")).to_be_visible()
    await page.keyboard.press("Enter")
    near = "Math.hypot(c.lon - at.lon, c.lat - at.lat) < 1e-4"
    await page.wait_for_function(f"at => {{ const c = window.__map.centre(); return {near} }}", arg=at)
    x, y = await page.evaluate("at => window.__map.pixelOf(at)", at)
    await page.mouse.click(x, y)
    await _runs(page)
    await expect(page.get_by_test_id("live-picture")).to_contain_text(other["name_zh"])
    await _picture(page, "camera-map")
    await page.get_by_test_id("layer-cameras").uncheck()
    await page.wait_for_function(f"() => {drawn}.length === 0")
    await expect(page.get_by_test_id("live-picture")).to_have_count(0)


async def test_the_nearest_tower_shows_its_picture_and_a_snapshot_of_it_is_evidence(cameras: Cameras) -> None:
    every = {
        one["camera"]["stream_path"]: one["camera"]
        for one in (await cameras.desk.get("/api/cameras")).json()["cameras"]
    }
    tower = every["tower/t003"]
    ahead = math.radians(tower["bearing_deg"])
    told = {
        "event_code": "11G01",
        "region_code": tower["region_code"],
        "title": "山头冒烟",
        "lon": tower["lon"] + AHEAD_DEG * math.sin(ahead) / math.cos(math.radians(tower["lat"])),
        "lat": tower["lat"] + AHEAD_DEG * math.cos(ahead),
    }
    incident = (await cameras.desk.post("/api/incidents", json=told)).json()["id"]
    files = f"/api/incidents/{incident}/attachments"
    async with page_of(cameras.browser, cameras.service.address) as page:
        await log_in(page, cameras.service.address, "wangjun", f"/i/{incident}")
        near = page.get_by_test_id("nearest-cameras")
        first = near.locator("li").first
        await expect(first).to_have_attribute("data-testid", f"near-{tower['id']}")
        await expect(first).to_contain_text("在线")
        await page.get_by_test_id(f"near-play-{tower['id']}").click()
        await _runs(page)
        await page.get_by_test_id("live-picture").scroll_into_view_if_needed()
        await _picture(page, "camera-incident")
        await page.get_by_test_id("live-snapshot").click()
        filed = page.get_by_test_id("files-pane").locator("li").first
        await expect(filed).to_contain_text(f"摄像头 {tower['name_zh']}")
        (fact,) = (await cameras.desk.get(files)).json()
        assert (fact["camera_id"], fact["media_type"], fact["added_by"]) == (
            tower["id"],
            "image/jpeg",
            "王军",
        )
        assert len(fact["sha256"]) == 64 and fact["happened_at"] is not None
        shown = await cameras.desk.get(f"{files}/{fact['id']}/content", params={"picture": True})
        assert shown.headers["content-type"] == "image/jpeg" and len(shown.content) > 5_000
        line = await cameras.desk.get(f"/api/incidents/{incident}/timeline.html")
        assert f"从摄像头“{tower['name_zh']}”截图存证" in line.text

        await _is_on_the_map(page, tower, every["tower/t010"], len(every))
        await page.goto(f"{cameras.service.address}/cameras/{tower['id']}")
        await expect(page.get_by_test_id("camera-count")).to_have_text(str(len(every)))
        await page.get_by_test_id("camera-only-online").check()
        await expect(page.get_by_test_id("camera-count")).to_have_text(str(len(live_paths())))
        await page.wait_for_function("() => window.__spots && window.__spots.sectors() === 1")
        await page.get_by_test_id("camera-play").click()
        await _runs(page)
        await _picture(page, "cameras")
        await page.get_by_test_id("live-close").click()
        cameras.media.kill()
        cameras.media.wait(10)
        await page.get_by_test_id("camera-play").click()
        await expect(page.get_by_test_id("live-trouble")).to_contain_text("连不上流媒体服务器")
        await _picture(page, "camera-trouble")


@pytest.mark.parametrize("media", [("--no-way",)], indirect=True)
async def test_where_no_udp_gets_through_the_picture_comes_as_hls(cameras: Cameras) -> None:
    every = (await cameras.desk.get("/api/cameras")).json()["cameras"]
    first, second = (
        next(one["camera"]["id"] for one in every if one["camera"]["stream_path"] == path)
        for path in ("tower/t003", "tower/t004")
    )
    address = cameras.service.address

    async def shown(page: Page, camera: int) -> None:
        await page.get_by_test_id(f"camera-{camera}").click()
        await page.get_by_test_id("camera-play").click()
        await _runs(page)
        assert await page.locator("video").evaluate("video => video.srcObject === null")

    async with page_of(cameras.browser, address) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url.removeprefix(address)))
        await log_in(page, address, "wangjun", "/cameras")
        await shown(page, first)
        await page.get_by_test_id("live-close").click()
        await shown(page, second)  # the next one does not wait for WebRTC in vain
        assert [path for path in asked if path.endswith("/whep")] == [f"/api/cameras/{first}/whep"]
        assert all(f"/api/cameras/{camera}/hls/index.m3u8" in asked for camera in (first, second))
