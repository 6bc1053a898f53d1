"""The people page in a real browser: the tree, the register, letting go, groups, who is called, sheets."""

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
from sqlalchemy import text

from app.db import Database
from app.stage.seed import write_map
from tests.browser import log_in, page_of, turn_to
from tests.node import Service
from tests.org.sheet import people_sheet

pytestmark = [pytest.mark.browser, pytest.mark.database]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EAST_BANK = "990181100204"


@dataclass
class House:
    """A service with the fictional city, a browser, and the shift lead at the other end of the line."""

    service: Service
    database: Database
    browser: Browser
    lead: httpx.AsyncClient

    async def person(self, words: str) -> dict[str, Any]:
        """Find one person by name or title."""
        page = (await self.lead.get("/api/people", params={"text": words})).json()
        found: dict[str, Any] = page["people"][0]
        return found


@pytest_asyncio.fixture(loop_scope="session")
async def house(city_url: str, tmp_path: Path, browser: Browser) -> AsyncIterator[House]:
    """The fictional city, without devices that speak."""
    database = Database(city_url)
    write_map(tmp_path / "map")
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.close)
        service = await stack.enter_async_context(Service(city_url, tmp_path))
        lead = await stack.enter_async_context(service.client("shift"))
        yield House(service, database, browser, lead)


async def _open(page: Page, house: House, username: str = "shift", path: str = "/people") -> None:
    await log_in(page, house.service.address, username, path)
    await expect(page.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")


async def _choose(page: Page, field: str, words: str) -> None:
    await page.get_by_test_id(field).fill(words)
    await page.get_by_test_id(f"{field}-option-0").click()


async def test_a_station_short_of_people_is_found_and_filled_from_the_form(house: House) -> None:
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, path="/")
        await turn_to(page, "people")
        await expect(page.get_by_test_id("people-count")).to_have_text("1410 人")
        await page.get_by_test_id("unit-short").click()
        short = page.locator('[data-staffing="short"]')
        await expect(short).to_have_count(1)
        await short.click()
        await expect(page.get_by_test_id("people-count")).to_have_text("9 人")
        await page.get_by_test_id("people-new").click()
        await page.get_by_test_id("form-name").fill("邹新明")
        await page.get_by_test_id("form-phone-0").fill("0799-5559999")
        await page.get_by_test_id("form-phone-add").click()
        await page.get_by_test_id("form-phone-1").fill("12x")
        await page.get_by_test_id("form-full-time").check()
        await page.get_by_test_id("form-save").click()
        await expect(page.get_by_text("电话号码应为").first).to_be_visible()
        await page.get_by_test_id("form-phone-1").fill("13900009999")
        await page.get_by_test_id("form-phone-up-1").click()
        await page.get_by_test_id("form-save").click()
        drawer = page.get_by_test_id("person-drawer")
        await expect(drawer).to_contain_text("13900009999")
        await expect(page.get_by_test_id("people-count")).to_have_text("10 人")
        await expect(short).to_have_count(0)  # two full-time now: the mark is gone
        await page.keyboard.press("Escape")
        await expect(drawer).to_have_count(0)
        await page.keyboard.press("/")
        await page.keyboard.type("邹新明")
        await expect(page.get_by_test_id("people-count")).to_have_text("1 人")
    person = await house.person("邹新明")
    assert [p["number"] for p in person["phones"]] == ["13900009999", "0799-5559999"]


async def test_who_has_shifts_is_let_go_only_after_they_were_seen(house: House) -> None:
    person = await house.person("接报值班员")
    async with house.database.transaction() as tx:
        seat = "INSERT INTO duty_seat (post_id, role, needed, mode, qualification, ordinal)"
        await tx.execute(text(seat + " VALUES (1, 'intake', 2, 'on_site', '', 1) ON CONFLICT DO NOTHING"))
        await tx.execute(
            text(
                "INSERT INTO shift (stream, post_id, seat_id, person_id, starts_at, ends_at, source, state,"
                " made_at) SELECT '990181', 1, id, :person, now() + interval '400 days',"
                " now() + interval '401 days', 'roster', 'planned', now() FROM duty_seat"
                " WHERE post_id = 1 AND role = 'intake'"
            ),
            {"person": person["id"]},
        )
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, path=f"/people/{person['id']}")
        await page.get_by_test_id("person-off").click()
        await page.get_by_test_id("person-off-confirm").click()
        await expect(page.get_by_test_id("person-shifts")).to_contain_text("接报席")
        assert (await house.person(person["name"]))["active"]
        await page.get_by_test_id("person-off-force").click()
        await expect(page.get_by_test_id("person-drawer")).to_have_attribute("data-active", "false")
        await page.get_by_test_id("person-on").click()
        await expect(page.get_by_test_id("person-drawer")).to_have_attribute("data-active", "true")


