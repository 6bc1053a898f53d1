"""What is known of an incident in a real browser: a notice is judged, figures, level, files, readers."""

from __future__ import annotations

import io
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import Browser, expect

from app.stage.seed import write_map
from tests.browser import log_in, page_of
from tests.node import Service

pytestmark = [pytest.mark.browser, pytest.mark.database]
TITLE = "𠮷家村氨气泄漏😀"


@dataclass
class House:
    """A service with the fictional city and a browser."""

    service: Service
    browser: Browser


@pytest_asyncio.fixture(loop_scope="session")
async def house(city_url: str, tmp_path: Path, browser: Browser) -> AsyncIterator[House]:
    """The fictional city on a quiet night."""
    write_map(tmp_path / "map")
    async with AsyncExitStack() as stack:
        service = await stack.enter_async_context(Service(city_url, tmp_path, {}))
        yield House(service, browser)


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (400, 300), (180, 60, 20)).save(out, "JPEG")
    return out.getvalue()


async def test_a_notice_becomes_an_incident_and_all_that_is_known_of_it_is_kept(
    house: House,
) -> None:
    async with page_of(house.browser, house.service.address) as page:
        await log_in(page, house.service.address, "shift", "/inbox")
        await expect(page.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")
        await page.get_by_test_id("notice-type").click()
        await page.get_by_test_id("notice-from").fill("市应急局")
        await page.get_by_test_id("notice-title").fill(TITLE)
        await page.get_by_test_id("notice-save").click()
        await expect(page.get_by_test_id("notices-waiting")).to_have_text("1")
        await page.get_by_test_id("notice-open-1").click()
        await page.get_by_test_id("notice-place").fill("linxi")
        await page.get_by_test_id("notice-place").press("Enter")
        await page.get_by_test_id("notice-type").last.fill("xielou")
        await page.get_by_test_id("notice-type").last.press("Enter")
        await _shot(page, "inbox")
        await page.get_by_test_id("notice-open-save").click()

        drawer = page.get_by_test_id("incident-drawer")
        await expect(drawer).to_contain_text(TITLE)
        await expect(drawer.get_by_test_id("verb-receive")).to_have_attribute("data-done", "true")
        await drawer.get_by_test_id("verb-note").click()
        await drawer.get_by_test_id("verb-whom").fill("市委值班室")
        await drawer.get_by_test_id("verb-whom").press("Enter")
        await expect(drawer.get_by_test_id("verb-report")).to_have_attribute("data-done", "true")

        for value, source in (("1", "园区"), ("3", "消防")):
            await drawer.get_by_test_id("figure-kind").select_option("dead")
            await drawer.get_by_test_id("figure-value").fill(value)
            await drawer.get_by_test_id("figure-source").fill(source)
            await drawer.get_by_test_id("figure-enter").click()
            await expect(drawer.get_by_test_id("figures-pane")).to_contain_text(f"{value}人")
        await expect(drawer.get_by_test_id("conflict-dead")).to_be_visible()
        await drawer.get_by_test_id("choose-2").click()
        await drawer.get_by_test_id("choose-why-2").fill("现场清点")
        await drawer.get_by_test_id("choose-2").click()
        await expect(drawer.get_by_test_id("level-clause")).to_contain_text("死亡3人")
        await expect(drawer.get_by_test_id("level-pane")).to_contain_text("较大")

        await drawer.get_by_test_id("key-facility-name").fill("园区自来水厂")
        await drawer.get_by_test_id("key-facility-save").click()
        await expect(drawer.get_by_test_id("key-facility")).to_contain_text("园区自来水厂")
        await expect(drawer.get_by_test_id("larger-risk")).to_contain_text("危及重要场所设施")

        await drawer.get_by_test_id("file-add").set_input_files(
            {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": photo()}
        )
        await expect(drawer.get_by_test_id("file-1").locator("img")).to_be_visible()
        await drawer.get_by_test_id("place-edit").click()
        await drawer.get_by_test_id("place-words").fill("G105 K1823+400")
        await drawer.get_by_test_id("place-save").click()
        await expect(drawer.get_by_test_id("place-pane")).to_contain_text("G105 K1823+400")
        await _shot(page, "incident")

        await drawer.get_by_test_id("secrecy-edit").click()
        await drawer.get_by_test_id("secrecy-restricted").check()
        await drawer.get_by_test_id("secrecy-reason").fill("涉企敏感")
        await drawer.get_by_test_id("secrecy-save").click()
        await expect(drawer.get_by_test_id("secrecy-pane")).to_contain_text("限知")
        await page.get_by_test_id("lang").click()
        await expect(drawer.get_by_test_id("level-pane")).to_contain_text("dead 3")


async def _shot(page: object, name: str) -> None:
    """Take pictures in both themes when somebody wants to look."""
    folder = os.environ.get("ZHISHOU_SCREENSHOTS")
    if folder is None:
        return
    for theme in ("dark", "light"):
        await page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")  # type: ignore[attr-defined]
        await page.screenshot(path=Path(folder) / f"{name}-{theme}.png")  # type: ignore[attr-defined]


async def test_a_fire_beyond_the_boundary_is_handed_off_and_received(house: House) -> None:
    async with page_of(house.browser, house.service.address) as page:
        await log_in(page, house.service.address, "shift")
        await expect(page.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")
        fire = {"event_code": "11G01", "title": "县界山火", "region_code": "990181107203"}
        opened = await page.request.post(f"{house.service.address}/api/incidents", data=fire)
        assert opened.status == 201, await opened.text()
        incident = (await opened.json())["id"]
        await page.goto(f"{house.service.address}/i/{incident}")
        drawer = page.get_by_test_id("incident-drawer")
        pane = drawer.get_by_test_id("handoffs")
        await expect(pane).to_contain_text("尚未通报")
        await drawer.get_by_test_id("place-edit").click()
        await drawer.get_by_test_id("place-out").check()
        await drawer.get_by_test_id("place-neighbour").fill("北岭县")
        await drawer.get_by_test_id("place-save").click()
        await expect(pane.get_by_test_id("handoff-proposal")).to_contain_text(
            "北岭县应急指挥中心 0799-5570119"
        )

        await pane.get_by_test_id("handoff-new").click()
        await expect(pane.get_by_test_id("handoff-form")).to_contain_text("0799-5570119")
        await expect(pane.get_by_test_id("handoff-kind")).to_have_value("hand_off")
        await pane.get_by_test_id("handoff-text").fill("火线已过县界,请接手")
        await _shot(page, "handoff-form")
        await pane.get_by_test_id("handoff-send").click()
        sent = pane.get_by_test_id("handoff-1")
        await expect(sent).to_contain_text("移交 北岭县应急指挥中心")
        await expect(sent).to_have_attribute("data-received", "false")
        await expect(pane.get_by_test_id("handoff-proposal")).to_have_count(0)

        await pane.get_by_test_id("handoff-new").click()
        await pane.get_by_test_id("handoff-partner").select_option("0")
        await pane.get_by_test_id("handoff-name").fill("北岭县林业局")
        await pane.get_by_test_id("handoff-phone").fill("0799-5570120")
        await pane.get_by_test_id("handoff-means").select_option("fax")
        await pane.get_by_test_id("handoff-text").fill("请备勤")
        await pane.get_by_test_id("handoff-send").click()
        await expect(pane.get_by_test_id("handoff-2")).to_contain_text("传真")

        await pane.get_by_test_id("handoff-receive-1").click()
        await pane.get_by_test_id("handoff-by-1").fill("吴敏")
        await pane.get_by_test_id("handoff-receipt-1").click()
        await expect(sent).to_have_attribute("data-received", "true")
        await expect(sent).to_contain_text("吴敏")
        await expect(pane.get_by_test_id("handoff-2")).to_have_attribute("data-received", "false")
        await pane.scroll_into_view_if_needed()
        await _shot(page, "handoff")
