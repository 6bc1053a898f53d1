"""What is set of a duty post, in a real browser: seats, rotations, temporary schedules, wishes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from app.stage.seed import write_map
from tests.browser import log_in, page_of
from tests.node import Service

pytestmark = [pytest.mark.browser, pytest.mark.database]
LINXI = "990181100000"
Json = dict[str, Any]


@dataclass
class House:
    """A service with the fictional city, a browser, and the shift lead at the other end of the line."""

    service: Service
    browser: Browser
    lead: httpx.AsyncClient

    async def post(self) -> Json:
        """Return the post of 临溪镇 with those on duty now."""
        posts: list[Json] = (await self.lead.get("/api/duty/now")).json()
        return next(one for one in posts if one["region_code"] == LINXI)

    async def settings(self, post: int) -> Json:
        """Return what is set of a post."""
        found: Json = (await self.lead.get(f"/api/duty/posts/{post}/settings")).json()
        return found


@pytest_asyncio.fixture(loop_scope="session")
async def house(city_url: str, tmp_path: Path, browser: Browser) -> AsyncIterator[House]:
    """The fictional city with its rosters, without devices that speak."""
    write_map(tmp_path / "map")
    async with AsyncExitStack() as stack:
        service = await stack.enter_async_context(Service(city_url, tmp_path))
        lead = await stack.enter_async_context(service.client("shift"))
        yield House(service, browser, lead)


async def _open(page: Page, house: House, username: str, path: str) -> None:
    await log_in(page, house.service.address, username, path)
    await expect(page.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")


async def _add(page: Page, field: str, *spelt: str) -> None:
    """Add persons by their spelling, with the keyboard alone."""
    for words in spelt:
        await page.get_by_test_id(f"{field}-add").fill(words)
        await expect(page.get_by_test_id(f"{field}-add-option-0")).to_be_visible()
        await page.keyboard.press("Enter")


async def test_a_post_is_set_its_seats_its_turns_and_what_holds_for_a_while(house: House) -> None:
    post = await house.post()
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, "shift", f"/duty/posts/{post['id']}")
        await _seats(page, house, post)
        await _rotation(page, house, post)
        await _temporary(page, house, post)
        await _wishes(page, house, post)


async def _seats(page: Page, house: House, post: Json) -> None:
    await page.get_by_test_id("seat-new").click()
    await page.get_by_test_id("seat-role").select_option("chief_leader")
    await page.get_by_test_id("seat-mode").select_option("on_call")
    await page.get_by_test_id("seat-days").select_option("holidays")
    await page.get_by_test_id("seat-qualification").fill("指挥员培训")
    people: list[Json] = (await house.lead.get(f"/api/duty/posts/{post['id']}/people")).json()
    first, second = people[0], people[1]
    await _add(page, "deputy", first["name"], second["name"])
    await page.get_by_test_id(f"deputy-person-{second['id']}").press("ArrowLeft")
    await page.get_by_test_id("seat-save").click()
    row = page.locator('[data-role="chief_leader"]')
    await expect(row).to_contain_text("电话待命 · 仅法定节假日 · 须有指挥员培训")
    await expect(row).to_contain_text(f"{second['name']}、{first['name']}")
    seat = next(one for one in (await house.settings(post["id"]))["seats"] if one["role"] == "chief_leader")
    assert seat["deputies"] == [second["id"], first["id"]]
    await page.get_by_test_id(f"seat-up-{seat['id']}").click()
    await page.get_by_test_id(f"seat-change-{seat['id']}").click()
    await page.get_by_test_id("seat-needed").fill("2")
    await page.get_by_test_id("seat-save").click()
    await expect(row).to_contain_text("×2")
    await page.get_by_test_id(f"seat-end-{seat['id']}").click()
    await page.get_by_test_id(f"seat-end-confirm-{seat['id']}").click()
    await expect(page.get_by_test_id(f"seat-again-{seat['id']}")).to_be_visible()
    ended = next(one for one in (await house.settings(post["id"]))["seats"] if one["id"] == seat["id"])
    assert ended["needed"] == 0


async def _rotation(page: Page, house: House, post: Json) -> None:
    people: list[Json] = (await house.lead.get(f"/api/duty/posts/{post['id']}/people")).json()
    first, second, third = people[:3]
    before = len((await house.settings(post["id"]))["rotations"])
    await page.get_by_test_id("rotation-new").click()
    await expect(page.get_by_test_id("rotation-save")).to_be_disabled()
    await _add(page, "rotation", first["name"], second["name"])
    lines = page.get_by_test_id("turn-lines").locator("li")
    await expect(lines).to_have_count(14)  # a day each, as the server says
    await expect(lines.nth(0)).to_contain_text(first["name"])
    await page.get_by_test_id(f"rotation-person-{first['id']}").drag_to(
        page.get_by_test_id(f"rotation-person-{second['id']}")
    )
    await expect(lines.nth(0)).to_contain_text(second["name"])
    await page.get_by_test_id("rotation-grouped").check()
    await _add(page, "platoon-0", first["name"], second["name"])
    await _add(page, "platoon-1", third["name"])
    await page.get_by_test_id("window-add").click()
    await page.get_by_test_id("window-0-day-6").click()  # no Sundays
    await expect(lines).to_have_count(12)
    await page.get_by_test_id("platoon-up-1").click()
    await expect(lines.nth(0)).to_contain_text(third["name"])
    await page.get_by_test_id("rotation-kind").select_option("hourly")
    await page.get_by_test_id("rotation-length").fill("12")
    await page.get_by_test_id("rotation-name").fill("夜班两组")
    previewed = await lines.all_inner_texts()
    await page.get_by_test_id("rotation-save").click()
    row = page.get_by_test_id("rotations").locator("li", has_text="夜班两组")
    await expect(row).to_contain_text("每12小时一换")
    await expect(row).to_contain_text(f"{third['name']} → {first['name']}＋{second['name']}")
    rotations = (await house.settings(post["id"]))["rotations"]
    assert (len(rotations), len(previewed) > 0) == (before + 1, True)
    made = next(one for one in rotations if one["name"] == "夜班两组")
    assert made["groups"] == [[third["id"]], [first["id"], second["id"]]]
    assert made["windows"] == [{"days": [0, 1, 2, 3, 4, 5], "start": "20:00:00", "end": "08:00:00"}]
    await page.get_by_test_id(f"rotation-end-{made['id']}").click()
    await page.get_by_test_id(f"rotation-end-confirm-{made['id']}").click()
    await expect(row).to_have_count(0)


async def _temporary(page: Page, house: House, post: Json) -> None:
    people: list[Json] = (await house.lead.get(f"/api/duty/posts/{post['id']}/people")).json()
    free, other = people[-1], people[-2]
    seat = next(one for one in post["seats"] if one["role"] == "leader_in_charge")
    await page.get_by_test_id("temporary-new").click()
    await page.get_by_test_id("temporary-seat").select_option(str(seat["id"]))
    await page.get_by_test_id("temporary-reason").fill("防汛一级响应")
    await _add(page, "temporary", free["name"], other["name"])
    await page.get_by_test_id("temporary-fill").click()
    await expect(page.get_by_test_id("temporary-1-person")).to_have_value(str(other["id"]))
    await page.get_by_test_id("temporary-1-person").select_option(str(free["id"]))
    await page.get_by_test_id("temporary-save").click()
    row = page.get_by_test_id("temporaries").locator("li", has_text="防汛一级响应")
    await expect(row).to_contain_text(free["name"])
    path = f"/api/duty/posts/{post['id']}/temporary-schedules"
    (held,) = (await house.lead.get(path)).json()
    assert [shift["person_id"] for shift in held["shifts"]] == [free["id"], free["id"]]
    await page.get_by_test_id(f"temporary-end-{held['id']}").click()
    await page.get_by_test_id(f"temporary-end-confirm-{held['id']}").click()
    await expect(row).to_have_count(0)
    assert (await house.lead.get(path)).json() == []


async def _wishes(page: Page, house: House, post: Json) -> None:
    people: list[Json] = (await house.lead.get(f"/api/duty/posts/{post['id']}/people")).json()
    who = people[0]
    month = str(await page.get_by_test_id("wishes-month").text_content())
    await page.get_by_test_id("wish-person").select_option(str(who["id"]))
    await page.get_by_test_id("wish-day").fill(f"{month}-15")
    await page.get_by_test_id("wish-kind").select_option("avoid")
    await page.get_by_test_id("wish-note").fill("孩子家长会")
    await page.get_by_test_id("wish-make").click()
    told = page.get_by_test_id(f"wish-{who['id']}-{month}-15")
    await expect(told).to_contain_text("希望不值班")
    await page.get_by_test_id("wishes-after").click()
    await expect(told).to_have_count(0)
    await page.get_by_test_id("wishes-before").click()
    await page.get_by_test_id(f"wish-back-{who['id']}-{month}-15").click()
    await expect(told).to_have_count(0)
    assert (await house.lead.get(f"/api/duty/posts/{post['id']}/wishes/{month}")).json() == []


async def test_ones_own_wish_and_swaps_for_others_stand_under_my_duty(house: House) -> None:
    # The machine is set to another zone: the county's counts.
    async with page_of(house.browser, house.service.address, zone="America/New_York") as page:
        await _open(page, house, "wangjun", "/duty/mine")
        await page.get_by_test_id("leave-ask").click()
        typed = await page.get_by_test_id("leave-from").input_value()
        assert typed.endswith(" 08:00")
        await page.get_by_test_id("leave-send").click()
        asked = page.locator('[data-testid="my-leave"] [data-state="asked"]')
        await expect(asked).to_contain_text(typed[5:].replace("T", " "))
        async with house.service.client("wangjun") as wangjun:
            (leave,) = (await wangjun.get("/api/duty/leave")).json()
        assert datetime.fromisoformat(leave["starts_at"]) == datetime.fromisoformat(f"{typed}:00+08:00")
        month = str(await page.get_by_test_id("wishes-month").text_content())
        await expect(page.get_by_test_id("wish-person")).to_have_count(0)
        await page.keyboard.press("?")
        await expect(page.get_by_test_id("help-R")).to_be_visible()  # this page's keys, not the desk's
        await expect(page.get_by_test_id("help-D")).to_have_count(0)
        await page.keyboard.press("Escape")
        await page.get_by_test_id("wish-day").fill(f"{month}-01")
        await page.get_by_test_id("wish-kind").select_option("want")
        await page.get_by_test_id("wish-weight").fill("8")
        await page.get_by_test_id("wish-make").click()
        await expect(page.get_by_test_id("wishes")).to_contain_text("程度8")
        async with house.service.client("wangjun") as wangjun:
            (wish,) = (await wangjun.get(f"/api/duty/wishes/{month}")).json()
        assert (wish["day"], wish["kind"], wish["weight"]) == (f"{month}-01", "want", 8)
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, "shift", "/duty/mine")
        await _swap_for_others(page, house)


async def _swap_for_others(page: Page, house: House) -> None:
    """The shift lead offers a shift for somebody, and takes it for somebody else."""
    post = await house.post()
    told = {"name": "宋新来", "region_code": LINXI, "unit_id": post["unit_id"]}
    newcomer = (await house.lead.post("/api/people", json=told)).json()  # on no other shift
    await page.get_by_test_id("behalf-ask").click()
    await page.get_by_test_id("behalf-post").select_option(str(post["id"]))
    shifts = page.locator('[data-testid^="behalf-shift-"]', has_text="值班员")
    chosen = str(await shifts.nth(8).get_attribute("data-testid")).removeprefix("behalf-shift-")
    await page.get_by_test_id(f"behalf-shift-{chosen}").click()
    await page.get_by_test_id("swap-reason").fill("住院")
    await page.get_by_test_id("swap-send").click()
    await expect(page.get_by_test_id("swap-form")).to_have_count(0)
    (swap,) = (await house.lead.get("/api/duty/swaps")).json()
    assert (str(swap["shift_id"]), swap["state"], swap["asked_by"]) == (chosen, "asked", "刘海")
    await page.get_by_test_id(f"behalf-who-{swap['id']}").select_option(str(newcomer["id"]))
    await page.get_by_test_id(f"behalf-take-{swap['id']}").click()
    await expect(page.get_by_test_id(f"behalf-take-{swap['id']}")).to_have_count(0)
    (swap,) = (await house.lead.get("/api/duty/swaps")).json()
    assert (swap["state"], swap["taker_id"], swap["taken_by"]) == ("taken", newcomer["id"], "刘海")