async def test_a_changed_contact_is_called_at_once(house: House) -> None:
    new = await house.person("吴强")
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, path="/people/places")
        await _choose(page, "place-find", "东岸")
        village = page.get_by_test_id("level-village")
        await expect(village.locator(".call")).to_have_count(3)
        await expect(page.get_by_test_id("level-county")).to_contain_text("指挥长")
        offices = (await house.lead.get("/api/offices", params={"region": EAST_BANK})).json()
        contact = next(office for office in offices if office["kind"] == "contact_a")
        await expect(village.locator(".call").first).to_contain_text(contact["person"]["name"])
        await page.get_by_test_id(f"office-change-{contact['id']}").click()
        await _choose(page, f"office-{contact['id']}-person", new["name"])
        await expect(village.locator(".call").first).to_contain_text(new["phones"][0]["number"])
        await page.get_by_test_id("duty-new").click()
        await _choose(page, "duty-person", "罗明杰")
        await page.get_by_test_id("duty-point").fill("东岸水库")
        await page.get_by_test_id("duty-save").click()
        await page.get_by_test_id("point-东岸水库").click()
        await expect(page.get_by_test_id("level-point")).to_contain_text("罗明杰")
        await page.get_by_test_id("office-new").click()  # the three of a village are there already
        await page.get_by_test_id("office-title").fill("网格员")
        await _choose(page, "office-person", "黎健")
        await page.get_by_test_id("office-save").click()
        await expect(page.get_by_test_id("place-offices")).to_contain_text("黎健")
        await page.get_by_test_id("duty-new").click()
        await page.get_by_test_id("duty-office").select_option(label="网格员 黎健")
        await page.get_by_test_id("duty-point").fill("")
        await page.get_by_test_id("duty-save").click()
        await expect(village).to_contain_text("黎健")


async def test_everything_passes_to_a_successor(house: House) -> None:
    person = await house.person("分管应急")
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, path=f"/people/{person['id']}")
        await expect(page.get_by_test_id("person-holds")).to_contain_text("防指成员")
        await page.get_by_test_id("person-succeed").click()
        await _choose(page, "successor", "何志强")
        await page.get_by_test_id("succeed-confirm").click()
        await expect(page.get_by_test_id("person-holds")).not_to_contain_text("防指成员")
    groups = (await house.lead.get("/api/groups")).json()
    names = [m["person"]["name"] for m in groups[1]["members"] if m["person"]]
    assert "何志强" in names and person["name"] not in names


async def test_a_group_is_made_of_units_offices_and_persons(house: House) -> None:
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, path="/people/groups")
        await expect(page.get_by_text("两委三部成员").first).to_be_visible()
        await page.get_by_test_id("group-new").click()
        await page.get_by_test_id("group-name").fill("防汛会商")
        for words in ("水利局", "指挥长", "陈洁"):
            await _choose(page, "group-add", words)
        await expect(page.get_by_test_id("group-chosen").locator("li")).to_have_count(3)
        await page.get_by_test_id("group-save").click()
        await page.get_by_text("防汛会商").first.click()
        await expect(page.get_by_test_id("group-members")).to_contain_text("陈洁")


