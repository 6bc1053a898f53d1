"""The tools of the map in a real browser: find, measure, draw an area and use it, follow a trail."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Browser, Page, Route, expect

from app.db import Database
from app.stage.seed import STREAM, write_map
from app.tracking.distance import distance_m
from app.tracking.store import Heard, write_many
from tests.browser import chromium, drawn, log_in, page_of
from tests.node import Service
from tests.pmtiles import archive, png
from tests.test_accessible_pages import AXE, faults

pytestmark = [pytest.mark.browser, pytest.mark.database]
House = tuple[Service, Browser]
CENTRE = (115.52, 27.99)


@pytest.fixture
async def house(city_url: str, tmp_path: Path) -> AsyncIterator[House]:
    write_map(tmp_path / "map")
    async with AsyncExitStack() as stack:
        service = await stack.enter_async_context(Service(city_url, tmp_path))
        yield service, await stack.enter_async_context(chromium())


async def asked(page: Page, service: Service, path: str) -> Any:
    return await (await page.request.get(service.address + path)).json()


async def pixel(page: Page, lon: float, lat: float) -> tuple[float, float]:
    x, y = await page.evaluate("([lon, lat]) => window.__map.pixelOf({ lon, lat })", [lon, lat])
    return x, y


async def stands_still(page: Page) -> None:
    """Wait until the map has come to rest where it was sent."""
    await drawn(
        page,
        "new Promise(r => { const a = JSON.stringify(window.__map.centre());"
        " setTimeout(() => r(a === JSON.stringify(window.__map.centre())), 150) })",
    )


async def find(page: Page, words: str) -> None:
    await page.get_by_test_id("map-find").fill(words)
    await expect(page.get_by_test_id("map-find-option-0")).to_be_visible()
    await page.keyboard.press("Enter")
    await stands_still(page)


async def test_places_are_found_and_read_out_and_measured_by_keyboard_and_mouse(house: House) -> None:
    service, browser = house
    async with page_of(browser, service.address, width=1600, height=900) as page:
        await log_in(page, service.address, "shift")
        await page.get_by_test_id("map-finder").click()
        await find(page, "dongan")
        village = next(
            r for r in (await asked(page, service, "/api/reference"))["regions"] if r["name"] == "东岸村"
        )
        at = await page.evaluate("window.__map.centre()")
        assert distance_m(at["lon"], at["lat"], village["lon"], village["lat"]) < 50
        await find(page, "G990 K1210")
        await find(page, f"{CENTRE[1]}N {CENTRE[0]}E")
        await expect(page.get_by_test_id("map-pinned")).to_contain_text("115.52000, 27.99000")

        await page.mouse.move(*await pixel(page, *CENTRE))
        read_out = page.get_by_test_id("map-coordinates")
        await expect(read_out).to_contain_text("115.5")
        await read_out.click()
        await page.mouse.move(*await pixel(page, *CENTRE))
        await expect(read_out).to_contain_text("27°59′")
        await expect(page.get_by_test_id("map-scale")).to_contain_text("公里")

        # By keyboard: a cross in the middle, the map moves below it.
        await page.keyboard.press("Escape")
        await page.get_by_test_id("map-tool-distance").focus()
        await page.keyboard.press("Enter")
        for key in ("Space", *["ArrowRight"] * 5, "Space", "Enter"):
            await page.keyboard.press(key)
        sketch = page.get_by_test_id("map-sketch")
        await expect(sketch).to_have_attribute("data-done", "true")
        end = await page.evaluate("window.__map.centre()")
        metres = distance_m(*CENTRE, end["lon"], end["lat"])
        assert metres > 1_000
        told = await page.get_by_test_id("map-measured").inner_text()
        assert float(told.split()[-1].removesuffix("公里")) == pytest.approx(metres / 1000, rel=0.02)
        await page.keyboard.press("Escape")
        await expect(sketch).to_have_count(0)

        # By mouse: the second press of a double click ends it, and opens nothing below.
        await page.get_by_test_id("map-tool-polygon").click()
        corners = [(115.50, 27.98), (115.53, 27.98), (115.53, 28.0), (115.50, 28.0)]
        await find_whole(page)
        for corner in corners[:-1]:
            await page.mouse.click(*await pixel(page, *corner))
        await page.mouse.dblclick(*await pixel(page, *corners[-1]))
        await expect(sketch).to_have_attribute("data-done", "true")
        assert await page.evaluate("window.__map.sketch().points") == 4
        await expect(page.get_by_test_id("map-measured")).to_contain_text("平方公里")
        await page.get_by_test_id("map-sketch-close").click()


async def find_whole(page: Page) -> None:
    await page.get_by_label("全县").click()
    await stands_still(page)


async def test_an_area_knows_its_villages_and_is_handed_to_broadcast_calls_and_round_up(house: House) -> None:
    service, browser = house
    async with page_of(browser, service.address, width=1600, height=900) as page:
        await log_in(page, service.address, "shift")
        await drawn(page, "window.__map !== undefined")
        await stands_still(page)
        regions = (await asked(page, service, "/api/reference"))["regions"]
        radius = distance_m(*CENTRE, 115.58, 27.99)
        inside = [
            r
            for r in regions
            if r["kind"] in ("village", "community") and distance_m(*CENTRE, r["lon"], r["lat"]) < radius
        ]
        # A press falls on a pixel, a few dozen metres wide: no village may stand so near the rim.
        assert len(inside) > 5

        async def circle() -> None:
            await page.get_by_test_id("map-tool-circle").click()
            await page.mouse.click(*await pixel(page, *CENTRE))
            await page.mouse.click(*await pixel(page, 115.58, 27.99))

        await circle()
        told = page.get_by_test_id("map-inside")
        found = int(await told.get_attribute("data-villages") or 0)
        assert abs(found - len(inside)) <= 2
        people = sum(r["population"] for r in inside)
        assert int(await told.get_attribute("data-people") or 0) == pytest.approx(people, rel=0.25)
        assert await page.evaluate("window.__map.sketch().inside") == found

        await page.get_by_test_id("map-finder").click()
        await page.get_by_test_id("map-layers").click()
        await page.evaluate(AXE.read_text(encoding="utf-8"))
        for theme in ("dark", "light"):
            await page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
            assert await faults(page, theme) == []

        await page.get_by_test_id("map-use-broadcast").click()
        await expect(page.get_by_test_id("coverage")).to_contain_text(f"{found}")
        for use in ("callouts", "statusCalls"):
            await page.goto(service.address)
            await drawn(page, "window.__map !== undefined")
            await stands_still(page)
            await circle()
            await page.get_by_test_id(f"map-use-{use}").click()
            if use == "callouts":
                await expect(page.get_by_test_id("callout-others")).to_have_attribute(
                    "data-places", str(found)
                )
        await expect(page.get_by_test_id("status-all")).not_to_be_checked()
        towns = {r["parent"] for r in inside}
        ticked = page.locator("[data-testid^=status-town-]:checked")
        assert abs(await ticked.count() - len(towns)) <= 1


async def test_an_area_is_kept_for_every_desk_used_in_every_form_moved_and_deleted(house: House) -> None:
    service, browser = house
    async with (
        page_of(browser, service.address, width=1600, height=900) as page,
        page_of(browser, service.address, width=1600, height=900) as other,
    ):
        for one in (page, other):
            await log_in(one, service.address, "shift")
            await drawn(one, "window.__map !== undefined")
            await stands_still(one)
        await page.get_by_test_id("map-tool-polygon").click()
        corners = [(115.50, 27.98), (115.58, 27.98), (115.58, 28.0)]
        for corner in corners:
            await page.mouse.click(*await pixel(page, *corner))
        await page.mouse.dblclick(*await pixel(page, 115.50, 28.0))
        found = int(await page.get_by_test_id("map-inside").get_attribute("data-villages") or 0)
        assert found > 0
        await page.get_by_test_id("area-edit").click()
        await page.get_by_test_id("area-name-in").fill("东岸低洼地")
        await page.get_by_test_id("area-note").fill("水位 38 米时先淹")
        await page.keyboard.press("Enter")
        await expect(page.get_by_test_id("area-name")).to_have_text("东岸低洼地")

        # The other desk sees it without asking again, and takes it in hand.
        await drawn(other, "window.__map.areas()[0]?.name === '东岸低洼地'")
        await other.get_by_test_id("map-areas").click()
        await other.get_by_test_id("map-areas-find").fill("低洼")
        await other.locator("[data-testid^=map-area-]").last.click()
        await expect(other.get_by_test_id("map-inside")).to_have_attribute("data-villages", str(found))
        await stands_still(other)
        await other.evaluate(AXE.read_text(encoding="utf-8"))
        assert await faults(other, "dark") == []
        await other.get_by_test_id("map-use-callouts").click()
        await expect(other.get_by_test_id("callout-others")).to_have_attribute("data-places", str(found))

        # Where a form asks for a place, the area stands among the answers.
        for path, shown in (("/status-calls/new", "status-all"), ("/call-and-respond/new", "callout-others")):
            await other.goto(service.address + path)
            await other.get_by_test_id("area-pick").select_option(index=1)
            seen = other.get_by_test_id(shown)
            if shown == "status-all":
                await expect(seen).not_to_be_checked()
            else:
                await expect(seen).to_have_attribute("data-places", str(found))
        await other.goto(f"{service.address}/broadcast/new")
        await other.get_by_test_id("area-pick").select_option(index=1)
        await expect(other.get_by_test_id("coverage")).to_contain_text(f"{found}")

        # A corner is dragged elsewhere; what was read before then is not written over it.
        at, to = await pixel(page, 115.58, 28.0), await pixel(page, 115.585, 28.004)
        await page.mouse.move(*at)
        await page.mouse.down()
        await page.mouse.move(*to, steps=4)
        await page.mouse.up()
        await page.get_by_test_id("area-save-moved").click()
        await expect(page.get_by_test_id("area-save-moved")).to_have_count(0)
        (kept,) = await asked(page, service, "/api/map/areas")
        assert kept["revision"] == 2
        assert max(lat for _, lat in kept["ring"]) == pytest.approx(28.004, abs=0.0005)
        await page.get_by_test_id("area-delete").click()
        await page.get_by_test_id("sure-yes").click()
        await drawn(page, "window.__map.areas().length === 0")
        await expect(page.get_by_test_id("map-sketch")).to_have_count(0)


async def test_a_unit_shows_where_it_has_been_and_says_when_nobody_knows(house: House) -> None:
    service, browser = house
    async with page_of(browser, service.address, width=1600, height=900) as page:
        await log_in(page, service.address, "shift")
        await page.get_by_test_id("units-off-duty").click()
        await expect(page.locator("[data-testid^=unit-show-]").nth(1)).to_be_visible()
        ids = [
            int((await one.get_attribute("data-testid") or "").removeprefix("unit-show-"))
            for one in (await page.locator("[data-testid^=unit-show-]").all())[:2]
        ]
        region = (await asked(page, service, "/api/snapshot"))["teams"][0]["region_code"]
        now = datetime.now(UTC)
        batch = [
            (now - timedelta(minutes=90 - n), CENTRE[0] + n / 1000, CENTRE[1] + (n % 7) / 2000)
            for n in range(90)
            if not 40 <= n < 60  # for twenty minutes nobody knows
        ]
        database = Database(service.database_url)
        for at, lon, lat in batch:
            heard = Heard(9901, STREAM, ids[0], region, lon, lat, None, 8.0, None, at, at, at)
            async with database.transaction() as tx:
                await write_many(tx, [heard])
        await database.close()

        await page.get_by_test_id(f"unit-show-{ids[1]}").click()
        await page.get_by_test_id("map-trail-30").click()
        await expect(page.get_by_test_id("map-trail")).to_contain_text("没有位置记录")
        await page.get_by_test_id(f"unit-show-{ids[0]}").click()
        await page.get_by_test_id("map-trail-120").click()
        trail = page.get_by_test_id("map-trail")
        await expect(trail).to_have_attribute("data-points", str(len(batch)))
        shown = await page.evaluate("window.__map.trails()")
        assert shown["devices"] == [9901]
        assert shown["legs"] > 5
        assert 3 <= len(shown["times"]) <= 9
        zone = ZoneInfo("Asia/Shanghai")
        assert shown["times"][-1] == batch[-1][0].astimezone(zone).strftime("%H:%M")
        await page.get_by_test_id("map-trail-120").click()
        await expect(trail).to_have_count(0)
        assert (await page.evaluate("window.__map.trails()"))["points"] == 0


async def test_archives_and_foreign_tiles_lie_below_and_only_the_drawing_is_shifted(
    city_url: str, tmp_path: Path
) -> None:
    write_map(tmp_path / "map")
    (tmp_path / "map" / "影像.pmtiles").write_bytes(archive(png(90, 60, 30)))
    asked_for: list[str] = []
    settings = {
        "ZHISHOU_TILES_URL": "http://127.0.0.1:9/tiles/{z}/{x}/{y}.png",
        "ZHISHOU_TILES_DATUM": "gcj02",
        "ZHISHOU_TILES_NAME": "在线地图",
        "ZHISHOU_TILES_APPROVAL": "GS(2025)0000号",
    }
    async with Service(city_url, tmp_path, settings) as service, chromium() as browser:
        context = await browser.new_context(viewport={"width": 1600, "height": 900}, locale="zh-CN")
        page = await context.new_page()
        refused: list[str] = []
        page.on("console", lambda m: refused.append(m.text) if "Content Security" in m.text else None)

        async def tile(route: Route) -> None:
            asked_for.append(route.request.url)
            await route.fulfill(body=png(30, 90, 60), content_type="image/png")

        await page.route("http://127.0.0.1:9/**", tile)
        await log_in(page, service.address, "shift")
        await drawn(page, "window.__map?.ground().layers.length === 1")
        assert await page.evaluate("window.__map.ground().layers[0]") == "archive 影像"
        await stands_still(page)
        brown = "(() => { const c = document.querySelector('[data-testid=map-canvas] canvas');"
        brown += " const p = c.getContext('2d').getImageData(c.width - 20, c.height >> 1, 1, 1).data;"
        await drawn(page, brown + " return p[0] > p[1] && p[1] > p[2] && p[0] > 60 })()")
        assert asked_for == []

        before = await pixel(page, *CENTRE)
        await page.get_by_test_id("map-layers").click()
        await page.get_by_test_id("layer-shelters").check()
        await drawn(page, "window.__map.sites() > 20")
        await page.get_by_test_id("layer-tiles").check()
        await drawn(page, "window.__map.ground().datum === 'gcj02'")
        await expect(page.get_by_test_id("layer-archive-影像")).to_be_disabled()
        await expect(page.get_by_test_id("map-credit")).to_have_text("在线地图 GS(2025)0000号")
        async with asyncio.timeout(30):
            while not asked_for:  # noqa: ASYNC110 (the browser asks when it draws)
                await asyncio.sleep(0.05)
        # The middle stays the middle, and what is read out stays WGS-84.
        after = await pixel(page, *CENTRE)
        assert after == pytest.approx(before, abs=1.5)
        await page.mouse.move(*after)
        told = (await page.get_by_test_id("map-coordinates").inner_text()).split(", ")
        assert [float(n) for n in told] == pytest.approx(list(CENTRE), abs=0.002)
        await page.get_by_test_id("layer-tiles").uncheck()
        await drawn(page, "window.__map.ground().datum === 'wgs84'")
        assert refused == []
        await context.close()


async def test_a_second_window_has_in_hand_what_the_desk_has_and_says_back_what_is_pressed_there(
    house: House,
) -> None:
    service, browser = house
    async with page_of(browser, service.address, width=1600, height=900) as desk:
        await log_in(desk, service.address, "shift")
        await expect(desk.get_by_test_id("desk")).to_be_visible()
        for n, (lon, lat) in enumerate(((115.5, 28.0), (115.56, 28.03))):
            told = {
                "event_code": "11A01",
                "title": f"第{n}处被困",
                "region_code": "990181100204",
                "lon": lon,
                "lat": lat,
            }
            origin = {"Origin": service.address}
            answer = await desk.request.post(f"{service.address}/api/incidents", data=told, headers=origin)
            assert answer.status == 201, await answer.text()
        async with desk.expect_popup() as opened:
            await desk.get_by_test_id("map-window").click()
        second = await opened.value
        await expect(second.get_by_test_id("map-page")).to_be_visible()
        await expect(second.get_by_test_id("map-window")).to_have_count(0)
        await drawn(second, "window.__map?.incidents().length === 2")

        await desk.get_by_test_id("units-off-duty").click()
        unit = desk.locator("[data-testid^=unit-show-]").first
        team = (await unit.get_attribute("data-testid") or "").removeprefix("unit-show-")
        await unit.click()
        await expect(second.get_by_test_id("map-unit")).to_have_attribute("data-team", team)
        await second.get_by_test_id("map-unit-close").click()
        await expect(desk.get_by_test_id("map-unit")).to_have_count(0)

        await stands_still(second)
        await second.mouse.click(*await pixel(second, 115.56, 28.03))
        await drawn(desk, "window.__map.incidents().find(i => i.selected)?.title === '第1处被困'")
        await expect(second.get_by_test_id("map-page")).to_be_visible()
