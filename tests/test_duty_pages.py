"""The pages of duty in a real browser: who is there, gaps, the roster board, swaps, leave, calendars."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
import pytest_asyncio
from icalendar import Calendar
from openpyxl import load_workbook
from playwright.async_api import Browser, Page, expect
from sqlalchemy import text

from app.clock import SystemClock
from app.db import Database
from app.duty.presence.watch import CoverageWatch
from app.stage.seed import write_map
from tests.browser import log_in, page_of, turn_to
from tests.node import Service

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.long]
ZONE = ZoneInfo("Asia/Shanghai")
LINXI = "990181100000"
Json = dict[str, Any]


@dataclass
class House:
    """A service with the fictional city, its database, a browser and the shift lead."""

    service: Service
    database: Database
    browser: Browser
    lead: httpx.AsyncClient

    async def post(self, region: str = LINXI) -> Json:
        """Return a post with those on duty now."""
        posts: list[Json] = (await self.lead.get("/api/duty/now")).json()
        return next(one for one in posts if one["region_code"] == region)

    async def look(self) -> None:
        """Look for empty seats, as the service does three times a minute."""
        await CoverageWatch(self.database, SystemClock(), "990181", ZONE).look()

    async def run(self, statement: str, **values: Any) -> None:
        async with self.database.transaction() as tx:
            await tx.execute(text(statement), values)

    async def idle(self, page: Page) -> str:
        """Return one of those who may be added, whom no roster has any more."""
        told = page.get_by_test_id("override-add").locator("option")
        values = await told.evaluate_all("all => all.map(one => one.value).filter(Boolean)")
        await self.run("UPDATE shift SET state = 'cancelled' WHERE person_id = :id", id=int(values[-1]))
        return str(values[-1])

    async def draft(self, post: int, month: str) -> Json:
        """Return the roster of a month."""
        found: Json = (await self.lead.get(f"/api/duty/posts/{post}/rosters/{month}")).json()["roster"]
        return found


@pytest_asyncio.fixture(loop_scope="session")
async def house(city_url: str, tmp_path: Path, browser: Browser) -> AsyncIterator[House]:
    """The fictional city with its rosters, without devices that speak."""
    database = Database(city_url)
    write_map(tmp_path / "map")
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.close)
        service = await stack.enter_async_context(Service(city_url, tmp_path))
        lead = await stack.enter_async_context(service.client("shift"))
        yield House(service, database, browser, lead)


async def _open(page: Page, house: House, username: str, path: str) -> None:
    await log_in(page, house.service.address, username, path)
    await expect(page.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")


def _seat(post: Json, role: str) -> Json:
    return next(seat for seat in post["seats"] if seat["role"] == role)


def _next_month() -> str:
    today = SystemClock().now().astimezone(ZONE).date()
    return f"{today.replace(day=1) + timedelta(days=32):%Y-%m}"


async def test_posts_are_found_by_name_and_pinyin_and_seen_at_another_instant(house: House) -> None:
    post = await house.post()
    officer = _seat(post, "duty_officer")["on"][0]
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, "shift", "/duty")
        await expect(page.get_by_test_id("on-duty-count")).to_have_text("44")
        row = page.get_by_test_id(f"post-{post['id']}")
        await expect(row).to_contain_text(officer["person_name"])
        await expect(row).to_contain_text(officer["phone"])
        await expect(row).to_contain_text(post["phone"])
        await page.keyboard.press("/")
        await page.keyboard.type("linxizhen")
        await expect(page.get_by_test_id("on-duty-count")).to_have_text("1")
        tomorrow = datetime.fromisoformat(officer["ends_at"]).astimezone(ZONE) + timedelta(hours=1)
        await page.get_by_test_id("on-duty-at").fill(tomorrow.strftime("%Y-%m-%dT%H:%M"))
        await expect(page.get_by_test_id("on-duty-elsewhen")).to_be_visible()
        following = _seat(post, "duty_officer")["next"][0]
        await expect(page.get_by_test_id(f"on-{following['id']}")).to_contain_text(following["person_name"])
        await page.get_by_test_id("on-duty-now").click()
        await expect(page.get_by_test_id(f"on-{officer['id']}")).to_be_visible()


async def test_a_gap_is_seen_at_once_and_filled_with_two_clicks(house: House) -> None:
    post = await house.post()
    seat = _seat(post, "duty_officer")
    gone = seat["on"][0]
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, "shift", "/duty")
        await expect(page.get_by_test_id(f"on-{gone['id']}")).to_be_visible()
        now = SystemClock().now()
        told = {
            "seat_id": seat["id"],
            "starts_at": now.isoformat(),
            "ends_at": gone["ends_at"],
            "remove_person_id": gone["person_id"],
            "reason": "突发疾病",
        }
        answer = await house.lead.post(f"/api/duty/posts/{post['id']}/overrides", json=told)
        assert answer.status_code == 201, answer.text
        await house.look()
        await expect(page.get_by_test_id(f"missing-{seat['id']}")).to_have_text("缺1人")
        gap = page.locator('[data-testid^="gap-"]').first
        await expect(gap).to_have_attribute("data-stage", "open")
        await gap.locator('[data-testid^="fill-"]').click()
        fit = page.locator('[data-testid^="substitute-"][data-fit="true"]')
        unfit = page.locator('[data-testid^="substitute-"][data-fit="false"]')
        await expect(fit.first).to_be_visible()
        assert await unfit.count() > 0
        await expect(unfit.first).to_contain_text("值班")  # why not is told
        await expect(unfit.first.get_by_role("button")).to_be_disabled()
        await fit.first.get_by_role("button").click()
        await expect(page.get_by_test_id("substitutes")).to_have_count(0)
        await expect(page.get_by_test_id(f"missing-{seat['id']}")).to_have_count(0)
        await house.look()
        await expect(page.locator('[data-testid^="gap-"]')).to_have_count(0)


async def test_who_came_is_written_down_by_the_shift_lead(house: House) -> None:
    post = await house.post()
    officer = _seat(post, "duty_officer")["on"][0]
    await house.run("UPDATE duty_post SET keeps_presence = true WHERE id = :id", id=post["id"])
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, "shift", "/duty")
        await expect(page.get_by_test_id(f"present-{post['id']}")).to_have_text("0/2")
        await page.get_by_test_id(f"on-{officer['id']}").click()
        await page.get_by_test_id("presence-note").fill("电话核实")
        await page.get_by_test_id("presence-arrive").click()
        await expect(page.get_by_test_id(f"present-{post['id']}")).to_have_text("1/2")
        await expect(page.get_by_test_id(f"on-{officer['id']}")).to_contain_text("✓")
        await page.get_by_test_id(f"on-{officer['id']}").click()
        await page.get_by_test_id("presence-leave").click()
        await expect(page.get_by_test_id("presence-error")).to_be_visible()  # an empty desk needs a reason
        await page.get_by_test_id("presence-note").fill("查岗未在")
        await page.get_by_test_id("presence-leave").click()
        await expect(page.get_by_test_id(f"on-{officer['id']}")).to_contain_text("已离岗")


async def test_after_three_calls_in_vain_somebody_else_leads(house: House) -> None:
    post = await house.post()
    leader = _seat(post, "leader_in_charge")["on"][0]
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, "shift", "/duty")
        await page.get_by_test_id(f"call-{post['id']}").click()
        result = page.get_by_test_id("leader-call-result")
        for count in (1, 2, 3):
            if count == 3:  # what was called before a page was opened is known to it
                await page.reload()
                await page.get_by_test_id(f"call-{post['id']}").click()
                await expect(result).to_have_attribute("data-in-vain", "2")
            await page.get_by_test_id("leader-call-vain").click()
            await expect(result).to_have_attribute("data-in-vain", str(count))
        await expect(result).to_have_attribute("data-outcome", "replaced")
        await page.keyboard.press("Escape")
        acting = _seat(await house.post(), "leader_in_charge")["on"][0]
        assert acting["person_id"] != leader["person_id"]
        await expect(page.get_by_test_id(f"post-{post['id']}")).to_contain_text(acting["person_name"])


async def test_the_board_is_worked_by_keyboard_and_what_was_done_is_undone(house: House) -> None:
    post, month = await house.post(), _next_month()
    seat = _seat(post, "duty_officer")["id"]
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, "shift", f"/duty/roster/{post['id']}/{month}")
        first, second = (page.get_by_test_id(f"cell-{seat}-{day}") for day in (1, 2))
        before = str(await first.text_content())
        await first.click()
        await page.keyboard.press("Delete")
        await expect(first).to_have_attribute("data-lack", "2")
        await expect(first).to_have_attribute("data-differs", "true")
        await page.keyboard.press("Control+z")
        await expect(first).to_have_text(before)
        await page.keyboard.press("Delete")
        await page.keyboard.press("Enter")
        await page.get_by_test_id("pick-search").fill("renjian")  # 任健霞, as she is spelt
        await page.keyboard.press("Enter")
        await expect(first).to_contain_text("任健霞")
        await expect(first).to_be_focused()
        await page.keyboard.press("Control+c")
        await page.keyboard.press("ArrowRight")
        await expect(second).to_be_focused()
        await page.keyboard.press("Control+v")
        await expect(second).to_contain_text("任健霞")
        await page.keyboard.press("Control+s")
        await expect(page.get_by_test_id("roster-dirty")).to_have_count(0)
        await expect(page.get_by_test_id("findings-red")).to_be_visible()
        saved = await house.draft(post["id"], month)
        assert saved["draft_version"] == 1
        assert saved["draft_by"] == "刘海"


async def test_a_month_is_generated_into_the_draft_with_progress_and_goes_through_excel(
    house: House, tmp_path: Path
) -> None:
    post = await house.post()
    month = _next_month()
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, "shift", f"/duty/roster/{post['id']}/{month}")
        await page.get_by_test_id("roster-generate").click()
        dialog = page.get_by_test_id("generate-dialog")
        await page.get_by_test_id("generate-begin").click()
        await expect(dialog).to_have_attribute("data-state", "running")
        await expect(page.get_by_test_id("generate-done")).to_be_visible(timeout=90_000)
        await page.keyboard.press("Escape")
        await expect(page.get_by_test_id("roster-standing")).to_contain_text("草稿")
        draft = await house.draft(post["id"], month)
        seats = {cell["seat_id"] for cell in draft["draft"]}
        assert len(seats) == len(post["seats"])
        await _a_sheet_goes_out_and_comes_back(page, tmp_path / "roster.xlsx")
    changed = await house.draft(post["id"], month)
    assert len(changed["draft"]) == len(draft["draft"]) - 1


async def _a_sheet_goes_out_and_comes_back(page: Page, path: Path) -> None:
    """Export the month, spoil a cell, put it right again without one of its people, import it."""
    async with page.expect_download() as coming:
        await page.get_by_test_id("roster-export").click()
    await (await coming.value).save_as(path)
    await page.get_by_test_id("roster-import").click()
    for name, shown in (("查无此人", "import-faults"), (None, "import-clean")):
        book = load_workbook(path)
        book.worksheets[0]["C2"] = name
        book.save(path)
        await page.get_by_test_id("import-file").set_input_files(path)
        await expect(page.get_by_test_id(shown)).to_be_visible()
        if name is not None:
            await expect(page.get_by_test_id(shown)).to_contain_text("C2")
            await expect(page.get_by_test_id("import-apply")).to_be_disabled()
    await page.get_by_test_id("import-apply").click()
    await expect(page.get_by_test_id("import-dialog")).to_have_count(0)


async def test_people_and_cells_are_dragged_and_loads_follow(house: House) -> None:
    post, month = await house.post(), _next_month()
    seat = _seat(post, "leader_in_charge")["id"]
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, "shift", f"/duty/roster/{post['id']}/{month}")
        first, second = (page.get_by_test_id(f"cell-{seat}-{day}") for day in (1, 2))
        mine, theirs = str(await first.text_content()), str(await second.text_content())
        assert mine != theirs
        await first.locator(".who").drag_to(second)
        await expect(second).to_have_text(mine)
        await expect(first).to_have_text(theirs)  # who has a seat alone comes back in exchange
        person = page.locator('[data-testid^="person-"]', has_text="任健霞")
        load = person.locator('[data-testid^="load-"]')
        count = await load.inner_text()
        await person.get_by_role("button").drag_to(page.get_by_test_id(f"cell-{seat}-3"))
        await expect(page.get_by_test_id(f"cell-{seat}-3")).to_contain_text("任健霞")
        await expect(load).not_to_have_text(count)


async def test_what_somebody_else_saved_meanwhile_is_told_and_nothing_of_mine_is_lost(house: House) -> None:
    post, month = await house.post(), _next_month()
    seat = _seat(post, "leader_in_charge")["id"]
    path = f"/api/duty/posts/{post['id']}/rosters/{month}"
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, "shift", f"/duty/roster/{post['id']}/{month}")
        cell = page.get_by_test_id(f"cell-{seat}-1")
        await cell.click()
        await page.keyboard.press("Delete")
        async with house.service.client("linxi") as other:
            answer = await other.post(f"{path}/proposal", json={"version": 0, "source": "rotation"})
            assert answer.status_code == 200, answer.text
        await page.get_by_test_id("roster-save").click()
        stale = page.get_by_test_id("roster-stale")
        await expect(stale).to_contain_text("任健霞")
        await expect(cell).to_have_attribute("data-lack", "1")  # my change is still here
        await turn_to(page, "devices")
        await page.wait_for_url("**/devices")  # its page is fetched first
        await page.go_back()
        await expect(cell).to_have_attribute("data-lack", "1")  # and so after a look elsewhere
        await expect(page.get_by_test_id("roster-dirty")).to_be_visible()
        await page.get_by_test_id("roster-save-over").click()
        await expect(page.get_by_test_id("roster-dirty")).to_have_count(0)
        await expect(stale).to_have_count(0)
        assert (await house.draft(post["id"], month))["draft_version"] == 2


async def test_a_roster_with_a_gap_is_published_only_when_somebody_answers_for_it(house: House) -> None:
    post, month = await house.post(), _next_month()
    seat = _seat(post, "leader_in_charge")["id"]
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, "shift", f"/duty/roster/{post['id']}/{month}")
        await page.get_by_test_id(f"cell-{seat}-5").click()
        await page.keyboard.press("Delete")
        await page.get_by_test_id("roster-publish").click()  # saves first
        confirm = page.get_by_test_id("publish-confirm")
        await expect(confirm).to_be_disabled()
        await page.get_by_test_id("accept-COVERAGE_GAP").check()
        await confirm.click()
        await expect(page.get_by_test_id("publish-dialog")).to_have_count(0)
        await expect(page.get_by_test_id("roster-standing")).to_contain_text("第2版")
        await page.get_by_test_id("findings-red").click()
        await page.get_by_test_id("finding-0").click()
        await expect(page.get_by_test_id(f"cell-{seat}-5")).to_be_focused()
        assert (await house.draft(post["id"], month))["revision"] == 2


async def test_a_change_for_a_while_is_marked_with_its_reason_and_taken_back(house: House) -> None:
    post, month = await house.post(), _next_month()
    seat = _seat(post, "leader_in_charge")["id"]
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, "shift", f"/duty/roster/{post['id']}/{month}")
        cell = page.get_by_test_id(f"cell-{seat}-4")
        await cell.click()
        await page.get_by_test_id("roster-override").click()
        await page.get_by_test_id("override-remove").select_option(index=1)
        await page.get_by_test_id("override-reason").fill("外出培训")
        await page.get_by_test_id("override-save").click()
        revoke = page.locator('[data-testid^="revoke-"]')
        await expect(revoke).to_have_count(1)
        await expect(cell).to_have_attribute("data-changed", "true")
        assert "外出培训" in str(await cell.get_attribute("aria-label"))
        await revoke.click()
        await expect(revoke).to_have_count(0)
        await expect(cell).not_to_have_attribute("data-changed", "true")


async def test_one_signs_in_oneself_and_does_not_leave_an_empty_desk(house: House) -> None:
    officer = _seat(await house.post(), "duty_officer")["on"][0]
    who = officer["person_id"]
    await house.run("UPDATE account SET person_id = NULL WHERE person_id = :id", id=who)
    await house.run("UPDATE account SET person_id = :id WHERE username = 'wangjun'", id=who)
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, "wangjun", "/duty/mine")
        hand = page.get_by_test_id("at-hand")
        await expect(hand).to_have_attribute("data-here", "false")
        await page.get_by_test_id("mine-come").click()
        await expect(hand).to_have_attribute("data-here", "true")
        await page.get_by_test_id("mine-go").click()
        await expect(page.get_by_test_id("problem")).to_contain_text("接班人未到")
        await expect(hand).to_have_attribute("data-here", "true")


async def test_the_printed_roster_is_a_page_for_paper(house: House) -> None:
    post, month = await house.post(), _next_month()
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, "shift", f"/duty/roster/{post['id']}/{month}")
        address = await page.get_by_test_id("roster-print").get_attribute("href")
        await page.goto(f"{house.service.address}{address}")
        await expect(page.locator("h1")).to_contain_text("值班表")
        paper = await page.pdf(prefer_css_page_size=True)
        assert paper.count(b"/Type /Page\n") == 1  # a township's month fits one sheet


async def test_leave_is_asked_for_and_granted_with_one_key(house: House) -> None:
    async with (
        page_of(house.browser, house.service.address) as mine,
        page_of(house.browser, house.service.address) as hers,
    ):
        await _open(hers, house, "leader", "/duty/mine")
        await _open(mine, house, "wangjun", "/duty/mine")
        await mine.get_by_test_id("leave-ask").click()
        await mine.get_by_test_id("leave-reason").fill("探亲")
        await mine.get_by_test_id("leave-send").click()
        asked = mine.locator('[data-testid="my-leave"] [data-state="asked"]')
        await expect(asked).to_contain_text("探亲")
        await expect(mine.get_by_test_id("decisions")).to_have_count(0)  # an officer decides nothing
        await expect(hers.get_by_test_id("decisions")).to_contain_text("王军")
        await hers.keyboard.press("a")
        await expect(hers.get_by_test_id("decisions")).not_to_contain_text("王军")
        await expect(mine.locator('[data-testid="my-leave"] [data-state="approved"]')).to_contain_text("探亲")


async def test_a_swap_is_offered_taken_approved_and_filed(house: House) -> None:
    # The accounts of the demo are on duty on the same days; 宋杰 has rest enough before and after.
    await house.run(
        "UPDATE account SET person_id = (SELECT id FROM person WHERE name_zh = '宋杰' LIMIT 1)"
        " WHERE username = 'chenjie'"
    )
    await house.run("UPDATE person SET qualifications = ARRAY['调度通信'] WHERE name_zh = '宋杰'")
    async with house.service.client("wangjun") as wangjun:
        shifts: list[Json] = (await wangjun.get("/api/duty/mine")).json()
    soonest = SystemClock().now() + timedelta(days=2)
    offered = next(s for s in shifts if datetime.fromisoformat(s["starts_at"]) > soonest)
    async with (
        page_of(house.browser, house.service.address) as mine,
        page_of(house.browser, house.service.address) as theirs,
        page_of(house.browser, house.service.address) as hers,
        page_of(house.browser, house.service.address) as desk,
    ):
        await _open(mine, house, "wangjun", "/duty/mine")
        await _open(theirs, house, "chenjie", "/duty/mine")
        await _open(desk, house, "shift", "/duty/mine")
        await _open(hers, house, "leader", "/duty/mine")
        await mine.get_by_test_id(f"offer-{offered['id']}").click()
        await mine.get_by_test_id("swap-reason").fill("家中有事")
        await mine.get_by_test_id("swap-send").click()
        state = mine.locator('[data-testid="my-swaps"] [data-testid^="swap-"]')
        await expect(state).to_have_attribute("data-state", "asked")
        await theirs.locator('[data-testid^="take-"]').click()
        await expect(state).to_have_attribute("data-state", "taken")
        await hers.locator('[data-testid^="approve-swap-"]').click()
        await expect(state).to_have_attribute("data-state", "approved")
        await desk.locator('[data-testid^="file-number-"]').fill("报备〔2026〕7号")
        await desk.keyboard.press("Enter")
        await expect(state).to_have_attribute("data-state", "filed")
        await expect(mine.get_by_test_id(f"my-shift-{offered['id']}")).to_have_count(0)


async def test_a_calendar_address_is_read_without_a_login_until_it_is_revoked(house: House) -> None:
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, "wangjun", "/duty/mine")
        await page.get_by_test_id("feed-make").click()
        address = await page.get_by_test_id("feed-address").input_value()
        async with httpx.AsyncClient() as program:
            document: Any = Calendar.from_ical((await program.get(address)).content)
            starts = [event.start for event in document.walk("VEVENT")]
            assert starts
            assert all(start.tzinfo is not None for start in starts)
            assert max(starts) > datetime.now(UTC)
            await page.locator('[data-testid^="feed-revoke-"]').click()
            await expect(page.get_by_test_id("feed-address")).to_have_count(0)
            assert (await program.get(address)).status_code == 404


async def test_the_pages_speak_english_and_no_word_is_missing(house: House) -> None:
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, "leader", "/duty")
        await page.get_by_test_id("lang").click()
        await expect(page.get_by_test_id("duty-tab-now")).to_contain_text("On duty")
        await expect(page.get_by_test_id("on-duty")).to_contain_text("Leader in charge")
        await page.keyboard.press("2")
        await expect(page.get_by_test_id("roster-grid")).to_contain_text("Intake")
        await page.keyboard.press("3")
        await expect(page.get_by_test_id("mine")).to_contain_text("Nothing waits for a decision")


async def test_a_leader_says_why_somebody_sits_longer_than_a_day_all_the_same(house: House) -> None:
    post, month = await house.post(), _next_month()
    seat = _seat(post, "duty_officer")["id"]
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, "leader", f"/duty/roster/{post['id']}/{month}")
        await page.get_by_test_id(f"cell-{seat}-4").click()
        await page.get_by_test_id("roster-override").click()
        begin = await page.get_by_test_id("override-from").input_value()
        later = datetime.fromisoformat(begin) + timedelta(hours=30)
        await page.get_by_test_id("override-to").fill(later.strftime("%Y-%m-%dT%H:%M"))
        await page.get_by_test_id("override-add").select_option(await house.idle(page))
        await page.get_by_test_id("override-reason").fill("抢险")
        await expect(page.get_by_test_id("despite")).to_have_count(0)
        await page.get_by_test_id("override-save").click()
        await expect(page.get_by_test_id("override-error")).to_contain_text("24小时")
        await page.get_by_test_id("despite").fill("无人可换")
        if folder := os.environ.get("ZHISHOU_SCREENSHOTS"):
            await page.screenshot(path=Path(folder) / "despite.png")
        await page.get_by_test_id("override-save").click()
        listed = page.locator('li[data-testid^="override-"]')
        await expect(listed).to_contain_text("同意:无人可换")
        await expect(page.get_by_test_id("despite")).to_have_count(0)