async def test_a_sheet_with_a_bad_cell_is_named_and_the_right_one_is_taken(house: House) -> None:
    headers = ("姓名", "地区", "电话")
    bad = people_sheet(["邹东", "临西镇", 13900008888], headers=headers)
    good = people_sheet(["邹东", "临溪镇", 13900008888], headers=headers, title="名册", merged=("A1:C1",))
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house)
        await page.get_by_test_id("people-import").click()
        chosen = page.get_by_test_id("import-file")
        await chosen.set_input_files({"name": "人员.xlsx", "mimeType": XLSX, "buffer": bad})
        await expect(page.get_by_test_id("import-faults")).to_contain_text("B2")
        await expect(page.get_by_test_id("import-faults")).to_contain_text("是否为“临溪镇”")
        await expect(page.get_by_test_id("import-apply")).to_be_disabled()
        await chosen.set_input_files({"name": "人员.xlsx", "mimeType": XLSX, "buffer": good})
        await expect(page.get_by_test_id("import-clean")).to_be_visible()
        await page.get_by_test_id("import-apply").click()
        await expect(page.get_by_test_id("import-dialog")).to_have_count(0)
        await expect(page.get_by_test_id("people-count")).to_have_text("1411 人")
    assert (await house.person("邹东"))["region_code"] == "990181100000"


async def test_a_duty_officer_reads_and_does_not_write_in_either_language(house: House) -> None:
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, "chenjie", "/people/1")
        await expect(page.get_by_test_id("person-drawer")).to_contain_text("19900000001")
        for name in ("person-edit", "people-new", "people-import", "unit-new"):
            await expect(page.get_by_test_id(name)).to_have_count(0)
        await page.get_by_test_id("lang").click()
        await expect(page.get_by_test_id("tab-places")).to_contain_text("Who answers")
        await expect(page.get_by_test_id("people-totals")).to_contain_text("counted once")


async def test_people_join_and_lead_a_team_and_kinds_of_units_are_named(house: House) -> None:
    someone, other = await house.person("陈洁"), await house.person("刘海")
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, path="/people/teams")
        team = page.locator('[data-testid^="team-"].item').first
        team_id = str(await team.get_attribute("data-testid")).removeprefix("team-")
        await team.click()
        before = len((await house.lead.get(f"/api/teams/{team_id}/members")).json()["members"])
        members = page.get_by_test_id("team-members").locator("tr")
        await expect(members).to_have_count(before)
        for person in (someone, other):
            await _choose(page, "team-add", person["name"])
            await expect(page.get_by_test_id(f"member-{person['id']}")).to_be_visible()
        for leader, former in ((someone, None), (other, someone)):
            await page.get_by_test_id(f"member-role-{leader['id']}").select_option("leader")
            row = page.get_by_test_id(f"member-{leader['id']}")
            await expect(row).to_have_attribute("data-role", "leader")
            await expect(page.locator('tr[data-role="leader"]')).to_have_count(1)
            if former is not None:
                former_row = page.get_by_test_id(f"member-{former['id']}")
                await expect(former_row).to_have_attribute("data-role", "member")
        now = (await house.lead.get(f"/api/teams/{team_id}/members")).json()["members"]
        assert [m["person"]["id"] for m in now if m["role"] == "leader"] == [other["id"]]
        await page.get_by_test_id(f"member-out-{someone['id']}").click()
        await page.get_by_test_id(f"member-out-confirm-{someone['id']}").click()
        await expect(page.get_by_test_id(f"member-{someone['id']}")).to_have_count(0)
        await expect(members).to_have_count(before + 1)
        await page.get_by_test_id("tab-people").click()
        await page.get_by_test_id("unit-kinds").click()
        await page.get_by_test_id("kind-new-code").fill("militia_post")
        await page.get_by_test_id("kind-new-zh").fill("民兵哨所")
        await page.get_by_test_id("kind-new-en").fill("Militia post")
        await page.get_by_test_id("kind-new-save").click()
        await page.get_by_test_id("kind-militia_post-zh").fill("民兵值守点")
        async with page.expect_response(lambda told: told.request.method == "PUT") as told:
            await page.get_by_test_id("kind-militia_post-save").click()
        assert (await told.value).status == 200
    kinds = (await house.lead.get("/api/units/kinds")).json()
    assert next(k for k in kinds if k["code"] == "militia_post")["name_zh"] == "民兵值守点"
