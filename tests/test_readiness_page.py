"""The readiness page in a real browser: returns, an exemption, names, a roll-call, the month, languages."""

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

from app.stage.seed import write_map
from tests.browser import log_in, page_of, turn_to
from tests.node import Service

pytestmark = [pytest.mark.browser, pytest.mark.database]
ZHOUWEI, LINXI = "990181201000", "990181100000"
# Every day is a key day, whatever day it is when the test runs.
KEY_PERIODS = """
key_periods:
  - {id: fire, kind: annual, from: "01-01", to: "12-31", name_zh: 森林防火期, name_en: forest fire season}
"""


@dataclass
class House:
    """A service with the fictional city, a browser, and the desk's own client."""

    service: Service
    browser: Browser
    desk: httpx.AsyncClient

    async def board(self) -> dict[str, Any]:
        """Return the board of today."""
        return dict((await self.desk.get("/api/readiness")).json())

    async def names(self, code: str, count: int = 12) -> None:
        """Enter names for today."""
        day = (await self.board())["day"]
        persons = [{"name": f"队员{n}", "phone": f"139{code[6:9]}{n:05d}"} for n in range(count)]
        told = {"version": 0, "persons": persons}
        answer = await self.desk.put(f"/api/readiness/townships/{code}/{day}", json=told)
        assert answer.status_code == 200, answer.text


@pytest_asyncio.fixture(loop_scope="session")
async def house(city_url: str, tmp_path: Path, browser: Browser) -> AsyncIterator[House]:
    """The fictional city in a fire season, nobody has reported."""
    write_map(tmp_path / "map")
    (tmp_path / "key.yaml").write_text(KEY_PERIODS, encoding="utf-8")
    settings = {"ZHISHOU_KEY_PERIODS": str(tmp_path / "key.yaml")}
    async with AsyncExitStack() as stack:
        service = await stack.enter_async_context(Service(city_url, tmp_path, settings))
        desk = await stack.enter_async_context(service.client("shift"))
        yield House(service, browser, desk)


async def _open(page: Page, house: House, username: str, path: str = "/readiness") -> None:
    await log_in(page, house.service.address, username, path)
    await expect(page.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")


async def test_a_brigade_reports_two_sick_and_the_leader_accepts_it(house: House) -> None:
    squads = (await house.board())["squads"]
    assert sum(one["strength"] for one in squads) == 110
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, "leader")
        brigade = page.get_by_test_id(f"brigade-{squads[0]['brigade_id']}")
        for n, squad in enumerate(squads):
            await page.get_by_test_id(f"return-{squad['team_id']}").click()
            if n == 0:
                await page.get_by_test_id("return-sick").fill("2")
                await page.get_by_test_id("return-save").click()
                await expect(page.get_by_test_id("return-error")).to_contain_text("不符")
                await page.get_by_test_id("return-on_post").fill(str(squad["strength"] - 2))
                await page.get_by_test_id("return-note").fill("流感 <b>")
            await page.get_by_test_id("return-save").click()
            await expect(page.get_by_test_id("return-form")).to_have_count(0)
        await expect(page.get_by_test_id("brigade-present")).to_have_text("108")
        await expect(brigade).to_have_attribute("data-colour", "red")
        await expect(page.get_by_test_id("brigade-reasons")).to_contain_text("病2；流感 <b>")
        await page.get_by_test_id("exempt-open").click()
        await page.get_by_test_id("exempt-reason").fill("后备已到")
        await page.get_by_test_id("exempt-save").click()
        await expect(brigade).to_have_attribute("data-state", "exempted")
        await expect(brigade).to_contain_text("后备已到")


async def test_a_township_of_eleven_is_red_until_one_more_comes_and_the_leader_accepts(house: House) -> None:
    await house.names(LINXI)
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, "leader", f"/readiness/{ZHOUWEI}")
        tile = page.get_by_test_id(f"township-{ZHOUWEI}")
        await page.get_by_test_id("names-open").click()
        lines = "\n".join(f"队员{n} 1390000{n:04d}" for n in range(11))
        await page.get_by_test_id("names-text").fill(f"{lines}\n没有电话")
        await expect(page.get_by_test_id("names-wrong")).to_contain_text("没有电话")
        await page.get_by_test_id("names-text").fill(f"{lines}\n老王 13910000000")
        await page.get_by_test_id("names-save").click()
        await expect(page.get_by_test_id("names-error")).to_contain_text("临溪镇")  # double listing
        await page.get_by_test_id("names-text").fill(lines)
        await page.get_by_test_id("names-save").click()
        await expect(tile).to_have_attribute("data-state", "short")
        await expect(tile).to_contain_text("请联系")
        await page.get_by_test_id("person-open").click()
        await page.get_by_test_id("person-name").fill("老王")
        await page.get_by_test_id("person-phone").fill("13920000000")
        await page.get_by_test_id("person-save").click()
        await expect(tile).to_have_attribute("data-state", "unaccepted")
        await page.get_by_test_id("names-accept").click()
        await expect(tile).to_have_attribute("data-colour", "green")

        await page.get_by_test_id("count-open").click()
        await page.get_by_test_id("count-heads").fill("11")
        await page.get_by_test_id("count-save").click()
        await expect(page.get_by_test_id("count-error")).to_contain_text("勾选缺席的1人")
        await page.locator("[data-testid^=absent-]").first.check()
        await page.get_by_test_id("count-reason").fill("视频点名不在")
        await page.get_by_test_id("count-save").click()
        await expect(page.locator("[data-testid=persons] [data-state=struck]")).to_have_count(1)
        await expect(tile).to_have_attribute("data-colour", "red")
        await page.keyboard.press("Escape")
        await expect(page.get_by_test_id("township-drawer")).to_have_count(0)

        await page.keyboard.press("2")
        await expect(page.get_by_test_id(f"sheet-{ZHOUWEI}")).to_contain_text("1,100.00")
        await expect(page.get_by_test_id("month-total")).to_contain_text("1,100.00")
        async with page.expect_download() as download:
            await page.get_by_test_id("month-download").click()
        assert (await download.value).suggested_filename.endswith(".xlsx")


async def test_who_is_late_is_counted_and_the_page_speaks_english(house: House) -> None:
    await house.names(LINXI)
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, "shift", "/")
        await turn_to(page, "readiness")
        missing = len((await house.board())["missing"])
        await expect(page.get_by_test_id("ready-missing")).to_have_text(f"未报 {missing}")
        await expect(page.get_by_test_id("exempt-open")).to_have_count(0)  # a leader's word
        await house.names(ZHOUWEI)  # somebody else enters: the page hears of it
        await expect(page.get_by_test_id("ready-missing")).to_have_text(f"未报 {missing - 1}")
        await page.get_by_test_id("lang").click()
        await expect(page.get_by_test_id(f"township-{ZHOUWEI}")).to_contain_text("To accept")
        await expect(page.get_by_test_id("tab-month")).to_contain_text("Allowance")
